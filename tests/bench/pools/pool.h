/*
 * pool.h - the same n tasks, done in five ways.
 */
#ifndef POOLS_POOL_H
#define POOLS_POOL_H

#include "task.h"

enum pool_kind {
	POOL_SEQ, /* no pool: one after the other */
	POOL_THREAD, /* threads are made, share a counter, and are joined */
	POOL_FORK, /* a process for each task, at most so many at a time */
	POOL_PREFORK, /* processes are made, given tasks, and reaped */
	POOL_KEPT /* the same, but made and connected beforehand */
};

#define POOL_WIDTH_MAX 128

/*
 * Do tasks 0 to n - 1 with the given number of workers.  Returns how many
 * seconds that took, from nothing to nothing; for POOL_KEPT without the start
 * and the end of the workers.
 */
double pool_pass(enum pool_kind, const struct task *, unsigned n,
    unsigned width);

#endif
