/*
 * What the pool asks the parent, and what it hears.
 */
#include <sys/resource.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/clock.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/ssh.h"
#include "kelpie/ui.h"

#define NEEDS_MAX (256u << 10) /* bytes; what follows is no dependency */
#define DESCRIPTORS 24 /* what the parent needs besides its workers' */

static enum pool_next
next(void *ctx, const char *origin, struct pool_job *out)
{
	return queue_next(ctx, origin, out);
}

static void
forget_fact(char **what)
{
	free(*what);
	*what = NULL;
}

static void
started(void *ctx, uint32_t id)
{
	struct run *run = ctx;
	struct task *t = run->task[id];

	t->started = clock_ms();
	t->kept_pack = t->unauthorized = t->unknown = t->meta_empty = false;
	t->retry_after = 0;
	t->sha256[0] = t->since[0] = '\0';
	buf_clear(&t->needs);
	forget_fact(&t->moved);
	/* What was looked at was another fetch's. */
	forget_fact(&t->signers);
	if (t->kind == JOB_LOOKUP)
		forget_fact(&t->found);
	ui_start(id, t->item->spec->name);
}

/* More than a number can hold is as long as one can. */
static unsigned
seconds(const char *text)
{
	const char *why;
	long long n = strtonum(text, 0, UINT32_MAX, &why);

	return why != NULL ? UINT32_MAX : (unsigned)n;
}

static void
set(char **to, const char *text)
{
	free(*to);
	*to = xstrdup(text);
}

/* That from the cache was of no use. */
static void
learn_of_pack(struct task *t, const char *why)
{
	t->damaged = true;
	t->lacking = strcmp(why, "lacking") == 0;
}

static void
learn(struct task *t, const char *key, const char *text)
{
	if (strcmp(key, "commit") == 0)
		(void)strlcpy(t->commit, text, sizeof(t->commit));
	else if (strcmp(key, "tag") == 0)
		(void)strlcpy(t->tag, text, sizeof(t->tag));
	else if (strcmp(key, "ref") == 0)
		(void)strlcpy(t->ref, text, sizeof(t->ref));
	else if (strcmp(key, "auth") == 0)
		t->unauthorized = strcasestr(text, "basic") != NULL;
	else if (strcmp(key, "since") == 0)
		(void)strlcpy(t->since, text, sizeof(t->since));
	else if (strcmp(key, "retry-after") == 0)
		t->retry_after = seconds(text);
	else if (strcmp(key, "pack") == 0)
		t->kept_pack = true;
	else if (strcmp(key, "sha256") == 0)
		(void)strlcpy(t->sha256, text, sizeof(t->sha256));
	else if (strcmp(key, "dependency") == 0)
		buf_printf(&t->needs, "%s\n",
		    t->needs.len < NEEDS_MAX ? text : "");
	else if (strcmp(key, "unknown") == 0)
		t->unknown = true;
	else if (strcmp(key, "meta") == 0)
		t->meta_empty = true;
	else if (strcmp(key, "found") == 0 && t->kind == JOB_LOOKUP)
		set(&t->found, text);
	else if (strcmp(key, "cache") == 0)
		learn_of_pack(t, text);
	else if (strcmp(key, "moved") == 0)
		set(&t->moved, text);
}

static void
event(void *ctx, uint32_t id, const struct msg *m)
{
	struct run *run = ctx;
	struct task *t = run->task[id];

	if (m->type == MSG_PROGRESS)
		ui_progress(id, m->phase, m->done, m->total);
	else if (m->type == MSG_NOTE)
		ui_note("%s: %s", t->item->spec->name, m->text);
	else if (m->type == MSG_FACT)
		learn(t, m->key, m->text);
	if (m->type == MSG_FACT && run->opts->refs != NULL)
		refs_learn(run, t, m->key, m->text);
}

static void
learn_of_host(struct run *run, const struct task *t)
{
	t->host->good = true;
	if (t->sent != 0)
		credentials_worked(run->credentials, t->url);
}

