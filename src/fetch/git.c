#include "fetch/git.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/export.h"
#include "kelpie/git/pack.h"
#include "kelpie/rules.h"
#include "kelpie/walk.h"

/* ---- the tree ---- */

static void
on_unpack(void *ctx, uint64_t done, uint64_t total)
{
	struct fetcher *f = ctx;

	worker_progress(f->worker, PHASE_UNPACK, done, total);
}

static void
on_note(void *ctx, const char *line)
{
	struct fetcher *f = ctx;

	worker_note(f->worker, "%s", line);
}

/* That the objects are there under their ids is what libgit2 has checked;
 * that this one is a commit, nobody has. */
static int
check_commit(const struct fetcher *f, git_odb *odb, enum error_kind absent,
    struct error *err)
{
	git_oid oid;
	git_object_t type;
	size_t len;
	int rc;

	git_error_clear();
	if (oid_parse(&oid, f->commit) < 0)
		return git_fail(err, ERR_INTEGRITY, "commit id");
	rc = git_odb_read_header(&len, &type, odb, &oid);
	if (rc == GIT_ENOTFOUND)
		return error_set(err, absent, "commit '%s' is not in the %s",
		    f->commit, absent == ERR_INTEGRITY ? "pack" : "repository");
	if (rc < 0)
		return git_fail(err, ERR_INTEGRITY, "read the commit");
	if (type == GIT_OBJECT_COMMIT)
		return 0;
	return error_set(err, ERR_NOTFOUND, "'%s' is a %s, not a commit",
	    *f->job->version != '\0' ? f->job->version : f->commit,
	    git_object_type2string(type));
}

int
git_finish(struct fetcher *f, git_odb *odb, enum error_kind absent,
    struct error *err)
{
	const struct export export = {
	    .odb = odb,
	    .commit = f->commit,
	    .path = f->job->path,
	    .dirfd = f->role,
	    .limits = &f->opts.limits,
	    .progress = on_unpack,
	    .note = on_note,
	    .ctx = f,
	};

	if (check_commit(f, odb, absent, err) == -1 ||
	    git_leave_signed(f, odb, err) == -1)
		return -1;
	worker_fact(f->worker, "commit", f->commit);
	if (*f->tag != '\0')
		worker_fact(f->worker, "tag", f->tag);
	worker_progress(f->worker, PHASE_UNPACK, 0, 0);
	return export_commit(&export, err);
}

void
git_kept(struct fetcher *f)
{
	f->kept = true;
	worker_fact(f->worker, "pack", "kept");
}

/* ---- a pack that was fetched before ---- */

struct pack *
git_pack(struct fetcher *f, bool history, struct error *err)
{
	const struct pack_opts opts = {
	    .dir = f->pack,
	    .max_bytes = f->opts.limits.bytes,
	    .max_objects = history ? PACK_HISTORY : PACK_TREE,
	    .progress = on_unpack,
	    .ctx = f,
	};

	return pack_open(&opts, err);
}

#define PIECE 65536

static int
read_pack(struct pack *pack, int fd, struct error *err)
{
	char *piece = xmalloc(PIECE);
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	/* The descriptor may share its offset with others. */
	while (rc == 0 && (n = pread(fd, piece, PIECE, at)) != 0) {
		if (n == -1)
			rc = error_set(err, ERR_INTEGRITY, "read the pack: %s",
			    strerror(errno));
		else
			rc = pack_write(pack, piece, (size_t)n, err);
		at += n;
	}
	free(piece);
	return rc;
}

