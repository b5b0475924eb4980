/*
 * install_priv.h - one run of the engine, shared by its two halves.
 *
 * install.c plans and reports; install_jobs.c answers the pool and hands
 * finished roles to the store.
 */
#ifndef KELPIE_INSTALL_PRIV_H
#define KELPIE_INSTALL_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "kelpie/fetch_module.h"
#include "kelpie/install.h"
#include "kelpie/plan.h"
#include "kelpie/pool.h"
#include "kelpie/store.h"
#include "kelpie/walk.h"

#define BATCH 16 /* roles that are put into place together */
#define BATCH_MS 200 /* the first of them waits no longer */

enum progress { WAITING, TAKEN, FINISHED };

/* One item of the plan on its way. */
struct task {
	struct item *item;
	char *origin;
	enum progress progress;
	bool keep_old; /* the old tree may have been edited: nobody knows */
	uint64_t started; /* ms */
	char ref[300], commit[41]; /* told by the worker */
};

struct run {
	const struct install_opts *opts;
	const struct fetch_module *module;
	struct store store;
	struct plan plan;
	struct task *task; /* todo of them; a job's id is its index */
	size_t n, first; /* first: none before it is waiting */
	struct commit batch[BATCH];
	struct walked walked[BATCH];
	size_t batch_n;
	uint64_t batch_since; /* ms */
	size_t failed; /* roles, and workers that ended badly */
};

/* Fetch and put into place what the plan says. */
int run_jobs(struct run *, struct pool_end *, struct error *);

/* Tell of a role that failed or was refused, and count it. */
void run_failed(struct run *, const struct item *, const struct error *);

#endif
