#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "credential_priv.h"
#include "kelpie/buf.h"

static char *
decoded(const char *s, size_t len)
{
	char *out = xmalloc(len + 1), *to = out, digits[3] = {0};

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%' && i + 2 < len &&
		    isxdigit((unsigned char)s[i + 1]) &&
		    isxdigit((unsigned char)s[i + 2])) {
			memcpy(digits, s + i + 1, 2);
			*to++ = (char)strtoul(digits, NULL, 16);
			i += 2;
		} else {
			*to++ = s[i];
		}
	}
	*to = '\0';
	return out;
}

/* The host without its port, and without the brackets of "[::1]". */
static char *
name_of(const char *host, size_t len)
{
	const char *colon = memrchr(host, ':', len);

	if (colon != NULL &&
	    memchr(colon, ']', (size_t)(host + len - colon)) == NULL)
		len = (size_t)(colon - host);
	if (len > 2 && host[0] == '[' && host[len - 1] == ']')
		return xstrndup(host + 1, len - 2);
	return xstrndup(host, len);
}

/* Lines are how the parts are told, so none may be in a part. */
static bool
one_line(const char *s)
{
	return s == NULL || strpbrk(s, "\r\n") == NULL;
}

bool
target_parse(struct target *t, const char *url)
{
	size_t scheme = strcspn(url, ":/"), len;
	const char *s = url + scheme + 3, *at, *path;

	*t = (struct target){0};
	if (scheme < 4 || scheme > 5 ||
	    strncasecmp(url, "https", scheme) != 0 ||
	    strncmp(url + scheme, "://", 3) != 0)
		return false;
	len = strcspn(s, "/?#");
	path = s + len + strspn(s + len, "/");
	at = memrchr(s, '@', len);
	if (at != NULL) {
		if (memchr(s, ':', (size_t)(at - s)) != NULL)
			return false;
		t->user = decoded(s, (size_t)(at - s));
		len -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	t->protocol = xstrdup(scheme == 5 ? "https" : "http");
	t->host = xstrndup(s, len);
	t->name = name_of(s, len);
	len = strlen(path);
	while (len != 0 && path[len - 1] == '/')
		len--;
	t->path = decoded(path, len);
	if (one_line(t->user) && one_line(t->host) && one_line(t->path))
		return true;
	target_free(t);
	return false;
}

void
target_free(struct target *t)
{
	free(t->protocol);
	free(t->host);
	free(t->name);
	free(t->path);
	free(t->user);
	*t = (struct target){0};
}
