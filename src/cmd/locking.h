/*
 * cmd/locking.h - the lock file around an install.
 *
 * Finds it beside the requirements file, says where the two differ, hands it
 * to the engine, and writes what came of the run.
 */
#ifndef KELPIE_CMD_LOCKING_H
#define KELPIE_CMD_LOCKING_H

#include <stdbool.h>

#include "kelpie/lockfile.h"

struct asked;
struct error;
struct install_args;

struct locking {
	char *path; /* of the lock file, or NULL: there is nothing to lock */
	bool there; /* it was when we began */
	bool partly; /* names pick some of its roles */
	struct lockfile was, now;
	struct lockfile stays; /* of an update: what it is not about */
};

/*
 * Load it and set up the options of the run.  0, or the exit status with
 * *err set, or 1 after the differences have been told: with --locked the two
 * must agree, with --frozen the lock file decides about versions.
 */
int locking_begin(struct locking *, struct install_args *, struct asked *,
    struct error *);

/* After a run of an update without failures: what was, and what is. */
void locking_tell(struct locking *, const struct install_args *);

/*
 * After a run without failures: write the file if it is wanted and another
 * one.  The exit status.
 */
int locking_end(struct locking *, const struct install_args *,
    const struct asked *, struct error *);
void locking_free(struct locking *);

#endif
