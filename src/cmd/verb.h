/*
 * cmd/verb.h - what list, remove, info, init and prune share: their command
 * line, where roles lie, what is asked for.
 *
 * Knows options and what values they take; not what is done with them.
 */
#ifndef KELPIE_VERB_H
#define KELPIE_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/config.h"

struct error;
struct jsonout;
struct specs;
struct store;

struct verb_args {
	struct config config; /* the options only, until verb_config() */
	char **files; /* -r */
	size_t files_n;
	char **names;
	size_t names_n;
	const char *dir; /* the last --path or -p as it was given, or NULL */
	int level; /* enum ui_level: -q and -v */
	bool json, force, yes, dry_run, confines;
};

struct verb {
	/* The letters of the options that it takes: p, r, f, q, v, and J for
	 * --json, Y for --yes, N for --dry-run, P for --path, W for
	 * --lock-wait, S for --sandbox, which those have that start confined
	 * children; -h always. */
	const char *takes;
	const char *help;
	/* Returns the exit status. */
	int (*act)(struct verb_args *, struct error *);
	const char *one_name; /* what is said if there is no name; or NULL */
	bool no_names; /* there must be none */
};

/* Take the command line and do it.  Returns the exit status. */
int verb_run(const struct verb *, int argc, char **argv, struct error *);

/* Load the configuration, which holds for children too; says its warning. */
int verb_config(struct verb_args *, struct error *);

/*
 * The roles directories of a configuration, and then of another one or NULL,
 * each once, the first one first; NULL ends.  The caller frees the array, but
 * not the strings.
 */
char **verb_paths(const struct config *, const struct config *then);

/*
 * Load the files of -r, else the one of the current directory.  0; 1 if
 * there is none; -1 for faults, which are told.
 */
int verb_specs(const struct verb_args *, struct specs *);

/* Every name has to be one of a role; -1 if not, which is told. */
int verb_check_names(const struct verb_args *);

/*
 * store_lock() unless it is locked, saying so if it waits, for so many seconds
 * or (-1) for ever.  The exit status: 0, or 1 or 2 with *err set.
 */
int verb_lock(struct store *, int seconds, struct error *);

/* Write a finished document to standard output, and free it. */
void verb_write(struct jsonout *);

#endif
