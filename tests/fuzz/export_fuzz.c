/*
 * Any objects as the commit of a repository: what is written of its tree
 * stays in its directory, and is nothing but files, directories and links
 * that lead nowhere else, within the limits.
 *
 * Lines that make objects, each of which may stand in a tree that comes
 * later; the last one is the tree of the commit:
 *
 *	b TEXT		a blob; \n in it is a newline
 *	r BYTES		a tree as it is stored
 *	t		a tree of the entries that follow
 *	MODE NAME:N	one; N counts the objects, from 0, or is absent
 */
#include <sys/stat.h>

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/export.h"
#include "kelpie/walk.h"
#include "stage.h"

#define OBJECTS_MAX 64

struct world {
	git_odb *odb;
	git_oid id[OBJECTS_MAX];
	size_t n;
	struct buf tree; /* the one that is being made */
	bool open;
};

static void
add(struct world *w, git_object_t type, const char *data, size_t len)
{
	if (w->n == OBJECTS_MAX)
		return;
	require(git_odb_write(&w->id[w->n], w->odb, len != 0 ? data : "", len,
		    type) == 0);
	w->n++;
}

static void
close_tree(struct world *w)
{
	if (w->open)
		add(w, GIT_OBJECT_TREE, w->tree.data, w->tree.len);
	buf_clear(&w->tree);
	w->open = false;
}

static void
add_entry(struct world *w, const char *line, size_t len)
{
	const char *colon = memrchr(line, ':', len);
	git_oid id = {{1}};
	unsigned long n;

	if (colon == NULL)
		colon = line + len;
	n = colon < line + len ? strtoul(colon + 1, NULL, 10) : OBJECTS_MAX;
	if (n < w->n)
		id = w->id[n];
	buf_add(&w->tree, line, (size_t)(colon - line));
	buf_add(&w->tree, "", 1);
	buf_add(&w->tree, id.id, GIT_OID_RAWSZ);
}

static void
add_blob(struct world *w, const char *line, size_t len)
{
	struct buf b = {0};

	for (size_t i = 0; i < len; i++) {
		bool newline =
		    line[i] == '\\' && i + 1 < len && line[i + 1] == 'n';

		buf_add(&b, newline ? "\n" : line + i, 1);
		i += newline;
	}
	add(w, GIT_OBJECT_BLOB, b.data, b.len);
	buf_free(&b);
}

static void
take_line(struct world *w, const char *line, size_t len)
{
	if (len != 0 && strchr("brt", line[0]) != NULL)
		close_tree(w);
	if (len >= 2 && line[0] == 'b')
		add_blob(w, line + 2, len - 2);
	else if (len >= 2 && line[0] == 'r')
		add(w, GIT_OBJECT_TREE, line + 2, len - 2);
	else if (len == 1 && line[0] == 't')
		w->open = true;
	else if (w->open)
		add_entry(w, line, len);
}

/* The objects, and a commit of the last one. */
static void
make(struct world *w, const char *text, size_t size, char commit[41])
{
	git_odb_backend *backend = NULL;
	char hex[41], *raw;
	const char *lf;
	size_t len;

	require(git_odb_new(&w->odb) == 0);
	require(git_mempack_new(&backend) == 0);
	require(git_odb_add_backend(w->odb, backend, 1) == 0);
	for (; size != 0; text += len, size -= len) {
		lf = memchr(text, '\n', size);
		len = lf != NULL ? (size_t)(lf - text) + 1 : size;
		take_line(w, text, len - (lf != NULL));
	}
	close_tree(w);
	w->n = w->n == OBJECTS_MAX ? w->n - 1 : w->n;
	if (w->n == 0)
		add(w, GIT_OBJECT_TREE, "", 0);
	raw = xasprintf("tree %s\nauthor A <a@b> 1 +0000\n"
			"committer A <a@b> 1 +0000\n\nSubject\n",
	    git_oid_tostr(hex, sizeof(hex), &w->id[w->n - 1]));
	add(w, GIT_OBJECT_COMMIT, raw, strlen(raw));
	(void)git_oid_tostr(commit, 41, &w->id[w->n - 1]);
	free(raw);
}

static void
on_note(void *ctx, const char *line)
{
	(void)ctx;
	require(*line != '\0');
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	require(done <= total);
}

static void
export_path(struct world *w, const char *commit, const char *path)
{
	static const struct limits limits = {.files = 50,
	    .bytes = 1 << 12,
	    .file_bytes = 1 << 11,
	    .depth = 5};
	struct export x = {.odb = w->odb,
	    .commit = commit,
	    .path = path,
	    .dirfd = stage_open(),
	    .limits = &limits,
	    .progress = on_progress,
	    .note = on_note};
	struct error err = {.kind = ERR_NONE};
	struct walked walked;
	int rc = export_commit(&x, &err);

	require((rc == -1) == (err.kind != ERR_NONE));
	require(rc == 0 || err.kind == ERR_INTEGRITY ||
	    (path != NULL && err.kind == ERR_NOTFOUND));
	stage_check(x.dirfd, &limits);
	/* The parent finds nothing that the worker should not have written. */
	if (rc == 0)
		require(walk_check(x.dirfd, &limits, &walked, &err) == 0);
	stage_close(x.dirfd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	struct world w = {0};
	char commit[41];

	if (!begun)
		require(git_libgit2_init() > 0);
	begun = true;
	(void)umask(022);
	make(&w, (const char *)data, size, commit);
	export_path(&w, commit, NULL);
	export_path(&w, commit, "a/b");
	git_odb_free(w.odb);
	buf_free(&w.tree);
	return 0;
}
