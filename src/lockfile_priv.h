/*
 * lockfile_priv.h - the fields of an entry, as reader and writer see them.
 */
#ifndef KELPIE_LOCKFILE_PRIV_H
#define KELPIE_LOCKFILE_PRIV_H

#include <stddef.h>

struct error;
struct locked;
struct lockfile;

/* A field that is one text, in the order in which they are written. */
struct locked_field {
	const char *key;
	size_t at; /* of the char * in struct locked */
	/* -1 with *err for a text that it cannot have. */
	int (*check)(const char *text, struct error *);
};

#define LOCKED_FIELDS 10
extern const struct locked_field locked_fields[LOCKED_FIELDS];

#define LOCKED_NEEDED_BY "needed_by"
#define LOCKED_DIGEST "digest"

char **locked_text(struct locked *, size_t field);

/*
 * The directory of the lock file at path, without links, as the sources of
 * specs see it; or NULL.  The caller frees it.
 */
char *lockfile_base(const char *path);
/* Sources that are relative to it become what they are here. */
void lockfile_make_absolute(struct lockfile *, const char *path);

#endif
