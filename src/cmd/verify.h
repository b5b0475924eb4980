/*
 * cmd/verify.h - what the parts of verify share.
 *
 * verify.c knows which roles there are and in which order things are done,
 * verify_digests.c what is in them, verify_judge.c what is wrong with one,
 * verify_files.c which of its files were changed, verify_out.c writes it, for
 * people and as JSON.
 */
#ifndef KELPIE_CMD_VERIFY_H
#define KELPIE_CMD_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/walk.h"

struct config;
struct error;
struct jsonout;
struct locked;
struct present;
struct record;
struct store;

/* What can be wrong; several at once. */
enum {
	VERIFY_MISSING = 1,
	VERIFY_CHANGED = 2,
	VERIFY_EXTRA = 4, /* known to nobody, or not in the lock file */
	VERIFY_OTHER = 8, /* than locked */
	VERIFY_UNKNOWN = 16, /* another tool installed it */
	VERIFY_UNREAD = 32, /* this could not be found out, and was told */
};
#define VERIFY_KINDS 6

struct paths {
	char **v;
	size_t n;
};

/* One role. */
struct checked {
	const char *name;
	const struct present *p; /* NULL: there is nothing of that name */
	const struct record *record; /* or NULL */
	const struct locked *locked; /* or NULL */
	char digest[DIGEST_MAX]; /* of the directory; "" if it is none */
	unsigned found; /* VERIFY_... */
	char *why; /* in place of what differs, in words; or NULL */
	bool told; /* these say what was changed: */
	struct paths changed, added, gone;
};

struct verify {
	const struct store *store;
	const char *lock; /* the name of the lock file, or NULL */
	struct checked *v; /* sorted by name */
	size_t n;
};

/* Fill in the digests, or tell why not, and that that was not found out.
 * False if something was told.  Blocks. */
bool verify_digests(struct verify *);

/* Fill in found and why; the digest has to be there. */
void verify_judge(const struct verify *, struct checked *);

/*
 * Fill in which files were changed, of the roles that were, as far as the
 * cache has their originals.  Returns the signal that came, or 0.
 */
int verify_files(struct verify *, const struct config *);

/* Lines, and a last one that says how many; or one JSON document. */
void verify_lines(const struct verify *);
void verify_object(const struct verify *);

#endif
