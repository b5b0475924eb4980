#include "kelpie/cache.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "cache_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/url.h"
#include "kelpie/walk.h"
#include "path.h"

/* https://bford.info/cachedir/ */
static const char tag[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This is a cache directory of kelpie; it may be removed at any time.\n";

void
cache_tmp(char name[CACHE_NAME_MAX])
{
	(void)snprintf(name, CACHE_NAME_MAX, TMP "%ld-%08lx", (long)getpid(),
	    (unsigned long)arc4random());
}

int
cache_rename(int dirfd, const char *tmp, const char *name)
{
	struct error ignored;

	if (renameat(dirfd, tmp, dirfd, name) == 0)
		return 0;
	/* A directory there would be in the way for ever. */
	if (errno != EISDIR || walk_remove(dirfd, name, &ignored) == -1)
		return -1;
	return renameat(dirfd, tmp, dirfd, name);
}

int
cache_write(int dirfd, const char *name, const void *data, size_t len)
{
	char tmp[CACHE_NAME_MAX];
	int fd, rc;

	cache_tmp(tmp);
	fd = openat(dirfd, tmp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	rc = write_fully(fd, data, len);
	if (close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = cache_rename(dirfd, tmp, name);
	if (rc == -1)
		(void)unlinkat(dirfd, tmp, 0);
	return rc;
}

int
cache_open_file(int dirfd, const char *name)
{
	/* A pipe must not hold us up. */
	int fd = openat(dirfd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && st.st_nlink <= 1)
		return fd;
	(void)close(fd);
	return -1;
}

/* The XDG base directory specification: a relative value is invalid. */
static char *
find_path(struct error *err)
{
	const char *xdg = getenv("XDG_CACHE_HOME");
	char *home, *path;

	if (xdg != NULL && xdg[0] == '/')
		return path_join(xdg, "kelpie", false);
	home = path_home();
	if (home == NULL) {
		(void)error_set(err, ERR_LOCAL,
		    "no home directory: set HOME or XDG_CACHE_HOME");
		return NULL;
	}
	path = path_join(home, ".cache/kelpie", false);
	free(home);
	return path;
}

/* Make the directories above path. */
static void
make_above(const char *path)
{
	char *copy = xstrdup(path), *p = copy;

	while ((p = strchr(p + 1, '/')) != NULL) {
		*p = '\0';
		(void)mkdir(copy, 0700);
		*p = '/';
	}
	free(copy);
}

static int
not_there(const char *path, struct error *err)
{
	if (errno == ENOENT)
		return error_set(err, ERR_NOTFOUND, "there is no '%s'", path);
	if (errno == ELOOP || errno == ENOTDIR)
		return error_set(err, ERR_REFUSED,
		    "'%s' is a symbolic link, or no directory", path);
	return error_errno(err, "open '%s'", path);
}

/*
 * Open a directory of the cache's own: no link, ours, and nobody else may
 * write to it.
 */
static int
open_own(int at, const char *name, const char *path, struct error *err)
{
	int fd = below_open(at, name);
	struct stat st;

	if (fd == -1)
		return not_there(path, err);
	if (fstat(fd, &st) == -1)
		(void)error_errno(err, "look at '%s'", path);
	else if (st.st_uid != geteuid())
		(void)error_set(err, ERR_REFUSED,
		    "'%s' belongs to another user (%u)", path,
		    (unsigned)st.st_uid);
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		(void)error_set(err, ERR_REFUSED,
		    "'%s' can be written by others (mode %03o)", path,
		    (unsigned)st.st_mode & 0777);
	else
		return fd;
	(void)close(fd);
	return -1;
}

static int
open_above(const char *path, bool make, struct error *err)
{
	char *above = path_dir(path);
	int fd;

	if (make)
		make_above(path);
	/* What lies above is the user's own affair, links and all. */
	fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		(void)not_there(path, err);
	free(above);
	return fd;
}

static int
open_dirs(struct cache *c, bool make, struct error *err)
{
	int above = open_above(c->path, make, err), fd;

	if (above == -1)
		return -1;
	if (make)
		(void)mkdirat(above, "kelpie", 0700);
	fd = open_own(above, "kelpie", c->path, err);
	(void)close(above);
	if (fd == -1)
		return -1;
	if (make)
		(void)mkdirat(fd, "v1", 0700);
	if (make && faccessat(fd, "CACHEDIR.TAG", F_OK, 0) == -1)
		(void)cache_write(fd, "CACHEDIR.TAG", tag, sizeof(tag) - 1);
	c->fd = open_own(fd, "v1", c->path, err);
	(void)close(fd);
	return c->fd != -1 ? 0 : -1;
}

struct cache *
cache_open(bool make, struct error *err)
{
	struct cache *c = xcalloc(1, sizeof(*c));

	c->fd = -1;
	c->path = find_path(err);
	if (c->path != NULL && open_dirs(c, make, err) == 0)
		return c;
	cache_close(c);
	return NULL;
}

void
cache_close(struct cache *c)
{
	if (c == NULL)
		return;
	if (c->fd != -1)
		(void)close(c->fd);
	free(c->path);
	free(c);
}

const char *
cache_path(const struct cache *c)
{
	return c->path;
}

void
cache_key(char out[KEY_LEN + 1], const char *s)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];

	(void)SHA256Data((const uint8_t *)s, strlen(s), hex);
	memcpy(out, hex, KEY_LEN);
	out[KEY_LEN] = '\0';
}

/*
 * The URL without user and password: who asks does not change what a
 * repository holds.  With ssh the user stays, whose home the path may begin
 * at; "user@host:path" has no password in it.
 */
static char *
without_userinfo(const char *url)
{
	const char *from = strstr(url, "://"), *at;
	size_t keep = 0;

	if (from == NULL)
		return xstrdup(url);
	from += strlen("://");
	at = memrchr(from, '@', strcspn(from, "/?#"));
	if (at == NULL)
		return xstrdup(url);
	if (strncmp(url, "ssh:", 4) == 0)
		keep = strcspn(from, ":@");
	return xasprintf("%.*s%s%s", (int)(from - url + (ptrdiff_t)keep), url,
	    keep > 0 ? "@" : "", at + 1);
}

int
cache_repository(const struct cache *c, const char *url, bool make)
{
	char *who = without_userinfo(url), *plain = url_kept(who), *line;
	char name[KEY_LEN + 1];
	int fd;

	cache_key(name, plain);
	if (make)
		(void)mkdirat(c->fd, name, 0700);
	fd = below_open(c->fd, name);
	if (fd != -1 && make && faccessat(fd, URL, F_OK, 0) == -1) {
		line = xasprintf("%s\n", plain);
		(void)cache_write(fd, URL, line, strlen(line));
		free(line);
	}
	free(who);
	free(plain);
	return fd;
}
