/*
 * git/pkt.h - pkt-lines: git's framing, read in pieces of any size.
 *
 * Format: gitprotocol-common(5).  Knows four hex digits and a side-band
 * byte, not what the lines say.
 */
#ifndef KELPIE_GIT_PKT_H
#define KELPIE_GIT_PKT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;

enum pkt {
	PKT_FLUSH, /* 0000 */
	PKT_DELIM, /* 0001 */
	PKT_END, /* 0002 */
	PKT_LINE, /* text; a final newline is taken off */
	PKT_PACK, /* a piece of band 1, handed on as it comes */
	PKT_TALK, /* band 2: the server's words for people */
	PKT_FATAL, /* band 3: the server gives up */
};

#define PKT_MAX 65520

struct pkt_reader {
	/* -1 with *err set ends the reading.  data is NUL-terminated except
	 * for PKT_PACK, and is gone when this returns. */
	int (*take)(void *ctx, enum pkt, const char *data, size_t len,
	    struct error *);
	void *ctx;
	bool sideband; /* set by take(): what follows has bands */
	char head[4];
	size_t head_len, need, got;
	unsigned char band;
	char line[PKT_MAX + 1];
};

void pkt_open(struct pkt_reader *,
    int (*take)(void *, enum pkt, const char *, size_t, struct error *),
    void *ctx);

/* Feed bytes as they came.  ERR_INTEGRITY if they are no pkt-lines. */
int pkt_feed(struct pkt_reader *, const char *, size_t, struct error *);

/* At the end of the answer: ERR_NETWORK if it stops inside a packet. */
int pkt_end(const struct pkt_reader *, struct error *);

/* Append text and a newline as one packet; then the special packets. */
void pkt_put(struct buf *, const char *, ...)
    __attribute__((__format__(__printf__, 2, 3)));
void pkt_delim(struct buf *);
void pkt_flush(struct buf *);

#endif