/* A worker did what it was told.  -1: that is not good enough. */
static int
succeeded(struct run *run, struct task *t, unsigned worker, struct error *err)
{
	bool ask = run->opts->refs != NULL;

	if (t->kind != JOB_LOOKUP && !ask)
		return finish_role(run, t, worker, err);
	store_discard(&run->store, worker, t->id);
	if (t->kind != JOB_LOOKUP)
		return refs_finish(run, t, err);
	if (lookup_apply(run, t, t->found, err) == -1)
		return -1;
	if (ask && refs_suffice(t))
		return refs_finish(run, t, err);
	queue_put_back(run, t);
	return 0;
}

void
job_failed(struct run *run, struct task *t, unsigned worker, struct error *err)
{
	store_discard(&run->store, worker, t->id);
	if (t->progress != FINISHED || try_again(run, t, err))
		return;
	lock_explain(run, t, err);
	run_failed(run, t->item, err);
}

static void
done(void *ctx, uint32_t id, unsigned worker, const struct error *result)
{
	struct run *run = ctx;
	struct task *t = run->task[id];
	struct error err = *result;

	ui_stop(id);
	t->host->running--;
	run->settled = true;
	t->progress = err.kind == ERR_CANCELLED ? TAKEN : FINISHED;
	if (t->damaged && !t->lacking && run->cache != NULL)
		cache_drop_pack(run->cache, t->source, t->have);
	if (err.kind == ERR_NONE)
		learn_of_host(run, t);
	if (t->progress == FINISHED && t->wish != NULL) {
		store_discard(&run->store, worker, id);
		needs_wish(run, t);
		return;
	}
	if (err.kind == ERR_NONE && succeeded(run, t, worker, &err) == 0)
		return;
	job_failed(run, t, worker, &err);
}

static void
stray(void *ctx, const struct error *err)
{
	struct run *run = ctx;

	ui_error(err);
	run->failed++;
}

static void
tick(void *ctx)
{
	struct run *run = ctx;

	credentials_tick(run->credentials);
	signed_tick(run);
	if (run->ssh != NULL)
		ssh_tick(run->ssh);
	if (run->batch_n > 0 && clock_ms() - run->batch_since >= BATCH_MS)
		finish_flush(run);
	ui_tick();
}

static void
pause_screen(void *ctx)
{
	(void)ctx;
	ui_hide();
}

/*
 * A worker costs the parent a descriptor, and the walk over a stage one for
 * each directory below another: what is left decides how many workers.
 * Where there are few, no more than half are kept for the deepest role.
 */
int
fit_descriptors(const struct run *run, unsigned *jobs, struct error *err)
{
	rlim_t reserve = 16 + run->opts->limits.depth;
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return error_errno(err, "descriptor limit");
	if (rl.rlim_cur <= reserve + *jobs && rl.rlim_cur < rl.rlim_max) {
		rl.rlim_cur = rl.rlim_max < 4096 ? rl.rlim_max : 4096;
		(void)setrlimit(RLIMIT_NOFILE, &rl);
	}
	if (reserve > rl.rlim_cur / 2)
		reserve = rl.rlim_cur / 2 > DESCRIPTORS ? rl.rlim_cur / 2 :
							  DESCRIPTORS;
	if (rl.rlim_cur <= reserve)
		return error_set(err, ERR_LOCAL,
		    "only %llu descriptors may be open (ulimit -n); kelpie "
		    "needs %llu",
		    (unsigned long long)rl.rlim_cur,
		    (unsigned long long)reserve + 1);
	if (*jobs > rl.rlim_cur - reserve)
		*jobs = (unsigned)(rl.rlim_cur - reserve);
	return 0;
}

int
run_jobs(struct run *run, struct pool_end *end, struct error *err)
{
	static const struct pool_calls calls = {.next = next,
	    .started = started,
	    .event = event,
	    .done = done,
	    .stray = stray,
	    .tick = tick,
	    .pause = pause_screen,
	    .worker = {.enter = worker_enter, .run = worker_fetch}};
	/* A worker has a timer too, and better words when that one fires. */
	struct pool_opts opts = {.max = hosts_width(run),
	    .quiet = run->opts->timeout + 2,
	    .isolate = run->opts->isolate};
	int rc;

	if (fit_descriptors(run, &opts.max, err) == -1)
		return -1;
	rc = pool_run(&opts, &calls, run, end, err);
	signed_free(run);
	finish_flush(run);
	return rc;
}
