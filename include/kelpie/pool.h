/*
 * pool.h - run jobs in worker processes, at most so many at a time.
 *
 * The pool forks, hands out, listens and reaps.  It knows nothing of roles,
 * git or terminals: what to run next, what to show and what to keep are
 * questions it asks its caller.  A worker serves one origin for life and
 * takes one job after another.
 */
#ifndef KELPIE_POOL_H
#define KELPIE_POOL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "kelpie/worker.h"

/* Its strings are borrowed until done(). */
struct pool_job {
	const char *origin;
	struct job job;
};

enum pool_next {
	POOL_JOB, /* here is one */
	POOL_LATER, /* there will be one: ask again soon */
	POOL_NONE, /* none, unless a job that is running comes back */
};

struct pool_calls {
	/*
	 * Fill in the next job; origin NULL means of any origin.  Asked again
	 * after every done(), and many times a second after POOL_LATER.  The
	 * pool may keep one job for a while until a worker is free.  The
	 * job's descriptors are the pool's from now on.
	 */
	enum pool_next (
	    *next)(void *ctx, const char *origin, struct pool_job *);

	/* A worker has the job in its hands. */
	void (*started)(void *ctx, uint32_t id);

	/* A worker said something.  The record is gone when this returns. */
	void (*event)(void *ctx, uint32_t id, const struct msg *);

	/*
	 * Once for each job handed out; kind ERR_NONE if the worker says it
	 * succeeded.  worker is the number of the worker's stage.  The same
	 * job may be handed out again after it.
	 */
	void (*done)(void *ctx, uint32_t id, unsigned worker,
	    const struct error *);

	/* A worker ended badly with nothing in its hands. */
	void (*stray)(void *ctx, const struct error *);

	/* At least ten times a second while jobs are running. */
	void (*tick)(void *ctx);

	/* The process is about to stop, and may go on later (Ctrl-Z). */
	void (*pause)(void *ctx);

	/* What the workers do. */
	struct worker_calls worker;
};

struct pool_opts {
	unsigned max; /* workers at a time, at least 1 */
	unsigned
	    quiet; /* end a worker after so many silent seconds; 0: never */
	bool isolate; /* one job a worker, done() after its exit status 0 */
};

/* What the workers used, all together. */
struct pool_stats {
	unsigned workers; /* started in all */
	unsigned most; /* alive at the same time */
	double user_s, sys_s;
	long maxrss_kb; /* of the largest */
};

/* How it ended. */
struct pool_end {
	struct pool_stats stats;
	int signo; /* the signal that stopped it, or 0 */
};

/*
 * Run jobs until none is left.  A job that fails is not a pool that fails:
 * it is told to done() and the others go on.
 *
 * Runs in the parent, blocks.  Returns 0, or -1 with *err set if the pool
 * cannot work (ERR_LOCAL) or was told to stop by a signal (ERR_CANCELLED).
 * Either way every worker is reaped and signal handlers are as they were.
 */
int pool_run(const struct pool_opts *, const struct pool_calls *, void *ctx,
    struct pool_end *, struct error *);

/*
 * Keep back INT, TERM and HUP, around a pool and what must not be left in the
 * middle: one that comes stops the pool that runs or the next one, else it
 * does its work when it is let go.  *before is the mask as it was.
 */
void pool_hold(sigset_t *before);
void pool_let_go(const sigset_t *before);

#endif
