#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cache_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/rules.h"
#include "kelpie/walk.h"

#define PACK_BYTES_MAX (256ll << 20) /* a larger one is not kept */
#define REF_BYTES_MAX 1024

/* What a worker may have put beside its pack is not looked at for ever. */
#define LOOK_MAX 64

/* What a pack is known by. */
static bool
is_id(const char *id)
{
	return is_commit_id(id) || is_sha256_hex(id);
}

static void
pack_name(char out[CACHE_NAME_MAX], const char *id)
{
	(void)snprintf(out, CACHE_NAME_MAX, "%s" PACK, id);
}

int
cache_pack(struct cache *c, const char *url, const char *id)
{
	char name[CACHE_NAME_MAX];
	int dirfd, fd;

	if (!is_id(id))
		return -1;
	dirfd = cache_repository(c, url, false);
	if (dirfd == -1)
		return -1;
	pack_name(name, id);
	fd = cache_open_file(dirfd, name);
	(void)close(dirfd);
	if (fd != -1)
		(void)futimens(fd, NULL);
	return fd;
}

void
cache_drop_pack(struct cache *c, const char *url, const char *id)
{
	char name[CACHE_NAME_MAX];
	int dirfd;

	if (!is_id(id))
		return;
	dirfd = cache_repository(c, url, false);
	if (dirfd == -1)
		return;
	pack_name(name, id);
	(void)unlinkat(dirfd, name, 0);
	(void)close(dirfd);
}

static bool
is_pack_name(const char *name)
{
	size_t len = strlen(name), end = strlen(PACK);

	return strncmp(name, "pack-", 5) == 0 && len > 5 + end &&
	    strcmp(name + len - end, PACK) == 0;
}

/* Find the pack in a worker's directory. */
static bool
find_pack(int dirfd, char name[ENTRY_MAX_BYTES + 1])
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	bool found = false;

	if (dir == NULL) {
		if (fd != -1)
			(void)close(fd);
		return false;
	}
	for (unsigned i = 0; !found && i < LOOK_MAX; i++) {
		e = readdir(dir);
		if (e == NULL)
			break;
		found = is_pack_name(e->d_name) &&
		    strlen(e->d_name) <= ENTRY_MAX_BYTES;
		if (found)
			memcpy(name, e->d_name, strlen(e->d_name) + 1);
	}
	(void)closedir(dir);
	return found;
}

int
cache_kept_pack(int dirfd)
{
	char name[ENTRY_MAX_BYTES + 1];

	return find_pack(dirfd, name) ? cache_open_file(dirfd, name) : -1;
}

/* The bytes of in to out, if there are not too many. */
static int
copy(int in, int out)
{
	char block[16384];
	long long sum = 0;
	ssize_t n;

	for (;;) {
		n = read(in, block, sizeof(block));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		sum += n;
		if (sum > PACK_BYTES_MAX ||
		    write_fully(out, block, (size_t)n) == -1)
			return -1;
	}
}

static int
copy_pack(int from, const char *pack, int dirfd, const char *tmp)
{
	int in = cache_open_file(from, pack), out = -1, rc = -1;

	if (in == -1)
		return -1;
	out = openat(dirfd, tmp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out == -1)
		goto done;
	rc = copy(in, out);
	if (close(out) == -1)
		rc = -1;
done:
	(void)close(in);
	return rc;
}

/*
 * Bring the pack here under a name that means nothing yet.  A worker that
 * was taken over may put something else into its place at any moment, but
 * not behind a name of ours.
 */
static int
bring(int from, const char *pack, int dirfd, const char *tmp)
{
	if (renameat(from, pack, dirfd, tmp) == 0)
		return 0;
	return errno == EXDEV ? copy_pack(from, pack, dirfd, tmp) : -1;
}

