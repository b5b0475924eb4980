/* How a source is known again without keeping what may be secret of it. */
#include <sys/types.h>

#include <sha2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kelpie/buf.h"
#include "kelpie/url.h"

#define KEPT 8 /* hexadecimal digits, behind '#' */

/* Who asks, and until when, is no part of what is asked for. */
static bool
is_secret(const char *name, size_t len)
{
	static const char *const words[] = {"token", "key", "sig", "pass",
	    "secret", "auth", "cred", "expires", "amz"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t at = 0; at + strlen(words[i]) <= len; at++)
			if (strncasecmp(name + at, words[i],
				strlen(words[i])) == 0)
				return true;
	return false;
}

/* The parameters of a query that say what is asked for. */
static void
add_asked(struct buf *b, const char *query, size_t len)
{
	const char *end = query + len;

	while (query < end) {
		size_t n = strcspn(query, "&;#"), name = strcspn(query, "=&;#");

		if (n > 0 && !is_secret(query, name)) {
			buf_add(b, query, n);
			buf_add(b, "&", 1);
		}
		query += n < (size_t)(end - query) ? n + 1 : n;
	}
}

char *
url_kept(const char *s)
{
	char *plain = url_redact(s), *kept;
	const char *at = s + strcspn(s, "?#");
	char digest[SHA256_DIGEST_STRING_LENGTH];
	struct buf asked = {0};

	/* A path, or nothing was taken away. */
	if (strcmp(plain, s) == 0 || *at == '\0')
		return plain;
	if (*at == '#') {
		kept = strspn(at + 1, "0123456789abcdef") == KEPT &&
			at[KEPT + 1] == '\0' ?
		    xasprintf("%s%s", plain, at) :
		    xstrdup(plain);
	} else {
		add_asked(&asked, at + 1, strcspn(at + 1, "#"));
		if (asked.len == 0)
			return plain;
		(void)SHA256Data((const uint8_t *)asked.data, asked.len,
		    digest);
		kept = xasprintf("%s#%.*s", plain, KEPT, digest);
		buf_free(&asked);
	}
	free(plain);
	return kept;
}
