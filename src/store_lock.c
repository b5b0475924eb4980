#include <sys/file.h>
#include <sys/stat.h>

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/store.h"
#include "store_priv.h"

#define LOOK_MS 10 /* between two tries to get the lock */

static const char *
user_name(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw != NULL ? pw->pw_name : "nobody known";
}

/* Cut path down to the deepest directory that is there. */
static void
existing(char *path, struct stat *st)
{
	char *slash;

	while (stat(path, st) == -1 && (slash = strrchr(path, '/')) != NULL) {
		if (slash == path)
			slash++;
		if (*slash == '\0')
			break;
		*slash = '\0';
	}
}

static int
cannot_write(const struct store *s, struct error *err)
{
	struct stat st = {0};
	int saved = errno;
	char *path;

	if (saved != EACCES && saved != EPERM && saved != EROFS)
		return error_errno(err, "write to '%s'", s->path);
	path = xstrdup(s->path);
	existing(path, &st);
	(void)error_set(err, ERR_LOCAL,
	    "cannot write to '%s': it belongs to %s (%u): %s", path,
	    user_name(st.st_uid), (unsigned)st.st_uid, strerror(saved));
	free(path);
	return -1;
}

static int
make_dir(const char *path)
{
	struct stat st;
	int saved;

	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	/* Some systems complain of a read-only place before they look. */
	saved = errno;
	if (stat(path, &st) == 0)
		return 0;
	errno = saved;
	return -1;
}

static int
make_path(const char *path)
{
	char *copy = xstrdup(path);
	char *p = copy;
	int rc = 0;

	while (rc == 0 && (p = strchr(p + 1, '/')) != NULL) {
		*p = '\0';
		rc = make_dir(copy);
		*p = '/';
	}
	if (rc == 0)
		rc = make_dir(copy);
	free(copy);
	return rc;
}

static int
open_roles(struct store *s, struct error *err)
{
	if (s->rolesfd == -1) {
		if (make_path(s->path) == -1)
			return cannot_write(s, err);
		s->rolesfd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (s->rolesfd == -1)
			return error_errno(err, "open the roles directory '%s'",
			    s->path);
	}
	if (faccessat(s->rolesfd, ".", W_OK | X_OK, AT_EACCESS) == -1)
		return cannot_write(s, err);
	return 0;
}

/* Why .kelpie could not be opened, and what to do. */
static int
refused(const struct store *s, struct error *err)
{
	const char *path = s->path;
	int saved = errno;
	struct stat st;

	if (fstatat(s->rolesfd, ".kelpie", &st, AT_SYMLINK_NOFOLLOW) == -1)
		return error_errno(err, "look at '%s/.kelpie'", path);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ERR_USAGE,
		    "'%s/.kelpie' is a symbolic link, and what kelpie keeps "
		    "there must lie in the roles directory itself: remove it",
		    path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ERR_USAGE,
		    "'%s/.kelpie' is not a directory: remove it", path);
	if (st.st_uid != geteuid())
		return error_set(err, ERR_USAGE,
		    "'%s/.kelpie' belongs to %s (%u): run kelpie as that "
		    "user, or remove it",
		    path, user_name(st.st_uid), (unsigned)st.st_uid);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(err, ERR_USAGE,
		    "'%s/.kelpie' can be written by others (mode %03o): "
		    "remove it, or chmod it to 700 if you trust its content",
		    path, (unsigned)st.st_mode & 0777);
	errno = saved;
	return error_errno(err, "open '%s/.kelpie'", path);
}

static int
open_kelpie(struct store *s, struct error *err)
{
	if (mkdirat(s->rolesfd, ".kelpie", 0700) == -1 && errno != EEXIST)
		return cannot_write(s, err);
	if (s->kelpiefd != -1)
		(void)close(s->kelpiefd);
	s->kelpiefd = kelpie_open(s->rolesfd);
	return s->kelpiefd != -1 ? 0 : refused(s, err);
}

/* Whoever keeps roles in git does not want to see ours. */
static int
write_gitignore(int kelpiefd)
{
	int fd = openat(kelpiefd, ".gitignore",
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int rc;

	if (fd == -1)
		return errno == EEXIST ? 0 : -1;
	rc = write_fully(fd, "*\n", 2);
	(void)close(fd);
	if (rc == 0)
		return 0;
	(void)unlinkat(kelpiefd, ".gitignore", 0);
	return -1;
}

/* So that the next one can say for whom it waits; nothing depends on it. */
static void
sign(int fd)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (pwrite(fd, text, (size_t)n, 0) == n)
		(void)!ftruncate(fd, n);
}

static long
holder_of(int fd)
{
	char text[24];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	const char *why;
	long long pid;

	if (n < 1)
		return 0;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	pid = strtonum(text, 1, INT_MAX, &why);
	return why == NULL ? (long)pid : 0;
}

