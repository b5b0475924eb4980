#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "installinfo_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/installinfo.h"
#include "kelpie/rules.h"
#include "kelpie/signed.h"
#include "kelpie/store.h"
#include "store_priv.h"

#define INFO ".galaxy_install_info"

int
store_stage(const struct store *s, unsigned worker, struct error *err)
{
	char path[sizeof("stage/") + 10];
	int fd;

	(void)snprintf(path, sizeof(path), "stage/%u", worker);
	if (mkdirat(s->kelpiefd, path, 0700) == -1 && errno != EEXIST)
		return error_errno(err, "make .kelpie/%s", path);
	fd = below_open(s->kelpiefd, path);
	if (fd == -1)
		return error_errno(err, "open .kelpie/%s", path);
	return fd;
}

int
stage_open(const struct store *s, unsigned worker, uint32_t id)
{
	char path[sizeof("stage/") + 10 + 1 + 10];

	(void)snprintf(path, sizeof(path), "stage/%u/%u", worker, (unsigned)id);
	return below_open(s->kelpiefd, path);
}

int
store_desk(const struct store *s, unsigned number, uint32_t id,
    struct error *err)
{
	char path[sizeof("stage/") + 10 + 1 + 10];
	int fd = store_stage(s, number, err);

	if (fd == -1)
		return -1;
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "stage/%u/%u", number, (unsigned)id);
	fd = -1;
	if (mkdirat(s->kelpiefd, path, 0700) == 0)
		fd = below_open(s->kelpiefd, path);
	return fd != -1 ? fd : error_errno(err, "make .kelpie/%s", path);
}

int
store_open_pack(const struct store *s, unsigned worker, uint32_t id)
{
	int dirfd = stage_open(s, worker, id), fd;

	if (dirfd == -1)
		return -1;
	fd = below_open(dirfd, "pack");
	(void)close(dirfd);
	return fd;
}

int
store_open_signed(const struct store *s, unsigned worker, uint32_t id)
{
	int dirfd = stage_open(s, worker, id), fd;

	if (dirfd == -1)
		return -1;
	/* Without O_NONBLOCK a FIFO would hold us. */
	fd = openat(dirfd, SIGNED_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	(void)close(dirfd);
	return fd;
}

void
store_discard(const struct store *s, unsigned worker, uint32_t id)
{
	char path[sizeof("stage/") + 10], name[11];
	struct error ignored;
	int fd;

	(void)snprintf(path, sizeof(path), "stage/%u", worker);
	(void)snprintf(name, sizeof(name), "%u", (unsigned)id);
	fd = below_open(s->kelpiefd, path);
	if (fd == -1)
		return;
	/* What stays is removed with the whole stage. */
	(void)walk_remove(fd, name, &ignored);
	(void)close(fd);
}

static int
no_role(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "this is no role: it has no meta/main.yml");
}

static int
open_staged(const struct store *s, const struct commit *c, struct error *err)
{
	int dirfd = stage_open(s, c->worker, c->id);
	int fd = dirfd != -1 ? below_open(dirfd, "role") : -1;

	if (fd == -1 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR))
		(void)error_set(err, ERR_CHILD,
		    "the worker says it is done, but left no role");
	else if (fd == -1)
		(void)error_errno(err, "open the staged role");
	if (dirfd != -1)
		(void)close(dirfd);
	return fd;
}

/* Make room for our install info, whatever the role brought. */
static int
remove_info(int metafd, struct error *err)
{
	struct stat st;

	if (fstatat(metafd, INFO, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : error_errno(err, "look at " INFO);
	if (S_ISDIR(st.st_mode))
		return error_set(err, ERR_INTEGRITY,
		    "meta/" INFO " of the role is a directory");
	if (unlinkat(metafd, INFO, 0) == -1)
		return error_errno(err, "remove meta/" INFO);
	return 0;
}

static int
write_info(int metafd, const struct record *r, struct error *err)
{
	struct buf b = {0};
	int fd, rc = -1;

	if (remove_info(metafd, err) == -1)
		return -1;
	installinfo_format(&b, r->when, record_got(r), r->map);
	fd = openat(metafd, INFO,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    mode_of_file(false));
	if (fd != -1) {
		rc = write_fully(fd, b.data, b.len);
		if (close(fd) == -1)
			rc = -1;
	}
	buf_free(&b);
	return rc == 0 ? 0 : error_errno(err, "write meta/" INFO);
}

/* See "Role directory structure" in Ansible's documentation. */
static bool
has_parts(int rolefd)
{
	static const char *const part[] = {"tasks", "handlers", "templates",
	    "files", "vars", "defaults", "library", "module_utils",
	    "lookup_plugins"};
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (fstatat(rolefd, part[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode))
			return true;
	return false;
}

static int
check_meta(int rolefd, const struct commit *c, struct error *err)
{
	int rc, metafd = below_open(rolefd, "meta");

	if (metafd == -1)
		return no_role(err);
	if (has_main(metafd) || (c->bare && has_parts(rolefd)))
		rc = write_info(metafd, &c->record, err);
	else
		rc = no_role(err);
	(void)close(metafd);
	return rc;
}

int
store_check_link(const struct store *s, struct commit *c, const char *target,
    struct error *err)
{
	char path[sizeof("stage/") + 10 + 1 + 10];
	struct stat st;
	int fd = store_stage(s, c->worker, err), rc = -1;

	if (fd == -1)
		return -1;
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "stage/%u/%u", c->worker,
	    (unsigned)c->id);
	if (mkdirat(s->kelpiefd, path, 0700) == -1 ||
	    (fd = below_open(s->kelpiefd, path)) == -1)
		return error_errno(err, "make .kelpie/%s", path);
	if (symlinkat(target, fd, "role") == -1 ||
	    fstatat(fd, "role", &st, AT_SYMLINK_NOFOLLOW) == -1) {
		(void)error_errno(err, "make a symbolic link");
	} else {
		c->inode = (uint64_t)st.st_ino;
		rc = 0;
	}
	(void)close(fd);
	return rc;
}

int
store_check(const struct store *s, struct commit *c,
    const struct limits *limits, struct walked *walked, struct error *err)
{
	int rc = -1, fd = open_staged(s, c, err);
	struct stat st;

	if (fd == -1)
		return -1;
	/* Our install info goes there, and the digest knows of it. */
	if (c->bare && mkdirat(fd, "meta", MODE_DIR) == -1 && errno != EEXIST) {
		(void)error_errno(err, "make meta");
		goto out;
	}
	if (walk_check(fd, limits, walked, err) == -1)
		goto out;
	if (check_meta(fd, c, err) == -1)
		goto out;
	if (fstat(fd, &st) == -1) {
		(void)error_errno(err, "look at the staged role");
		goto out;
	}
	c->inode = (uint64_t)st.st_ino;
	memcpy(c->record.digest, walked->digest, sizeof(walked->digest));
	rc = 0;
out:
	(void)close(fd);
	return rc;
}
