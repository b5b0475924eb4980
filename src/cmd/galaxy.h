/*
 * cmd/galaxy.h - called by the name ansible-galaxy.
 *
 * galaxy.c knows its commands and exit statuses, galaxy_args.c its options,
 * galaxy_verbs.c what is done with roles that are in place, and next.h who
 * does what kelpie does not.
 */
#ifndef KELPIE_GALAXY_H
#define KELPIE_GALAXY_H

#include <stdbool.h>

struct error;
struct install_args;

/* Is this the name that somebody called us by? */
bool galaxy_name(const char *argv0);

/*
 * Do what the command line says, or have another ansible-galaxy do it, and
 * then never return.  Returns the exit status, with *err set if there is
 * something to say.
 */
int galaxy_main(int argc, char **argv, struct error *);

extern const char galaxy_usage[], galaxy_install_usage[], galaxy_list_usage[];

/* The command line is read; these return the exit status. */
int galaxy_list(struct install_args *, struct error *);
int galaxy_remove(struct install_args *, struct error *);

/* None of the roles paths is there: help, and the exit status for that. */
int galaxy_unusable(struct error *);

#endif