static int
given_up(const struct store *s, long holder, struct error *err)
{
	char who[32] = "";

	if (holder != 0)
		(void)snprintf(who, sizeof(who), " (process %ld)", holder);
	return error_set(err, ERR_USAGE,
	    "another kelpie%s is at work in '%s', and --lock-wait says to wait "
	    "no longer",
	    who, s->path);
}

/*
 * To ask again and again lets us be interrupted and give up, without a signal
 * handler.
 */
static int
wait_for_lock(const struct store *s, const struct store_wait *w,
    struct error *err)
{
	const struct timespec step = {.tv_nsec = LOOK_MS * 1000000L};
	uint64_t begun = clock_ms();
	long holder = holder_of(s->lockfd);

	if (w->tell != NULL && w->seconds != 0)
		w->tell(w->ctx, holder);
	while (flock(s->lockfd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK)
			return error_errno(err, "lock '%s/.kelpie/lock'",
			    s->path);
		if (w->seconds != -1 &&
		    clock_ms() - begun >= (uint64_t)w->seconds * 1000)
			return given_up(s, holder, err);
		if (ppoll(NULL, 0, &step, w->mask) == -1 && errno == EINTR)
			return error_set(err, ERR_CANCELLED,
			    "interrupted while waiting for another kelpie");
	}
	return 0;
}

/*
 * The lock is let go of when it is closed, also by the kernel; the file
 * stays, for who removes a lock file lets two others lock two files.
 */
static int
take_lock(struct store *s, const struct store_wait *w, struct error *err)
{
	s->lockfd = openat(s->kelpiefd, "lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	    0600);
	if (s->lockfd == -1)
		return error_errno(err, "open '%s/.kelpie/lock'", s->path);
	if (flock(s->lockfd, LOCK_EX | LOCK_NB) == -1) {
		/*
		 * Some network file systems know no flock(2).  To install
		 * without a lock is better than not at all: each role still
		 * comes by a rename.
		 */
		if (errno == ENOSYS || errno == ENOLCK || errno == EOPNOTSUPP)
			return 0;
		if (errno != EWOULDBLOCK)
			return error_errno(err, "lock '%s/.kelpie/lock'",
			    s->path);
		if (wait_for_lock(s, w, err) == -1)
			return -1;
	}
	sign(s->lockfd);
	return 0;
}

static int
make_dirs(int kelpiefd, struct error *err)
{
	if (mkdirat(kelpiefd, "stage", 0700) == -1)
		return error_errno(err, "make .kelpie/stage");
	if (mkdirat(kelpiefd, "trash", 0700) == -1 && errno != EEXIST)
		return error_errno(err, "make .kelpie/trash");
	return 0;
}

/* Undo and remove what a crash left, and look anew. */
static int
start_afresh(struct store *s, struct error *err)
{
	struct error ignored;

	if (lower_recover(s->kelpiefd, s->rolesfd, err) == -1 ||
	    state_recover(s->kelpiefd, s->rolesfd, err) == -1)
		return -1;
	state_free(&s->state);
	if (state_load(&s->state, s->kelpiefd, s->rolesfd, err) == -1)
		return -1;
	if (has_journal(s->kelpiefd) &&
	    state_save(&s->state, s->kelpiefd, err) == -1)
		return -1;
	if (walk_remove(s->kelpiefd, "stage", err) == -1)
		return -1;
	/* An old role may hold a file that cannot be removed: it may stay. */
	(void)walk_remove(s->kelpiefd, "trash", &ignored);
	return make_dirs(s->kelpiefd, err);
}

static int
lock(struct store *s, const struct store_wait *w, struct error *err)
{
	if (open_roles(s, err) == -1 || open_kelpie(s, err) == -1)
		return -1;
	if (write_gitignore(s->kelpiefd) == -1)
		return error_errno(err, "write '%s/.kelpie/.gitignore'",
		    s->path);
	if (take_lock(s, w, err) == 0) {
		if (start_afresh(s, err) == 0)
			return 0;
		(void)error_wrap(err, "%s", s->path);
	}
	/* Not locked means that store_close() will write nothing. */
	if (s->lockfd != -1)
		(void)close(s->lockfd);
	s->lockfd = -1;
	return -1;
}

int
store_lock(struct store *s, const struct store_wait *w, struct error *err)
{
	static const struct store_wait for_ever = {.seconds = -1};

	return lock(s, w != NULL ? w : &for_ever, err);
}

int
store_trylock(struct store *s)
{
	static const struct store_wait never = {.seconds = 0};
	struct error ignored;

	return lock(s, &never, &ignored);
}

bool
store_is_exposed(const struct store *s)
{
	struct stat st;

	return geteuid() == 0 && fstat(s->rolesfd, &st) == 0 &&
	    (st.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH;
}
