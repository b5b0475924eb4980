/*
 * How far a role has moved: the commits between the one that it was at and
 * the one that was fetched.
 *
 * A fetch without trees (git-rev-list(1), --filter=tree:0) of what is new to
 * somebody who has the old commit brings just these commits, of some 200
 * bytes each.  Without "done" a server sends a pack only if it knows what we
 * have to be behind what we want, or close to that (gitprotocol-v2(5)).
 * Nothing depends on the answer, so all that goes wrong is passed over.
 */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/git.h"
#include "git/compat.h"
#include "kelpie/git/pack.h"

#define COMMITS_MAX 10000
#define BYTES_MAX ((uint64_t)4 << 20)
#define PACK_HEAD 12 /* "PACK", version, number of objects */

/* What there is between two commits. */
struct between {
	const char *old;
	struct pack *pack;
	unsigned char head[PACK_HEAD];
	size_t head_len;
	size_t objects, commits;
	bool many; /* more than anybody counts */
	bool direct; /* the parent of one of them is old */
	git_odb *odb;
};

static void
tell(const struct fetcher *f, const struct between *b, const char *sign)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%s%zu", sign, b->commits);
	worker_fact(f->worker, "since", b->many ? "many" : text);
}

/* ---- from a server ---- */

static int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	struct between *b = ctx;
	size_t n = PACK_HEAD - b->head_len;

	if (n > len)
		n = len;
	memcpy(b->head + b->head_len, data, n);
	b->head_len += n;
	if (n != 0 && b->head_len == PACK_HEAD) {
		b->objects = (size_t)b->head[8] << 24 |
		    (size_t)b->head[9] << 16 | (size_t)b->head[10] << 8 |
		    b->head[11];
		b->many = b->objects > COMMITS_MAX;
		if (pack_write(b->pack, (const char *)b->head, PACK_HEAD,
			err) == -1)
			return -1;
	}
	if (b->many)
		return error_set(err, ERR_INTEGRITY, "too many commits");
	return len > n ? pack_write(b->pack, data + n, len - n, err) : 0;
}

static int
on_object(const git_oid *oid, void *ctx)
{
	struct between *b = ctx;
	git_odb_object *object = NULL;
	char line[sizeof("\nparent ") + OID_HEX];

	if (git_odb_read(&object, b->odb, oid) < 0)
		return -1;
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT) {
		(void)snprintf(line, sizeof(line), "\nparent %s", b->old);
		b->commits++;
		b->direct = b->direct ||
		    memmem(git_odb_object_data(object),
			git_odb_object_size(object), line,
			strlen(line)) != NULL;
	}
	git_odb_object_free(object);
	return 0;
}

/* 0: the server has a pack, and b knows it; 1: it has none; -1: no answer. */
static int
ask(struct fetcher *f, struct between *b, const char *new, struct error *err)
{
	struct wire_fetch *fetch = xmalloc(sizeof(*fetch));
	const struct reader reader = {wire_fetch_feed, fetch, &fetch->ended};
	struct buf request = {0};
	int rc;

	wire_since_request(&request, new, b->old);
	wire_fetch_open(fetch, on_pack, NULL, b);
	rc = f->carrier->ask(f, &request, &reader, err);
	if (rc == 0 && fetch->ended && fetch->pack_bytes == 0)
		rc = 1;
	else if (rc != 0 || wire_fetch_end(fetch, err) == -1)
		rc = b->many ? 0 : -1;
	buf_free(&request);
	free(fetch);
	return rc;
}

static int
count(struct fetcher *f, struct between *b, const char *dir, const char *new,
    struct error *err)
{
	const struct pack_opts opts = {.dir = dir,
	    .max_bytes = BYTES_MAX,
	    .max_objects = COMMITS_MAX + 1};
	int rc = -1;

	b->pack = pack_open(&opts, err);
	if (b->pack != NULL)
		rc = ask(f, b, new, err);
	if (rc == 0 && !b->many && b->objects > 0 &&
	    (pack_objects(&b->odb, b->pack, err) == -1 ||
		git_odb_foreach(b->odb, on_object, b) < 0))
		rc = -1;
	pack_free(b->pack);
	return rc;
}

/* Forward, or back; 0 commits are neither. */
static void
look(struct fetcher *f, const char *dir)
{
	struct between on = {.old = f->job->since}, back = {.old = f->commit};
	struct error ignored;
	int rc = count(f, &on, dir, f->commit, &ignored);

	if (rc == -1)
		return;
	if (rc == 0 && (on.many || on.direct)) {
		tell(f, &on, "");
		return;
	}
	/* Of a commit that the server has no more it says nothing. */
	rc = on.commits > 0 ? 1 : count(f, &back, dir, f->job->since, &ignored);
	if (rc == 0 && (back.many || back.direct))
		tell(f, &back, "-");
	else if (rc != -1)
		worker_fact(f->worker, "since", "0");
}

static bool
is_wanted(const struct fetcher *f)
{
	return f->job->since != NULL && is_commit_id(f->job->since) &&
	    strcmp(f->job->since, f->commit) != 0;
}

void
git_since(struct fetcher *f)
{
	char *dir;

	if (!is_wanted(f) || f->job->offline || f->protocol != 2 || !f->known)
		return;
	dir = xasprintf("%s.since", f->pack);
	if (mkdir(dir, 0755) == 0) {
		look(f, dir);
		(void)rmdir(dir);
	}
	free(dir);
}

/* ---- on this machine ---- */

/* The commits that new has and old has not, and whether old is behind new. */
static int
walk(git_repository *repo, struct between *b, const char *new)
{
	git_revwalk *walk = NULL;
	git_oid from, to, at;
	int rc = -1;

	if (oid_parse(&from, b->old) < 0 || oid_parse(&to, new) < 0 ||
	    git_revwalk_new(&walk, repo) < 0)
		return -1;
	if (git_revwalk_push(walk, &to) == 0 &&
	    git_revwalk_hide(walk, &from) == 0) {
		while (b->commits <= COMMITS_MAX &&
		    git_revwalk_next(&at, walk) == 0)
			b->commits++;
		b->many = b->commits > COMMITS_MAX;
		rc = git_graph_descendant_of(repo, &to, &from);
		b->direct = rc == 1;
	}
	git_revwalk_free(walk);
	return rc < 0 ? -1 : 0;
}

void
git_since_local(struct fetcher *f, git_repository *repo)
{
	struct between on = {.old = f->job->since}, back = {.old = f->commit};

	if (!is_wanted(f) || walk(repo, &on, f->commit) == -1)
		return;
	if (on.direct)
		tell(f, &on, "");
	else if (walk(repo, &back, f->job->since) == 0 && back.direct)
		tell(f, &back, "-");
	else
		worker_fact(f->worker, "since", "0");
}
