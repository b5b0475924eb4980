#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"

/*
 * The directory of the running program, with a final slash, or "".  The
 * module is looked for from here, so that a build tree and a prefix that was
 * moved find their own.
 */
static void
program_directory(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	if (n > 0)
		strrchr(out, '/')[1] = '\0';
}

static void *
open_module(struct buf *tried)
{
	static const char *const where[] = {"", KELPIE_MODULE_FROM_BIN "/"};
	char dir[4096], *path;
	void *handle = NULL;
	size_t i;

	program_directory(dir, sizeof(dir));
	for (i = 0; i < 2 && handle == NULL && dir[0] != '\0'; i++) {
		path = xasprintf("%s%s" KELPIE_MODULE, dir, where[i]);
		if (access(path, F_OK) == 0) {
			handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
			if (handle == NULL)
				buf_printf(tried, "%s; ", dlerror());
		}
		free(path);
	}
	if (handle == NULL) {
		handle = dlopen(KELPIE_MODULE_DIR "/" KELPIE_MODULE,
		    RTLD_NOW | RTLD_LOCAL);
		if (handle == NULL)
			buf_printf(tried, "%s", dlerror());
	}
	return handle;
}

const struct fetch_module *
fetch_load(struct error *err)
{
	const struct fetch_module *module = NULL;
	struct buf tried = {0};
	void *handle = open_module(&tried);

	if (handle == NULL) {
		(void)error_set(err, ERR_LOCAL,
		    "the part of kelpie that fetches cannot be loaded: %s",
		    tried.data);
		goto out;
	}
	module = dlsym(handle, FETCH_MODULE_SYMBOL);
	if (module == NULL || module->version != FETCH_MODULE_VERSION) {
		(void)error_set(err, ERR_LOCAL,
		    "%s is of another version of kelpie; install kelpie again",
		    KELPIE_MODULE);
		module = NULL;
	}
out:
	buf_free(&tried);
	return module;
}
