/*
 * git/wire.h - a lean client of git's protocol.
 *
 * Version 2: two requests for a tag or branch (ls-refs, then fetch with
 * depth 1), one for a full commit id, and no request for capabilities:
 * nothing is sent that a server must have advertised.  Before version 2 the
 * server's greeting has all refs, and there is one request.  Formats:
 * gitprotocol-v2(5), gitprotocol-pack(5), gitprotocol-http(5).  Makes
 * requests and reads answers; a carrier (fetch/git.h) brings them.
 */
#ifndef KELPIE_GIT_WIRE_H
#define KELPIE_GIT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/git/pkt.h"

struct buf;
struct error;

#define OID_HEX 40

/* ---- refs ---- */

struct wire_ref {
	char name[300]; /* refs/tags/v1, refs/heads/main, HEAD; "" none */
	char id[OID_HEX + 1]; /* what the server calls it */
	char commit[OID_HEX + 1]; /* peeled: the commit behind a tag object */
};

/*
 * The ref that answers to a version: HEAD for "" and "HEAD", that very one
 * for "refs/...", for a full commit id whatever leads to it, for a range
 * (range.h) its highest tag, else the tag or, if there is none, the branch of
 * that name.
 */
struct wire_search {
	const char *version; /* NULL: none does */
	struct wire_ref best;
	int rank; /* 0: nothing answers */
	struct buf *tips; /* gets the ids of branches and tags; or NULL */
	struct buf *tags; /* gets the names of tags, a line each; or NULL */
	struct wire_ref *newest; /* becomes the highest release; or NULL */
	const char *watched; /* full names of tags, spaces between; or NULL */
	struct buf *seen; /* gets these, each with TAB, commit and LF */
};

/* One more ref.  It is copied. */
void wire_consider(struct wire_search *, const struct wire_ref *);

/* The error for a search that found nothing; returns -1. */
int wire_missing(const char *version, struct error *);

/* The branch that a clone knows as "origin/...", or "". */
const char *wire_tracked(const char *version);

struct wire_refs {
	struct pkt_reader pkt;
	struct wire_search found;
	size_t bytes;
	bool foreign; /* no answer of version 2: the greeting knows more */
	bool ended; /* the flush packet came */
};

/* version NULL asks for all branches and tags. */
void wire_refs_request(struct buf *, const char *version);
/* The same with all tags, whatever the version is; of a commit id nothing
 * else. */
void wire_refs_request_tags(struct buf *, const char *version);
void wire_refs_open(struct wire_refs *, const char *version, struct buf *tips);
/* Feed it pieces of the answer. */
int wire_refs_feed(void *refs, const char *, size_t, struct error *);
/* ERR_NOTFOUND if nothing answers to the version. */
int wire_refs_end(struct wire_refs *, struct error *);

/* ---- what a server says first ---- */

/* Capabilities of the older versions that are of use. */
enum wire_cap {
	CAP_MULTI_ACK = 1 << 0, /* multi_ack_detailed */
	CAP_BAND = 1 << 1, /* side-band */
	CAP_BAND64 = 1 << 2, /* side-band-64k */
	CAP_OFS_DELTA = 1 << 3,
	CAP_NO_PROGRESS = 1 << 4,
	CAP_SHALLOW = 1 << 5,
	CAP_REACHABLE = 1 << 6, /* allow-reachable-sha1-in-want */
	CAP_AGENT = 1 << 7,
	CAP_FORMAT = 1 << 8, /* object-format, and it is sha1 */
};

struct wire_greeting {
	struct pkt_reader pkt;
	struct wire_search found; /* before version 2 */
	struct wire_ref last; /* may still be peeled by the next line */
	int version; /* 2, or 0 for both of the older ones; -1: not heard */
	unsigned caps; /* enum wire_cap */
	size_t bytes;
	bool service; /* the line that only http has came, its flush did not */
	bool refs; /* there was one, or the line that says there is none */
	bool ended;
};

void wire_greeting_open(struct wire_greeting *, const char *version,
    struct buf *tips);
int wire_greeting_feed(void *greeting, const char *, size_t, struct error *);
/* It is no error that nothing answers: look at found.rank. */
int wire_greeting_end(struct wire_greeting *, struct error *);

/* ---- fetch ---- */

struct wire_wants {
	const char *ids; /* of OID_HEX digits each, nothing between them */
	size_t n;
	unsigned depth; /* commits of history; 0: all of it */
	unsigned caps; /* of the greeting; not for version 2 */
};

struct wire_fetch {
	struct pkt_reader pkt;
	int (*pack)(void *ctx, const char *, size_t, struct error *);
	void (*talk)(void *ctx, const char *line);
	void *ctx;
	size_t bytes, pack_bytes; /* of the answer, of the pack in it */
	bool old; /* an answer of version 0 or 1 */
	bool banded; /* old: the pack comes in side-bands */
	bool raw; /* old: all that follows is the pack */
	bool section; /* inside one that is not the pack */
	bool foreign; /* as in struct wire_refs */
	bool ended;
};

void wire_fetch_request(struct buf *, const struct wire_wants *);
/* The commits alone that are new to whoever has an old one; a server that
 * does not see the one behind the other may answer without a pack. */
void wire_since_request(struct buf *, const char *new, const char *old);
void wire_fetch_open(struct wire_fetch *,
    int (*pack)(void *, const char *, size_t, struct error *),
    void (*talk)(void *, const char *), void *ctx);
/* The same for the older versions; the open one becomes one of theirs. */
void wire_fetch0_request(struct buf *, const struct wire_wants *);
void wire_fetch0_open(struct wire_fetch *, unsigned caps);

int wire_fetch_feed(void *fetch, const char *, size_t, struct error *);
/* ERR_NETWORK if the pack did not come to its end. */
int wire_fetch_end(struct wire_fetch *, struct error *);

#endif
