#include "kelpie/pool.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/msg.h"
#include "pool_priv.h"

#define TICK_NS 100000000L /* between two looks at the clock */

/*
 * Hand out.
 */

static bool
give(struct pool *p, struct slot *s, const struct pool_job *job)
{
	const struct msg m = {.type = MSG_JOB, .job = job->job};
	struct error err;

	s->phase = PHASE_CONNECT;
	s->heard = pool_now();
	if (msg_send(s->fd, &m) == 0) {
		s->busy = true;
		s->id = job->job.id;
		p->busy++;
		p->calls->started(p->ctx, s->id);
		return true;
	}
	if (errno == EPIPE || errno == ECONNRESET)
		return false; /* the worker has gone; another gets the job */
	(void)error_set(&err, ERR_CONFIG,
	    "the source is too long to be handed out");
	p->calls->started(p->ctx, job->job.id);
	p->calls->done(p->ctx, job->job.id, s->number, &err);
	return true;
}

/* The next job that nobody has yet, kept until somebody takes it. */
static const struct pool_job *
waiting(struct pool *p)
{
	if (!p->has_pending)
		p->has_pending = p->calls->next(p->ctx, NULL, &p->pending);
	return p->has_pending ? &p->pending : NULL;
}

/* A job of its own origin for a worker that has none. */
static void
feed_slot(struct pool *p, struct slot *s)
{
	struct pool_job job;

	if (s->pid == 0 || s->busy || s->retired || s->fd == -1)
		return;
	if (p->has_pending && strcmp(p->pending.origin, s->origin) == 0) {
		p->has_pending = !give(p, s, &p->pending);
		s->retired = p->has_pending;
	} else if (p->calls->next(p->ctx, s->origin, &job) &&
	    !give(p, s, &job)) {
		s->retired = true;
		p->pending = job;
		p->has_pending = true;
	}
}

/* Room for a worker of another origin: let an idle one go. */
static void
retire_idle(struct pool *p, bool all)
{
	struct slot *s;

	for (s = p->slot; s < p->slot + p->opts->max; s++) {
		if (s->pid == 0 || s->busy)
			continue;
		if (!s->retired)
			slot_retire(s);
		if (!all)
			return;
	}
}

static int
feed(struct pool *p, struct error *err)
{
	const struct pool_job *job;
	struct slot *s;

	for (s = p->slot; s < p->slot + p->opts->max; s++)
		feed_slot(p, s);
	while ((job = waiting(p)) != NULL) {
		if (p->alive >= p->max) {
			if (p->busy < p->alive)
				retire_idle(p, false);
			return 0;
		}
		s = slot_start(p, job->origin, err);
		if (s == NULL && p->alive > 0) {
			p->max = p->alive; /* go on with what there is */
			return 0;
		}
		if (s == NULL)
			return -1;
		p->has_pending = !give(p, s, job);
	}
	return 0;
}

/*
 * Listen.
 */

/*
 * A RESULT ends a job; with isolate the exit status has to agree first.  The
 * worker gets its next job before the caller sees to this one: what done()
 * does with a role takes longer than to hand out.
 */
static void
result(struct pool *p, struct slot *s, const struct msg *m)
{
	if (!s->busy || s->said || m->job.id != s->id) {
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
		feed_slot(p, s);
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
		else if (m.type == MSG_JOB || !s->busy || s->said)
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

static void
drain(struct pool *p, struct slot *s)
{
	ssize_t n;

	while (s->fd != -1) {
		n = read(s->fd, s->buf + s->len, sizeof(s->buf) - s->len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return;
		if (n > 0) {
			s->heard = pool_now();
			s->len += (size_t)n;
			deliver(p, s);
			if (!s->broken)
				continue;
			slot_kill(s, SIGKILL);
		} else if (s->killed == 0) {
			s->killed =
			    pool_now(); /* it has until the grace ends */
		}
		(void)close(s->fd);
		s->fd = -1;
	}
}

/*
 * Reap.
 */

static void
finish(struct pool *p, struct slot *s)
{
	struct error err = {0};

	drain(p, s);
	if (s->busy) {
		slot_verdict(p, s, &err);
		slot_done(p, s, &err);
	} else if (!slot_ended_well(s, &err) && !p->stopping) {
		error_append(&err, " after its last job");
		p->calls->stray(p->ctx, &err);
	}
	slot_free(p, s);
}

static void
look_after(struct pool *p, struct slot *s)
{
	drain(p, s);
	if (slot_reap(p, s)) {
		finish(p, s);
		return;
	}
	if (s->killed != 0) {
		if (pool_now() - s->killed >= GRACE_MS)
			slot_kill(s, SIGKILL);
	} else if (p->stopping)
		slot_kill(s, SIGTERM);
	else if (s->busy && p->opts->quiet != 0 &&
	    pool_now() - s->heard >= (uint64_t)p->opts->quiet * 1000) {
		s->silent = true;
		slot_kill(s, SIGTERM);
	}
}

/* Ctrl-Z: the workers, in sessions of their own, stop and go on with us. */
static void
suspend(struct pool *p)
{
	struct slot *s;

	for (s = p->slot; s < p->slot + p->opts->max; s++)
		if (s->pid != 0)
			(void)kill(-s->pid, SIGSTOP);
	p->calls->pause(p->ctx);
	(void)raise(SIGSTOP);
	for (s = p->slot; s < p->slot + p->opts->max; s++) {
		if (s->pid == 0)
			continue;
		(void)kill(-s->pid, SIGCONT);
		s->heard = pool_now();
		if (s->killed != 0)
			s->killed = s->heard;
	}
}

static void
signals(struct pool *p, struct error *err)
{
	struct slot *s;

	if (pool_signals.suspend) {
		pool_signals.suspend = 0;
		suspend(p);
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

static int
wait_for_news(struct pool *p)
{
	const struct timespec tick = {.tv_nsec = TICK_NS};
	unsigned i;

	for (i = 0; i < p->opts->max; i++) {
		p->pfd[i].fd = p->slot[i].pid != 0 ? p->slot[i].fd : -1;
		p->pfd[i].events = POLLIN;
	}
	if (ppoll(p->pfd, p->opts->max, &tick, &p->oldmask) == -1 &&
	    errno != EINTR)
		return -1;
	return 0;
}

static int
loop(struct pool *p, struct error *err)
{
	struct slot *s;
	int rc = 0;

	for (;;) {
		if (!p->stopping && feed(p, err) == -1) {
			p->stopping = true;
			rc = -1;
		}
		if (p->busy == 0 && (p->stopping || !p->has_pending))
			retire_idle(p, true);
		if (p->alive == 0 && (p->stopping || !p->has_pending))
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
	pool_signals_catch(&p.oldmask);
	rc = loop(&p, err);
	pool_signals_restore(&p.oldmask);
	if (end != NULL)
		*end = (struct pool_end){.stats = p.stats, .signo = p.signo};
	free(p.slot);
	free(p.pfd);
	return rc;
}
