/*
 * cmd/install_verb.h - what the commands beside install share that fetch or
 * ask as it does: its options about servers, workers, limits and output.
 *
 * Knows which options a command takes; not what they mean, nor what is done.
 */
#ifndef KELPIE_INSTALL_VERB_H
#define KELPIE_INSTALL_VERB_H

#include <stdbool.h>

struct error;
struct install_args;
struct option;

struct install_verb {
	/* Its own ones: --help and those about servers, workers and output
	 * are there without being named. */
	const struct option *options;
	bool fetches; /* and so takes those about the cache and limits, too */
	const char *help;
	/* Returns the exit status.  The names are still in names. */
	int (*act)(struct install_args *, struct error *);
};

/* Take the command line and do it.  Returns the exit status. */
int install_verb(const struct install_verb *, int argc, char **argv,
    struct error *);

#endif
