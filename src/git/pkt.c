#include "kelpie/git/pkt.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

#define HEAD_LEN 4

void
pkt_open(struct pkt_reader *r,
    int (*take)(void *, enum pkt, const char *, size_t, struct error *),
    void *ctx)
{
	r->take = take;
	r->ctx = ctx;
	r->sideband = false;
	r->head_len = r->need = r->got = 0;
	r->band = 0;
}

/* The four hex digits of the head, or SIZE_MAX. */
static size_t
head_length(const char *head)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	size_t len = 0;

	for (size_t i = 0; i < HEAD_LEN; i++) {
		const char *at = head[i] ? strchr(digits, head[i]) : NULL;

		if (at == NULL)
			return SIZE_MAX;
		len = len << 4 |
		    (size_t)(at - digits < 16 ? at - digits : at - digits - 6);
	}
	return len;
}

/* The packet is complete: hand it on. */
static int
finish(struct pkt_reader *r, struct error *err)
{
	bool banded = r->sideband;

	r->head_len = 0;
	if (!banded) {
		if (r->got != 0 && r->line[r->got - 1] == '\n')
			r->got--;
		r->line[r->got] = '\0';
		return r->take(r->ctx, PKT_LINE, r->line, r->got, err);
	}
	if (r->band == 1)
		return 0;
	r->line[r->got - 1] = '\0';
	return r->take(r->ctx, r->band == 2 ? PKT_TALK : PKT_FATAL, r->line,
	    r->got - 1, err);
}

/* The head is complete: what does it announce? */
static int
begin(struct pkt_reader *r, struct error *err)
{
	size_t len = head_length(r->head);

	if (len > PKT_MAX || len == 3)
		return error_set(err, ERR_INTEGRITY,
		    "the answer is not in git's format");
	if (len < 3) {
		r->head_len = 0;
		return r->take(r->ctx, (enum pkt)(PKT_FLUSH + (int)len), "", 0,
		    err);
	}
	r->need = len - HEAD_LEN;
	r->got = 0;
	if (r->need != 0)
		return 0;
	if (r->sideband)
		return error_set(err, ERR_INTEGRITY,
		    "a packet of the answer has no side-band");
	return finish(r, err);
}

static int
take_band(struct pkt_reader *r, unsigned char band, struct error *err)
{
	if (band < 1 || band > 3)
		return error_set(err, ERR_INTEGRITY,
		    "a packet of the answer has an unknown side-band");
	r->band = band;
	r->got = 1;
	return 0;
}

/* Eat n bytes of the packet's body, which are not more than it needs. */
static int
take_body(struct pkt_reader *r, const char *p, size_t n, struct error *err)
{
	if (r->sideband && r->got == 0) {
		if (take_band(r, (unsigned char)*p, err) == -1)
			return -1;
		p++, n--;
	}
	if (r->sideband && r->band == 1) {
		if (n != 0 && r->take(r->ctx, PKT_PACK, p, n, err) == -1)
			return -1;
	} else
		memcpy(r->line + r->got - r->sideband, p, n);
	r->got += n;
	return r->got == r->need ? finish(r, err) : 0;
}

int
pkt_feed(struct pkt_reader *r, const char *p, size_t len, struct error *err)
{
	size_t n;

	while (len != 0) {
		if (r->head_len < HEAD_LEN) {
			n = HEAD_LEN - r->head_len;
			n = n < len ? n : len;
			memcpy(r->head + r->head_len, p, n);
			r->head_len += n;
			if (r->head_len == HEAD_LEN && begin(r, err) == -1)
				return -1;
		} else {
			n = r->need - r->got;
			n = n < len ? n : len;
			if (take_body(r, p, n, err) == -1)
				return -1;
		}
		p += n;
		len -= n;
	}
	return 0;
}

int
pkt_end(const struct pkt_reader *r, struct error *err)
{
	if (r->head_len != 0)
		return error_set(err, ERR_NETWORK,
		    "the answer ends in the middle of a packet");
	return 0;
}

void
pkt_put(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0 && n + HEAD_LEN + 1 <= PKT_MAX);
	text = xmalloc((size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf_printf(b, "%04x%s\n", (unsigned)n + HEAD_LEN + 1, text);
	free(text);
}

void
pkt_delim(struct buf *b)
{
	buf_puts(b, "0001");
}

void
pkt_flush(struct buf *b)
{
	buf_puts(b, "0000");
}
