#include "kelpie/proc.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
#include <sys/prctl.h>
#endif

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "proc_priv.h"

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

char *
proc_find(const char **list, const char *name)
{
	const char *dir;
	size_t len;
	char *path;

	while ((dir = *list) != NULL) {
		len = strcspn(dir, ":");
		*list = dir[len] == ':' ? dir + len + 1 : NULL;
		/* An empty part is the current directory. */
		path = xasprintf("%.*s%s%s", (int)len, dir,
		    len > 0 ? "/" : "./", name);
		if (is_program(path))
			return path;
		free(path);
	}
	return NULL;
}

int
proc_become(const char *path, const char *const *argv, struct error *err)
{
	/* execv(3) changes nothing, but its type does not say so. */
	union {
		const char *const *from;
		char *const *to;
	} arg = {argv};

	(void)signal(SIGPIPE, SIG_DFL); /* main() ignores them */
	(void)signal(SIGXFSZ, SIG_DFL);
	(void)execv(path, arg.to);
	(void)error_errno(err, "start '%s'", path);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	return -1;
}

static _Noreturn void
child(pid_t parent, const char *path, const char *const *argv, int report)
{
	struct error why;

#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
	if (getppid() != parent)
		_exit(127);
	errno = 0;
	(void)proc_become(path, argv, &why);
	proc_not_begun(report);
}

/* The signals are blocked, so that none is lost between two looks. */
static int
attend(pid_t pid, const sigset_t *blocked, int *stopped)
{
	siginfo_t si;
	int status, signo;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		signo = sigwaitinfo(blocked, &si);
		if (signo > 0 && signo != SIGCHLD && stopped != NULL)
			*stopped = signo;
		/* What comes from a terminal the child has, too. */
		if (signo > 0 && signo != SIGCHLD &&
		    (si.si_code == SI_USER || si.si_code == SI_QUEUE))
			(void)kill(pid, signo);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static void
nothing(int signo)
{
	(void)signo;
}

/* Have a status kept, and a signal sent, when a child ends. */
static void
hear_of_children(struct sigaction *old)
{
	struct sigaction sa = {.sa_handler = nothing, .sa_flags = SA_RESTART};

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGCHLD, &sa, old);
}

int
proc_run(const char *path, const char *const *argv, int *stopped,
    struct error *err)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM,
	    SIGCHLD};
	struct sigaction children;
	sigset_t set, old;
	pid_t parent = getpid(), pid;
	int fd[2], status = -1;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return error_errno(err, "pipe");
	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaddset(&set, signals[i]);
	hear_of_children(&children);
	(void)sigprocmask(SIG_BLOCK, &set, &old);
	pid = fork();
	if (pid == 0) {
		(void)sigprocmask(SIG_SETMASK, &old, NULL);
		child(parent, path, argv, fd[1]);
	}
	(void)close(fd[1]);
	if (pid == -1 || proc_begun(fd[0]) == -1)
		(void)error_errno(err, "start '%s'", path);
	else
		status = attend(pid, &set, stopped);
	if (pid != -1 && status == -1)
		(void)waitpid(pid, NULL, 0);
	(void)close(fd[0]);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	(void)sigaction(SIGCHLD, &children, NULL);
	return status;
}
