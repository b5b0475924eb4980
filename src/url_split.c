/* A source taken apart, as it is written; what is wrong is not said here. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "url_priv.h"

static const struct {
	const char *name;
	enum scheme scheme;
	unsigned port;
} schemes[] = {
    {"https", SCHEME_HTTPS, 443},
    {"http", SCHEME_HTTP, 80},
    {"file", SCHEME_FILE, 0},
    {"git", SCHEME_GIT, 9418},
    {"ssh", SCHEME_SSH, 22},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* "user@host:port" of len bytes. */
static void
split_authority(struct url_parts *p, const char *s, size_t len)
{
	const char *at = memrchr(s, '@', len), *end = s + len, *colon;

	if (at != NULL) {
		p->user = s;
		p->user_len = (size_t)(at - s);
		s = at + 1;
	}
	p->host = s;
	p->host_len = (size_t)(end - s);
	colon = memrchr(s, ':', p->host_len);
	/* The colons of an IPv6 address stand before its bracket. */
	if (colon != NULL && memchr(colon, ']', (size_t)(end - colon)) != NULL)
		colon = NULL;
	if (colon == NULL)
		return;
	p->port = colon + 1;
	p->port_len = (size_t)(end - p->port);
	p->host_len = (size_t)(colon - s);
}

/* "scheme://..." */
static void
split_url(struct url_parts *p, const char *s, size_t scheme_len)
{
	const char *authority = s + scheme_len + 3;
	size_t len = strcspn(authority, "/?#");

	p->url = true;
	p->scheme_name = s;
	p->scheme_len = scheme_len;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (strlen(schemes[i].name) == scheme_len &&
		    strncasecmp(s, schemes[i].name, scheme_len) == 0)
			p->scheme = schemes[i].scheme;
	split_authority(p, authority, len);
	p->path = authority + len;
}

/* "user@host:path", where the host may be an IPv6 address in brackets. */
static void
split_scp(struct url_parts *p, const char *s)
{
	const char *at = strchr(s, '@'), *host, *colon;

	host = at != NULL && at < s + strcspn(s, ":") ? at + 1 : s;
	colon = host;
	if (*host == '[')
		colon = host + strcspn(host, "]");
	colon += strcspn(colon, ":");
	p->scheme = SCHEME_SSH;
	p->scp = true;
	if (host != s) {
		p->user = s;
		p->user_len = (size_t)(host - 1 - s);
	}
	p->host = host;
	p->host_len = (size_t)(colon - host);
	p->path = *colon != '\0' ? colon + 1 : colon;
}

void
url_split(struct url_parts *p, const char *s)
{
	size_t len = strcspn(s, ":/");

	*p = (struct url_parts){.scheme = SCHEME_NONE, .path = s};
	if (s[len] != ':')
		return;
	if (strncmp(s + len, "://", 3) == 0)
		split_url(p, s, len);
	else if (s[len + 1] == ':' && memchr(s, '[', len) == NULL) {
		p->scheme_name = s;
		p->scheme_len = len;
	} else
		split_scp(p, s);
}

unsigned
url_port(const struct url_parts *p)
{
	unsigned long n;

	if (p->port_len == 0 || p->port_len > 5 ||
	    strspn(p->port, "0123456789") < p->port_len)
		return 0;
	n = strtoul(p->port, NULL, 10);
	return n <= UINT16_MAX ? (unsigned)n : 0;
}

const char *
url_scheme(enum scheme scheme, unsigned *port)
{
	for (size_t i = 0; i < COUNT(schemes); i++) {
		if (schemes[i].scheme != scheme)
			continue;
		*port = schemes[i].port;
		return schemes[i].name;
	}
	return "";
}
