/*
 * fetch/diff.h - what differs between two files, as git writes it.
 *
 * Private to fetch/.  diff.c walks the trees, diff_file.c writes what is said
 * of one path.
 */
#ifndef KELPIE_FETCH_DIFF_H
#define KELPIE_FETCH_DIFF_H

#include <stddef.h>

struct buf;
struct error;

#define DIFF_FILE_MAX ((size_t)1 << 20) /* larger ones only differ */

/* One side of a path. */
struct diff_side {
	char type; /* 'f', 'x', 'l' or 'o' as in walk.h; 0: nothing */
	const char *data; /* of a file, or where a link leads; or NULL: too
			     large to be shown */
	size_t len;
};

/*
 * Add what git would say of the path, a line each, each behind one character
 * that tells what it is: 'h' a header, '@' the start of a hunk, ' ', '+', '-'
 * and '\' what is in one.  Touches nothing but memory.  ERR_LOCAL if libgit2
 * fails.
 */
int diff_file(struct buf *, const char *path, const struct diff_side *a,
    const struct diff_side *b, struct error *);

#endif
