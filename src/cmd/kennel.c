#include "kelpie/kennel.h"

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/install_args.h"
#include "cmd/kennel.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

#define KENNEL_FILE "kennel.cfg"

bool
kennel_find(const char *given, const char **file)
{
	*file = given;
	if (given == NULL && access(KENNEL_FILE, F_OK) == 0)
		*file = KENNEL_FILE;
	return *file != NULL ||
	    (install_default_file() == NULL &&
		access("pupfile.yml", F_OK) == 0);
}

int
kennel_gather(struct kennel *k, const char *file, struct specs *specs,
    struct faults *faults, struct error *err)
{
	struct pups pups = {.specs = *specs};

	if (kennel_load(k, file, err) == -1)
		return -1;
	pups_load(&pups, k->pupfile, faults);
	*specs = pups.specs;
	pups.specs = (struct specs){0};
	pups_free(&pups);
	return 0;
}

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

char *
kennel_program(const char *name, struct error *err)
{
	const char *list = getenv("PATH");
	size_t len;
	char *path;

	for (; list != NULL; list = list[len] == ':' ? list + len + 1 : NULL) {
		len = strcspn(list, ":");
		/* An empty part is the current directory. */
		path = xasprintf("%.*s%s%s", (int)len, list,
		    len > 0 ? "/" : "./", name);
		if (is_program(path))
			return path;
		free(path);
	}
	(void)error_set(err, ERR_LOCAL, "there is no '%s' on PATH", name);
	return NULL;
}

int
kennel_finish(const struct install_opts *opts, const struct specs *specs,
    const struct kennel_args *args, int level, struct error *err)
{
	if (opts->dry_run || args->no_pip)
		return 0;
	return kennel_pip(opts, specs, level, err);
}
