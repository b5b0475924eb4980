/*
 * What a server says first: its capabilities if it speaks version 2, else
 * all of its refs (gitprotocol-pack(5), gitprotocol-v2(5)).
 */
#include <stdio.h>
#include <string.h>

#include "git/wire_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/* More than the largest repositories have. */
#define GREETING_MAX ((size_t)64 << 20)

static const struct {
	const char *name;
	unsigned cap;
} caps[] = {
    {"multi_ack_detailed", CAP_MULTI_ACK},
    {"side-band", CAP_BAND},
    {"side-band-64k", CAP_BAND64},
    {"ofs-delta", CAP_OFS_DELTA},
    {"no-progress", CAP_NO_PROGRESS},
    {"shallow", CAP_SHALLOW},
    {"allow-reachable-sha1-in-want", CAP_REACHABLE},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* "name name=value ...", behind the NUL of the first ref. */
static int
take_caps(struct wire_greeting *g, const char *s, struct error *err)
{
	static const char format[] = "object-format=";
	size_t len;

	for (; *s != '\0'; s += len, s += *s == ' ') {
		len = strcspn(s, " ");
		/* The first is the repository's own, others may follow. */
		if (begins(s, format) && (g->caps & CAP_FORMAT) == 0) {
			if (strncmp(s + strlen(format), "sha1", 4) != 0)
				return wire_sha256(err);
			g->caps |= CAP_FORMAT;
		}
		if (begins(s, "agent="))
			g->caps |= CAP_AGENT;
		for (size_t i = 0; i < COUNT(caps); i++)
			if (strlen(caps[i].name) == len &&
			    strncmp(s, caps[i].name, len) == 0)
				g->caps |= caps[i].cap;
	}
	return 0;
}

/* The ref that waited for a line that peels it. */
static void
settle(struct wire_greeting *g)
{
	if (g->last.name[0] != '\0')
		wire_consider(&g->found, &g->last);
	g->last.name[0] = '\0';
}

/* "oid name", and behind the ref of a tag object "oid name^{}". */
static int
take_ref(struct wire_greeting *g, const char *line, struct error *err)
{
	static const char peeled[] = "^{}";
	const char *name = line + OID_HEX + 1, *tail;
	size_t len;

	if (wire_is_long_oid(line))
		return wire_sha256(err);
	if (!wire_is_oid(line) || line[OID_HEX] != ' ')
		return wire_bad_answer(err);
	tail = strstr(name, peeled);
	len = tail != NULL ? (size_t)(tail - name) : strlen(name);
	if (tail != NULL) {
		if (strlen(g->last.name) == len &&
		    strncmp(g->last.name, name, len) == 0)
			(void)snprintf(g->last.commit, sizeof(g->last.commit),
			    "%.*s", OID_HEX, line);
		return 0;
	}
	settle(g);
	/* A name that does not fit is not the one that was asked for. */
	if (len >= sizeof(g->last.name))
		return 0;
	memcpy(g->last.name, name, len + 1);
	(void)snprintf(g->last.id, sizeof(g->last.id), "%.*s", OID_HEX, line);
	memcpy(g->last.commit, g->last.id, sizeof(g->last.commit));
	return 0;
}

/* A line of the older versions.  Capabilities stand behind the first ref. */
static int
take_old(struct wire_greeting *g, const char *line, size_t len,
    struct error *err)
{
	size_t text = strlen(line);
	bool first = !g->refs;

	if (!first && begins(line, "shallow "))
		return 0;
	g->refs = true;
	if (first && text < len && take_caps(g, line + text + 1, err) == -1)
		return -1;
	return take_ref(g, line, err);
}

/* The first line tells the version. */
static int
take_version(struct wire_greeting *g, const char *line, size_t len,
    struct error *err)
{
	if (strcmp(line, "version 2") == 0)
		g->version = 2;
	else if (strcmp(line, "version 1") == 0)
		g->version = 0;
	else {
		g->version = 0;
		return take_old(g, line, len, err);
	}
	return 0;
}

static void
take_flush(struct wire_greeting *g)
{
	if (g->service && g->version == -1) {
		g->service = false;
		return;
	}
	if (g->version == 0)
		settle(g);
	/* Nothing but a flush is what a server without refs may say, too. */
	if (g->version == -1)
		g->version = 0;
	g->ended = true;
}

static int
greeting_take(void *ctx, enum pkt type, const char *line, size_t len,
    struct error *err)
{
	struct wire_greeting *g = ctx;
	bool ignored;

	if (g->ended)
		return wire_bad_answer(err);
	if (type == PKT_FLUSH) {
		take_flush(g);
		return 0;
	}
	if (type != PKT_LINE)
		return wire_bad_answer(err);
	if (wire_refused(line, &ignored, err))
		return -1;
	if (g->version == -1 && begins(line, "# service=")) {
		g->service = true;
		return 0;
	}
	if (g->version == -1)
		return take_version(g, line, len, err);
	if (g->version == 2)
		return take_caps(g, line, err);
	return take_old(g, line, len, err);
}

void
wire_greeting_open(struct wire_greeting *g, const char *version,
    struct buf *tips)
{
	pkt_open(&g->pkt, greeting_take, g);
	g->found = (struct wire_search){.version = version, .tips = tips};
	g->last.name[0] = '\0';
	g->version = -1;
	g->caps = 0;
	g->bytes = 0;
	g->service = g->refs = g->ended = false;
}

int
wire_greeting_feed(void *greeting, const char *data, size_t len,
    struct error *err)
{
	struct wire_greeting *g = greeting;

	g->bytes += len;
	if (g->bytes > GREETING_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "the list of refs is longer than %zu MiB",
		    GREETING_MAX >> 20);
	return pkt_feed(&g->pkt, data, len, err);
}

int
wire_greeting_end(struct wire_greeting *g, struct error *err)
{
	if (g->bytes == 0)
		return error_set(err, ERR_NETWORK,
		    "the server ends the connection without a word");
	if (pkt_end(&g->pkt, err) == -1)
		return -1;
	if (!g->ended)
		return error_set(err, ERR_NETWORK,
		    "the list of refs stops before its end");
	return 0;
}

/* ---- the request ---- */

void
wire_fetch0_request(struct buf *b, const struct wire_wants *w)
{
	struct buf say = {0};

	for (size_t i = 0; i < COUNT(caps); i++)
		if ((w->caps & caps[i].cap) != 0 &&
		    caps[i].cap != CAP_REACHABLE &&
		    (caps[i].cap != CAP_BAND || (w->caps & CAP_BAND64) == 0) &&
		    (caps[i].cap != CAP_SHALLOW || w->depth != 0))
			buf_printf(&say, " %s", caps[i].name);
	if ((w->caps & CAP_AGENT) != 0)
		buf_puts(&say, " agent=kelpie/" KELPIE_VERSION);
	for (size_t i = 0; i < w->n; i++)
		pkt_put(b, "want %.*s%s", OID_HEX, w->ids + i * OID_HEX,
		    i == 0 && say.data != NULL ? say.data : "");
	if (w->depth != 0 && (w->caps & CAP_SHALLOW) != 0)
		pkt_put(b, "deepen %u", w->depth);
	pkt_flush(b);
	pkt_put(b, "done");
	buf_free(&say);
}
