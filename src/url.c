#include "kelpie/url.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "url_priv.h"

/* The byte that "%XX" at s stands for, or -1. */
static int
percent(const char *s)
{
	char digits[3];

	if (s[0] != '%' || !isxdigit((unsigned char)s[1]) ||
	    !isxdigit((unsigned char)s[2]))
		return -1;
	memcpy(digits, s + 1, 2);
	digits[2] = '\0';
	return (int)strtoul(digits, NULL, 16);
}

static int
check_bytes(const char *s, const struct url_parts *p, struct error *err)
{
	int c;

	for (; *s != '\0'; s++) {
		if (is_control((unsigned char)*s))
			return error_set(err, ERR_CONFIG,
			    "the source has a control byte in it");
		c = percent(s);
		if (p->url && c != -1 && is_control((unsigned char)c))
			return error_set(err, ERR_CONFIG,
			    "the url has an encoded control byte in it");
		if ((p->url || p->scp) && (*s == ' ' || *s == '\\'))
			return error_set(err, ERR_CONFIG,
			    "the url has a space or a backslash in it");
	}
	return 0;
}

/* Names beyond ASCII are IDNA, and libcurl's to judge. */
static bool
host_ok(const char *s, size_t len)
{
	if (len == 0 || s[0] == '-')
		return false;
	if (s[0] != '[')
		return strcspn(s, "!\"#$%&'()*+,/:;<=>?@[]^`{|}~") >= len;
	return len > 2 && memchr(s, ':', len) != NULL &&
	    strspn(s + 1, "0123456789abcdefABCDEF:.") == len - 2 &&
	    s[len - 1] == ']';
}

/* Whether path goes on as "password@host:path" would. */
static bool
looks_like_password(const struct url_parts *p)
{
	const char *at = strchr(p->path, '@');

	return p->scp && p->user == NULL && at != NULL &&
	    strchr(at, ':') != NULL;
}

/* The text of the URL stays out of the messages: a misplaced byte may well
 * be part of a password. */
static int
check_parts(const struct url_parts *p, struct error *err)
{
	if (p->user != NULL && (p->user_len == 0 || p->user[0] == '-'))
		return error_set(err, ERR_CONFIG,
		    "the user in the url is empty or begins with '-'");
	if (p->user != NULL && memchr(p->user, '[', p->user_len) != NULL)
		return error_set(err, ERR_CONFIG,
		    "the user in the url has a '[' in it");
	if (p->user != NULL && memchr(p->user, '@', p->user_len) != NULL)
		return error_set(err, ERR_CONFIG,
		    "the url has two '@' before its host: one that belongs "
		    "to the user or the password is written %%40");
	if (p->host_len == 0)
		return error_set(err, ERR_CONFIG, "the url has no host");
	if (!host_ok(p->host, p->host_len))
		return error_set(err, ERR_CONFIG,
		    "the host in the url is not a host name");
	if (p->port != NULL && url_port(p) == 0)
		return error_set(err, ERR_CONFIG,
		    "the port in the url is not a number from 1 to 65535");
	if (p->scp && (p->path[0] == '\0' || p->path[0] == '-'))
		return error_set(err, ERR_CONFIG,
		    "the path behind the host is empty or begins with '-'");
	if (looks_like_password(p))
		return error_set(err, ERR_CONFIG,
		    "the form user@host:path takes no password");
	return 0;
}

static int
check_file(const struct url_parts *p, struct error *err)
{
	bool local = p->host_len == 0 ||
	    (p->host_len == 9 && strncasecmp(p->host, "localhost", 9) == 0);

	if (!local || p->user != NULL || p->port != NULL)
		return error_set(err, ERR_CONFIG,
		    "a file url names no host: file:///path");
	if (p->path[0] != '/')
		return error_set(err, ERR_CONFIG, "the file url has no path");
	return 0;
}

