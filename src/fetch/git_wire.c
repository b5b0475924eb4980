/*
 * The conversation with a server: which request, in which version, and what
 * to make of the answers.
 */
#include "fetch/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/git/pack.h"
#include "kelpie/range.h"

#define NOTES_MAX 100 /* words of the server in one job */

/* Send one request.  1 only where a greeting can still tell more. */
static int
ask(struct fetcher *f, const struct buf *request, const struct reader *reader,
    struct error *err)
{
	int rc = f->carrier->ask(f, request, reader, err);

	return rc == 1 && f->greeted ? -1 : rc;
}

/* What a finished answer of version 2 comes to: 1 if it was none. */
static int
judge(struct fetcher *f, int rc, bool foreign)
{
	if (rc == 0)
		f->known = true;
	return rc == -1 && foreign && !f->greeted ? 1 : rc;
}

/* ---- what is the version? ---- */

/* What is wanted besides the ref that answers. */
static void
look_for(const struct fetcher *f, struct target *t, struct wire_search *s)
{
	buf_clear(&t->tags);
	s->tags = &t->tags;
	if (!t->look)
		return;
	t->newest.name[0] = '\0';
	buf_clear(&t->seen);
	s->newest = &t->newest;
	s->watched = f->job->tags;
	s->seen = &t->seen;
}

/* ls-refs: the ref of a version, or with NULL all tips. */
static int
ask_refs(struct fetcher *f, struct target *t, const char *version, bool *absent,
    struct error *err)
{
	struct wire_refs *refs = xmalloc(sizeof(*refs));
	const struct reader reader = {wire_refs_feed, refs, &refs->ended};
	struct buf request = {0};
	int rc;

	f->phase = PHASE_RESOLVE;
	if (t->look)
		wire_refs_request_tags(&request, version);
	else
		wire_refs_request(&request, version);
	wire_refs_open(refs, version, version == NULL ? &t->tips : NULL);
	look_for(f, t, &refs->found);
	rc = ask(f, &request, &reader, err);
	if (rc == 0)
		rc = wire_refs_end(refs, err);
	*absent = rc == -1 && refs->ended;
	if (rc == 0)
		t->ref = refs->found.best;
	rc = judge(f, rc, refs->foreign);
	buf_free(&request);
	free(refs);
	return rc;
}

static void
tell_ref(struct fetcher *f, const struct target *t)
{
	(void)snprintf(f->commit, sizeof(f->commit), "%s", t->ref.commit);
	if (t->rev.id)
		return;
	worker_fact(f->worker, "ref", t->ref.name);
	/* What it was signed for is the commit without steps. */
	if (*t->rev.steps == '\0' && strcmp(t->ref.id, t->ref.commit) != 0)
		(void)snprintf(f->tag, sizeof(f->tag), "%s", t->ref.id);
}

/* Where a signature counts, the tag object is to come with the commit. */
static const char *
wanted(const struct fetcher *f)
{
	return f->job->verify && *f->tag != '\0' ? f->tag : f->commit;
}

/* All branches and tags with their history: the commit is to be in it. */
static int
want_all(struct target *t, struct error *err)
{
	t->all = true;
	t->depth = 0;
	if (t->tips.len != 0)
		return 0;
	return error_set(err, ERR_NOTFOUND,
	    "the repository has neither branches nor tags");
}

/* What is there instead?  A range has seen all tags. */
static int
missing(struct fetcher *f, struct target *t, struct error *err)
{
	struct error ignored;
	bool absent;

	if (!range_is(t->rev.base) &&
	    ask_refs(f, t, NULL, &absent, &ignored) != 0)
		return -1;
	return revision_missing(&t->rev, &t->tags, err);
}

/* No ref answers: an id needs none, and a short one has to be looked for in
 * what nobody fetches. */
static int
look_without(struct fetcher *f, const struct target *t, struct error *err)
{
	if (!t->rev.id && !t->rev.brief)
		return revision_missing(&t->rev, &t->tags, err);
	if (t->rev.id)
		memcpy(f->commit, t->rev.base, sizeof(f->commit));
	return 0;
}

static int
look_v2(struct fetcher *f, struct target *t, struct error *err)
{
	bool absent;
	int rc = ask_refs(f, t, t->rev.base, &absent, err);

	if (rc == 0)
		tell_ref(f, t);
	return rc == -1 && absent ? look_without(f, t, err) : rc;
}

static int
resolve_v2(struct fetcher *f, struct target *t, struct error *err)
{
	bool absent;
	int rc;

	if (t->look)
		return look_v2(f, t, err);
	t->depth = t->rev.depth;
	t->all = false;
	if (t->rev.id) {
		/* Any id may be asked for. */
		memcpy(f->commit, t->rev.base, sizeof(f->commit));
		memcpy(t->ref.id, wanted(f), sizeof(t->ref.id));
		return 0;
	}
	rc = ask_refs(f, t, t->rev.base, &absent, err);
	if (rc == 0) {
		tell_ref(f, t);
		memcpy(t->ref.id, wanted(f), sizeof(t->ref.id));
		return 0;
	}
	if (!absent)
		return rc;
	if (!t->rev.brief)
		return missing(f, t, err);
	buf_clear(&t->tips);
	rc = ask_refs(f, t, NULL, &absent, err);
	return rc == 0 ? want_all(t, err) : rc;
}