static int
settle(int dirfd, const char *tmp, const char *name)
{
	int fd = cache_open_file(dirfd, tmp), rc = -1;
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size <= PACK_BYTES_MAX &&
	    fchmod(fd, 0600) == 0 && futimens(fd, NULL) == 0)
		rc = cache_rename(dirfd, tmp, name);
	(void)close(fd);
	return rc;
}

void
cache_put_pack(struct cache *c, const char *url, const char *id, int dirfd)
{
	char pack[ENTRY_MAX_BYTES + 1], name[CACHE_NAME_MAX];
	char tmp[CACHE_NAME_MAX];
	struct error ignored;
	int to;

	if (!is_id(id) || !find_pack(dirfd, pack))
		return;
	to = cache_repository(c, url, true);
	if (to == -1)
		return;
	cache_tmp(tmp);
	pack_name(name, id);
	if (bring(dirfd, pack, to, tmp) == -1 || settle(to, tmp, name) == -1)
		(void)walk_remove(to, tmp, &ignored);
	(void)close(to);
}

static void
ref_name(char out[CACHE_NAME_MAX], const char *version)
{
	char key[KEY_LEN + 1];

	cache_key(key, version);
	(void)snprintf(out, CACHE_NAME_MAX, REF "%s", key);
}

/* The version, which may be empty, the ref, the commit, and the tag object if
 * there is one: a line each. */
static bool
read_ref(struct cached_ref *out, const char *version, char *text)
{
	char *ref, *commit, *end, *tag, *last;

	ref = strchr(text, '\n');
	commit = ref != NULL ? strchr(ref + 1, '\n') : NULL;
	end = commit != NULL ? strchr(commit + 1, '\n') : NULL;
	if (end == NULL)
		return false;
	tag = end + 1;
	last = strchr(tag, '\n');
	if (*tag != '\0' && (last == NULL || last[1] != '\0'))
		return false;
	*ref++ = *commit++ = *end = '\0';
	if (last != NULL)
		*last = '\0';
	if (strcmp(text, version) != 0 || *ref == '\0' ||
	    strlen(ref) >= sizeof(out->ref) || !is_commit_id(commit) ||
	    (*tag != '\0' && !is_commit_id(tag)))
		return false;
	memcpy(out->ref, ref, strlen(ref) + 1);
	memcpy(out->commit, commit, sizeof(out->commit));
	memcpy(out->tag, tag, strlen(tag) + 1);
	return true;
}

bool
cache_ref(struct cache *c, const char *url, const char *version,
    struct cached_ref *out)
{
	int dirfd = cache_repository(c, url, false), fd;
	char name[CACHE_NAME_MAX];
	struct buf b = {0};
	bool found = false;
	struct error err;

	if (dirfd == -1)
		return false;
	ref_name(name, version);
	fd = cache_open_file(dirfd, name);
	(void)close(dirfd);
	if (fd == -1)
		return false;
	if (buf_read(&b, fd, REF_BYTES_MAX, &err) == 0 &&
	    memchr(b.data, '\0', b.len) == NULL)
		found = read_ref(out, version, b.data);
	if (found)
		(void)futimens(fd, NULL);
	(void)close(fd);
	buf_free(&b);
	return found;
}

void
cache_put_ref(struct cache *c, const char *url, const char *version,
    const struct cached_ref *r)
{
	char name[CACHE_NAME_MAX];
	struct buf b = {0};
	int dirfd;

	if (strpbrk(version, "\n") != NULL || strpbrk(r->ref, "\n") != NULL ||
	    *r->ref == '\0' || !is_commit_id(r->commit))
		return;
	dirfd = cache_repository(c, url, true);
	if (dirfd == -1)
		return;
	buf_printf(&b, "%s\n%s\n%s\n", version, r->ref, r->commit);
	if (*r->tag != '\0')
		buf_printf(&b, "%s\n", r->tag);
	ref_name(name, version);
	if (b.len <= REF_BYTES_MAX)
		(void)cache_write(dirfd, name, b.data, b.len);
	(void)close(dirfd);
	buf_free(&b);
}
