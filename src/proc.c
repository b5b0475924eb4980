#include "kelpie/proc.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bsd/unistd.h>
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
#include <sys/prctl.h>
#endif

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "proc_priv.h"

#define REPORT 3 /* the descriptor on which a child says something */
#define STEP 5 /* ms between two looks at a child that is to end */

/* ---- in the child ---- */

/* A session of its own, signals as at the start of a process. */
static void
begin(pid_t parent, int signo)
{
	struct sigaction sa = {.sa_handler = SIG_DFL};
	sigset_t none;

	(void)setsid();
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	(void)prctl(PR_SET_PDEATHSIG, signo);
#else
	(void)signo;
#endif
	if (getppid() != parent)
		_exit(2); /* it was gone before we asked for the signal */
	(void)sigemptyset(&sa.sa_mask);
	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &sa, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * Make fd[i] descriptor i and close all others.  The copies stand above the
 * places, so that none is overwritten before its turn.
 */
static int
arrange(int fd[REPORT + 1])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i <= REPORT; i++) {
		fd[i] = fcntl(fd[i] != -1 ? fd[i] : null, F_DUPFD_CLOEXEC,
		    REPORT + 1);
		if (fd[i] == -1)
			return -1;
	}
	for (int i = 0; i <= REPORT; i++)
		if (dup2(fd[i], i) == -1)
			return -1;
	(void)fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	closefrom(REPORT + 1);
	return 0;
}

_Noreturn void
proc_not_begun(int report)
{
	int saved = errno;

	(void)!write(report, &saved, sizeof(saved));
	_exit(127);
}

static _Noreturn void
run_program(const struct proc_opts *o, int report)
{
	int fd[REPORT + 1] = {o->in, o->out, o->err, report};

	/* execvp(3) changes nothing, but its type does not say so. */
	union {
		const char *const *from;
		char *const *to;
	} argv = {o->argv};

	if (arrange(fd) == 0) {
		report = REPORT;
		for (const char *const *e = o->env; e && *e != NULL; e++)
			(void)putenv(xstrdup(*e));
		(void)execvp(argv.to[0], argv.to);
	}
	proc_not_begun(report);
}

static _Noreturn void
run_function(const struct proc_opts *o, int (*fn)(int, void *), void *ctx,
    int report)
{
	int fd[REPORT + 1] = {o->in, o->out, o->err, report};

#ifdef KELPIE_SANITIZED /* whose findings are told on standard error */
	if (fd[STDERR_FILENO] == -1)
		fd[STDERR_FILENO] = STDERR_FILENO;
#endif
	if (arrange(fd) == -1)
		_exit(127);
	_exit(fn(REPORT, ctx));
}

/* ---- in the parent ---- */

/* Whoever started us may ignore SIGCHLD, and then no status is kept. */
static void
keep_statuses(void)
{
	struct sigaction sa;

	if (sigaction(SIGCHLD, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN)
		(void)signal(SIGCHLD, SIG_DFL);
}

/*
 * Fork with a pipe on which the child reports.  Signals wait until the child
 * is out of our session and has lost our handlers.
 */
static pid_t
fork_child(int fd[2], int signo, struct error *err)
{
	sigset_t all, old;
	pid_t parent = getpid(), pid;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return error_errno(err, "pipe");
	keep_statuses();
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &old);
	pid = fork();
	if (pid == 0) {
		begin(parent, signo);
		return 0;
	}
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid == -1) {
		(void)error_errno(err, "fork");
		(void)close(fd[0]);
	}
	(void)close(fd[1]);
	return pid;
}

void
proc_reap(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) == -1 && errno == EINTR)
		;
}

int
proc_begun(int report)
{
	int why;
	ssize_t n;

	do {
		n = read(report, &why, sizeof(why));
	} while (n == -1 && errno == EINTR);
	if (n != (ssize_t)sizeof(why))
		return 0;
	errno = why;
	return -1;
}

pid_t
proc_start(const struct proc_opts *opts, struct error *err)
{
	int fd[2], status;
	pid_t pid = fork_child(fd, SIGTERM, err);

	if (pid == 0)
		run_program(opts, fd[1]);
	if (pid == -1)
		return -1;
	if (proc_begun(fd[0]) == -1) {
		(void)error_errno(err, "start '%s'", opts->argv[0]);
		proc_reap(pid, &status);
		pid = -1;
	}
	(void)close(fd[0]);
	return pid;
}

pid_t
proc_fork(const struct proc_opts *opts, int (*fn)(int fd, void *ctx), void *ctx,
    int *said, struct error *err)
{
	int fd[2];
	pid_t pid = fork_child(fd, SIGKILL, err);

	if (pid == 0)
		run_function(opts, fn, ctx, fd[1]);
	if (pid == -1)
		return -1;
	(void)fcntl(fd[0], F_SETFL, O_NONBLOCK);
	*said = fd[0];
	return pid;
}

bool
proc_ended(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

void
proc_kill(pid_t pid, int signo)
{
	/* 0 and 1 would mean our own group, and everybody. */
	if (pid <= 1)
		return;
	(void)kill(-pid, signo);
	(void)kill(pid, signo);
}

/* It has ended, and is not reaped yet. */
static bool
is_zombie(pid_t pid)
{
	siginfo_t si = {0};

	return waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) ==
	    0 &&
	    si.si_pid == pid;
}

bool
proc_ends_by(pid_t pid, uint64_t moment)
{
	struct timespec step = {.tv_nsec = 50000};

	/* Most end within a fraction of the longest step. */
	while (!is_zombie(pid)) {
		if (clock_ms() >= moment)
			return false;
		(void)nanosleep(&step, NULL);
		if (step.tv_nsec < STEP * 1000000L)
			step.tv_nsec *= 2;
	}
	return true;
}

void
proc_stop(pid_t pid, unsigned grace_ms)
{
	int status;

	proc_kill(pid, SIGTERM);
	if (!proc_ends_by(pid, clock_ms() + grace_ms))
		proc_kill(pid, SIGKILL);
	/* What it started ends too, while a zombie keeps the group ours. */
	(void)kill(-pid, SIGKILL);
	proc_reap(pid, &status);
}
