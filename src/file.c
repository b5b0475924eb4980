#include "file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

#define LINKS_MAX 40

/* ---- names ---- */

/* Where the links end, at which something is. */
static char *
follow(const char *path)
{
	char *at = xstrdup(path), *dir, *next;
	char link[PATH_MAX];
	ssize_t len;

	for (int i = 0; i < LINKS_MAX; i++) {
		len = readlink(at, link, sizeof(link) - 1);
		if (len == -1)
			break;
		link[len] = '\0';
		dir = path_dir(at);
		next = *link == '/' ? xstrdup(link) :
				      xasprintf("%s/%s", dir, link);
		free(dir);
		free(at);
		at = next;
	}
	return at;
}

/*
 * A checkout can have such a link under the name of a lock file, and a file
 * where it leads may be read by more than kelpie.
 */
static bool
leads_nowhere(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	    stat(path, &st) == -1 && errno == ENOENT;
}

static char *
name_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	return xasprintf("%.*s.%s.kelpie", (int)(name - path), path, name);
}

/* ---- signals ---- */

static void
hold_signals(struct file_out *f)
{
	sigset_t set;

	if (!f->held)
		return;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, &f->signals);
}

static void
release_signals(const struct file_out *f)
{
	if (f->held)
		(void)sigprocmask(SIG_SETMASK, &f->signals, NULL);
}

/* ---- the temporary ---- */

static bool
is_still(const char *path, int fd)
{
	struct stat one, other;

	return lstat(path, &one) == 0 && fstat(fd, &other) == 0 &&
	    one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Whoever writes holds its lock; what nobody holds was left. */
static int
clear_away(const char *temporary)
{
	int rc = 0;
	int fd = open(temporary,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	while (flock(fd, LOCK_EX) == -1 && errno == EINTR)
		continue;
	/* Some network file systems know no flock(2). */
	if (is_still(temporary, fd))
		rc = unlink(temporary);
	(void)close(fd);
	return rc;
}

static int
make_temporary(struct file_out *f)
{
	for (;;) {
		hold_signals(f);
		f->fd = open(f->temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (f->fd != -1) {
			(void)flock(f->fd, LOCK_EX | LOCK_NB);
			if (is_still(f->temporary, f->fd))
				return 0;
			/* Before we had the lock it was taken for a left one.
			 */
			(void)close(f->fd);
		}
		release_signals(f);
		if (f->fd == -1 &&
		    (errno != EEXIST || clear_away(f->temporary) == -1))
			return -1;
	}
}

/* Only root may give files away; the group may be one of ours. */
static int
take_over(int fd, const struct stat *old)
{
	struct stat new;

	if (fstat(fd, &new) == -1)
		return -1;
	if ((new.st_uid != old->st_uid || new.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) == -1)
		(void)fchown(fd, (uid_t)-1, old->st_gid);
	return fchmod(fd, old->st_mode & 0777);
}

/* ---- the whole ---- */

static int
begin_beside(struct file_out *f, const struct stat *old)
{
	int saved;

	f->temporary = name_beside(f->path);
	if (make_temporary(f) == -1)
		return -1;
	if (old == NULL || take_over(f->fd, old) == 0)
		return 0;
	saved = errno;
	(void)unlink(f->temporary);
	(void)close(f->fd);
	release_signals(f);
	errno = saved;
	return -1;
}

static int
begin(struct file_out *f, const char *path)
{
	struct stat st;
	bool there = stat(path, &st) == 0;

	if (!there && errno != ENOENT)
		return -1;
	if (!there || S_ISREG(st.st_mode)) {
		f->path = follow(path);
		return begin_beside(f, there ? &st : NULL);
	}
	f->path = xstrdup(path);
	f->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (f->fd != -1)
		hold_signals(f);
	return f->fd == -1 ? -1 : 0;
}

int
file_begin(struct file_out *f, const char *path, bool hold, struct error *err)
{
	*f = (struct file_out){.fd = -1, .held = hold};
	if (leads_nowhere(path))
		return error_set(err, ERR_REFUSED,
		    "write '%s': it is a link to what is not there: make that "
		    "first, or remove the link",
		    path);
	if (begin(f, path) == 0)
		return 0;
	/* The directory may be closed although the file is not. */
	(void)error_errno(err, "write '%s'%s", path,
	    f->temporary != NULL ? ": make a file beside it" : "");
	free(f->path);
	free(f->temporary);
	return -1;
}

/* The rename itself is on the disk, where we may read the directory. */
static int
sync_directory(const char *path)
{
	char *dir = path_dir(path);
	int rc, fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	if (fd == -1)
		return 0;
	rc = below_sync(fd);
	(void)close(fd);
	return rc;
}

static int
put(struct file_out *f)
{
	if (f->temporary == NULL)
		return 0;
	if (fsync(f->fd) == -1 || rename(f->temporary, f->path) == -1)
		return -1;
	/* From here on it is somebody else's name. */
	free(f->temporary);
	f->temporary = NULL;
	return sync_directory(f->path);
}

int
file_end(struct file_out *f, int rc, struct error *err)
{
	if (rc == 0 && put(f) == -1)
		rc = error_errno(err, "write '%s'", f->path);
	if (rc == -1 && f->temporary != NULL)
		(void)unlink(f->temporary);
	/* Its lock goes with it. */
	(void)close(f->fd);
	release_signals(f);
	free(f->path);
	free(f->temporary);
	return rc;
}

int
file_replace(const char *path, const struct buf *b, struct error *err)
{
	struct file_out f;
	int rc;

	if (file_begin(&f, path, true, err) == -1)
		return -1;
	rc = write_fully(f.fd, b->len != 0 ? b->data : "", b->len);
	if (rc == -1)
		(void)error_errno(err, "write '%s'", path);
	return file_end(&f, rc, err);
}
