/*
 * Any bytes as the answer of a helper, and as an URL: what is taken from
 * them was in them, and is one line.
 */
#include <stdlib.h>
#include <string.h>

#include "credential_priv.h"
#include "fuzz.h"
#include "kelpie/buf.h"

static void
check_answer(const char *text, size_t len)
{
	char *out = xmalloc(len + 2), *lines;
	size_t at = helper_parse(text, len, out);

	if (at != 0) {
		require(strlen(out) + 1 == at);
		require(at + strlen(out + at) < len + 2);
		require(strchr(out, '\n') == NULL);
		require(strchr(out + at, '\n') == NULL);
		lines = xasprintf("username=%s\npassword=%s", out, out + at);
		free(out);
		out = xmalloc(strlen(lines) + 2);
		require(helper_parse(lines, strlen(lines), out) == at);
		free(lines);
	}
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *url = xstrndup((const char *)data, size);
	struct target t;

	check_answer((const char *)data, size);
	if (target_parse(&t, url)) {
		require(strncmp(t.protocol, "http", 4) == 0);
		require(strpbrk(t.host, "/\n\r") == NULL);
		require(strpbrk(t.path, "\n\r") == NULL);
		require(strlen(t.host) + strlen(t.path) < size);
	}
	target_free(&t);
	free(url);
	return 0;
}
