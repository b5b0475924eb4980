/*
 * install_priv.h - one run of the engine, shared by its parts.
 *
 * install.c plans, install_prepare.c makes ready, install_tell.c reports;
 * install_hosts.c knows whom we talk to and how; install_tasks.c keeps the
 * tasks, install_twins.c those of one source, install_queue.c says which is
 * next; install_jobs.c answers the pool, install_worker.c is what its workers
 * do; install_finish.c hands finished roles to the store, install_record.c
 * says what they are, install_link.c makes links; install_again.c decides what
 * becomes of a job that failed; install_lookup.c asks Galaxy servers;
 * install_lock.c obeys a lock file, install_lock_fill.c makes the next;
 * install_mirror.c takes packs from elsewhere and gives them; install_signed.c
 * has signatures looked at; install_needs.c brings what roles depend on,
 * install_needs_kept.c of those that stay; install_wish.c joins two wishes;
 * install_refs.c only asks what there is.
 */
#ifndef KELPIE_INSTALL_PRIV_H
#define KELPIE_INSTALL_PRIV_H

#include "install_run.h"

/* ---- install_hosts.c ---- */

/* The host of a task's URL, or the cache if all is there; made if new. */
struct host *host_of(struct run *, const struct task *);
struct host *host_find(const struct run *, const char *origin);
/* As many workers as there may be work for, at most opts->jobs. */
unsigned hosts_width(const struct run *);
void hosts_free(struct run *);

/* ---- install_tasks.c ---- */

void task_drop_secret(struct task *);

/* Make a task of every item that is to be fetched, the longest first. */
void queue_make(struct run *);
/* A task for an item of now; NULL if it is refused. */
struct task *queue_add(struct run *, struct item *);
/* A LOOKUP knows more; insteadOf has been applied to the url. */
void task_set_source(struct task *, enum job_kind, const char *url,
    const char *version);
/* Begin, or begin again: the item's spec is another. */
void task_begin(struct run *, struct task *);
/* Put it at the end of its host's queue. */
void queue_put(struct run *, struct task *);
/* Put a task back, as the first: it is to be tried again, or elsewhere. */
void queue_put_back(struct run *, struct task *);
/* Take the task that *at points to out of its host's queue. */
void queue_unlink(struct host *, struct task **at);
/* The same for a task that waits somewhere in the queue of its host. */
void queue_remove(struct task *);
void queue_free(struct run *);

/* ---- install_twins.c ---- */

/* From a server, the same source at the same version is fetched once: find
 * who waits for whom, among all tasks or for one that has come later. */
void twins_find(struct run *);
void twins_join(struct run *, struct task *);
/* The task becomes another: nobody waits for it any more. */
void twins_leave(struct run *, struct task *);
/* Those that waited for a task that is settled. */
void twins_follow(struct run *);

/* ---- install_queue.c ---- */

/* What the pool asks for. */
enum pool_next queue_next(struct run *, const char *origin, struct pool_job *);

/* ---- install_jobs.c ---- */

/*
 * As many workers as there are descriptors for; ERR_LOCAL if there are not
 * enough for one.
 */
int fit_descriptors(const struct run *, unsigned *jobs, struct error *);

/* Fetch and put into place what the plan says. */
int run_jobs(struct run *, struct pool_end *, struct error *);

/* A task that a worker had is settled, and came to nothing. */
void job_failed(struct run *, struct task *, unsigned worker, struct error *);

/* ---- install_worker.c ---- */

/* WORKER: forget what is not for it, and enter the module; ctx is the run. */
int worker_enter(struct worker *, void *ctx, struct error *);
/* WORKER: do one job. */
int worker_fetch(struct worker *, void *ctx, const struct job *,
    struct error *);

/* ---- install_signed.c ---- */

/* The role has come: before it counts, its signature is looked at. */
int signed_begin(struct run *, struct task *, unsigned worker, struct error *);
/* Go on with those of which something is known now. */
void signed_tick(struct run *);
/* Forget the others. */
void signed_free(struct run *);

