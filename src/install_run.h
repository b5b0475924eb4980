/*
 * install_run.h - what a run of the engine holds: hosts, tasks, and itself.
 *
 * Types alone; install_priv.h has what is done with them.
 */
#ifndef KELPIE_INSTALL_RUN_H
#define KELPIE_INSTALL_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "kelpie/buf.h"
#include "kelpie/fetch_module.h"
#include "kelpie/install.h"
#include "kelpie/plan.h"
#include "kelpie/pool.h"
#include "kelpie/settings.h"
#include "kelpie/spec.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"
#include "kelpie/walk.h"

struct cache;
struct credentials;
struct look;
struct ssh;

#define BATCH 16 /* roles that are put into place together */
#define BATCH_MS 200 /* the first of them waits no longer */

enum progress { WAITING, TAKEN, FINISHED };

/* One origin, and those of its tasks that are not settled. */
struct host {
	char *origin; /* what the pool knows it by; the key of the table */
	bool network, ssh, http; /* neither: this machine, or the cache */
	bool cache; /* what it has needs no server */
	bool mirror; /* asked in place of others */
	struct settings settings;
	unsigned cap; /* jobs at the same time */
	unsigned running;
	unsigned tried; /* the most tries that a job of it has had */
	bool good; /* some job of it succeeded in this run */
	struct error refused; /* by a host over ssh: no other job is begun */
	bool down; /* some job had all its tries, and none was good */
	uint64_t looked; /* ms: when none of many tasks could begin */
	uint64_t hold; /* ms: nothing is begun before, while none was good */
	struct task *first, **last; /* waiting, in the order to be handed out */
	size_t waiting;
};

/* One item of the plan, if nothing is fetched but what sources have. */
struct inquiry {
	bool named, missing, differs;
	char *tags; /* "refs/tags/v1 refs/tags/v2": record and lock file */
	char *newest; /* and behind a NUL its commit; or NULL */
	struct buf seen; /* a line for each of the tags */
	struct error err;
	const struct task *task; /* or NULL */
};

/* One item of the plan on its way. */
struct task {
	uint32_t id; /* its index in run->task, and that of its jobs */
	struct item *item;
	enum job_kind kind; /* of its next job: a LOOKUP becomes another */
	char *version; /* to ask for; "": none */
	char *source; /* as asked for, insteadOf applied: the cache's key */
	char *url; /* where it is: redirects followed */
	char *home; /* the same, while url is at the mirror; or NULL */
	bool no_mirror; /* that was no use */
	struct host *host;
	struct task *next; /* waiting at the same host */
	struct task *same; /* an earlier one of the same source and version */
	enum progress progress;
	bool keep_old; /* the old tree may have been edited: nobody knows */
	unsigned sent; /* credentials_serial() of what went with it, or 0 */
	char *secret; /* user and password that went with it; secret.h */
	size_t secret_size;
	unsigned tries, moves;
	uint64_t not_before; /* ms */
	uint64_t started; /* ms */
	uint32_t expected; /* ms that it took the last time, or 0 */
	const char *tags; /* to ask about besides, borrowed; or "" */
	char archive[65]; /* its SHA-256, if that is known beforehand, or "" */
	char have[65]; /* the id of the pack that the cache has, or "" */
	bool complete; /* and no server is needed */
	size_t server; /* LOOKUP: whom it asks */
	char *found; /* what a LOOKUP came to, or NULL */
	char *led; /* the URL that a Galaxy name led to, or NULL */
	char *became; /* the version that this is, or NULL: as asked for */
	struct spec *wish; /* come in while it was TAKEN, or NULL */
	/* Told by the worker. */
	char ref[300], commit[41], tag[41], sha256[65];
	char since[8]; /* how far it is from before, or "" */
	struct buf needs; /* a line for each dependency */
	bool meta_empty;
	bool unknown; /* to the server that was asked */
	char *moved;
	unsigned retry_after; /* seconds */
	bool unauthorized, kept_pack;
	bool damaged; /* its pack in the cache was, and is not used again */
	bool lacking; /* or only has no tag object */
	char *signers; /* with which it was checked, signers_mark(); or NULL */
	bool fetched; /* and taken */
};

struct run {
	const struct install_opts *opts;
	const struct fetch_module *module;
	struct gitconfig *config, *own_config;
	struct credentials *credentials;
	struct cache *cache; /* or NULL */
	int from, into; /* the directories of opts, or -1 */
	bool mirror_down; /* nobody asks it any more */
	struct ssh *ssh; /* or NULL, before the first job that needs it */
	struct store store;
	sigset_t mask; /* before the lock was taken */
	struct plan plan;
	struct plan_opts how, needs_how; /* for specs, for dependencies */
	struct inquiry *inquiry; /* for each item, with opts->refs; or NULL */
	struct task **task;
	size_t n;
	char *(*header)[2]; /* of each Galaxy server, or NULL */
	size_t looked; /* items of the plan whose dependencies are in it */
	size_t brought; /* items that only roles ask for */
	bool warned; /* of what cannot be read of roles in place */
	bool gap_told;
	struct faults conflicts; /* between dependencies */
	struct host **host; /* sorted by origin */
	size_t hosts;
	bool settled; /* a task was, since the queue last looked */
	size_t twins; /* tasks that wait for another of the same source */
	struct commit batch[BATCH];
	struct walked walked[BATCH];
	size_t batch_n;
	uint64_t batch_since; /* ms */
	struct look *look; /* roles whose signature is looked at, in turn */
	size_t looks;
	bool begun; /* the ui knows how many roles there are */
	size_t failed; /* roles, and workers that ended badly */
};

#endif
