#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"

static struct error err;

static int
shell(const char *command)
{
	const char *const argv[] = {"sh", "-c", command, NULL};

	return proc_run("/bin/sh", argv, NULL, &err);
}

static void
its_exit_status_is_ours(void)
{
	CHECK(shell("exit 0") == 0);
	CHECK(shell("exit 7") == 7);
	CHECK(shell("exit 127") == 127);
	CHECK(shell("kill -TERM $$") == 128 + SIGTERM);
	(void)signal(SIGCHLD, SIG_IGN);
	CHECK(shell("exit 3") == 3);
	CHECK(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

static void
what_cannot_be_started_is_an_error(void)
{
	const char *const argv[] = {"x", NULL};

	CHECK(proc_run("/no/such", argv, NULL, &err) == -1);
	CHECK_STR(err.msg, "start '/no/such': No such file or directory");
	CHECK(err.kind == ERR_LOCAL);
	CHECK(proc_become("/no/such", argv, &err) == -1);
	CHECK_STR(err.msg, "start '/no/such': No such file or directory");
}

static void
it_is_in_our_session_and_no_signal_is_ignored(void)
{
	char command[64];

	(void)snprintf(command, sizeof(command),
	    "test $(ps -o sid= -p $$) = %ld", (long)getsid(0));
	CHECK(shell(command) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
	CHECK(shell("kill -PIPE $$") == 128 + SIGPIPE);
	(void)signal(SIGPIPE, SIG_DFL);
}

/* A signal that a process gets while its program is running. */
static int
signalled(int signo, const char *command)
{
	int fd[2], status;
	char byte;
	pid_t pid;

	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(fd[1], 1);
		_exit(shell(command));
	}
	(void)close(fd[1]);
	CHECK(read(fd[0], &byte, 1) == 1);
	(void)kill(pid, signo);
	CHECK(waitpid(pid, &status, 0) == pid);
	(void)close(fd[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
a_signal_for_us_is_passed_on(void)
{
#define WAITS "trap 'exit 5' TERM INT HUP; echo .; while :; do sleep 0.01; done"
	CHECK(signalled(SIGTERM, WAITS) == 5);
	CHECK(signalled(SIGINT, WAITS) == 5);
	CHECK(signalled(SIGHUP, WAITS) == 5);
	CHECK(signalled(SIGTERM, "echo .; exec sleep 60") == 128 + SIGTERM);
}

static void
becoming_another_program_ends_us(void)
{
	const char *const argv[] = {"sh", "-c", "exit 9", NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)proc_become("/bin/sh", argv, &err);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

int
main(void)
{
	(void)alarm(60); /* what hangs here is a bug */
	RUN(its_exit_status_is_ours);
	RUN(what_cannot_be_started_is_an_error);
	RUN(it_is_in_our_session_and_no_signal_is_ignored);
	RUN(a_signal_for_us_is_passed_on);
	RUN(becoming_another_program_ends_us);
	return check_done();
}
