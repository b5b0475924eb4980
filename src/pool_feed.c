/* Jobs on their way to workers. */
#include <errno.h>
#include <string.h>

#include "kelpie/error.h"
#include "kelpie/msg.h"
#include "pool_priv.h"

static bool
give(struct pool *p, struct slot *s, struct pool_job *job)
{
	const struct msg m = {.type = MSG_JOB, .job = job->job};
	struct error err;

	s->phase = PHASE_CONNECT;
	patience_begin(&s->patience);
	if (msg_send(s->fd, &m) == 0) {
		s->busy = true;
		s->id = job->job.id;
		s->records = 0;
		p->busy++;
		job_close(&job->job);
		p->calls->started(p->ctx, s->id);
		return true;
	}
	if (errno == EPIPE || errno == ECONNRESET)
		return false;
	if (errno != EMSGSIZE)
		(void)error_errno(&err, "hand the job to a worker");
	else
		(void)error_set(&err, ERR_CONFIG,
		    "source, version, user and password are too long "
		    "together");
	job_close(&job->job);
	p->calls->started(p->ctx, job->job.id);
	p->calls->done(p->ctx, job->job.id, s->number, &err);
	return true;
}

/* Take a job back that no worker has. */
static void
put_back(struct pool *p, const struct pool_job *job)
{
	p->pending[p->npending++] = *job;
}

/* A job of this origin, or of any: one put back before a new one. */
static bool
take(struct pool *p, const char *origin, struct pool_job *job)
{
	size_t i;

	for (i = 0; i < p->npending; i++) {
		if (origin != NULL && strcmp(p->pending[i].origin, origin) != 0)
			continue;
		*job = p->pending[i];
		p->pending[i] = p->pending[--p->npending];
		return true;
	}
	switch (p->calls->next(p->ctx, origin, job)) {
	case POOL_JOB:
		return true;
	case POOL_LATER:
		p->later = true;
		break;
	case POOL_NONE:
		break;
	}
	return false;
}

void
pool_feed_slot(struct pool *p, struct slot *s)
{
	struct pool_job job;

	if (s->pid == 0 || s->busy || s->retired || s->fd == -1)
		return;
	if (!take(p, s->origin, &job) || give(p, s, &job))
		return;
	/* It has gone, or is about to; another gets the job. */
	slot_retire(s);
	put_back(p, &job);
}

void
pool_retire_idle(struct pool *p, bool all)
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

/* A worker for a job that no other can take; false: none is to be had. */
static bool
feed_new(struct pool *p, struct pool_job *job, struct error *err)
{
	struct slot *s = slot_start(p, job->origin, err);

	if (s == NULL)
		return false;
	if (!give(p, s, job)) {
		(void)error_set(err, ERR_CHILD,
		    "the worker ended before it had its job");
		job_close(&job->job);
		p->calls->started(p->ctx, job->job.id);
		p->calls->done(p->ctx, job->job.id, s->number, err);
	}
	return true;
}

int
pool_feed(struct pool *p, struct error *err)
{
	struct error why;
	struct pool_job job;
	struct slot *s;

	p->later = false;
	for (s = p->slot; s < p->slot + p->opts->max; s++)
		pool_feed_slot(p, s);
	while (take(p, NULL, &job)) {
		if (p->alive < p->max && feed_new(p, &job, &why))
			continue;
		put_back(p, &job);
		if (p->alive == 0) {
			*err = why;
			return -1;
		}
		if (p->alive < p->max)
			p->max = p->alive; /* go on with what there is */
		else if (p->busy < p->alive)
			pool_retire_idle(p, false);
		return 0;
	}
	return 0;
}
