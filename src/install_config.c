#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/gitconfig.h"
#include "kelpie/install.h"
#include "kelpie/proc.h"

#define CONFIG_MAX ((size_t)1 << 20) /* bytes of git configuration */
#define CONFIG_MS 10000

/* git's configuration decides where a source is fetched, and how. */
struct gitconfig *
install_config(struct error *err)
{
	const struct fetch_module *module = fetch_load(err);
	struct gitconfig *config = NULL;
	/* Room for all of it at once: what grows leaves copies behind. */
	struct buf text = {.data = xcalloc(1, CONFIG_MAX), .cap = CONFIG_MAX};

	/* Started here, libgit2 need not be started in that child as well. */
	if (module != NULL && module->prepare(err) == 0 &&
	    proc_call(module->config, NULL, &text, CONFIG_MAX, CONFIG_MS,
		err) == 0)
		config = gitconfig_new(text.data, text.len);
	explicit_bzero(text.data, text.cap);
	buf_free(&text);
	if (config == NULL) {
		(void)error_wrap(err, "read git's configuration");
		return NULL;
	}
	if (gitconfig_fault(config) == NULL)
		return config;
	(void)error_set(err, ERR_CONFIG, "git's configuration: %s",
	    gitconfig_fault(config));
	gitconfig_free(config);
	return NULL;
}
