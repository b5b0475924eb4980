/*
 * What servers of the older versions say: a ref that a greeting names has an
 * id and answers to the version, tips are whole ids, and a fetch that
 * succeeds has a pack.  The first byte says which of the two is read, what
 * was asked for, and how long the pieces are.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"

typedef int feeder(void *, const char *, size_t, struct error *);

static int
feed(feeder *take, void *reader, const uint8_t *data, size_t size,
    struct error *err)
{
	size_t piece = (size_t)(data[0] >> 3) + 1, n;
	int rc = 0;

	for (size_t at = 1; rc == 0 && at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		rc = take(reader, (const char *)data + at, n, err);
	}
	return rc;
}

static void
require_oid(const char *s)
{
	require(strspn(s, "0123456789abcdef") == OID_HEX);
}

static void
greeting(const uint8_t *data, size_t size, const char *version)
{
	static struct wire_greeting g;
	struct error err = {.kind = ERR_NONE};
	struct buf tips = {0};
	int rc;

	wire_greeting_open(&g, version, &tips);
	rc = feed(wire_greeting_feed, &g, data, size, &err);
	if (rc == 0)
		rc = wire_greeting_end(&g, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	require(tips.len % OID_HEX == 0);
	for (size_t at = 0; at < tips.len; at++)
		require(strchr("0123456789abcdef", tips.data[at]) != NULL);
	if (rc == 0)
		require(g.version == 2 || g.version == 0);
	if (rc == 0 && g.found.rank != 0) {
		require_oid(g.found.best.id);
		require_oid(g.found.best.commit);
		if (strlen(version) == OID_HEX)
			require(strcmp(g.found.best.commit, version) == 0);
		else
			require(
			    strstr(g.found.best.name,
				*version != '\0' ? version : "HEAD") != NULL);
	}
	buf_free(&tips);
}

static int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	size_t *sum = ctx;

	(void)data, (void)err;
	*sum += len;
	return 0;
}

static void
on_talk(void *ctx, const char *line)
{
	(void)ctx;
	require(*line != '\0' && strpbrk(line, "\r\n") == NULL);
}

static void
fetch(const uint8_t *data, size_t size, unsigned caps)
{
	static struct wire_fetch f;
	struct error err = {.kind = ERR_NONE};
	size_t sum = 0;
	int rc;

	wire_fetch_open(&f, on_pack, on_talk, &sum);
	wire_fetch0_open(&f, caps);
	rc = feed(wire_fetch_feed, &f, data, size, &err);
	if (rc == 0)
		rc = wire_fetch_end(&f, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	require(rc == -1 || sum != 0);
	require(sum <= size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {"", "v1",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "refs/pull/1/head"};

	if (size == 0)
		return 0;
	if ((data[0] & 4) != 0)
		fetch(data, size, (data[0] & 1) != 0 ? CAP_BAND64 : 0);
	else
		greeting(data, size, versions[data[0] & 3]);
	return 0;
}
