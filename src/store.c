#include "kelpie/store.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/installinfo.h"
#include "store_priv.h"

static char *
absolute(const char *path)
{
	char *cwd, *abs;

	if (*path == '/')
		return xstrdup(path);
	cwd = realpath(".", NULL);
	abs = xasprintf("%s/%s", cwd != NULL ? cwd : ".", path);
	free(cwd);
	return abs;
}

static void
let_go(struct store *s)
{
	if (s->lockfd != -1)
		(void)close(s->lockfd);
	if (s->kelpiefd != -1)
		(void)close(s->kelpiefd);
	if (s->rolesfd != -1)
		(void)close(s->rolesfd);
	state_free(&s->state);
	free(s->path);
	*s = (struct store){.rolesfd = -1, .kelpiefd = -1, .lockfd = -1};
}

int
kelpie_open(int rolesfd)
{
	struct stat st;
	int fd = below_open(rolesfd, ".kelpie");

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return fd;
	(void)close(fd);
	errno = EACCES;
	return -1;
}

int
store_open(struct store *s, const char *path, struct error *err)
{
	*s = (struct store){.rolesfd = -1, .kelpiefd = -1, .lockfd = -1};
	s->path = absolute(path);
	s->rolesfd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->rolesfd == -1 && errno == ENOENT)
		return 0;
	if (s->rolesfd == -1) {
		(void)error_errno(err, "open the roles directory '%s'",
		    s->path);
		goto fail;
	}
	/*
	 * What others could have written says nothing; roles are judged by
	 * their install info then.  store_lock() tells of it.
	 */
	s->kelpiefd = kelpie_open(s->rolesfd);
	s->foreign = s->kelpiefd == -1 && errno != ENOENT;
	if (s->foreign && errno != EACCES && errno != ELOOP &&
	    errno != ENOTDIR) {
		(void)error_errno(err, "open '%s/.kelpie'", s->path);
		goto fail;
	}
	if (state_load(&s->state, s->kelpiefd, s->rolesfd, err) == 0)
		return 0;
	(void)error_wrap(err, "%s", s->path);
fail:
	let_go(s);
	return -1;
}

bool
has_journal(int kelpiefd)
{
	struct stat st;

	return fstatat(kelpiefd, "journal", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * Call each for what is in trash and was not kept.  Stops at the first that
 * is not 0 and returns it.
 */
static int
trash_each(int kelpiefd, int (*each)(int, const char *, struct error *),
    struct error *err)
{
	int rc = 0, fd = below_open(kelpiefd, "trash");
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (dir == NULL) {
		if (fd != -1)
			(void)close(fd);
		return 0;
	}
	while (rc == 0 && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    strncmp(e->d_name, KEEP, sizeof(KEEP) - 1) != 0)
			rc = each(fd, e->d_name, err);
	(void)closedir(dir);
	return rc;
}

static int
is_there(int dirfd, const char *name, struct error *err)
{
	(void)dirfd, (void)name, (void)err;
	return 1;
}

/* Another run is at work, and what lies there is its own. */
static bool
is_busy(const struct store *s)
{
	/* A pipe must not hold us up. */
	int fd = openat(s->kelpiefd, "lock",
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool busy;

	if (fd == -1)
		return false;
	busy = flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK;
	(void)close(fd);
	return busy;
}

bool
store_has_litter(const struct store *s)
{
	struct error err;
	struct stat st;

	if (s->kelpiefd == -1)
		return false;
	if (!has_journal(s->kelpiefd) &&
	    fstatat(s->kelpiefd, "stage", &st, AT_SYMLINK_NOFOLLOW) == -1 &&
	    trash_each(s->kelpiefd, is_there, &err) == 0)
		return false;
	return !is_busy(s);
}

bool
record_matches(const struct record *r, const char *info)
{
	struct buf b = {0};
	bool same;

	if (info == NULL)
		return false;
	installinfo_format(&b, r->when, record_got(r), r->map);
	same = strcmp(b.data, info) == 0;
	buf_free(&b);
	return same;
}

int
store_edited(const struct store *s, const char *name, const char *info)
{
	const struct record *r = state_find(&s->state, name);
	struct walked walked;
	struct error err;
	int fd, rc;

	if (r == NULL || r->digest[0] == '\0' || !record_matches(r, info))
		return -1;
	fd = below_open(s->rolesfd, name);
	if (fd == -1)
		return -1;
	rc = walk_digest(fd, &walked, &err);
	(void)close(fd);
	if (rc == -1)
		return -1;
	return strcmp(walked.digest, r->digest) != 0;
}

int
settle(const struct store *s, struct error *err)
{
	if (lower_recover(s->kelpiefd, s->rolesfd, err) == -1 ||
	    state_recover(s->kelpiefd, s->rolesfd, err) == -1)
		return -1;
	return state_save(&s->state, s->kelpiefd, err);
}

/* Restore what can be, save, and leave .kelpie tidy for the next. */
static int
finish(const struct store *s, struct error *err)
{
	struct error ignored;

	/* No record may go for good before its role has. */
	if (s->changed && !s->no_sync && below_sync(s->rolesfd) == -1)
		return error_errno(err, "%s: write the roles directory",
		    s->path);
	/*
	 * What cannot be removed now the next run will try to.  On a full disk
	 * this makes the room for what is saved next.
	 */
	(void)walk_remove(s->kelpiefd, "stage", &ignored);
	/* A role whose old tree could not be put back yet needs its trash. */
	if ((s->changed || has_journal(s->kelpiefd)) && settle(s, err) == -1)
		return error_wrap(err, "%s", s->path);
	(void)trash_each(s->kelpiefd, walk_remove, &ignored);
	(void)unlinkat(s->kelpiefd, "trash", AT_REMOVEDIR);
	return 0;
}

int
store_close(struct store *s, struct error *err)
{
	int rc = 0;

	if (s->lockfd != -1)
		rc = finish(s, err);
	let_go(s);
	return rc;
}
