/*
 * kennel_priv.h - private to kennel*.c: files and paths of a kennel, and a
 * pupfile that is being read.
 */
#ifndef KELPIE_KENNEL_PRIV_H
#define KELPIE_KENNEL_PRIV_H

#include "kelpie/kennel.h"

struct yaml;

/* Add the file's bytes to *b.  ERR_LOCAL names the path. */
int kennel_read(struct buf *, const char *path, size_t max, struct error *);

/* The directory of path with its links resolved, or NULL with *err. */
char *kennel_base(const char *path, struct error *err);

/* path as seen from base, absolute, with "~/" taken for HOME; or NULL. */
char *kennel_path(const char *base, const char *path, struct error *err);

/* ---- kennel_pups.c ---- */

struct reading {
	struct pups *pups;
	struct faults *faults;
	const char *path; /* of the pupfile, as messages have it */
	const char *base; /* its directory, or NULL: not found */
};

/* A pup that is being understood. */
struct draft {
	struct spec spec;
	char *given;
	const struct yaml *name_at, *location_at; /* NULL: not given */
	bool bad;
};

/* at is the node that is to blame. */
void pups_fault(struct reading *, const struct yaml *at, const char *, ...)
    PRINTF_LIKE(3, 4);

/* ---- kennel_location.c ---- */

/* Understand "TYPE+PLACE", or tell what is wrong with it. */
void pups_location(struct reading *, struct draft *, const char *location);

#endif
