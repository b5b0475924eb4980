/*
 * cmd/install_args.h - the command line of kelpie install.
 *
 * Knows options and what values they take; not what is done with them.
 */
#ifndef KELPIE_INSTALL_ARGS_H
#define KELPIE_INSTALL_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/config.h"
#include "kelpie/install.h"

struct error;

struct install_args {
	struct install_opts opts; /* but for what config says */
	struct config config; /* the options only: not loaded yet */
	char **files; /* -r */
	size_t files_n;
	char **names;
	size_t names_n;
	int level;
	bool help;
};

/* What --help prints. */
extern const char install_help[];

/*
 * Read argv into *out, whose strings stay argv's; the caller frees files.
 * ERR_USAGE names the option that is wrong.
 */
int install_args(struct install_args *, int argc, char **argv, struct error *);

/* The requirements file of the current directory, or NULL. */
const char *install_default_file(void);

#endif
