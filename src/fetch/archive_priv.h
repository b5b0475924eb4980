/*
 * fetch/archive_priv.h - the members of an archive, and which of them are
 * written.
 *
 * Private to archive*.c.
 */
#ifndef KELPIE_FETCH_ARCHIVE_PRIV_H
#define KELPIE_FETCH_ARCHIVE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include <archive.h>
#include <archive_entry.h>

struct error;
struct unpack;

enum member_type {
	MEMBER_FILE,
	MEMBER_HARD, /* the file that an earlier member is */
	MEMBER_LINK,
	MEMBER_DIR,
	MEMBER_OTHER, /* a device or the like */
};

struct member {
	char *path; /* parts divided by single '/', none of them dots; "" is
		       the archive's own root */
	char *target; /* LINK: as it stands; HARD: cleaned as the path is */
	enum member_type type;
	bool executable;
};

struct members {
	struct member *v; /* in the archive's order */
	size_t n;
};

/* Something that is to be written. */
struct place {
	size_t source; /* the number of the member whose content it has */
	const char *path; /* from the role's root; borrowed from a member */
};

struct places {
	struct place *v; /* sorted by source */
	size_t n;
};

/* ---- archive_open.c ---- */

/* Begin to read at the start of the file.  NULL with *err. */
struct archive *archive_begin(const struct unpack *, struct error *);
/* The next member: 1, or 0 at the end. */
int archive_next(struct archive *, struct archive_entry **, struct error *);
/* libarchive has failed: say why.  -1. */
int archive_fail(struct archive *, struct error *);

/* ---- archive_gzip.c ---- */

/*
 * libarchive does not compare the checksums of gzip.  Reads the file to its
 * end, if it is one; 0 for others.
 */
int gzip_check(const struct unpack *, struct error *);

/* ---- archive_list.c ---- */

/* Read what there is, within the limits.  members_free() in any case. */
int members_read(struct members *, const struct unpack *, struct error *);
void members_free(struct members *);

/* ---- archive_role.c ---- */

/*
 * Find the role: *root is its path in the archive, "" if that is it.  The
 * caller frees it.
 */
int role_find(char **root, const struct members *, const char *path,
    struct error *);
/* What follows root and a '/' in a path, or NULL: it lies elsewhere. */
const char *path_below(const char *path, const char *root);

/* ---- archive_places.c ---- */

/* What of the members below root is to be written, and where. */
int places_make(struct places *, const struct members *, const char *root,
    const struct unpack *, struct error *);
void places_free(struct places *);

#endif
