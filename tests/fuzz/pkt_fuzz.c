/*
 * Pkt-lines: the same packets come out of the same bytes, whatever pieces
 * they arrive in.  The first byte says how long those are, and whether bands
 * begin behind the first line.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pkt.h"

struct heard {
	struct pkt_reader reader;
	struct buf log;
	bool bands;
	enum pkt last;
};

static int
take(void *ctx, enum pkt type, const char *data, size_t len, struct error *err)
{
	struct heard *h = ctx;

	(void)err;
	if (len > PKT_MAX - 4 || (type != PKT_PACK && data[len] != '\0'))
		abort();
	if (type == PKT_PACK && len == 0)
		abort();
	/* Pieces of the pack come as they come. */
	if (type != PKT_PACK || h->last != PKT_PACK)
		buf_printf(&h->log, "<%d>", (int)type);
	buf_add(&h->log, data, len);
	h->last = type;
	if (type == PKT_LINE)
		h->reader.sideband = h->bands;
	return 0;
}

static enum error_kind
feed(struct heard *h, const char *data, size_t size, size_t piece)
{
	struct error err = {.kind = ERR_NONE};
	char *copy;
	size_t n;
	int rc = 0;

	h->last = PKT_FLUSH;
	pkt_open(&h->reader, take, h);
	for (size_t at = 0; rc == 0 && at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		/* Exact, so that a step over its end is seen. */
		copy = xmalloc(n);
		memcpy(copy, data + at, n);
		rc = pkt_feed(&h->reader, copy, n, &err);
		free(copy);
	}
	if (rc == 0)
		rc = pkt_end(&h->reader, &err);
	if ((rc == -1) != (err.kind != ERR_NONE))
		abort();
	return err.kind;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct heard whole, pieces;
	const char *text = (const char *)data;

	if (size == 0)
		return 0;
	buf_clear(&whole.log);
	buf_clear(&pieces.log);
	whole.bands = pieces.bands = (data[0] & 1) != 0;
	if (feed(&whole, text + 1, size - 1, size) !=
	    feed(&pieces, text + 1, size - 1, (size_t)(data[0] >> 1) + 1))
		abort();
	if (whole.log.len != pieces.log.len ||
	    (whole.log.len != 0 &&
		memcmp(whole.log.data, pieces.log.data, whole.log.len) != 0))
		abort();
	return 0;
}
