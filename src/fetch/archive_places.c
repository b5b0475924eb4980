#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/archive_priv.h"
#include "fetch/archive_unpack.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

struct index {
	const struct members *members;
	const struct member **v; /* sorted by path and then by their order */
	size_t n;
	const struct member **source; /* as the members: whose content it has */
};

static int
by_path(const void *a, const void *b)
{
	const struct member *const *x = a, *const *y = b;
	int order = strcmp((*x)->path, (*y)->path);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

static void
index_make(struct index *index, const struct members *ms)
{
	index->members = ms;
	index->v = xcalloc(ms->n, sizeof(struct member *));
	index->n = ms->n;
	for (size_t i = 0; i < ms->n; i++)
		index->v[i] = &ms->v[i];
	qsort(index->v, ms->n, sizeof(struct member *), by_path);
}

/*
 * The number, from 1 on, of the last member of that path before m in the
 * archive; 0 if there is none.
 */
static size_t
find_before(const struct index *index, const char *path, const struct member *m)
{
	size_t low = 0, high = index->n, middle;
	const struct member *at;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		at = index->v[middle];
		order = strcmp(at->path, path);
		if (order < 0 || (order == 0 && at < m))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || strcmp(index->v[low - 1]->path, path) != 0)
		return 0;
	return low;
}

/*
 * Of each hard link the member that it is another name of, also through other
 * such: those come before it, so what they are is known by then.
 */
static void
find_sources(struct index *index)
{
	const struct members *ms = index->members;

	index->source = xcalloc(ms->n, sizeof(struct member *));
	for (size_t i = 0; i < ms->n; i++) {
		const struct member *m = &ms->v[i];
		size_t before = 0;

		index->source[i] = m;
		if (m->type != MEMBER_HARD)
			continue;
		before = find_before(index, m->target, m);
		if (before != 0)
			m = index->v[before - 1];
		index->source[i] = index->source[m - ms->v];
	}
}

static const struct member *
source_of(const struct index *index, const struct member *link,
    struct error *err)
{
	const struct member *m = index->source[link - index->members->v];

	if (m->type == MEMBER_FILE || m->type == MEMBER_LINK)
		return m;
	(void)error_set(err, ERR_INTEGRITY,
	    "'%s' is a hard link to '%s', which is no file of the archive "
	    "before it",
	    link->path, link->target);
	return NULL;
}

static bool
same_type(const struct member *a, const struct member *b)
{
	bool a_file = a->type == MEMBER_FILE || a->type == MEMBER_HARD;
	bool b_file = b->type == MEMBER_FILE || b->type == MEMBER_HARD;

	return a->type == b->type || (a_file && b_file);
}

static void
note(const struct unpack *u, const char *fmt, const char *path)
{
	struct buf line = {0};

	buf_printf(&line, "'%s'%s", path, fmt);
	u->note(u->ctx, line.data);
	buf_free(&line);
}

/* m is the last of its path. */
static int
put(struct places *ps, const struct index *index, const struct member *m,
    const char *below, struct error *err)
{
	const struct member *source = m;

	if (m->type == MEMBER_HARD)
		source = source_of(index, m, err);
	if (source == NULL)
		return -1;
	ps->v[ps->n++] =
	    (struct place){.source = (size_t)(source - index->members->v),
		.path = below};
	return 0;
}

static int
by_source(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int
fill(struct places *ps, const struct index *index, const char *root,
    const struct unpack *u, struct error *err)
{
	const struct member *m;
	const char *below;

	for (size_t i = 0; i < index->n; i++) {
		m = index->v[i];
		below = path_below(m->path, root);
		if (below == NULL || *below == '\0')
			continue;
		if (i + 1 < index->n &&
		    strcmp(m->path, index->v[i + 1]->path) == 0) {
			if (same_type(m, index->v[i + 1]))
				continue;
			return error_set(err, ERR_INTEGRITY,
			    "'%s' is in the archive twice, and not as the same",
			    m->path);
		}
		if (m->type == MEMBER_OTHER)
			note(u, ": no file, directory or link, left out",
			    below);
		else if (put(ps, index, m, below, err) == -1)
			return -1;
	}
	return 0;
}

/* One line for all. */
static void
tell_outside(const struct members *ms, const char *root, const struct unpack *u)
{
	size_t n = 0;
	char words[64];

	for (size_t i = 0; i < ms->n; i++)
		n += ms->v[i].type != MEMBER_DIR &&
		    path_below(ms->v[i].path, root) == NULL;
	(void)snprintf(words, sizeof(words),
	    " is the role; left out beside it: %zu", n);
	if (n != 0)
		note(u, words, root);
}

int
places_make(struct places *ps, const struct members *ms, const char *root,
    const struct unpack *u, struct error *err)
{
	struct index index;
	int rc;

	*ps = (struct places){.v = xcalloc(ms->n, sizeof(*ps->v))};
	index_make(&index, ms);
	find_sources(&index);
	rc = fill(ps, &index, root, u, err);
	free(index.v);
	free(index.source);
	if (rc == -1)
		return -1;
	qsort(ps->v, ps->n, sizeof(*ps->v), by_source);
	tell_outside(ms, root, u);
	return 0;
}

void
places_free(struct places *ps)
{
	free(ps->v);
	*ps = (struct places){0};
}
