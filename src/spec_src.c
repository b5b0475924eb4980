#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "path.h"
#include "spec_priv.h"

/* The length of s without the slashes at its end. */
static size_t
without_slashes(const char *s)
{
	size_t len = strlen(s);

	while (len > 0 && s[len - 1] == '/')
		len--;
	return len;
}

static bool
ends_in(const char *s, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(s + len - n, end, n) == 0;
}

bool
src_is_archive(const char *src)
{
	static const char *const end[] = {".tar", ".tar.gz", ".tgz", ".tar.bz2",
	    ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".zip"};
	size_t i;

	for (i = 0; i < sizeof(end) / sizeof(end[0]); i++)
		if (ends_in(src, strlen(src), end[i]))
			return true;
	return false;
}

/* "r.tar.gz" is no name that a Galaxy server has, but "owner.zip" may be. */
static bool
is_bare_file(const char *src)
{
	return src_is_archive(src) && strchr(src, '.') != strrchr(src, '.');
}

bool
src_is_local(const char *src, enum scheme scheme, bool git)
{
	if (scheme != SCHEME_NONE)
		return false;
	return git || strchr(src, '/') != NULL || src[0] == '.' ||
	    src[0] == '~' || is_bare_file(src);
}

/* GitHub serves repositories at plain addresses, and archives beside them. */
static bool
is_github_repository(const char *src)
{
	char *origin = url_origin(src);
	bool github = strcmp(origin, "https://github.com:443") == 0 ||
	    strcmp(origin, "http://github.com:80") == 0;

	free(origin);
	return github && strstr(src, "/archive/") == NULL &&
	    !src_is_archive(src);
}

bool
src_is_git(const char *src, enum scheme scheme)
{
	/* "owner.git" without a '/' is a role of Galaxy. */
	if (scheme == SCHEME_NONE && !src_is_local(src, scheme, false))
		return false;
	if (ends_in(src, without_slashes(src), ".git"))
		return true;
	return (scheme == SCHEME_HTTPS || scheme == SCHEME_HTTP) &&
	    is_github_repository(src);
}

/* Where the last part of src begins; NULL if it is a host. */
static const char *
last_part(const char *src, size_t len, enum scheme scheme)
{
	const char *host = strstr(src, "://"), *p = src + len;

	while (p > src && p[-1] != '/')
		p--;
	/* A URL whose last '/' is that of "://" has no path. */
	if (scheme != SCHEME_NONE && host != NULL && p <= host + 3)
		return NULL;
	return p;
}

char *
src_name(const char *src, enum scheme scheme, bool local)
{
	size_t len = without_slashes(src);
	const char *part, *end = src + len, *colon;

	if (scheme == SCHEME_NONE && !local)
		return xstrdup(src);
	part = last_part(src, len, scheme);
	if (part == NULL)
		return NULL;
	colon = memrchr(part, ':', (size_t)(end - part));
	if (part == src && scheme == SCHEME_SSH && colon != NULL)
		part = colon + 1;
	len = (size_t)(end - part);
	if (ends_in(part, len, ".git"))
		len -= strlen(".git");
	if (ends_in(part, len, ".tar.gz"))
		len -= strlen(".tar.gz");
	if (len == 0 || strspn(part, ".") >= len ||
	    (local && len == 1 && part[0] == '~'))
		return NULL;
	return xstrndup(part, len);
}

void
src_drop_slashes(char *src)
{
	size_t len = strlen(src);

	while (len > 1 && src[len - 1] == '/' && src[len - 2] != ':')
		src[--len] = '\0';
}

char *
src_absolute(const char *src, const char *base, struct error *err)
{
	char *home, *s, *path;

	if (src[0] == '/')
		return path_join("/", src, false);
	if (strcmp(src, "~") != 0 && strncmp(src, "~/", 2) != 0) {
		if (base != NULL)
			return path_join(base, src, false);
		(void)error_set(err, ERR_LOCAL,
		    "the current directory cannot be found");
		return NULL;
	}
	home = path_home();
	if (home == NULL) {
		(void)error_set(err, ERR_CONFIG, "no home directory for '~'");
		return NULL;
	}
	/* In one piece: home may be a link, so "~/.." is left as it is. */
	s = xasprintf("%s/%s", home, src + 1);
	path = path_join("/", s, false);
	free(s);
	free(home);
	return path;
}
