#include "kelpie/git/wire.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

/* A server may send every ref it has, whatever prefix it was asked for. */
#define REFS_MAX ((size_t)32 << 20)
/* What an answer with a pack may hold besides the pack. */
#define TALK_MAX ((size_t)1 << 20)

static int
bad_answer(struct error *err)
{
	return error_set(err, ERR_INTEGRITY,
	    "the answer does not follow git's protocol");
}

static int
old_server(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "the server speaks only an old version of git's protocol, which "
	    "kelpie does not take yet");
}

/* Nothing at all is the answer of a server that does not know version 2, and
 * of one whose objects do not have the ids that it takes us to expect. */
static int
no_answer(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "the server answers with nothing: it speaks only an old version "
	    "of git's protocol, or the repository is a SHA-256 one; kelpie "
	    "takes neither yet");
}

/* How answers of the older versions begin. */
static bool
looks_old(const char *line, size_t len)
{
	return strncmp(line, "# service=", 10) == 0 ||
	    strcmp(line, "NAK") == 0 || strcmp(line, "version 1") == 0 ||
	    memchr(line, '\0', len) != NULL;
}

/* "ERR words" may stand wherever a line is expected. */
static bool
is_refusal(const char *line, struct error *err)
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
	else
		(void)error_set(err, ERR_NOTFOUND, "the server says: %s",
		    line + 4);
	return true;
}

static bool
is_oid(const char *s)
{
	return strspn(s, "0123456789abcdef") == OID_HEX;
}

/* ---- ls-refs ---- */

static bool
is_head(const char *version)
{
	return *version == '\0' || strcmp(version, "HEAD") == 0;
}

/* 0: it does not answer to the version; the highest rank wins. */
static int
rank_of(const char *name, const char *version)
{
	static const char *const where[] = {"refs/heads/", "refs/tags/"};

	if (is_head(version))
		return strcmp(name, "HEAD") == 0;
	for (int i = 0; i < 2; i++) {
		size_t len = strlen(where[i]);

		if (strncmp(name, where[i], len) == 0 &&
		    strcmp(name + len, version) == 0)
			return i + 1;
	}
	return 0;
}

/* "oid name attribute..."; takes the line apart in a copy. */
static int
take_ref(struct wire_refs *r, const char *line, struct error *err)
{
	static const char peeled[] = " peeled:";
	size_t len;
	const char *name, *commit = line, *attr;
	struct wire_ref ref;
	int rank;

	if (strspn(line, "0123456789abcdef") == 64)
		return error_set(err, ERR_NOTFOUND,
		    "a SHA-256 repository, which kelpie does not take yet");
	if (!is_oid(line) || line[OID_HEX] != ' ')
		return bad_answer(err);
	name = line + OID_HEX + 1;
	len = strcspn(name, " ");
	/* A name that does not fit is not the one that was asked for. */
	if (len >= sizeof(ref.name))
		return 0;
	attr = strstr(name + len, peeled);
	if (attr != NULL)
		commit = attr + sizeof(peeled) - 1;
	if (!is_oid(commit))
		return bad_answer(err);
	(void)snprintf(ref.name, sizeof(ref.name), "%.*s", (int)len, name);
	(void)snprintf(ref.commit, sizeof(ref.commit), "%.*s", OID_HEX, commit);
	rank = rank_of(ref.name, r->version);
	if (rank > r->rank) {
		r->rank = rank;
		r->best = ref;
	}
	return 0;
}

static int
refs_take(void *ctx, enum pkt type, const char *line, size_t len,
    struct error *err)
{
	struct wire_refs *r = ctx;

	if (r->ended)
		return bad_answer(err);
	if (type == PKT_FLUSH) {
		r->ended = true;
		return 0;
	}
	if (type != PKT_LINE)
		return bad_answer(err);
	if (looks_old(line, len))
		return old_server(err);
	if (is_refusal(line, err))
		return -1;
	return take_ref(r, line, err);
}

void
wire_refs_request(struct buf *b, const char *version)
{
	pkt_put(b, "command=ls-refs");
	pkt_delim(b);
	pkt_put(b, "peel");
	if (is_head(version))
		pkt_put(b, "ref-prefix HEAD");
	else {
		pkt_put(b, "ref-prefix refs/tags/%s", version);
		pkt_put(b, "ref-prefix refs/heads/%s", version);
	}
	pkt_flush(b);
}

