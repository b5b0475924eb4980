/*
 * cmd/remake.h - the trees of installed roles once more, in a scratch
 * directory.
 *
 * Turns records of the state file into what an install is asked for; knows
 * neither how they are fetched nor what they are compared with.
 */
#ifndef KELPIE_CMD_REMAKE_H
#define KELPIE_CMD_REMAKE_H

#include <stdbool.h>

#include "kelpie/lockfile.h"
#include "kelpie/spec.h"

struct error;
struct install_opts;
struct record;

struct remake {
	struct specs specs;
	struct lockfile lock; /* what they must become */
	char *dir; /* where they are, after remake_run(); or NULL */
};

/*
 * A role as its record has it, or, with a version, of the same source.
 * ERR_REFUSED if there can be no such thing: of a link, or a version of what
 * has none.
 */
int remake_add(struct remake *, const struct record *, const char *version,
    struct error *);

/*
 * Fetch all that was added, with what they depend on left out; the options
 * are as for an install, but for where and what.  ui_failure() knows of each
 * that is not there then.  Returns the signal that ended it, or 0.  From here
 * on signals wait for remake_free().  Blocks.  *err is set when it is about
 * more than a role.
 */
int remake_run(struct remake *, const struct install_opts *, struct error *);

/* Remove the directory too. */
void remake_free(struct remake *);

#endif
