/*
 * store_priv.h - what the files of the store share.
 */
#ifndef KELPIE_STORE_PRIV_H
#define KELPIE_STORE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/state.h"

struct error;
struct store;

/* Old trees whose name begins like this survive store_close(). */
#define KEEP "keep-"

/* In the journal: the role is being removed where it is. */
#define GONE "gone-"

/* One role that is being moved: from/role becomes to/leaf. */
struct move {
	int from, to, trash;
	const char *leaf;
};

/*
 * Open stage/<worker>/<id>, following no link: the worker may have put
 * anything there.  -1 with errno.
 */
int stage_open(const struct store *, unsigned worker, uint32_t id);

/* Open .kelpie if it is there and ours alone; -1 with errno else. */
int kelpie_open(int rolesfd);

bool has_journal(int kelpiefd);

/* Finish or undo what the journal tells of, save the state and drop it. */
int settle(const struct store *, struct error *);

/* A name in trash that was never used, not even by a run that crashed. */
#define TRASH_MAX sizeof(((struct intent *)NULL)->trash)
void trash_name(char out[TRASH_MAX], const char *prefix);

/* Open the directory that a role lies in; *leaf is its last part. */
int parent_open(int rolesfd, const char *name, const char **leaf);

/*
 * Replace, or remove, an old role that cannot be moved (EXDEV).  The journal
 * has an intent with that name in trash, and the new role is on the disk.
 * For a moment neither the old role nor the new one is whole; whatever ends
 * us there, lower_recover() goes on, under the lock.
 */
int lower_replace(const struct move *, const char *name, struct error *);
int lower_remove(const struct move *, const char *name, struct error *);
int lower_recover(int kelpiefd, int rolesfd, struct error *);

#endif
