#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gitconfig_priv.h"

/*
 * The rules are those of git-config(1), "http.<url>.*", and of RFC 3986,
 * section 6.2.2.
 */

#define RESERVED ":/?#[]@!$&'()*+,;="
#define UNSAFE " <>\"%{}|\\^`"

/* The parts while they are being found; len -1 is an absent one. */
struct raw {
	const char *s;
	size_t len;
	bool there;
};

static bool
in(const char *set, int c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Decode the byte behind '%' at s[0]; -1 if it is none. */
static int
decode(const char *s, size_t len)
{
	char digits[3] = {0};

	if (len < 3 || !isxdigit((unsigned char)s[1]) ||
	    !isxdigit((unsigned char)s[2]))
		return -1;
	memcpy(digits, s + 1, 2);
	return (int)strtoul(digits, NULL, 16);
}

static void
add_byte(struct buf *b, int c)
{
	const char byte = (char)c;

	buf_add(b, &byte, 1);
}

/* Escapes stay where they change the meaning, in upper case. */
static bool
add_escaped(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)s[i];
		bool escaped = c == '%';

		if (escaped) {
			c = decode(s + i, len - i);
			if (c == -1)
				return false;
			i += 2;
		}
		if (c <= 0x1f || c >= 0x7f || in(UNSAFE, c) ||
		    (escaped && in(RESERVED, c)))
			buf_printf(b, "%%%02X", (unsigned)c);
		else
			add_byte(b, c);
	}
	return true;
}

static void
cut(struct buf *b, size_t len)
{
	b->len = len;
	b->data[len] = '\0';
}

/* What is behind the last '/' is a part: take away "." and "..". */
static bool
settle_part(struct buf *b, size_t root, size_t part, bool more)
{
	const char *s = b->data + part;

	if (strcmp(s, ".") == 0) {
		cut(b, part);
	} else if (strcmp(s, "..") == 0) {
		if (part == root + 1)
			return false;
		for (part--; b->data[part - 1] != '/'; part--)
			;
		cut(b, part);
	} else if (more) {
		buf_puts(b, "/");
	}
	return true;
}

static bool
add_path(struct buf *b, const char *s)
{
	size_t root = b->len, part, len;
	bool more = true;

	buf_puts(b, "/");
	if (*s == '/')
		s++;
	while (more) {
		part = b->len;
		len = strcspn(s, "/?#");
		more = s[len] == '/';
		if (!add_escaped(b, s, len) ||
		    !settle_part(b, root, part, more))
			return false;
		s += len + (more ? 1 : 0);
	}
	return add_escaped(b, s, strlen(s));
}

/* "user:password@host:port"; the password is nobody's business here. */
static bool
split(const char *s, size_t len, struct raw *user, struct raw *host,
    struct raw *port)
{
	const char *at = memchr(s, '@', len), *colon;

