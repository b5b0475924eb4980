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
#include "wire_feed.h"

static void
require_oid(const char *s)
{
	require(strspn(s, "0123456789abcdef") == OID_HEX);
}

static void
greeting(const struct answer *a, const char *version)
{
	static struct wire_greeting g;
	struct error err = {.kind = ERR_NONE};
	struct buf tips = {0};
	int rc;

	wire_greeting_open(&g, version, &tips);
	rc = feed(wire_greeting_feed, &g, a, &err);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {"", "v1",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "refs/pull/1/head"};
	struct answer a;
	unsigned caps;

	if (size == 0)
		return 0;
	a = (struct answer){.data = (const char *)data + 1,
	    .size = size - 1,
	    .piece = (size_t)(data[0] >> 3) + 1};
	caps = (data[0] & 1) != 0 ? CAP_BAND64 : 0;
	if ((data[0] & 4) != 0)
		fetch(&a, &caps);
	else
		greeting(&a, versions[data[0] & 3]);
	return 0;
}
