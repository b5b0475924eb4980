#include "kelpie/git/wire.h"

#include <stdio.h>
#include <string.h>

#include "git/wire_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/* What an answer with a pack may hold besides the pack. */
#define TALK_MAX ((size_t)1 << 20)

/* Lines between the header of a section and the next delimiter are news of
 * no use to a client that keeps no repository. */
static int
take_section(struct wire_fetch *f, const char *line, size_t len,
    struct error *err)
{
	static const char *const known[] = {"acknowledgments", "shallow-info",
	    "wanted-refs", "packfile-uris"};

	if (wire_refused(line, &f->foreign, err))
		return -1;
	if (f->section)
		return 0;
	if (wire_looks_old(line, len)) {
		f->foreign = true;
		return wire_bad_answer(err);
	}
	if (strcmp(line, "packfile") == 0) {
		f->pkt.sideband = true;
		return 0;
	}
	f->section = true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(line, known[i]) == 0)
			return 0;
	return wire_bad_answer(err);
}

/*
 * Before version 2: which commits the history is cut at, if it was to be cut,
 * then one line for what we have, which is nothing, then the pack.
 */
static int
take_old(struct wire_fetch *f, const char *line, struct error *err)
{
	if (wire_refused(line, &f->foreign, err))
		return -1;
	if (f->section &&
	    (strncmp(line, "shallow ", 8) == 0 ||
		strncmp(line, "unshallow ", 10) == 0))
		return 0;
	if (strcmp(line, "NAK") != 0 && strncmp(line, "ACK ", 4) != 0)
		return wire_bad_answer(err);
	f->section = false;
	f->pkt.sideband = f->banded;
	f->raw = !f->banded;
	return 0;
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
		return wire_bad_answer(err);
	switch (type) {
	case PKT_FLUSH:
		f->ended = !f->old || f->pkt.sideband;
		if (!f->ended && !f->section)
			return wire_bad_answer(err);
		f->section = false;
		return 0;
	case PKT_DELIM:
		if (f->old || !f->section)
			return wire_bad_answer(err);
		f->section = false;
		return 0;
	case PKT_LINE:
		return f->old ? take_old(f, data, err) :
				take_section(f, data, len, err);
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
	return wire_bad_answer(err);
}

void
wire_fetch_request(struct buf *b, const struct wire_wants *w)
{
	pkt_put(b, "command=fetch");
	pkt_delim(b);
	pkt_put(b, "no-progress");
	pkt_put(b, "ofs-delta");
	for (size_t i = 0; i < w->n; i++)
		pkt_put(b, "want %.*s", OID_HEX, w->ids + i * OID_HEX);
	if (w->depth != 0)
		pkt_put(b, "deepen %u", w->depth);
	pkt_put(b, "done");
	pkt_flush(b);
}

void
wire_since_request(struct buf *b, const char *new, const char *old)
{
	pkt_put(b, "command=fetch");
	pkt_delim(b);
	pkt_put(b, "no-progress");
	pkt_put(b, "ofs-delta");
	pkt_put(b, "want %s", new);
	pkt_put(b, "have %s", old);
	pkt_put(b, "filter tree:0");
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
	f->old = f->banded = f->raw = false;
	f->section = f->foreign = f->ended = false;
}

void
wire_fetch0_open(struct wire_fetch *f, unsigned caps)
{
	f->old = true;
	f->section = true;
	f->banded = (caps & (CAP_BAND | CAP_BAND64)) != 0;
}

/*
 * Where there are no side-bands the pack follows without any framing: look
 * at each byte, lest the reader of packets eats some of it.
 */
static int
feed_unbanded(struct wire_fetch *f, const char *data, size_t len,
    struct error *err)
{
	for (; len != 0 && !f->raw; data++, len--)
		if (pkt_feed(&f->pkt, data, 1, err) == -1)
			return -1;
	f->pack_bytes += len;
	return len != 0 ? f->pack(f->ctx, data, len, err) : 0;
}

int
wire_fetch_feed(void *fetch, const char *data, size_t len, struct error *err)
{
	struct wire_fetch *f = fetch;
	int rc;

	f->bytes += len;
	if (f->old && !f->banded)
		rc = feed_unbanded(f, data, len, err);
	else
		rc = pkt_feed(&f->pkt, data, len, err);
	/* The heads of packets count as well: a server may make them small. */
	if (rc == 0 && f->bytes - f->pack_bytes > TALK_MAX + f->pack_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "the server says more than %zu KiB besides the pack",
		    TALK_MAX >> 10);
	return rc;
}

int
wire_fetch_end(struct wire_fetch *f, struct error *err)
{
	if (f->bytes == 0) {
		f->foreign = true;
		return error_set(err, ERR_NOTFOUND,
		    "the server answers with nothing");
	}
	if (pkt_end(&f->pkt, err) == -1)
		return -1;
	/* The end of an unframed pack is for its reader to find. */
	if (!f->ended && (!f->raw || f->pack_bytes == 0))
		return error_set(err, ERR_NETWORK,
		    "the answer stops before its end");
	if (f->pack_bytes == 0)
		return error_set(err, ERR_INTEGRITY,
		    "the server answers without a pack");
	return 0;
}
