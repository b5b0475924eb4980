/*
 * pool_priv.h - what the parts of the pool share.
 *
 * pool.c listens and decides, pool_feed.c hands out; pool_slot.c does what has
 * to do with one process: start, stop, reap, and the signals of the parent.
 */
#ifndef KELPIE_POOL_PRIV_H
#define KELPIE_POOL_PRIV_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kelpie/clock.h"
#include "kelpie/msg.h"
#include "kelpie/pool.h"

#define GRACE_MS 2000 /* between SIGTERM and SIGKILL */
#define RECORDS_MAX 100000 /* of one job: ten a second for some hours */

struct slot {
	pid_t pid; /* 0: free */
	int fd; /* -1: closed */
	unsigned number; /* of the worker; never used twice in a run */
	char *origin;
	bool busy; /* has a job in its hands */
	bool retired; /* gets no more jobs */
	bool said; /* gave the result of its job (isolate) */
	bool broken; /* broke the protocol */
	bool silent; /* was ended because it said nothing */
	bool forced; /* did not end when it was told to */
	unsigned records; /* of its job, so far */
	uint32_t id; /* of its job */
	enum phase phase;
	struct patience patience; /* since its last sign of life */
	uint64_t killed; /* when it was told to end, ms, or 0 */
	int status;
	struct error result;
	size_t len;
	char buf[MSG_MAX * 2];
};

struct pool {
	const struct pool_opts *opts;
	const struct pool_calls *calls;
	void *ctx;
	struct slot *slot; /* opts->max of them */
	struct pollfd *pfd;
	unsigned max; /* workers at a time; less where fork fails */
	unsigned alive, busy;
	/* Taken from the caller, not handed out; one and one a slot. */
	struct pool_job *pending;
	size_t npending;
	bool stopping, cancelled;
	bool later; /* the caller will have a job soon */
	int signo;
	sigset_t oldmask; /* the caller's */
	sigset_t open; /* the same, but for the signals that the pool takes */
	struct pool_stats stats;
};

/* Set by the signal handlers, read between two waits. */
struct pool_signals {
	volatile sig_atomic_t count, last, suspend;
};
extern struct pool_signals pool_signals;

/* Fork a worker.  NULL with ERR_LOCAL if the system has none to give. */
struct slot *slot_start(struct pool *, const char *origin, struct error *);
/* Give it no more jobs: it is to end within the grace. */
void slot_retire(struct slot *);
/* Signal the worker and whatever it started. */
void slot_kill(struct slot *, int signo);
/* Collect its exit status and usage if it has ended. */
bool slot_reap(struct pool *, struct slot *);
/* False, with *err set, if the process ended as none should. */
bool slot_ended_well(const struct slot *, struct error *);
/* What became of a job whose worker ended with it in its hands. */
void slot_verdict(const struct pool *, const struct slot *, struct error *);
/* Its job is finished: tell the caller. */
void slot_done(struct pool *, struct slot *, const struct error *);
void slot_free(struct pool *, struct slot *);

/* A job of its own origin for a worker that has none. */
void pool_feed_slot(struct pool *, struct slot *);
/* The same for all, and new workers for what is left.  -1 with ERR_LOCAL if
 * there is no worker at all. */
int pool_feed(struct pool *, struct error *);
/* Room for a worker of another origin: let an idle one go, or all. */
void pool_retire_idle(struct pool *, bool all);

/* Ctrl-Z: the workers, in sessions of their own, stop and go on with us. */
void pool_suspend(struct pool *);

/* Block the signals that the pool takes; they come in only while it waits. */
void pool_signals_catch(struct pool *);
void pool_signals_restore(const struct pool *);
/* In a worker: all signals as they are in a fresh process. */
void pool_signals_default(const struct pool *);

#endif
