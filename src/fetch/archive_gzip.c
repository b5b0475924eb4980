#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>

#include "fetch/archive_priv.h"
#include "fetch/archive_unpack.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/tree.h"

#define PIECE ((size_t)64 << 10)
#define GZIP_ONLY (16 + MAX_WBITS) /* zlib.h, inflateInit2() */
#define MAGIC_LEN 2

struct check {
	const struct unpack *u;
	z_stream z;
	off_t at; /* in the file */
	uint64_t out, max;
	unsigned char in[PIECE], unpacked[PIECE];
};

/* More of the file behind what is there already.  1, or 0 at its end. */
static int
refill(struct check *c, struct error *err)
{
	ssize_t n;

	for (uInt i = 0; i < c->z.avail_in; i++)
		c->in[i] = c->z.next_in[i];
	n = pread(c->u->fd, c->in + c->z.avail_in, PIECE - c->z.avail_in,
	    c->at);
	if (n == -1)
		return error_errno(err, "read the archive");
	c->z.next_in = c->in;
	c->z.avail_in += (uInt)n;
	c->at += n;
	return n != 0;
}

static int
damaged(const char *why, struct error *err)
{
	return error_set(err, ERR_INTEGRITY,
	    "the archive is damaged or cut off: gzip: %s", why);
}

/* One gzip member, with its checksum and length. */
static int
check_member(struct check *c, struct error *err)
{
	int rc = Z_OK, more = 1;

	while (rc != Z_STREAM_END) {
		if (c->z.avail_in == 0 && more == 1)
			more = refill(c, err);
		if (more == -1)
			return -1;
		c->z.next_out = c->unpacked;
		c->z.avail_out = (uInt)PIECE;
		rc = inflate(&c->z, Z_NO_FLUSH);
		c->out += PIECE - c->z.avail_out;
		if (rc == Z_BUF_ERROR && c->z.avail_in == 0)
			return damaged("it ends too early", err);
		if (rc != Z_OK && rc != Z_STREAM_END)
			return damaged(c->z.msg != NULL ? c->z.msg : "no gzip",
			    err);
		if (c->out > c->max)
			return error_set(err, ERR_INTEGRITY,
			    "the archive unpacks to more than %" PRIu64
			    " bytes; --max-bytes raises the limit",
			    c->u->limits->bytes);
		c->u->progress(c->u->ctx, c->out, 0);
	}
	return inflateReset(&c->z) == Z_OK ? 0 : damaged("no memory", err);
}

/* Does another one follow?  Padding and other rests are let be. */
static int
is_member(struct check *c, struct error *err)
{
	int rc = 1;

	while (rc == 1 && c->z.avail_in < MAGIC_LEN)
		rc = refill(c, err);
	if (rc == -1)
		return -1;
	return c->z.avail_in >= MAGIC_LEN && c->z.next_in[0] == 0x1f &&
	    c->z.next_in[1] == 0x8b;
}

int
gzip_check(const struct unpack *u, struct error *err)
{
	struct check *c = xcalloc(1, sizeof(*c));
	int rc;

	c->u = u;
	/* The blocks of a tar's headers come on top of what is limited. */
	c->max = u->limits->bytes + u->limits->files * 4096 + (1u << 20);
	if (inflateInit2(&c->z, GZIP_ONLY) != Z_OK) {
		free(c);
		return error_set(err, ERR_LOCAL, "zlib does not start");
	}
	while ((rc = is_member(c, err)) == 1)
		if (check_member(c, err) == -1) {
			rc = -1;
			break;
		}
	(void)inflateEnd(&c->z);
	free(c);
	return rc;
}
