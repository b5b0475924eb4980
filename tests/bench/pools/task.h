/*
 * task.h - one unit of work: read a key, compute, write it back.
 *
 * Keys live in files of one directory or in a redis server.  Each thread or
 * process has a wire of its own.
 */
#ifndef POOLS_TASK_H
#define POOLS_TASK_H

#include <stdbool.h>
#include <stdint.h>

#define TASK_KEYS_MAX 128
#define TASK_VALUE 1024

struct redisContext;

enum task_store { TASK_NONE, TASK_FILE, TASK_REDIS };

struct task {
	enum task_store store;
	const char *dir; /* of the files; its name also tells lanes apart */
	int64_t delay_ns; /* before each operation on a file */
	int port; /* of redis, or of a proxy before it */
	uint64_t loops; /* of computing */
};

/* What a worker holds between two tasks; all zero at first. */
struct wire {
	struct redisContext *redis;
};

/* Connect now, not with the first task, and wait until that is done. */
void task_connect(const struct task *, struct wire *);

/* Ends the program where something fails. */
void task_run(const struct task *, struct wire *, unsigned key);

/* How often this key was written back. */
uint64_t task_count(const struct task *, struct wire *, unsigned key);

/* Begin anew with a count of 0. */
void task_reset(const struct task *, struct wire *, unsigned key);

void task_disconnect(struct wire *);

/* Keep the processor busy, for as long on a loaded machine as on an idle one
 * in processor time.  What comes back depends on every loop. */
uint64_t task_compute(uint64_t loops, uint64_t seed);

#endif
