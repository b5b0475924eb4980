/*
 * wire_lines.h - ids and answers for the tests of git's protocol, and what
 * is heard of a pack.
 */
#ifndef WIRE_LINES_H
#define WIRE_LINES_H

#include <stdbool.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Among the lines of an answer: a packet without a length of its own. */
#define FLUSH "0000"

typedef int feeder(void *, const char *, size_t, struct error *);

/* All of b, so many bytes at a time; err is new. */
static inline int
feed(feeder *take, void *reader, const struct buf *b, size_t piece,
    struct error *err)
{
	int rc = 0;

	*err = (struct error){.kind = ERR_NONE};
	for (size_t at = 0; rc == 0 && at < b->len; at += piece)
		rc = take(reader, b->data + at,
		    b->len - at < piece ? b->len - at : piece, err);
	return rc;
}

struct got {
	struct buf pack, talk;
	bool refuse;
};

static inline int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	struct got *got = ctx;

	if (got->refuse)
		return error_set(err, ERR_LOCAL, "disk full");
	buf_add(&got->pack, data, len);
	return 0;
}

static inline void
on_talk(void *ctx, const char *line)
{
	struct got *got = ctx;

	buf_printf(&got->talk, "<%s>", line);
}

static inline void
got_free(struct got *got)
{
	buf_free(&got->pack);
	buf_free(&got->talk);
}

#endif
