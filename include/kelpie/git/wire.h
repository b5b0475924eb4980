/*
 * git/wire.h - a lean client of git's protocol version 2.
 *
 * Two requests for a tag or branch (ls-refs, then fetch with depth 1), one
 * for a full commit id, and no request for capabilities: nothing is sent
 * that a server must have advertised.  Format: gitprotocol-v2(5).  Makes
 * requests and reads answers; a transport (http.h) carries them.
 */
#ifndef KELPIE_GIT_WIRE_H
#define KELPIE_GIT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/git/pkt.h"

struct buf;
struct error;

#define OID_HEX 40

/* A ref that answers to a version: tag before branch. */
struct wire_ref {
	char name[300]; /* refs/tags/v1, refs/heads/main, HEAD; "" none */
	char commit[OID_HEX + 1]; /* peeled */
};

/* ---- ls-refs ---- */

struct wire_refs {
	struct pkt_reader pkt;
	const char *version; /* "": HEAD */
	struct wire_ref best;
	int rank;
	size_t bytes;
	bool ended; /* the flush packet came */
};

void wire_refs_request(struct buf *, const char *version);
void wire_refs_open(struct wire_refs *, const char *version);
/* An http_sink. */
int wire_refs_feed(void *refs, const char *, size_t, struct error *);
/* ERR_NOTFOUND if nothing answers to the version. */
int wire_refs_end(struct wire_refs *, struct error *);

/* ---- fetch ---- */

struct wire_fetch {
	struct pkt_reader pkt;
	int (*pack)(void *ctx, const char *, size_t, struct error *);
	void (*talk)(void *ctx, const char *line);
	void *ctx;
	size_t bytes, pack_bytes; /* of the answer, of the pack in it */
	bool section; /* inside one that is not the pack */
	bool ended;
};

void wire_fetch_request(struct buf *, const char *commit);
void wire_fetch_open(struct wire_fetch *,
    int (*pack)(void *, const char *, size_t, struct error *),
    void (*talk)(void *, const char *), void *ctx);
/* An http_sink. */
int wire_fetch_feed(void *fetch, const char *, size_t, struct error *);
/* ERR_NETWORK if the pack did not come to its end. */
int wire_fetch_end(struct wire_fetch *, struct error *);

#endif