/* ---- install_finish.c ---- */

/*
 * A worker says that it has the role: check it, remember its pack, and put
 * it into place with the next few.  -1: it is not what it should be.
 */
int finish_role(struct run *, struct task *, unsigned worker, struct error *);
/* The worker's word for the commit must be a commit, and the one asked for. */
int finish_commit(const struct task *, struct error *);
/* The next place in the batch, with its record, and that it is taken. */
struct commit *finish_begin(struct run *, const struct task *, unsigned worker);
void finish_end(struct run *);
/* Put into place what is ready. */
void finish_flush(struct run *);

/* ---- install_record.c ---- */

/*
 * The version that the requirements file has, or will have when this is
 * over.  A Galaxy server takes it with or without the "v".
 */
const char *record_asked(const struct task *);
/* The record of a task that is done, but for its digest; the caller's. */
struct record record_of(const struct task *);

/* ---- install_again.c ---- */

/*
 * A job has failed with *err.  True: the task is back in the queue.  False:
 * it has failed for good; *err may say more.
 */
bool try_again(struct run *, struct task *, struct error *);
/* The same for what may pass: once more, after a while. */
bool wait_and_retry(struct run *, struct task *, struct error *);

/* ---- install_mirror.c ---- */

/* Open the directories of opts. */
int mirror_begin(struct run *, struct error *);
void mirror_end(struct run *);
/* The pack of t->have: from the cache, or from opts->from.  -1: it has none. */
int task_pack(const struct run *, const struct task *);
/* Nothing but opts->from may be asked, and that has it not.  -1. */
int mirror_lacks(const struct run *, const struct task *, struct error *);
/* Put what the role came from into opts->into. */
int mirror_deliver(const struct run *, const struct task *, unsigned worker,
    struct error *);
/* Is the mirror to be asked, or is it the task's own URL's turn? */
void mirror_route(struct run *, struct task *);
/* The task becomes another. */
void mirror_forget(struct task *);
/* What the mirror should have for the task: what it is known by. */
const char *mirror_id(const struct task *);
/* A job there has failed: the task goes on where it is at home. */
void mirror_leave(struct run *, struct task *, const struct error *);

/* ---- install_lookup.c ---- */

/* The first server is to be asked. */
void lookup_begin(struct run *, struct task *);
/* What the worker of that host needs to ask. */
void lookup_settings(struct run *, const struct task *, struct settings *);
/* The task becomes what the name stands for. */
int lookup_apply(struct run *, struct task *, const char *found,
    struct error *);
/* As try_again(): the next server may know more. */
bool lookup_again(struct run *, struct task *, struct error *);
/* In a worker: wipe the tokens of other servers. */
void lookup_forget(struct run *, const struct host *);
void lookup_free(struct run *);

/* ---- install_lock.c ---- */

/* Roles that those of the plan need, as the lock file says: all at once. */
int lock_bring(struct run *, struct error *);
/* With --locked nothing comes that it does not have. */
int lock_allows(const struct run *, const struct spec *wish, struct error *);
/* The task is for what the lock file says; false if that says nothing. */
bool lock_begin(struct run *, struct task *);
/* A tag is where it was; the tree is the one that was locked. */
int lock_check_ref(const struct run *, const struct task *, struct error *);
int lock_check_tree(const struct task *, const char *digest, struct error *);
/* It has failed: is the commit gone? */
void lock_explain(const struct run *, const struct task *, struct error *);

/* ---- install_lock_fill.c ---- */

/* The commit that it was before, if somebody wants to know, or "". */
const char *lock_since(const struct run *, const struct task *);
/* All is in place: what it became. */
int lock_fill(struct run *, struct error *);

/* ---- install_refs.c ---- */

/* The plan is made: ask about its items, from another directory. */
int refs_begin(struct run *, struct error *);
void refs_learn(struct run *, const struct task *, const char *key,
    const char *text);
