/*
 * cmd/locking.h - the lock file around an install.
 *
 * Finds it beside the requirements file, says where the two differ, hands it
 * to the engine, and writes what came of the run.  locking.c knows the order
 * of things, locking_agree.c whether the two files are for each other,
 * locking_tell.c the words for what has changed.
 */
#ifndef KELPIE_CMD_LOCKING_H
#define KELPIE_CMD_LOCKING_H

#include <stdbool.h>

#include "kelpie/lockfile.h"

struct asked;
struct error;
struct install_args;
struct specs;

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
void locking_tell(const struct locking *, const struct install_args *);

/*
 * Is the file what it was when we began, or what it is to be?  0, or -1 with
 * ERR_CONFIG.
 */
int locking_unchanged(const struct locking *, struct error *);

/*
 * After a run without failures: write the file if it is wanted and another
 * one.  The exit status; 1 also if somebody else has changed it meanwhile.
 */
int locking_end(struct locking *, const struct install_args *,
    const struct asked *, struct error *);
void locking_free(struct locking *);

/* ---- between the parts ---- */

bool locking_asks(const struct specs *, const char *name);

/* ERR_CONFIG after all differences have been told. */
int locking_agree(const struct locking *, const struct specs *, struct error *);

/* Give each the version that the lock file has.  ERR_CONFIG if that has not
 * all of them, or has them from elsewhere. */
int locking_freeze(const struct locking *, struct specs *, struct error *);

#endif
