#include "kelpie/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/msg.h"
#include "pool_priv.h"

#define TICK_NS 100000000L /* between two looks at the clock */
#define SOON_NS 10000000L /* when the caller will soon have a job */

/*
 * Listen.
 */

/*
 * A RESULT ends a job; with isolate the exit status has to agree first.  The
 * worker gets its next job, if it may have one, before the caller sees to
 * this one: what done() does with a role takes longer than to hand out.
 */
static void
result(struct pool *p, struct slot *s, const struct msg *m)
{
	if (!s->busy || s->said || m->job.id != s->id ||
	    m->result.kind == ERR_CANCELLED) {
		s->broken = true;
		return;
	}
	if (p->opts->isolate) {
		s->result = m->result;
		s->said = true;
		slot_retire(s);
		return;
	}
	s->busy = false;
	p->busy--;
	if (!p->stopping)
		pool_feed_slot(p, s);
	p->calls->done(p->ctx, m->job.id, s->number, &m->result);
}

static void
deliver(struct pool *p, struct slot *s)
{
	struct msg m;
	size_t at = 0;
	int n = 0;

	while (
	    !s->broken && (n = msg_parse(&m, s->buf + at, s->len - at)) > 0) {
		at += (size_t)n;
		if (m.type == MSG_RESULT)
			result(p, s, &m);
		else if (m.type == MSG_JOB || !s->busy || s->said ||
		    ++s->records > RECORDS_MAX)
			s->broken = true;
		else {
			if (m.type == MSG_PROGRESS)
				s->phase = m.phase;
			p->calls->event(p->ctx, s->id, &m);
		}
	}
	s->len -= at;
	memmove(s->buf, s->buf + at, s->len);
	if (n == -1)
		s->broken = true;
}

/*
 * Read once what a worker says.  Not until it is silent: one that talks
 * without end would keep the parent from everything else.
 */
static bool
hear(struct pool *p, struct slot *s)
{
	ssize_t n;

	if (s->fd == -1)
		return false;
	do {
		n = read(s->fd, s->buf + s->len, sizeof(s->buf) - s->len);
	} while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return false;
	if (n > 0) {
		patience_begin(&s->patience);
		s->len += (size_t)n;
		deliver(p, s);
		if (!s->broken)
			return true;
		slot_kill(s, SIGKILL);
	} else if (s->killed == 0) {
		s->killed = clock_ms(); /* it has until the grace ends */
	}
	(void)close(s->fd);
	s->fd = -1;
	return false;
}

/*
 * Reap.
 */

static void
finish(struct pool *p, struct slot *s)
{
	struct error err = {0};

	while (hear(p, s)) /* it is dead, so there is an end to it */
		;
	if (s->busy) {
		slot_verdict(p, s, &err);
		slot_done(p, s, &err);
	} else if (!slot_ended_well(s, &err) && !p->stopping && !s->forced) {
		error_append(&err, " after its last job");
		(void)error_wrap(&err, "%s", s->origin);
		p->calls->stray(p->ctx, &err);
	}
	slot_free(p, s);
}

static void
look_after(struct pool *p, struct slot *s)
{
	(void)hear(p, s);
	if (slot_reap(p, s)) {
		finish(p, s);
		return;
	}
	if (s->killed != 0) {
		if (clock_ms() - s->killed >= GRACE_MS) {
			s->forced = true;
			slot_kill(s, SIGKILL);
		}
	} else if (p->stopping)
		slot_kill(s, SIGTERM);
	else if (s->busy && p->opts->quiet != 0 &&
	    patience_ends(&s->patience, p->opts->quiet)) {
		s->silent = true;
		slot_kill(s, SIGTERM);
	}
}

static void
signals(struct pool *p, struct error *err)
{
	struct slot *s;

	if (pool_signals.suspend) {
		pool_signals.suspend = 0;
		pool_suspend(p);
	}
	if (pool_signals.count > 0 && !p->stopping) {
		p->stopping = true;
		p->cancelled = true;
		p->signo = pool_signals.last;
		(void)error_set(err, ERR_CANCELLED, "stopped by signal %d (%s)",
		    p->signo, strsignal(p->signo));
	}
	if (pool_signals.count > 1)
		for (s = p->slot; s < p->slot + p->opts->max; s++)
			if (s->pid != 0)
				slot_kill(s, SIGKILL);
}

/*
 * Signals come in only here.  A descriptor that is ready keeps them out of
 * ppoll(2), so they are let in once more with nothing to wait for.
 */
static int
wait_for_news(struct pool *p)
{
	const struct timespec none = {0},
			      tick = {.tv_nsec = p->later ? SOON_NS : TICK_NS};
	unsigned i;
	int n;

	for (i = 0; i < p->opts->max; i++) {
		p->pfd[i].fd = p->slot[i].pid != 0 ? p->slot[i].fd : -1;
		p->pfd[i].events = POLLIN;
	}
	n = ppoll(p->pfd, p->opts->max, &tick, &p->open);
	if (n > 0)
		(void)ppoll(NULL, 0, &none, &p->open);
	return n == -1 && errno != EINTR ? -1 : 0;
}

static int
loop(struct pool *p, struct error *err)
{
	struct slot *s;
	bool idle;
	int rc = 0;

	for (;;) {
		if (!p->stopping && pool_feed(p, err) == -1) {
			p->stopping = true;
			rc = -1;
		}
		idle = p->stopping || (p->npending == 0 && !p->later);
		if (p->busy == 0 && idle)
			pool_retire_idle(p, true);
		if (p->alive == 0 && idle)
			return p->cancelled ? -1 : rc;
		if (wait_for_news(p) == -1 && !p->stopping) {
			rc = error_errno(err, "ppoll");
			p->stopping = true;
		}
		signals(p, err);
		for (s = p->slot; s < p->slot + p->opts->max; s++)
			if (s->pid != 0)
				look_after(p, s);
		p->calls->tick(p->ctx);
	}
}

int
pool_run(const struct pool_opts *opts, const struct pool_calls *calls,
    void *ctx, struct pool_end *end, struct error *err)
{
	struct pool p = {.opts = opts, .calls = calls, .ctx = ctx};
	int rc;

	p.max = opts->max;
	p.slot = xcalloc(opts->max, sizeof(*p.slot));
	p.pfd = xcalloc(opts->max, sizeof(*p.pfd));
	p.pending = xcalloc((size_t)opts->max + 1, sizeof(*p.pending));
	pool_signals_catch(&p);
	rc = loop(&p, err);
	pool_signals_restore(&p);
	if (end != NULL)
		*end = (struct pool_end){.stats = p.stats, .signo = p.signo};
	while (p.npending > 0)
		job_close(&p.pending[--p.npending].job);
	free(p.slot);
	free(p.pfd);
	free(p.pending);
	return rc;
}
