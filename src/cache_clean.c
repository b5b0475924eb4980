#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "below.h"
#include "cache_priv.h"
#include "kelpie/cache.h"
#include "kelpie/error.h"
#include "kelpie/walk.h"

/* Nobody needs so long to write a file; what is older was left by a crash. */
#define TMP_AGE_S 3600

struct pass {
	struct cache_usage sum;
	bool clean;
	uint64_t older_s;
	time_t now;
};

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool
is_pack(const char *name)
{
	size_t len = strlen(name), end = strlen(PACK);

	return len > end && strcmp(name + len - end, PACK) == 0;
}

/* One that lies in the future is new. */
static bool
is_old(const struct pass *p, const struct stat *st, uint64_t seconds)
{
	return seconds == 0 ||
	    (st->st_mtime <= p->now &&
		(uint64_t)(p->now - st->st_mtime) >= seconds);
}

static bool
is_to_go(const struct pass *p, const char *name, const struct stat *st)
{
	if (has_prefix(name, TMP))
		return is_old(p, st, TMP_AGE_S);
	if (is_pack(name) || has_prefix(name, REF))
		return is_old(p, st, p->older_s);
	return false;
}

static void
visit(struct pass *p, int dirfd, const char *name)
{
	struct error ignored;
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	if (p->clean &&
	    (!is_to_go(p, name, &st) ||
		walk_remove(dirfd, name, &ignored) == -1))
		return;
	p->sum.packs += is_pack(name);
	p->sum.bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

/* Call visit() for all that lies in the directory, which is closed. */
static int
each(struct pass *p, int fd, void (*fn)(struct pass *, int, const char *))
{
	DIR *dir = fdopendir(fd);
	const struct dirent *e;
	int saved;

	if (dir == NULL) {
		(void)close(fd);
		return -1;
	}
	errno = 0;
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] != '.')
			fn(p, fd, e->d_name);
		errno = 0;
	}
	saved = errno;
	(void)closedir(dir);
	errno = saved;
	return saved == 0 ? 0 : -1;
}

static bool
is_key(const char *name)
{
	return strlen(name) == KEY_LEN &&
	    strspn(name, "0123456789abcdef") == KEY_LEN;
}

/* Does the directory hold something beside what says whose it is? */
static void
look(struct pass *p, int dirfd, const char *name)
{
	(void)dirfd;
	if (strcmp(name, URL) != 0)
		p->sum.packs++;
}

static bool
is_empty(int at, const char *name)
{
	struct pass p = {0};
	int fd = below_open(at, name);

	return fd != -1 && each(&p, fd, look) == 0 && p.sum.packs == 0;
}

/* Somebody may be putting something there: then it stays. */
static void
remove_empty(struct pass *p, int at, const char *name)
{
	int fd = below_open(at, name);
	struct stat st = {0};

	if (fd == -1)
		return;
	(void)fstatat(fd, URL, &st, AT_SYMLINK_NOFOLLOW);
	(void)unlinkat(fd, URL, 0);
	(void)close(fd);
	if (unlinkat(at, name, AT_REMOVEDIR) == -1)
		return;
	p->sum.repositories++;
	p->sum.bytes += (uint64_t)st.st_size;
}

static void
visit_repository(struct pass *p, int at, const char *name)
{
	int fd = is_key(name) ? below_open(at, name) : -1;

	if (fd == -1)
		return;
	(void)each(p, fd, visit);
	if (!p->clean)
		p->sum.repositories++;
	else if (is_empty(at, name))
		remove_empty(p, at, name);
}

static int
run(struct cache *c, struct pass *p, struct cache_usage *out, struct error *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd;

	p->now = time(NULL);
	/* The directory above has at most a torn CACHEDIR.TAG. */
	fd = p->clean ? openat(c->fd, "..", flags) : -1;
	if (fd != -1)
		(void)each(p, fd, visit);
	fd = openat(c->fd, ".", flags);
	if (fd == -1 || each(p, fd, visit_repository) == -1)
		return error_errno(err, "read '%s'", c->path);
	*out = p->sum;
	return 0;
}

int
cache_usage(struct cache *c, struct cache_usage *out, struct error *err)
{
	struct pass p = {0};

	return run(c, &p, out, err);
}

int
cache_clean(struct cache *c, uint64_t older_s, struct cache_usage *freed,
    struct error *err)
{
	struct pass p = {.clean = true, .older_s = older_s};

	return run(c, &p, freed, err);
}
