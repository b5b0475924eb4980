#include "kelpie/worker.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/clock.h"

#define INTERVAL 100 /* ms between two PROGRESS records of one phase */

static void
say(const struct worker *w, const struct msg *m)
{
	if (msg_send(w->fd, m) == -1)
		_exit(2); /* nobody is listening any more */
}

/*
 * A worker that has nothing to say writes nothing, so a parent that has
 * gone would not be noticed: ask the socket.
 */
static void
still_wanted(const struct worker *w)
{
	struct pollfd p = {.fd = w->fd, .events = 0};

	if (poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0)
		_exit(2);
}

void
worker_progress(struct worker *w, enum phase phase, uint64_t done,
    uint64_t total)
{
	const struct msg m = {.type = MSG_PROGRESS,
	    .phase = phase,
	    .done = done,
	    .total = total};
	uint64_t now = clock_ms();
	bool first = !w->begun || phase != w->phase;

	if (!first && now - w->looked < INTERVAL)
		return;
	w->looked = now;
	if (!first && done == w->done) {
		still_wanted(w);
		return;
	}
	w->begun = true;
	w->phase = phase;
	w->done = done;
	say(w, &m);
}

void
worker_note(struct worker *w, const char *fmt, ...)
{
	char line[1024];
	const struct msg m = {.type = MSG_NOTE, .text = line};
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	say(w, &m);
}

void
worker_fact(struct worker *w, const char *key, const char *value)
{
	const struct msg m = {.type = MSG_FACT, .key = key, .text = value};

	say(w, &m);
}

/* Records from the parent, as far as they have come. */
struct inbox {
	char buf[MSG_MAX];
	size_t len;
	struct msg_fds fds;
};

/* The next job; its strings stay in the inbox.  False: there is no more. */
static bool
next_job(const struct worker *w, struct inbox *in, struct job *job)
{
	struct msg m;
	ssize_t n;
	int used;

	while ((used = msg_parse(&m, in->buf, in->len)) == 0) {
		n = msg_read(w->fd, in->buf + in->len,
		    sizeof(in->buf) - in->len, &in->fds);
		if (n <= 0)
			return false;
		in->len += (size_t)n;
	}
	if (used == -1 || m.type != MSG_JOB ||
	    msg_take_fds(&m.job, &in->fds) == -1)
		_exit(3);
	*job = m.job;
	/* One job at a time: the parent waits for a result before the next. */
	in->len = 0;
	return true;
}

_Noreturn void
worker_serve(struct worker *w, const struct worker_calls *calls, void *ctx)
{
	struct error refused = {0};
	bool entered = calls->enter(w, ctx, &refused) == 0;
	struct inbox in = {.len = 0, .fds = {.n = 0}};
	struct job job;

	while (next_job(w, &in, &job)) {
		struct msg m = {.type = MSG_RESULT,
		    .job = {.id = job.id},
		    .result = refused};

		w->begun = false;
		if (entered) {
			if (calls->run(w, ctx, &job, &m.result) == 0)
				m.result.kind = ERR_NONE;
			else if (m.result.kind == ERR_NONE)
				m.result.kind = ERR_CHILD;
		}
		job_close(&job);
		say(w, &m);
	}
	_exit(0);
}
