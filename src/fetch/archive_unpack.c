#include "fetch/archive_unpack.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/archive_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/tree.h"

#define PIECE ((size_t)64 << 10)

struct work {
	const struct unpack *u;
	const struct members *members;
	const struct places *places;
	struct tree *tree;
	struct buf data; /* of the file at hand */
	size_t done; /* places */
};

/* A sparse file may end in a hole, of which nothing comes. */
static void
fill_hole(struct buf *data, struct archive_entry *e)
{
	static const char zeros[4096];
	la_int64_t size = archive_entry_size(e);

	while (size > 0 && data->len < (uint64_t)size)
		buf_add(data, zeros,
		    (uint64_t)size - data->len < sizeof(zeros) ?
			(size_t)size - data->len :
			sizeof(zeros));
}

/* What is written down of a size is one thing, what comes another. */
static int
read_data(struct work *w, struct archive *a, struct archive_entry *e,
    const char *path, struct error *err)
{
	const uint64_t max = w->u->limits->file_bytes;
	char *piece = xmalloc(PIECE);
	la_ssize_t n;
	int rc = 0;

	buf_clear(&w->data);
	while (rc == 0 && (n = archive_read_data(a, piece, PIECE)) != 0) {
		if (n < 0)
			rc = archive_fail(a, err);
		else if ((uint64_t)n > max - w->data.len)
			rc = error_set(err, ERR_INTEGRITY,
			    "'%s' has more than %" PRIu64
			    " bytes; --max-file-bytes raises the limit",
			    path, max);
		else
			buf_add(&w->data, piece, (size_t)n);
	}
	free(piece);
	if (rc == 0)
		fill_hole(&w->data, e);
	return rc;
}

static int
write_place(struct work *w, const struct place *p, struct error *err)
{
	const struct member *m = &w->members->v[p->source];

	switch (m->type) {
	case MEMBER_DIR:
		return tree_dir(w->tree, p->path, err);
	case MEMBER_LINK:
		return tree_link(w->tree, p->path, m->target, strlen(m->target),
		    err);
	default:
		return tree_file(w->tree, p->path, m->executable,
		    w->data.len != 0 ? w->data.data : "", w->data.len, err);
	}
}

/* Member i is at hand: write it wherever it goes. */
static int
write_member(struct work *w, struct archive *a, struct archive_entry *e,
    size_t i, struct error *err)
{
	const struct places *ps = w->places;

	if (w->done == ps->n || ps->v[w->done].source != i)
		return 0;
	if (w->members->v[i].type == MEMBER_FILE &&
	    read_data(w, a, e, ps->v[w->done].path, err) == -1)
		return -1;
	for (; w->done < ps->n && ps->v[w->done].source == i; w->done++)
		if (write_place(w, &ps->v[w->done], err) == -1)
			return -1;
	w->u->progress(w->u->ctx, w->done, ps->n);
	return 0;
}

static int
write_all(struct work *w, struct error *err)
{
	struct archive *a = archive_begin(w->u, err);
	struct archive_entry *e;
	int rc = a != NULL ? 1 : -1;

	for (size_t i = 0; rc == 1 && w->done < w->places->n; i++) {
		rc = archive_next(a, &e, err);
		if (rc == 1 && write_member(w, a, e, i, err) == -1)
			rc = -1;
	}
	if (rc == 0)
		rc = error_set(err, ERR_LOCAL,
		    "the archive has changed while it was read");
	(void)archive_read_free(a);
	return rc == -1 ? -1 : tree_finish(w->tree, err);
}

static int
unpack(const struct unpack *u, struct error *err)
{
	struct members members;
	struct places places = {0};
	struct work w = {.u = u, .members = &members, .places = &places};
	char *root = NULL;
	int rc = -1;

	w.tree = tree_open(u->dirfd, u->limits);
	if (members_read(&members, u, err) == 0 &&
	    (u->proved || gzip_check(u, err) == 0) &&
	    role_find(&root, &members, u->path, err) == 0 &&
	    places_make(&places, &members, root, u, err) == 0)
		rc = write_all(&w, err);
	tree_free(w.tree);
	buf_free(&w.data);
	places_free(&places);
	members_free(&members);
	free(root);
	return rc;
}

static bool
is_zip(int fd)
{
	char head[2];

	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, "PK", sizeof(head)) == 0;
}

/*
 * libarchive makes names of UTF-8 into those of the locale.  Where that has
 * no such characters, those of a tar stay as they are, byte for byte; where
 * it has, they are composed (Unicode, UAX #15), and two names may become one.
 * Those of a zip would be lost.
 */
int
archive_unpack(const struct unpack *u, struct error *err)
{
	locale_t plain = newlocale(LC_CTYPE_MASK,
	    is_zip(u->fd) ? "C.UTF-8" : "C", (locale_t)0);
	locale_t before = (locale_t)0;
	int rc;

	if (plain != (locale_t)0)
		before = uselocale(plain);
	rc = unpack(u, err);
	if (plain != (locale_t)0) {
		(void)uselocale(before);
		freelocale(plain);
	}
	return rc;
}
