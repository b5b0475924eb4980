/*
 * The Python packages that pups want.  Installing one runs code of its
 * author's, so it is done for the pups of the user's own file only.
 */
#include <sys/stat.h>

#include <stdlib.h>

#include "cmd/kennel.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/install.h"
#include "kelpie/proc.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

#define ARGS_MAX 12

/* The pup's requirements.txt, or NULL if it has none. */
static char *
file_of(const char *roles, const struct spec *spec)
{
	char *path = xasprintf("%s/%s/requirements.txt", roles, spec->name);
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return path;
	free(path);
	return NULL;
}

/* Run it over the file.  0, or its exit status: it has failed, and that is
 * told. */
static int
pip(const char *python, const struct install_opts *opts, int level,
    const struct spec *spec, const char *file)
{
	const char *argv[ARGS_MAX] = {"python3", "-m", "pip", "install",
	    "--disable-pip-version-check", "--no-input"};
	struct error err = {0};
	int status, stopped = 0, n = 6;

	if (level < UI_VERBOSE)
		argv[n++] = "--quiet";
	if (opts->offline)
		argv[n++] = "--no-index";
	argv[n++] = "-r";
	argv[n++] = file;
	ui_note("%s: python3 -m pip install -r %s", spec->name, file);
	status = proc_run(python, argv, &stopped, &err);
	if (status == 0)
		return 0;
	if (status > 0)
		(void)error_set(&err, ERR_CHILD,
		    status > 128 ? "pip was ended by signal %d" :
				   "pip ended with exit status %d",
		    status > 128 ? status - 128 : status);
	(void)error_wrap(&err, "%s: %s", spec->name, file);
	ui_error(&err);
	/* It tidies up and exits; it was the signal all the same. */
	if (stopped != 0)
		return 128 + stopped;
	return status > 0 ? status : 1;
}

int
kennel_pip(const struct install_opts *opts, const struct specs *specs,
    int level, struct error *err)
{
	char *python = NULL, *file;
	size_t i;
	int status = 0, one;

	/* A signal was meant for all of them. */
	for (i = 0; i < specs->n && status < 128; i++) {
		file = file_of(opts->path, &specs->v[i]);
		if (file == NULL)
			continue;
		if (python == NULL)
			python = kennel_program("python3", err);
		if (python == NULL) {
			(void)error_wrap(err, "%s", file);
			free(file);
			return 1;
		}
		one = pip(python, opts, level, &specs->v[i], file);
		if (one != 0)
			status = one > 128 ? one : 1;
		free(file);
	}
	free(python);
	return status;
}
