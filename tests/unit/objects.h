/*
 * objects.h - git objects in memory, and a directory to export them to.
 *
 * For the tests of git/export.h only.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/export.h"
#include "listing.h"

struct world {
	git_odb *odb;
	char dir[64]; /* has out, and beside it what must not change */
	int out;
	struct limits limits;
	struct error err;
	struct buf notes; /* one a line */
	uint64_t calls, done, total; /* of the progress */
};

static inline void
world_open(struct world *w)
{
	static const struct limits limits = LIMITS_DEFAULT;
	const char *tmp = getenv("TMPDIR");
	git_odb_backend *backend = NULL;
	int fd;

	*w = (struct world){.limits = limits};
	(void)git_libgit2_init();
	CHECK(git_odb_new(&w->odb) == 0);
	CHECK(git_mempack_new(&backend) == 0);
	CHECK(git_odb_add_backend(w->odb, backend, 1) == 0);
	(void)snprintf(w->dir, sizeof(w->dir), "%s/export.XXXXXX",
	    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
	CHECK(mkdtemp(w->dir) != NULL);
	fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(mkdirat(fd, "out", 0755) == 0);
	w->out = openat(fd, "out", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)close(fd);
}

/* Hexadecimal digits of an id, for as long as the next call. */
static inline const char *
hex(const git_oid *id)
{
	static char out[64];

	return git_oid_tostr(out, 41, id);
}

static inline git_oid
object(struct world *w, git_object_t type, const void *data, size_t len)
{
	git_oid id;

	memset(&id, 0, sizeof(id));
	CHECK(git_odb_write(&id, w->odb, data, len, type) == 0);
	return id;
}

static inline git_oid
blob(struct world *w, const char *text)
{
	return object(w, GIT_OBJECT_BLOB, text, strlen(text));
}

/* Add an entry to the raw tree in b. */
static inline void
entry(struct buf *b, const char *mode, const char *name, git_oid id)
{
	buf_printf(b, "%s %s", mode, name);
	buf_add(b, "", 1);
	buf_add(b, id.id, 20);
}

static inline git_oid
tree(struct world *w, struct buf *b)
{
	git_oid id =
	    object(w, GIT_OBJECT_TREE, b->len != 0 ? b->data : "", b->len);

	buf_free(b);
	return id;
}

/* A tree with one entry. */
static inline git_oid
tree_of(struct world *w, const char *mode, const char *name, git_oid id)
{
	struct buf b = {0};

	entry(&b, mode, name, id);
	return tree(w, &b);
}

static inline void
on_note(void *ctx, const char *line)
{
	struct world *w = ctx;

	buf_printf(&w->notes, "%s\n", line);
}

static inline void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct world *w = ctx;

	w->calls++;
	w->done = done;
	w->total = total;
}

static inline int
export_id(struct world *w, const char *commit)
{
	const struct export x = {
	    .odb = w->odb,
	    .commit = commit,
	    .dirfd = w->out,
	    .limits = &w->limits,
	    .progress = on_progress,
	    .note = on_note,
	    .ctx = w,
	};

	buf_clear(&w->notes);
	buf_puts(&w->notes, "");
	w->err.kind = ERR_NONE;
	return export_commit(&x, &w->err);
}

/* Make a commit of the tree and export it. */
static inline int
export_tree(struct world *w, git_oid id)
{
	char *raw = xasprintf("tree %s\n"
			      "author A <a@example.com> 1 +0000\n"
			      "committer A <a@example.com> 1 +0000\n"
			      "\n"
			      "Subject\n",
	    hex(&id));
	git_oid commit = object(w, GIT_OBJECT_COMMIT, raw, strlen(raw));
	char name[41];

	free(raw);
	(void)snprintf(name, sizeof(name), "%s", hex(&commit));
	return export_id(w, name);
}

/* Whether the export stayed in out, and out holds what is wanted. */
static inline void
check_written(struct world *w, const char *want)
{
	struct buf beside = {0}, got = {0};

	buf_puts(&got, "");
	buf_puts(&beside, "");
	list(&got, w->out, ".");
	CHECK_STR(got.data, want);
	list(&beside, AT_FDCWD, w->dir);
	CHECK(strncmp(beside.data, "out/\n", 5) == 0);
	CHECK_STR(beside.data + 5, got.data);
	buf_free(&beside);
	buf_free(&got);
}

static inline void
world_close(struct world *w)
{
	(void)close(w->out);
	remove_all(AT_FDCWD, w->dir);
	git_odb_free(w->odb);
	(void)git_libgit2_shutdown();
	buf_free(&w->notes);
}

#endif