	if (at != NULL) {
		*user = (struct raw){s, (size_t)(at - s), true};
		colon = memchr(s, ':', user->len);
		if (colon != NULL)
			user->len = (size_t)(colon - s);
		len -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	*host = (struct raw){s, len, true};
	colon = memrchr(s, ':', len);
	if (colon == NULL || memchr(colon, ']', (size_t)(s + len - colon)))
		return len != 0;
	host->len = (size_t)(colon - s);
	port->s = colon + 1;
	port->len = (size_t)(s + len - port->s);
	/* "host:" is "host". */
	port->there = port->len != 0;
	return host->len != 0;
}

static bool
add_host(struct buf *b, const struct raw *host, bool pattern)
{
	bool address = host->s[0] == '[' && host->s[host->len - 1] == ']';

	for (size_t i = 0; i < host->len; i++) {
		int c = (unsigned char)host->s[i];

		if (in("[:]", c) && !address)
			return false;
		if (!isalnum(c) && !in(".-_[:]", c) && !(pattern && c == '*'))
			return false;
		add_byte(b, tolower(c));
	}
	return true;
}

/* Nothing is added for the default. */
static bool
add_port(struct buf *b, const struct raw *port, const char *scheme)
{
	unsigned long n = 0, usual = 0;

	for (size_t i = 0; i < port->len; i++) {
		if (!isdigit((unsigned char)port->s[i]) || n > UINT16_MAX)
			return false;
		n = n * 10 + (unsigned long)(port->s[i] - '0');
	}
	if (n == 0 || n > UINT16_MAX)
		return false;
	if (strcmp(scheme, "http") == 0)
		usual = 80;
	else if (strcmp(scheme, "https") == 0)
		usual = 443;
	if (n != usual)
		buf_printf(b, "%lu", n);
	return true;
}

static bool
is_scheme(const char *s, size_t len)
{
	if (!isalpha((unsigned char)s[0]) || strncmp(s + len, "://", 3) != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !in("+.-", s[i]))
			return false;
	return true;
}

/* End a part.  Returns where the next one begins. */
static size_t
next_part(struct buf *b)
{
	buf_add(b, "", 1);
	return b->len;
}

bool
normal_parse(struct normal *n, const char *url, bool pattern)
{
	struct raw user = {0}, host = {0}, port = {0};
	size_t len = strcspn(url, ":/"), at_user, at_host, at_port, at_path;
	struct buf *b = &n->text;
	const char *authority = url + len + 3;

	*n = (struct normal){0};
	if (!is_scheme(url, len))
		return false;
	for (size_t i = 0; i < len; i++)
		add_byte(b, tolower((unsigned char)url[i]));
	at_user = next_part(b);
	len = strcspn(authority, "/?#");
	if (!split(authority, len, &user, &host, &port) ||
	    (user.there && !add_escaped(b, user.s, user.len)))
		return false;
	at_host = next_part(b);
	if (!add_host(b, &host, pattern))
		return false;
	at_port = next_part(b);
	if (port.there && !add_port(b, &port, b->data))
		return false;
	at_path = next_part(b);
	if (!add_path(b, authority + len))
		return false;
	n->scheme = b->data;
	n->user = user.there ? b->data + at_user : NULL;
	n->host = b->data + at_host;
	n->port = b->data + at_port;
	n->path = b->data + at_path;
	return true;
}

void
normal_free(struct normal *n)
{
	buf_free(&n->text);
}

/* "*" is any one part between dots; a dot at the end does not matter. */
static bool
host_fits(const char *host, const char *pattern)
{
	for (;;) {
		size_t h = strcspn(host, "."), p = strcspn(pattern, ".");

		if (!(p == 1 && *pattern == '*') &&
		    (h != p || strncmp(host, pattern, h) != 0))
			return false;
		host += h + (host[h] == '.');
		pattern += p + (pattern[p] == '.');
		if (*host == '\0' || *pattern == '\0')
			return *host == *pattern;
	}
}

/* The length of the whole parts that pattern and path begin with, or 0. */
static size_t
path_fits(const char *path, const char *pattern)
{
	size_t len = strlen(pattern);

	if (len != 0 && pattern[len - 1] == '/')
		len--;
	if (strncmp(path, pattern, len) != 0 ||
	    (path[len] != '\0' && path[len] != '/'))
		return 0;
	return len + 1;
}

bool
normal_fits(const struct normal *url, const struct normal *pattern,
    struct fit *fit)
{
	*fit = (struct fit){0};
	if (strcmp(url->scheme, pattern->scheme) != 0)
		return false;
	if (pattern->user != NULL &&
	    (url->user == NULL || strcmp(url->user, pattern->user) != 0))
		return false;
	if (!host_fits(url->host, pattern->host) ||
	    strcmp(url->port, pattern->port) != 0)
		return false;
	fit->host = strlen(pattern->host);
	fit->path = path_fits(url->path, pattern->path);
	fit->user = pattern->user != NULL;
	return fit->path != 0;
}

static int
order(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

int
fit_compare(const struct fit *a, const struct fit *b)
{
	int by = order(a->host, b->host);

	if (by == 0)
		by = order(a->path, b->path);
	if (by == 0)
		by = order(a->user, b->user);
	return by;
}

bool
entry_fits(const struct entry *e, const char *section, const char *name,
    const struct normal *url, struct fit *fit)
{
	struct normal pattern;
	bool fits;

	*fit = (struct fit){0};
	if (strcmp(e->section, section) != 0 || strcmp(e->name, name) != 0)
		return false;
	if (e->sub == NULL)
		return true;
	fits = normal_parse(&pattern, e->sub, true) &&
	    normal_fits(url, &pattern, fit);
	normal_free(&pattern);
	return fits;
}
