#include "kelpie/walk.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <bsd/string.h>

#include "kelpie/error.h"
#include "walk_priv.h"

/* No tree is that deep; one that somebody goes on filling may seem so. */
#define PASSES_MAX 1000000

/*
 * A directory is emptied in passes.  Each removes the files in it and moves
 * what lies in its subdirectories up into it, so that a tree of any depth
 * needs two open directories and no path.
 */
struct remove {
	int fd; /* the directory that is being emptied */
	unsigned serial; /* of the names that moved directories get */
};

/* What somebody mounted there is not part of the tree. */
static bool
is_mount_point(int fd)
{
	struct stat in, st;
#if defined(STATX_ATTR_MOUNT_ROOT) && !defined(KELPIE_PORTABLE)
	struct statx sx;

	if (statx(fd, "", AT_EMPTY_PATH, 0, &sx) == 0 &&
	    (sx.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0)
		return true;
#endif
	return fstatat(fd, "..", &in, 0) == 0 && fstat(fd, &st) == 0 &&
	    in.st_dev != st.st_dev;
}

/*
 * Open a directory in which we may change things.  fchmodat(2) serves for
 * one that cannot even be opened, and does not follow a link either.
 */
static DIR *
open_dir(int dirfd, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dirfd, name, flags), saved;
	struct stat st;
	DIR *dir;

	if (fd == -1 && errno == EACCES &&
	    fchmodat(dirfd, name, 0700, AT_SYMLINK_NOFOLLOW) == 0)
		fd = openat(dirfd, name, flags);
	if (fd == -1)
		return NULL;
	if (is_mount_point(fd)) {
		(void)close(fd);
		errno = EBUSY;
		return NULL;
	}
	if (fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
		(void)fchmod(fd, 0700);
	dir = fdopendir(fd);
	if (dir == NULL) {
		saved = errno;
		(void)close(fd);
		errno = saved;
	}
	return dir;
}

/*
 * Remove the files and the empty directories in dir.  Returns a directory
 * that remains, opened, or NULL with errno, 0 if there is none.
 */
static DIR *
strip(DIR *dir)
{
	const struct dirent *e;
	char last[NAME_MAX + 1] = "";

	while ((e = dir_next(dir)) != NULL) {
		if (dir_type(dir, e) != DT_DIR) {
			if (unlinkat(dirfd(dir), e->d_name, 0) == -1 &&
			    errno != ENOENT)
				return NULL;
		} else if (unlinkat(dirfd(dir), e->d_name, AT_REMOVEDIR) ==
		    -1) {
			(void)strlcpy(last, e->d_name, sizeof(last));
		}
	}
	if (errno != 0 || last[0] == '\0')
		return NULL;
	return open_dir(dirfd(dir), last);
}

/*
 * A directory in a lower layer of an overlay cannot be moved.  What is below
 * it is emptied from a deepest directory on, one each time.
 */
static int
empty_deepest(int from, const char *name)
{
	DIR *dir = open_dir(from, name), *next;
	int saved;

	if (dir == NULL)
		return -1;
	do {
		next = strip(dir);
		saved = errno;
		(void)closedir(dir);
		dir = next;
	} while (dir != NULL);
	errno = saved;
	return saved == 0 ? 0 : -1;
}

/* Remove the directory if it is empty, or move it up. */
static int
lift(struct remove *r, int from, const char *name)
{
	char to[32];

	if (unlinkat(from, name, AT_REMOVEDIR) == 0)
		return 0;
	for (;;) {
		(void)snprintf(to, sizeof(to), "lifted-%u", r->serial++);
		if (renameat(from, name, r->fd, to) == 0)
			return 0;
		/* To move a directory one must be able to write to it. */
		if (errno == EACCES &&
		    fchmodat(from, name, 0700, AT_SYMLINK_NOFOLLOW) == 0 &&
		    renameat(from, name, r->fd, to) == 0)
			return 0;
		if (errno == EXDEV)
			return empty_deepest(from, name);
		/* Something of that name may be there: it is its turn soon. */
		if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
			return -1;
	}
}

/* What has gone by itself is removed, too. */
static bool
is_gone(int rc)
{
	return rc == 0 || errno == ENOENT;
}

/* Empty a subdirectory, and remove it if nothing has come into it. */
static int
remove_subdir(struct remove *r, const char *name)
{
	const struct dirent *e;
	DIR *dir;
	int rc = 0, saved;

	if (unlinkat(r->fd, name, AT_REMOVEDIR) == 0)
		return 0;
	dir = open_dir(r->fd, name);
	if (dir == NULL)
		return -1;
	while (rc == 0 && (e = dir_next(dir)) != NULL) {
		if (dir_type(dir, e) == DT_DIR)
			rc = lift(r, dirfd(dir), e->d_name);
		else
			rc = unlinkat(dirfd(dir), e->d_name, 0);
		if (is_gone(rc))
			rc = 0;
	}
	if (rc == 0 && errno != 0)
		rc = -1;
	saved = errno;
	(void)closedir(dir);
	errno = saved;
	if (rc == -1 || unlinkat(r->fd, name, AT_REMOVEDIR) == 0)
		return rc;
	/* The next pass finds what this one did not see. */
	return errno == ENOTEMPTY || errno == EEXIST ? 0 : -1;
}

/* One pass over the directory.  Returns 1 if there was something in it. */
static int
pass(struct remove *r, DIR *dir)
{
	const struct dirent *e;
	int found = 0, rc;

	rewinddir(dir);
	while ((e = dir_next(dir)) != NULL) {
		found = 1;
		if (dir_type(dir, e) == DT_DIR)
			rc = remove_subdir(r, e->d_name);
		else
			rc = unlinkat(r->fd, e->d_name, 0);
		if (!is_gone(rc))
			return -1;
	}
	return errno != 0 ? -1 : found;
}

/* Empty the directory name and remove it. */
static int
remove_dir(int at, const char *name)
{
	struct remove r = {0};
	DIR *dir = open_dir(at, name);
	int rc = 1, saved;

	if (dir == NULL)
		return -1;
	r.fd = dirfd(dir);
	for (unsigned i = 0; rc == 1 && i < PASSES_MAX; i++)
		rc = pass(&r, dir);
	saved = rc == 1 ? ENOTEMPTY : errno;
	(void)closedir(dir);
	errno = saved;
	return rc != 0 ? -1 : unlinkat(at, name, AT_REMOVEDIR);
}

int
walk_remove(int dirfd, const char *name, struct error *err)
{
	struct stat st;
	int rc = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW);

	if (rc == -1 && errno == ENOENT)
		return 0;
	if (rc == 0 && S_ISDIR(st.st_mode))
		rc = remove_dir(dirfd, name);
	else if (rc == 0)
		rc = unlinkat(dirfd, name, 0);
	if (rc == 0)
		return 0;
	return error_errno(err, "cannot remove '%s'", name);
}
