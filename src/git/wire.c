#include "kelpie/git/wire.h"

#include <stdio.h>
#include <string.h>

#include "git/wire_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"

/* A server may send every ref it has, whatever prefix it was asked for. */
#define REFS_MAX ((size_t)32 << 20)

#define HEX "0123456789abcdef"

int
wire_bad_answer(struct error *err)
{
	return error_set(err, ERR_INTEGRITY,
	    "the answer does not follow git's protocol");
}

int
wire_sha256(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "a SHA-256 repository, which kelpie does not take yet");
}

bool
wire_looks_old(const char *line, size_t len)
{
	return strncmp(line, "# service=", 10) == 0 ||
	    strcmp(line, "NAK") == 0 || strcmp(line, "version 1") == 0 ||
	    memchr(line, '\0', len) != NULL;
}

bool
wire_refused(const char *line, bool *foreign, struct error *err)
{
	static const char missing[] = "not our ref ";
	const char *at;

	if (strncmp(line, "ERR ", 4) != 0)
		return false;
	at = strstr(line, missing);
	if (at != NULL)
		(void)error_set(err, ERR_NOTFOUND,
		    "commit '%.*s' is not in the repository", OID_HEX,
		    at + sizeof(missing) - 1);
	else {
		*foreign = true;
		(void)error_set(err, ERR_NOTFOUND, "the server says: %s",
		    line + 4);
	}
	return true;
}

bool
wire_is_oid(const char *s)
{
	return strspn(s, HEX) == OID_HEX;
}

bool
wire_is_long_oid(const char *s)
{
	return strspn(s, HEX) == 64;
}

/* ---- the search ---- */

static bool
is_head(const char *version)
{
	return *version == '\0' || strcmp(version, "HEAD") == 0;
}

static bool
is_full_name(const char *version)
{
	return strncmp(version, "refs/", 5) == 0;
}

static const char heads[] = "refs/heads/", tags[] = "refs/tags/";

static bool
is_tag(const char *name)
{
	return strncmp(name, tags, sizeof(tags) - 1) == 0;
}

static bool
is_tip(const char *name)
{
	return strncmp(name, heads, sizeof(heads) - 1) == 0 || is_tag(name);
}

const char *
wire_tracked(const char *version)
{
	static const char origin[] = "origin/";
	size_t len = sizeof(origin) - 1;

	return strncmp(version, origin, len) == 0 ? version + len : "";
}

/* 0: it does not answer to the version; the highest rank wins. */
static int
rank_of(const struct wire_ref *ref, const char *version)
{
	const char *name = ref->name;

	if (version == NULL)
		return 0;
	if (is_head(version))
		return strcmp(name, "HEAD") == 0;
	if (is_full_name(version))
		return strcmp(name, version) == 0;
	if (range_is(version))
		return is_tag(name) &&
		    range_has(version, name + sizeof(tags) - 1);
	if (is_commit_id(version))
		return strcmp(ref->commit, version) == 0;
	if (is_tag(name))
		return strcmp(name + sizeof(tags) - 1, version) == 0 ? 3 : 0;
	if (strncmp(name, heads, sizeof(heads) - 1) != 0)
		return 0;
	name += sizeof(heads) - 1;
	if (strcmp(name, version) == 0)
		return 2;
	return *name != '\0' && strcmp(name, wire_tracked(version)) == 0;
}

/* What is told of tags besides the one that was asked for. */
static void
look_at_tag(struct wire_search *s, const struct wire_ref *ref)
{
	const char *name = ref->name + sizeof(tags) - 1;

	if (s->tags != NULL)
		buf_printf(s->tags, "%s\n", name);
	if (s->watched != NULL && text_among(s->watched, ref->name))
		buf_printf(s->seen, "%s\t%s\n", ref->name, ref->commit);
	if (s->newest != NULL && semver_rank(name) == SEMVER_RELEASE &&
	    (s->newest->name[0] == '\0' ||
		semver_compare(name, s->newest->name + sizeof(tags) - 1) > 0))
		*s->newest = *ref;
}

void
wire_consider(struct wire_search *s, const struct wire_ref *ref)
{
	int rank = rank_of(ref, s->version);

	if (rank > s->rank ||
	    (rank != 0 && range_is(s->version) &&
		semver_compare(ref->name + sizeof(tags) - 1,
		    s->best.name + sizeof(tags) - 1) > 0)) {
		s->rank = rank;
		s->best = *ref;
	}
	if (s->tips != NULL && is_tip(ref->name))
		buf_add(s->tips, ref->id, OID_HEX);
	if (is_tag(ref->name))
		look_at_tag(s, ref);
}

