/*
 * Answers of a git server: a ref that is found has an id and the name that
 * was asked for, and a fetch that succeeds has a pack.  The first byte says
 * which of the two is read, and how long the pieces are.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"

typedef int feeder(void *, const char *, size_t, struct error *);

static int
feed(feeder *take, void *reader, const uint8_t *data, size_t size,
    struct error *err)
{
	size_t piece = (size_t)(data[0] >> 2) + 1, n;
	int rc = 0;

	for (size_t at = 1; rc == 0 && at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		rc = take(reader, (const char *)data + at, n, err);
	}
	return rc;
}

static void
refs(const uint8_t *data, size_t size, const char *version)
{
	static struct wire_refs r;
	struct error err = {.kind = ERR_NONE};
	const char *name = r.found.best.name, *tail;
	int rc;

	wire_refs_open(&r, version, NULL);
	rc = feed(wire_refs_feed, &r, data, size, &err);
	if (rc == 0)
		rc = wire_refs_end(&r, &err);
	if ((rc == -1) != (err.kind != ERR_NONE))
		abort();
	if (rc == -1)
		return;
	if (strspn(r.found.best.commit, "0123456789abcdef") != OID_HEX ||
	    r.found.best.commit[OID_HEX] != '\0')
		abort();
	tail = *version != '\0' ? version : "HEAD";
	if (strlen(name) < strlen(tail) ||
	    strcmp(name + strlen(name) - strlen(tail), tail) != 0)
		abort();
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
	if (*line == '\0' || strpbrk(line, "\r\n") != NULL)
		abort();
}

static void
fetch(const uint8_t *data, size_t size)
{
	static struct wire_fetch f;
	struct error err = {.kind = ERR_NONE};
	size_t sum = 0;
	int rc;

	wire_fetch_open(&f, on_pack, on_talk, &sum);
	rc = feed(wire_fetch_feed, &f, data, size, &err);
	if (rc == 0)
		rc = wire_fetch_end(&f, &err);
	if ((rc == -1) != (err.kind != ERR_NONE))
		abort();
	if (rc == 0 && sum == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if ((data[0] & 1) != 0)
		fetch(data, size);
	else
		refs(data, size, (data[0] & 2) != 0 ? "" : "v1");
	return 0;
}
