/*
 * wire_feed.h - an answer in pieces for the readers of git's protocol, and
 * what a fetch has to hold to.
 */
#ifndef WIRE_FEED_H
#define WIRE_FEED_H

#include <string.h>

#include "fuzz.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"

struct answer {
	const char *data;
	size_t size, piece;
};

typedef int feeder(void *, const char *, size_t, struct error *);

static inline int
feed(feeder *take, void *reader, const struct answer *a, struct error *err)
{
	size_t n;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < a->size; at += n) {
		n = a->size - at < a->piece ? a->size - at : a->piece;
		rc = take(reader, a->data + at, n, err);
	}
	return rc;
}

static inline int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	size_t *sum = ctx;

	(void)data, (void)err;
	*sum += len;
	return 0;
}

static inline void
on_talk(void *ctx, const char *line)
{
	(void)ctx;
	require(*line != '\0' && strpbrk(line, "\r\n") == NULL);
}

/* With version 2 of the protocol, or for caps != NULL with an older one. */
static inline void
fetch(const struct answer *a, const unsigned *caps)
{
	static struct wire_fetch f;
	struct error err = {.kind = ERR_NONE};
	size_t sum = 0;
	int rc;

	wire_fetch_open(&f, on_pack, on_talk, &sum);
	if (caps != NULL)
		wire_fetch0_open(&f, *caps);
	rc = feed(wire_fetch_feed, &f, a, &err);
	if (rc == 0)
		rc = wire_fetch_end(&f, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	require(rc == -1 || sum != 0);
	require(sum <= a->size);
}

#endif
