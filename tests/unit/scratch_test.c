#include "cmd/scratch.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "cmd/download.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/mirror.h"

static struct error err;

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* How a child ends that runs it. */
static int
status_of(void (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		_exit(0);
	}
	CHECK(pid != -1 && waitpid(pid, &status, 0) == pid);
	return status;
}

static void
one(void)
{
	char *dir = scratch_make(&err);

	(void)raise(SIGTERM);
	scratch_remove(dir);
}

static void
a_signal_waits_until_the_directory_is_gone(void)
{
	int status = status_of(one);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* Exits with 1 if the inner one lets the signal through. */
static void
one_in_another(void)
{
	char *outer = scratch_make(&err), *inner = scratch_make(&err);

	(void)raise(SIGINT);
	scratch_remove(inner);
	if (!is_there(outer) || scratch_signal != SIGINT)
		_exit(1);
	scratch_remove(outer);
}

static void
of_two_directories_it_waits_for_both(void)
{
	int status = status_of(one_in_another);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

static void
one_after_the_other(void)
{
	scratch_remove(scratch_make(&err));
	(void)raise(SIGHUP);
}

static void
afterwards_signals_are_as_they_were(void)
{
	int status = status_of(one_after_the_other);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
}

static void
a_tar_is_given_up_for_a_signal_that_waits(void)
{
	struct mirror_index index = {0};
	char *dir = scratch_make(&err), *tar;
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK(mirror_write(dirfd, MIRROR_INDEX, "text\n", 5, &err) == 0);
	tar = xasprintf("%s.tar", dir);
	CHECK(download_tar(tar, dirfd, &index, &err) == 0 && is_there(tar));
	(void)unlink(tar);
	scratch_signal = SIGINT;
	CHECK(download_tar(tar, dirfd, &index, &err) == -1);
	CHECK(err.kind == ERR_CANCELLED && !is_there(tar));
	scratch_signal = 0;
	(void)close(dirfd);
	scratch_remove(dir);
	free(tar);
}

int
main(void)
{
	RUN(a_signal_waits_until_the_directory_is_gone);
	RUN(of_two_directories_it_waits_for_both);
	RUN(afterwards_signals_are_as_they_were);
	RUN(a_tar_is_given_up_for_a_signal_that_waits);
	return check_done();
}