void
wire_refs_open(struct wire_refs *r, const char *version)
{
	pkt_open(&r->pkt, refs_take, r);
	r->version = version;
	r->best = (struct wire_ref){.name = ""};
	r->rank = 0;
	r->bytes = 0;
	r->ended = false;
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
	if (r->bytes == 0)
		return no_answer(err);
	if (pkt_end(&r->pkt, err) == -1)
		return -1;
	if (!r->ended)
		return error_set(err, ERR_NETWORK,
		    "the list of refs stops before its end");
	if (r->rank != 0)
		return 0;
	if (is_head(r->version))
		return error_set(err, ERR_NOTFOUND,
		    "the repository is empty, or its HEAD is a branch that "
		    "it does not have");
	return error_set(err, ERR_NOTFOUND, "no tag or branch '%s'",
	    r->version);
}

/* ---- fetch ---- */

/* Lines between the header of a section and the next delimiter are news of
 * no use to a client that keeps no repository. */
static int
take_section(struct wire_fetch *f, const char *line, size_t len,
    struct error *err)
{
	static const char *const known[] = {"acknowledgments", "shallow-info",
	    "wanted-refs", "packfile-uris"};

	if (is_refusal(line, err))
		return -1;
	if (f->section)
		return 0;
	if (looks_old(line, len))
		return old_server(err);
	if (strcmp(line, "packfile") == 0) {
		f->pkt.sideband = true;
		return 0;
	}
	f->section = true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(line, known[i]) == 0)
			return 0;
	return bad_answer(err);
}

/* Hand on the lines of a text, one by one: they end in \n or \r. */
static void
take_talk(struct wire_fetch *f, const char *text)
{
	char line[512];
	size_t len;

	for (; *text != '\0'; text += len, text += *text != '\0') {
		len = strcspn(text, "\r\n");
		if (len == 0 || f->talk == NULL)
			continue;
		(void)snprintf(line, sizeof(line), "%.*s", (int)len, text);
		f->talk(f->ctx, line);
	}
}

static int
fetch_take(void *ctx, enum pkt type, const char *data, size_t len,
    struct error *err)
{
	struct wire_fetch *f = ctx;

	if (f->ended)
		return bad_answer(err);
	switch (type) {
	case PKT_FLUSH:
		f->ended = true;
		return 0;
	case PKT_DELIM:
		if (!f->section)
			return bad_answer(err);
		f->section = false;
		return 0;
	case PKT_LINE:
		return take_section(f, data, len, err);
	case PKT_PACK:
		f->pack_bytes += len;
		return f->pack(f->ctx, data, len, err);
	case PKT_TALK:
		take_talk(f, data);
		return 0;
	case PKT_FATAL:
		return error_set(err, ERR_NETWORK, "the server gives up: %.*s",
		    (int)strcspn(data, "\r\n"), data);
	case PKT_END:
		break;
	}
	return bad_answer(err);
}

void
wire_fetch_request(struct buf *b, const char *commit)
{
	pkt_put(b, "command=fetch");
	pkt_delim(b);
	pkt_put(b, "no-progress");
	pkt_put(b, "ofs-delta");
	pkt_put(b, "want %s", commit);
	pkt_put(b, "deepen 1");
	pkt_put(b, "done");
	pkt_flush(b);
}

void
wire_fetch_open(struct wire_fetch *f,
    int (*pack)(void *, const char *, size_t, struct error *),
    void (*talk)(void *, const char *), void *ctx)
{
	pkt_open(&f->pkt, fetch_take, f);
	f->pack = pack;
	f->talk = talk;
	f->ctx = ctx;
	f->bytes = f->pack_bytes = 0;
	f->section = f->ended = false;
}

int
wire_fetch_feed(void *fetch, const char *data, size_t len, struct error *err)
{
	struct wire_fetch *f = fetch;

	f->bytes += len;
	if (pkt_feed(&f->pkt, data, len, err) == -1)
		return -1;
	/* The heads of packets count as well: a server may make them small. */
	if (f->bytes - f->pack_bytes > TALK_MAX + f->pack_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "the server says more than %zu KiB besides the pack",
		    TALK_MAX >> 10);
	return 0;
}

int
wire_fetch_end(struct wire_fetch *f, struct error *err)
{
	if (f->bytes == 0)
		return no_answer(err);
	if (pkt_end(&f->pkt, err) == -1)
		return -1;
	if (!f->ended)
		return error_set(err, ERR_NETWORK,
		    "the answer stops before its end");
	if (f->pack_bytes == 0)
		return error_set(err, ERR_INTEGRITY,
		    "the server answers without a pack");
	return 0;
}
