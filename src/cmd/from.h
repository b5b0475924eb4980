/*
 * cmd/from.h - what kelpie download wrote, to install from.
 *
 * A directory, or a tar that a confined child unpacks.  Knows its index and
 * its lock file; what is in its packs is the workers' business.
 */
#ifndef KELPIE_CMD_FROM_H
#define KELPIE_CMD_FROM_H

#include "kelpie/lockfile.h"

struct error;
struct locked;
struct specs;

struct from {
	const char *given; /* as the user named it */
	char *path; /* of the directory, or NULL */
	char *scratch; /* the same, if it is to be removed; or NULL */
	char *lock_path; /* for messages */
	struct lockfile lock;
};

/*
 * Open it.  ERR_CONFIG for what is no such thing, or one that was not
 * finished.  from_close() in any case.
 */
int from_open(struct from *, const char *given, struct error *);
void from_close(struct from *);

/* Ask for what an entry of a lock file is about. */
void from_add_spec(struct specs *, const struct locked *, const char *where);

#endif
