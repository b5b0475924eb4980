/* Functions of our own in a child, whose words are waited for. */
#include "kelpie/proc.h"

#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "proc_priv.h"

#define GLANCE 100 /* ms between two looks whether to stop */

/* Read until the end, which comes before the moment. */
static int
collect(int fd, struct buf *out, const struct proc_bounds *b, uint64_t moment,
    struct error *err)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t start = out->len;
	char piece[8192];
	uint64_t now, wait;
	ssize_t n;

	for (;;) {
		now = clock_ms();
		if (now >= moment)
			return error_set(err, ERR_LOCAL, "it takes too long");
		if (b->stop != NULL && *b->stop != 0)
			return error_set(err, ERR_CANCELLED, "interrupted");
		wait = moment - now;
		/* A signal may come just before we wait. */
		if (b->stop != NULL && wait > GLANCE)
			wait = GLANCE;
		if (poll(&p, 1, (int)wait) < 1)
			continue;
		n = read(fd, piece, sizeof(piece));
		if (n == 0)
			return 0;
		if (n == -1 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, "read");
		if (n == -1)
			continue;
		if (out->len - start + (size_t)n > b->max)
			return error_set(err, ERR_LOCAL,
			    "it says more than %zu bytes", b->max);
		buf_add(out, piece, (size_t)n);
	}
}

int
proc_judge(int status, struct error *err)
{
	if (WIFSIGNALED(status))
		return error_set(err, ERR_CHILD,
		    "a child was killed by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return error_set(err, ERR_CHILD,
		    "a child ended with exit status %d", WEXITSTATUS(status));
	return 0;
}

int
proc_call_until(int (*fn)(int fd, void *ctx), void *ctx, struct buf *out,
    const struct proc_bounds *b, struct error *err)
{
	static const struct proc_opts nothing = {.in = -1,
	    .out = -1,
	    .err = -1};
	uint64_t moment = clock_ms() + b->timeout_ms;
	int said, status = 0, rc;
	pid_t pid = proc_fork(&nothing, fn, ctx, &said, err);

	if (pid == -1)
		return -1;
	rc = collect(said, out, b, moment, err);
	(void)close(said);
	if (rc == 0 && proc_ends_by(pid, moment)) {
		proc_reap(pid, &status);
		return proc_judge(status, err);
	}
	proc_kill(pid, SIGKILL);
	proc_reap(pid, &status);
	if (rc == 0)
		rc = error_set(err, ERR_LOCAL, "it takes too long");
	return rc;
}

int /* NOLINTNEXTLINE(readability-function-size): six parameters */
proc_call(int (*fn)(int fd, void *ctx), void *ctx, struct buf *out, size_t max,
    unsigned timeout_ms, struct error *err)
{
	const struct proc_bounds bounds = {.max = max,
	    .timeout_ms = timeout_ms};

	return proc_call_until(fn, ctx, out, &bounds, err);
}