/* A Galaxy name has led so far: is that enough? */
bool refs_suffice(const struct task *);
/* A source has answered.  -1: not as it should. */
int refs_finish(struct run *, struct task *, struct error *);
/* One question for both: the tags of one are asked about for the other. */
void refs_join(struct run *, const struct task *, struct task *same);
/* The same source was asked for another. */
void refs_follow(struct run *, struct task *, const struct task *same);
void refs_failed(struct run *, const struct item *, const struct error *);
/* The end: tell what came of it. */
void refs_tell(struct run *);
void refs_free(struct run *);

/* ---- install_needs.c ---- */

/* A role, and what it depends on. */
struct needing {
	struct run *run;
	size_t order; /* of the role */
	const char *name;
};

/*
 * Add to the plan what it depends on, a spec_pack() line each.  What cannot
 * be read is a failure of its own.
 */
void needs_take(const struct needing *, const char *lines, size_t len);
void needs_failed(struct run *, const struct error *);
/* Are the dependencies that the worker told what they can be? */
int needs_check(const struct task *, struct error *);
/* Add those of a role that has come, and of what that finds in place. */
void needs_of_new(struct run *, struct task *);

/* ---- install_needs_kept.c ---- */

/* Add what roles that stay in place depend on to the plan. */
int needs_of_kept(struct run *, struct error *);
/* Add those of links that were made just now: n orders of the plan. */
void needs_of_links(struct run *, const size_t *item, size_t n);

/* Was it asked for by a pupfile, so that more of its files count? */
bool needs_is_pup(const struct run *, const struct item *);

/* ---- install_wish.c ---- */

/* Is it content with the version that another spec asks for? */
bool wish_allows(const struct spec *wish, const struct spec *had);
/* Its version, for a message. */
const char *wish_version(const struct spec *);
/* Does it come from there? */
bool wish_is_source(const struct spec *wish, const struct spec *had);
/*
 * One more role asks for a dependency: the item becomes what all of them
 * want, the stricter version, commit and checksum, or a conflict is noted.
 * The wish may be taken over.
 */
void needs_join(struct run *, struct item *, struct spec *wish);
/*
 * Such a wish came in while a worker was at it.  Whatever came of that is not
 * what is wanted: the task begins again.
 */
void needs_wish(struct run *, struct task *);

/* ---- install_needs_read.c ---- */

/*
 * Have a child read the meta files of these items of the plan.  Adds "#N" to
 * the buffer for each, and lines behind it: '+' and a packed spec, or '!' and
 * a fault.  Blocks.
 */
int needs_read(const struct run *, const size_t *item, size_t n, struct buf *,
    struct error *);

/* ---- install_link.c ---- */

/* Roles that are to be symbolic links: no worker is needed. */
void links_make(struct run *);

/* ---- install_prepare.c ---- */

/* Make ready what there is to do; asks on the terminal, if that is wanted. */
int run_prepare(struct run *, struct error *);

/* ---- install_tell.c ---- */

/* What the ui is told of an item: all that its spec says. */
struct outcome_of outcome_for(const struct item *, enum outcome);

/* Tell of a role that failed or was refused, and count it. */
void run_failed(struct run *, const struct item *, const struct error *);

/* Tell of an item that stays as it is, or is refused. */
void tell_settled(struct run *, const struct item *);
/* The same for all that the plan leaves as they are. */
void tell_kept(struct run *);
void tell_conflicts(struct run *);
/* Say what would be done.  Returns how many roles would be refused. */
size_t tell_plan(struct run *);
/*
 * Roles that nobody came to, because of a signal or a pool that broke.
 * Returns how many.
 */
size_t tell_cancelled(struct run *);

/* ---- install.c ---- */

/*
 * A role that somebody edited is not replaced: false, and the item is
 * refused.  Reads every file of the role.
 */
bool may_replace(struct run *, struct item *, bool *keep_old);

#endif
