#include "cmd/scratch.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"
#include "kelpie/walk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PREFIX_MAX 64

volatile sig_atomic_t scratch_signal;

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
static struct sigaction before[COUNT(signals)];

/* The locks of those that are there, the last one made at the end. */
static int lock[SCRATCH_MAX];
static size_t depth;

static void
on_signal(int signo)
{
	scratch_signal = signo;
}

/* What nohup(1) and the like ignore stays ignored. */
static void
hold_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	if (depth > 0)
		return;
	(void)sigemptyset(&sa.sa_mask);
	scratch_signal = 0;
	for (size_t i = 0; i < COUNT(signals); i++) {
		(void)sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &sa, NULL);
	}
}

static void
release_signals(void)
{
	if (depth > 0)
		return;
	for (size_t i = 0; i < COUNT(signals); i++)
		(void)sigaction(signals[i], &before[i], NULL);
	if (scratch_signal != 0)
		(void)raise(scratch_signal);
}

/* ---- what a killed one left ---- */

/* An owner that lives holds the lock. */
static void
sweep_one(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct error ignored;
	struct stat st;

	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & 07777) == 0700 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)walk_remove(AT_FDCWD, path, &ignored);
	(void)close(fd);
}

static void
sweep(const char *tmp, const char *prefix)
{
	DIR *dir = opendir(tmp);
	const struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		char *path;

		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0)
			continue;
		path = xasprintf("%s/%s", tmp, e->d_name);
		sweep_one(path);
		free(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
}

/* ---- ours ---- */

/* -1 with errno 0: another's sweep was faster. */
static int
take(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return -1;
	/* Where there are no locks nothing is swept. */
	if ((flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
	    stat(path, &st) == 0)
		return fd;
	(void)close(fd);
	(void)rmdir(path);
	errno = 0;
	return -1;
}

static char *
make(const char *tmp, const char *prefix)
{
	char *path;

	for (;;) {
		path = xasprintf("%s/%sXXXXXX", tmp, prefix);
		if (mkdtemp(path) == NULL)
			break;
		lock[depth] = take(path);
		if (lock[depth] != -1)
			return path;
		if (errno != 0)
			break;
		free(path);
	}
	free(path);
	return NULL;
}

char *
scratch_make(struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char prefix[PREFIX_MAX];
	char *path, *real = NULL;

	if (tmp == NULL || *tmp == '\0')
		tmp = "/tmp";
	(void)snprintf(prefix, sizeof(prefix), "kelpie-tmp-%lu-",
	    (unsigned long)geteuid());
	hold_signals();
	sweep(tmp, prefix);
	path = make(tmp, prefix);
	if (path != NULL)
		real = realpath(path, NULL);
	if (real != NULL) {
		depth++;
	} else {
		(void)error_errno(err, "make a directory in '%s'", tmp);
		release_signals();
	}
	free(path);
	return real;
}

void
scratch_remove(char *path)
{
	struct error err;

	if (path == NULL)
		return;
	if (walk_remove(AT_FDCWD, path, &err) == -1)
		ui_warn("%s", err.msg);
	free(path);
	(void)close(lock[--depth]);
	release_signals();
}