int
url_check(const char *s, enum scheme *out, struct error *err)
{
	struct url_parts p;

	if (*s == '\0')
		return error_set(err, ERR_CONFIG, "the source is empty");
	if (*s == '-')
		return error_set(err, ERR_CONFIG, "the source begins with '-'");
	if (strlen(s) > URL_MAX_BYTES)
		return error_set(err, ERR_CONFIG,
		    "the source is longer than %d bytes", URL_MAX_BYTES);
	url_split(&p, s);
	if (check_bytes(s, &p, err) == -1)
		return -1;
	*out = p.scheme;
	if (p.scheme == SCHEME_FILE)
		return check_file(&p, err);
	if (p.scheme != SCHEME_NONE)
		return check_parts(&p, err);
	if (p.scheme_len != 0 || p.url)
		return error_set(err, ERR_CONFIG,
		    "scheme '%.*s' is not taken: https, http, ssh, git and "
		    "file are",
		    (int)p.scheme_len, p.scheme_name);
	return 0;
}

char *
url_origin(const char *s)
{
	struct url_parts p;
	struct buf b = {0};
	unsigned port = 0;

	url_split(&p, s);
	if (p.scheme == SCHEME_NONE || p.scheme == SCHEME_FILE)
		return xstrdup("local");
	buf_printf(&b, "%s://", url_scheme(p.scheme, &port));
	buf_add(&b, p.host, p.host_len);
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] >= 'A' && b.data[i] <= 'Z')
			b.data[i] = (char)(b.data[i] - 'A' + 'a');
	if (p.port != NULL)
		port = url_port(&p);
	buf_printf(&b, ":%u", port);
	return b.data;
}

/*
 * Where what may be shown begins again, behind user and password.  A '/' in
 * a password ends the host too early, and what then stands in the place of
 * the port is no number.
 */
static const char *
behind_secret(const struct url_parts *p)
{
	const char *at = strrchr(p->path, '@');

	if (at != NULL && p->port != NULL && url_port(p) == 0)
		return at + 1;
	return p->host;
}

/* Over ssh the user, "git" mostly, is a part of where it is. */
static bool
is_address(const struct url_parts *p)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return p->scheme == SCHEME_SSH && p->user != NULL &&
	    strspn(p->user, plain) == p->user_len;
}

char *
url_redact(const char *s)
{
	struct url_parts p;
	struct buf b = {0};
	const char *from;

	url_split(&p, s);
	if (looks_like_password(&p))
		return xstrdup(strrchr(s, '@') + 1);
	if (!p.url)
		return xstrdup(s);
	from = is_address(&p) ? p.user : behind_secret(&p);
	buf_add(&b, s, p.scheme_len);
	buf_puts(&b, "://");
	buf_add(&b, from, strcspn(from, "?#"));
	return b.data;
}

/* A copy of len bytes, with the bytes that "%XX" stands for. */
static char *
decode(const char *s, size_t len)
{
	char *copy = xstrndup(s, len), *to = copy;
	int c;

	for (const char *from = s; from < s + len; from++) {
		c = percent(from);
		*to++ = c > 0 ? (char)c : *from;
		if (c > 0)
			from += 2;
	}
	*to = '\0';
	return copy;
}

char *
url_path(const char *s)
{
	struct url_parts p;

	url_split(&p, s);
	if (p.scheme != SCHEME_FILE)
		return xstrdup(s);
	return decode(p.path, strlen(p.path));
}

/* What len bytes say; NULL stays NULL. */
static char *
part(const struct url_parts *p, const char *s, size_t len)
{
	if (s == NULL)
		return NULL;
	return p->url ? decode(s, len) : xstrndup(s, len);
}

void
url_ssh(struct url_ssh *out, const char *s)
{
	struct url_parts p;
	bool bracket;

	url_split(&p, s);
	bracket = p.host_len > 2 && p.host[0] == '[';
	if (p.path[0] == '/' && p.path[1] == '~')
		p.path++;
	*out = (struct url_ssh){
	    .user = part(&p, p.user, p.user_len),
	    .host = part(&p, p.host + bracket, p.host_len - (bracket ? 2 : 0)),
	    .port = part(&p, p.port, p.port_len),
	    .path = part(&p, p.path, strlen(p.path)),
	};
}

void
url_ssh_free(struct url_ssh *u)
{
	free(u->user);
	free(u->host);
	free(u->port);
	free(u->path);
	*u = (struct url_ssh){0};
}
