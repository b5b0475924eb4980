/*
 * worker.h - a worker's half of the conversation with its parent.
 *
 * Takes jobs from the socket, says how far it is and what came of each.
 * Knows nothing of what a job is about.  If the parent is gone, these
 * functions end the process.
 */
#ifndef KELPIE_WORKER_H
#define KELPIE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "kelpie/msg.h"

struct worker {
	int fd; /* the socket to the parent */
	unsigned number; /* names the stage directory of this worker */
	const char *origin; /* whom this worker serves, as url_origin() */
	/* What worker_progress() said last, and when it last looked, in ms. */
	bool begun;
	enum phase phase;
	uint64_t done, looked;
};

struct worker_calls {
	/* Once, before the first job: confine this process. */
	int (*enter)(struct worker *, void *ctx, struct error *);
	/* For each job.  What it returns and sets is the job's result. */
	int (*run)(struct worker *, void *ctx, const struct job *,
	    struct error *);
};

/*
 * Take jobs until the parent has no more, then end the process.  An enter()
 * that fails is the result of every job.
 */
_Noreturn void worker_serve(struct worker *, const struct worker_calls *,
    void *ctx);

/*
 * Sent at most ten times a second; the first of a phase always.  May be
 * called as often as one likes: also when nothing has moved, to notice that
 * the parent has gone (then nothing is sent and the process ends).
 */
void worker_progress(struct worker *, enum phase, uint64_t done,
    uint64_t total);

/* A line for people who asked for -v.  Cut when it is too long. */
void worker_note(struct worker *, const char *, ...) PRINTF_LIKE(2, 3);

/* Something that the parent is to remember: "commit", "ref". */
void worker_fact(struct worker *, const char *key, const char *value);

#endif