int
wire_missing(const char *version, struct error *err)
{
	if (is_head(version))
		return error_set(err, ERR_NOTFOUND,
		    "the repository is empty, or its HEAD is a branch that "
		    "it does not have");
	if (is_full_name(version))
		return error_set(err, ERR_NOTFOUND, "no ref '%s'", version);
	if (range_is(version))
		return error_set(err, ERR_NOTFOUND, "no tag in '%s'", version);
	return error_set(err, ERR_NOTFOUND, "no tag or branch '%s'", version);
}

/* ---- ls-refs ---- */

/* "oid name attribute..."; takes the line apart in a copy. */
static int
take_ref(struct wire_refs *r, const char *line, struct error *err)
{
	static const char peeled[] = " peeled:";
	size_t len;
	const char *name, *commit = line, *attr;
	struct wire_ref ref;

	if (wire_is_long_oid(line))
		return wire_sha256(err);
	if (!wire_is_oid(line) || line[OID_HEX] != ' ')
		return wire_bad_answer(err);
	name = line + OID_HEX + 1;
	len = strcspn(name, " ");
	/* A name that does not fit is not the one that was asked for. */
	if (len >= sizeof(ref.name))
		return 0;
	attr = strstr(name + len, peeled);
	if (attr != NULL)
		commit = attr + sizeof(peeled) - 1;
	if (!wire_is_oid(commit))
		return wire_bad_answer(err);
	(void)snprintf(ref.name, sizeof(ref.name), "%.*s", (int)len, name);
	(void)snprintf(ref.id, sizeof(ref.id), "%.*s", OID_HEX, line);
	(void)snprintf(ref.commit, sizeof(ref.commit), "%.*s", OID_HEX, commit);
	wire_consider(&r->found, &ref);
	return 0;
}

static int
refs_take(void *ctx, enum pkt type, const char *line, size_t len,
    struct error *err)
{
	struct wire_refs *r = ctx;

	if (r->ended)
		return wire_bad_answer(err);
	if (type == PKT_FLUSH) {
		r->ended = true;
		return 0;
	}
	if (type != PKT_LINE)
		return wire_bad_answer(err);
	if (wire_refused(line, &r->foreign, err))
		return -1;
	if (wire_looks_old(line, len)) {
		r->foreign = true;
		return wire_bad_answer(err);
	}
	return take_ref(r, line, err);
}

void
wire_refs_request(struct buf *b, const char *version)
{
	pkt_put(b, "command=ls-refs");
	pkt_delim(b);
	pkt_put(b, "peel");
	if (version != NULL && is_head(version))
		pkt_put(b, "ref-prefix HEAD");
	else if (version != NULL && is_full_name(version))
		pkt_put(b, "ref-prefix %s", version);
	else if (version != NULL && range_is(version))
		pkt_put(b, "ref-prefix %s", tags);
	else {
		const char *tail = version != NULL ? version : "";

		pkt_put(b, "ref-prefix %s%s", tags, tail);
		pkt_put(b, "ref-prefix %s%s", heads, tail);
		if (*wire_tracked(tail) != '\0')
			pkt_put(b, "ref-prefix %s%s", heads,
			    wire_tracked(tail));
	}
	pkt_flush(b);
}

void
wire_refs_request_tags(struct buf *b, const char *version)
{
	pkt_put(b, "command=ls-refs");
	pkt_delim(b);
	pkt_put(b, "peel");
	pkt_put(b, "ref-prefix %s", tags);
	if (is_head(version))
		pkt_put(b, "ref-prefix HEAD");
	else if (is_full_name(version))
		pkt_put(b, "ref-prefix %s", version);
	else if (!range_is(version) && !is_commit_id(version))
		pkt_put(b, "ref-prefix %s%s", heads, version);
	if (*wire_tracked(version) != '\0')
		pkt_put(b, "ref-prefix %s%s", heads, wire_tracked(version));
	pkt_flush(b);
}

void
wire_refs_open(struct wire_refs *r, const char *version, struct buf *tips)
{
	pkt_open(&r->pkt, refs_take, r);
	r->found = (struct wire_search){.version = version, .tips = tips};
	r->bytes = 0;
	r->foreign = r->ended = false;
}

int
wire_refs_feed(void *refs, const char *data, size_t len, struct error *err)
{
	struct wire_refs *r = refs;

	r->bytes += len;
	if (r->bytes > REFS_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "the list of refs is longer than %zu MiB", REFS_MAX >> 20);
	return pkt_feed(&r->pkt, data, len, err);
}

int
wire_refs_end(struct wire_refs *r, struct error *err)
{
	if (r->bytes == 0) {
		r->foreign = true;
		return error_set(err, ERR_NOTFOUND,
		    "the server answers with nothing");
	}
	if (pkt_end(&r->pkt, err) == -1)
		return -1;
	if (!r->ended)
		return error_set(err, ERR_NETWORK,
		    "the list of refs stops before its end");
	if (r->found.rank != 0 || r->found.version == NULL)
		return 0;
	return wire_missing(r->found.version, err);
}