static bool
has_tip(const struct target *t, const char *id)
{
	for (size_t at = 0; at < t->tips.len; at += OID_HEX)
		if (memcmp(t->tips.data + at, id, OID_HEX) == 0)
			return true;
	return false;
}

/* The greeting had all refs, and one may only ask for those, or for what
 * they lead to if the server says so. */
static int
resolve_v0(struct fetcher *f, struct target *t, struct error *err)
{
	t->depth = (t->caps & CAP_SHALLOW) != 0 ? t->rev.depth : 0;
	t->all = false;
	if (t->ref.name[0] != '\0') {
		tell_ref(f, t);
		if (t->rev.id && *f->tag != '\0' && has_tip(t, f->tag))
			memcpy(t->ref.id, f->tag, sizeof(t->ref.id));
		return 0;
	}
	if (!t->rev.id && t->rev.brief)
		return want_all(t, err);
	if (!t->rev.id) {
		(void)wire_missing(t->rev.base, err);
		return revision_missing(&t->rev, &t->tags, err);
	}
	memcpy(f->commit, t->rev.base, sizeof(f->commit));
	memcpy(t->ref.id, f->commit, sizeof(t->ref.id));
	return (t->caps & CAP_REACHABLE) != 0 ? 0 : want_all(t, err);
}

static int
greet(struct fetcher *f, struct target *t, struct error *err)
{
	struct wire_greeting *g = xmalloc(sizeof(*g));
	const struct reader reader = {wire_greeting_feed, g, &g->ended};
	int rc;

	f->phase = PHASE_RESOLVE;
	buf_clear(&t->tips);
	wire_greeting_open(g, t->rev.base, &t->tips);
	look_for(f, t, &g->found);
	rc = f->carrier->greet(f, &reader, err);
	if (rc == 0)
		rc = wire_greeting_end(g, err);
	if (rc == 0) {
		f->greeted = f->known = true;
		f->protocol = g->version;
		t->ref = g->found.best;
		t->caps = g->caps;
	}
	free(g);
	return rc;
}

static int
resolve(struct fetcher *f, struct target *t, struct error *err)
{
	return f->protocol == 2 ? resolve_v2(f, t, err) : resolve_v0(f, t, err);
}

int
git_resolve(struct fetcher *f, struct target *t, struct error *err)
{
	int rc = 1;

	f->greeted = false;
	if (f->protocol == 2 && (f->carrier->bold || f->known))
		rc = resolve_v2(f, t, err);
	if (rc != 1)
		return rc;
	return greet(f, t, err) == -1 ? -1 : resolve(f, t, err);
}

/* ---- the pack ---- */

/* The pack's way to the disk, and the server's words beside it. */
struct arrival {
	struct fetcher *fetcher;
	struct pack *pack;
	unsigned notes;
};

static int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	struct arrival *a = ctx;

	return pack_write(a->pack, data, len, err);
}

static void
on_talk(void *ctx, const char *line)
{
	struct arrival *a = ctx;

	if (a->notes++ < NOTES_MAX)
		worker_note(a->fetcher->worker, "the server says: %s", line);
}

static int
ask_pack(struct fetcher *f, const struct target *t, struct pack *pack,
    struct error *err)
{
	struct wire_fetch *fetch = xmalloc(sizeof(*fetch));
	const struct reader reader = {wire_fetch_feed, fetch, &fetch->ended};
	const struct wire_wants wants = {
	    .ids = t->all ? t->tips.data : t->ref.id,
	    .n = t->all ? t->tips.len / OID_HEX : 1,
	    .depth = t->depth,
	    .caps = t->caps,
	};
	struct arrival arrival = {.fetcher = f, .pack = pack};
	struct buf request = {0};
	int rc;

	f->phase = PHASE_RECEIVE;
	wire_fetch_open(fetch, on_pack, on_talk, &arrival);
	if (f->protocol == 2)
		wire_fetch_request(&request, &wants);
	else {
		wire_fetch0_request(&request, &wants);
		wire_fetch0_open(fetch, t->caps);
	}
	rc = ask(f, &request, &reader, err);
	if (rc == 0)
		rc = wire_fetch_end(fetch, err);
	rc = judge(f, rc, fetch->foreign && fetch->pack_bytes == 0);
	buf_free(&request);
	free(fetch);
	return rc;
}

static int
receive(struct fetcher *f, const struct target *t, struct pack **pack,
    struct error *err)
{
	*pack = git_pack(f, t->depth != 1, err);
	return *pack != NULL ? ask_pack(f, t, *pack, err) : -1;
}

int
git_receive(struct fetcher *f, struct target *t, struct pack **pack,
    struct error *err)
{
	int rc = receive(f, t, pack, err);

	if (rc != 1)
		return rc;
	/* It may well be another one that comes now, with a history. */
	pack_free(*pack);
	*pack = NULL;
	if (greet(f, t, err) == -1 || resolve(f, t, err) == -1)
		return -1;
	return receive(f, t, pack, err);
}
