/*
 * Answers of a git server: a ref that is found has an id and the name that
 * was asked for, and a fetch that succeeds has a pack.  The first byte says
 * which of the two is read, and how long the pieces are.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"
#include "wire_feed.h"

/* What is told of tags is a name and an id, and was asked about. */
static void
tags(const struct wire_ref *newest, const struct buf *seen)
{
	static const char hex[] = "0123456789abcdef";

	if (newest->name[0] != '\0') {
		require(strncmp(newest->name, "refs/tags/", 10) == 0);
		require(strspn(newest->commit, hex) == OID_HEX);
	}
	for (const char *s = seen->len != 0 ? seen->data : ""; *s != '\0';
	     s = strchr(s, '\n') + 1) {
		require(strncmp(s, "refs/tags/v1\t", 13) == 0 ||
		    strncmp(s, "refs/tags/v2\t", 13) == 0);
		require(strspn(s + 13, hex) == OID_HEX);
		require(s[13 + OID_HEX] == '\n');
	}
}

static void
refs(const struct answer *a, const char *version)
{
	static struct wire_refs r;
	struct error err = {.kind = ERR_NONE};
	const char *name = r.found.best.name, *tail;
	struct wire_ref newest = {.name = ""};
	struct buf seen = {0};
	int rc;

	wire_refs_open(&r, version, NULL);
	r.found.newest = &newest;
	r.found.watched = "refs/tags/v1 refs/tags/v2";
	r.found.seen = &seen;
	rc = feed(wire_refs_feed, &r, a, &err);
	if (rc == 0)
		rc = wire_refs_end(&r, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	tags(&newest, &seen);
	buf_free(&seen);
	if (rc == -1)
		return;
	require(strspn(r.found.best.commit, "0123456789abcdef") == OID_HEX);
	require(r.found.best.commit[OID_HEX] == '\0');
	tail = *version != '\0' ? version : "HEAD";
	require(strlen(name) >= strlen(tail));
	require(strcmp(name + strlen(name) - strlen(tail), tail) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer a;

	if (size == 0)
		return 0;
	a = (struct answer){.data = (const char *)data + 1,
	    .size = size - 1,
	    .piece = (size_t)(data[0] >> 2) + 1};
	if ((data[0] & 1) != 0)
		fetch(&a, NULL);
	else
		refs(&a, (data[0] & 2) != 0 ? "" : "v1");
	return 0;
}
