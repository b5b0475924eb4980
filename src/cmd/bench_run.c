#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/bench.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "kelpie/walk.h"

#define GRACE_MS 5000 /* for a run that is told to end */

static volatile sig_atomic_t caught;

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};

static void
on_signal(int signo)
{
	if (signo != SIGCHLD)
		caught = signo;
}

int
bench_signal(void)
{
	return caught;
}

/* Signals are open only while we wait. */
static void
wait_mask(sigset_t *mask)
{
	size_t i;

	(void)sigprocmask(SIG_SETMASK, NULL, mask);
	(void)sigdelset(mask, SIGCHLD);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigdelset(mask, signals[i]);
}

void
bench_catch(void)
{
	struct sigaction sa = {.sa_handler = on_signal}, old;
	sigset_t blocked;
	size_t i;

	(void)sigemptyset(&sa.sa_mask);
	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGCHLD);
	(void)sigaction(SIGCHLD, &sa, NULL);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* What nohup(1) and the like ignore stays ignored. */
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &sa, NULL);
		(void)sigaddset(&blocked, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static uint64_t
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* What children have used that are reaped, and theirs. */
static uint64_t
used(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_CHILDREN, &u);
	return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
	    (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static pid_t
start(const struct bench *b, unsigned jobs, enum bench_way way,
    struct error *err)
{
	char *width = jobs > 0 ? xasprintf("%u", jobs) : xstrdup("auto");
	char *roles = xasprintf("%s/roles", b->dir);
	char *cache = xasprintf("XDG_CACHE_HOME=%s", b->dir);
	const char *const argv[] = {"/proc/self/exe", "install", "-q", "-r",
	    b->file, "-p", roles, "-j", width,
	    way == BENCH_NETWORK   ? "--no-cache" :
		way == BENCH_CACHE ? "--offline" :
				     NULL,
	    NULL};
	const char *const env[] = {cache, "KELPIE_NO_CACHE=no",
	    "KELPIE_OFFLINE=no", NULL};
	const struct proc_opts opts = {.argv = argv,
	    .env = env,
	    .in = -1,
	    .out = -1,
	    .err = STDERR_FILENO};
	pid_t pid = proc_start(&opts, err);

	free(width);
	free(roles);
	free(cache);
	return pid;
}

static int
collect(pid_t pid, struct error *err)
{
	sigset_t mask;
	int status;

	wait_mask(&mask);
	while (!proc_ended(pid, &status)) {
		if (caught != 0) {
			proc_stop(pid, GRACE_MS);
			break;
		}
		(void)ppoll(NULL, 0, NULL, &mask);
	}
	if (caught != 0)
		return error_set(err, ERR_CANCELLED, "interrupted");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return error_set(err, ERR_CHILD,
		    "kelpie install was ended by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	return error_set(err, ERR_CHILD,
	    "only what can be installed can be measured: kelpie install ended "
	    "with status %d",
	    WEXITSTATUS(status));
}

int
bench_run(const struct bench *b, unsigned jobs, enum bench_way way,
    struct sample *out, struct error *err)
{
	int dirfd = open(b->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;
	pid_t pid;

	if (dirfd == -1)
		return error_errno(err, "open '%s'", b->dir);
	out->cpu = used();
	out->wall = now();
	pid = start(b, jobs, way, err);
	if (pid != -1)
		rc = collect(pid, err);
	out->wall = now() - out->wall;
	out->cpu = used() - out->cpu;
	if (rc == 0)
		rc = walk_remove(dirfd, "roles", err);
	(void)close(dirfd);
	return rc;
}