/* Only what a bad pack has made us write. */
static int
empty_role(const struct fetcher *f, struct error *err)
{
	int fd = fcntl(f->role, F_DUPFD_CLOEXEC, 0);
	DIR *d = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	int rc = 0;

	if (d == NULL) {
		if (fd != -1)
			(void)close(fd);
		return error_errno(err, "read the role");
	}
	rewinddir(d);
	while (rc == 0 && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = walk_remove(f->role, e->d_name, err);
	(void)closedir(d);
	return rc;
}

/*
 * Take the commit from the pack that came with the job.  It has to prove
 * itself like one from the wire.  1: there is none, or it does not, and then
 * nothing is left of it.
 */
static int
from_cache(struct fetcher *f, struct error *err)
{
	const struct job *job = f->job;
	struct pack *pack;
	git_odb *odb;
	int rc = -1;

	if (job->pack == -1 || strcmp(job->have, f->commit) != 0)
		return 1;
	worker_progress(f->worker, PHASE_UNPACK, 0, 0);
	pack = git_pack(f, false, err);
	if (pack != NULL && read_pack(pack, job->pack, err) == 0 &&
	    pack_objects(&odb, pack, err) == 0)
		rc = git_finish(f, odb, ERR_INTEGRITY, err);
	pack_free(pack);
	if (rc == 0 || err->kind == ERR_LOCAL)
		return rc;
	worker_note(f->worker, "the cached pack is of no use: %s", err->msg);
	worker_fact(f->worker, "cache",
	    err->kind == ERR_NOTFOUND && job->verify ? "lacking" : "damaged");
	return empty_role(f, err) == -1 ? -1 : 1;
}

/* ---- the protocol ---- */

static int
unpack(struct fetcher *f, const struct target *t, git_odb *odb,
    struct error *err)
{
	/* Behind all tips may well be less than the repository has. */
	enum error_kind absent = t->all ? ERR_NOTFOUND : ERR_INTEGRITY;

	if (t->all && !t->rev.id &&
	    revision_expand(&t->rev, odb, f->commit, err) == -1)
		return -1;
	if (revision_walk(&t->rev, odb, f->commit, absent, err) == -1)
		return -1;
	return git_finish(f, odb, absent, err);
}

/* A history is too much to keep for one commit of it. */
static int
keep(struct fetcher *f, const struct target *t, struct pack *pack, git_odb *odb,
    struct error *err)
{
	if (t->depth == 1 && f->job->keep) {
		pack_keep(pack, ".pack");
		git_kept(f);
	} else if (f->job->make) {
		pack_keep(pack, GIT_MADE);
		return git_make(f, odb, err);
	}
	return 0;
}

static int
from_server(struct fetcher *f, struct target *t, struct error *err)
{
	struct pack *pack = NULL;
	git_odb *odb;
	int rc = -1;

	if (git_receive(f, t, &pack, err) == -1 ||
	    pack_objects(&odb, pack, err) == -1)
		goto out;
	rc = unpack(f, t, odb, err);
	if (rc == 0)
		rc = keep(f, t, pack, odb, err);
out:
	pack_free(pack);
	return rc;
}

bool
job_tag(const struct fetcher *f)
{
	return f->job->verify && is_commit_id(f->job->tag);
}

/* Which commit it is, is known or can be asked for; whether the cache has it
 * is another question each time. */
static int
fetch(struct fetcher *f, struct target *t, struct error *err)
{
	bool plain = *t->rev.steps == '\0', tried = plain && t->rev.id;
	int rc = 1;

	if (tried) {
		memcpy(f->commit, t->rev.base, sizeof(f->commit));
		if (job_tag(f))
			memcpy(f->tag, f->job->tag, sizeof(f->tag));
		rc = from_cache(f, err);
	}
	if (rc != 1)
		return rc;
	if (f->job->offline)
		return error_set(err, ERR_NOTFOUND, "not in the cache");
	worker_progress(f->worker, PHASE_CONNECT, 0, 0);
	if (git_resolve(f, t, err) == -1)
		return -1;
	rc = plain && !t->all && !tried ? from_cache(f, err) : 1;
	return rc == 1 ? from_server(f, t, err) : rc;
}

int
git_fetch(struct fetcher *f, struct error *err)
{
	struct target t = {.all = false};
	int rc;

	f->commit[0] = f->tag[0] = '\0';
	if (f->job->refs)
		return git_look(f, err);
	revision_parse(&t.rev, f->job);
	rc = fetch(f, &t, err);
	if (rc == 0)
		git_since(f);
	buf_free(&t.tips);
	buf_free(&t.tags);
	return rc;
}
