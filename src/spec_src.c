#include <sys/stat.h>

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

/* The length of the ending that an archive has; 0 if it has none. */
static size_t
archive_end(const char *s, size_t len)
{
	static const char *const end[] = {".tar.gz", ".tar.bz2", ".tar.xz",
	    ".tar.zst", ".tar", ".tgz", ".tbz2", ".txz", ".zip"};
	size_t i;

	for (i = 0; i < sizeof(end) / sizeof(end[0]); i++)
		if (ends_in(s, len, end[i]))
			return strlen(end[i]);
	return 0;
}

bool
src_is_archive(const char *src)
{
	return archive_end(src, strlen(src)) != 0;
}

/* "r.tar.gz" is no name that a Galaxy server has, but "owner.zip" may be. */
static bool
is_bare_file(const char *src)
{
	return src_is_archive(src) && strchr(src, '.') != strrchr(src, '.');
}

bool
src_is_file(const char *src, const char *base)
{
	struct stat st;
	char *path;
	bool is;

	if (base == NULL || !src_is_archive(src))
		return false;
	path = path_join(base, src, false);
	is = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	free(path);
	return is;
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

/* What of src may be its name: no query, no fragment, no '/' at the end. */
static size_t
src_length(const char *src, enum scheme scheme)
{
	size_t len = strlen(src);

	if (scheme == SCHEME_HTTPS || scheme == SCHEME_HTTP)
		len = strcspn(src, "?#");
	while (len > 0 && src[len - 1] == '/')
		len--;
	return len;
}

char *
src_name(const char *src, enum scheme scheme, bool local)
{
	size_t len = src_length(src, scheme);
	const char *part, *end = src + len, *colon;
	bool git;

	if (scheme == SCHEME_NONE && !local)
		return xstrdup(src);
	part = last_part(src, len, scheme);
	if (part == NULL)
		return NULL;
	colon = memrchr(part, ':', (size_t)(end - part));
	if (part == src && scheme == SCHEME_SSH && colon != NULL)
		part = colon + 1;
	len = (size_t)(end - part);
	git = ends_in(part, len, ".git");
	if (git)
		len -= strlen(".git");
	if (!git || ends_in(part, len, ".tar.gz"))
		len -= archive_end(part, len);
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
