#include <sys/resource.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>
#include <bsd/unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

#define DESCRIPTORS 24 /* what the parent needs besides its workers' */
#define NETWORK_JOBS 32 /* waiting on a wire costs no processor */

/*
 * What the pool asks.
 */

/* The first task of this origin that nobody has begun, or NULL. */
static struct task *
find_waiting(struct run *run, const char *origin)
{
	size_t i;

	while (run->first < run->n && run->task[run->first].progress != WAITING)
		run->first++;
	for (i = run->first; i < run->n; i++) {
		struct task *t = &run->task[i];

		if (t->progress == WAITING &&
		    (origin == NULL || strcmp(origin, t->origin) == 0))
			return t;
	}
	return NULL;
}

static enum pool_next
next(void *ctx, const char *origin, struct pool_job *out)
{
	struct run *run = ctx;
	struct task *t = find_waiting(run, origin);
	const struct spec *spec;

	if (t == NULL)
		return POOL_NONE;
	spec = t->item->spec;
	*out = (struct pool_job){.origin = t->origin,
	    .job = {.id = (uint32_t)(t - run->task),
		.url = spec->src,
		.version = spec->version != NULL ? spec->version : "",
		.commit = "",
		.have = "",
		.user = "",
		.password = "",
		JOB_NO_FDS}};
	t->progress = TAKEN;
	return POOL_JOB;
}

static void
started(void *ctx, uint32_t id)
{
	struct run *run = ctx;
	struct task *t = &run->task[id];

	t->started = clock_ms();
	ui_start(id, t->item->spec->name);
}

static void
event(void *ctx, uint32_t id, const struct msg *m)
{
	struct run *run = ctx;
	struct task *t = &run->task[id];

	if (m->type == MSG_PROGRESS)
		ui_progress(id, m->phase, m->done, m->total);
	else if (m->type == MSG_NOTE)
		ui_note("%s: %s", t->item->spec->name, m->text);
	else if (m->type == MSG_FACT && strcmp(m->key, "commit") == 0)
		(void)strlcpy(t->commit, m->text, sizeof(t->commit));
	else if (m->type == MSG_FACT && strcmp(m->key, "ref") == 0)
		(void)strlcpy(t->ref, m->text, sizeof(t->ref));
}

static void
succeeded(struct run *run, const struct commit *c, const struct walked *walked)
{
	const struct task *t = &run->task[c->id];
	struct outcome_of o = {
	    .outcome = c->replace ? OUT_UPDATED : OUT_INSTALLED,
	    .name = c->record.name,
	    .version = c->record.version,
	    .before = t->item->installed,
	    .commit = c->record.commit,
	    .files = walked->files,
	    .bytes = walked->bytes,
	    .took_ms = c->record.took_ms,
	};

	ui_role(&o);
	if (c->keep_old && c->trash[0] != '\0')
		ui_warn("%s: nothing says whether the old role was edited; it "
			"stays in %s/.kelpie/trash/%s until the next run",
		    c->record.name, run->store.path, c->trash);
}

/* Put what is ready into place. */
static void
flush(struct run *run)
{
	size_t i;

	if (run->batch_n == 0)
		return;
	store_commit(&run->store, run->batch, run->batch_n);
	for (i = 0; i < run->batch_n; i++) {
		struct commit *c = &run->batch[i];

		if (c->err.kind == ERR_NONE)
			succeeded(run, c, &run->walked[i]);
		else
			run_failed(run, run->task[c->id].item, &c->err);
		store_discard(&run->store, c->worker, c->id);
		record_free(&c->record);
	}
	run->batch_n = 0;
}

/* The worker's word for the commit must be a commit, and the one asked for. */
static int
check_facts(const struct task *t, struct error *err)
{
	const char *version = t->item->spec->version;

	if (!is_commit_id(t->commit))
		return error_set(err, ERR_CHILD,
		    "the worker did not say which commit it fetched");
	if (version != NULL && is_commit_id(version) &&
	    strcmp(version, t->commit) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "got commit %s instead of %s", t->commit, version);
	return 0;
}

static int
accept(struct run *run, const struct task *t, uint32_t id, unsigned worker,
    struct error *err)
{
	struct commit *c = &run->batch[run->batch_n];
	const struct spec *spec = t->item->spec;

	if (check_facts(t, err) == -1)
		return -1;
	*c = (struct commit){.worker = worker,
	    .id = id,
	    .replace = t->item->action == ACT_UPDATE,
	    .keep_old = t->keep_old,
	    .record = {.name = xstrdup(spec->name),
		.src = url_redact(spec->src),
		.version = xstrdup_null(spec->version),
		.map = spec->map,
		.ref = xstrdup(t->ref),
		.commit = xstrdup(t->commit),
		.when = time(NULL),
		.took_ms = (uint32_t)(clock_ms() - t->started)}};
	if (store_check(&run->store, c, &run->opts->limits,
		&run->walked[run->batch_n], err) == -1) {
		record_free(&c->record);
		return -1;
	}
	if (run->batch_n++ == 0)
		run->batch_since = clock_ms();
	return 0;
}

static void
done(void *ctx, uint32_t id, unsigned worker, const struct error *result)
{
	struct run *run = ctx;
	struct task *t = &run->task[id];
	struct error err = *result;

	ui_stop(id);
	t->progress = err.kind == ERR_CANCELLED ? TAKEN : FINISHED;
	if (err.kind == ERR_NONE && accept(run, t, id, worker, &err) == 0) {
		if (run->batch_n == BATCH)
			flush(run);
		return;
	}
	store_discard(&run->store, worker, id);
	if (t->progress == FINISHED)
		run_failed(run, t->item, &err);
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

	if (run->batch_n > 0 && clock_ms() - run->batch_since >= BATCH_MS)
		flush(run);
	ui_tick();
}

static void
pause_screen(void *ctx)
{
	(void)ctx;
	ui_hide();
}

/*
 * What the workers do.
 */

/*
 * Move the socket to 3 and the stage to 4 and close whatever else came with
 * the fork: the lock above all, which would outlive the parent here.
 */
static int
keep_two(int *sock, int *stage, struct error *err)
{
	int a = fcntl(*sock, F_DUPFD_CLOEXEC, 10);
	int b = fcntl(*stage, F_DUPFD_CLOEXEC, 10);

	if (a == -1 || b == -1 || dup2(a, 3) == -1 || dup2(b, 4) == -1)
		return error_errno(err, "descriptors of the worker");
	closefrom(5);
	*sock = 3;
	*stage = 4;
	return 0;
}

static int
enter(struct worker *w, void *ctx, struct error *err)
{
	const struct run *run = ctx;
	const struct fetch_opts opts = {.limits = run->opts->limits,
	    .settings = {.ca_file = run->opts->ca_file},
	    .timeout = run->opts->timeout};
	int stage = store_stage(&run->store, w->number, err);

	if (stage == -1 || keep_two(&w->fd, &stage, err) == -1)
		return -1;
	return run->module->enter(w, stage, &opts, err);
}

static int
fetch(struct worker *w, void *ctx, const struct job *job, struct error *err)
{
	const struct run *run = ctx;

	return run->module->run(w, job, err);
}

/*
 * As many as there are cores for what lies on this machine: that work is the
 * processor's.  Many more for the network, where workers wait.
 */
static unsigned
how_many(const struct run *run)
{
	unsigned jobs = run->opts->jobs;
	size_t i;

	if (jobs == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);

		jobs = cores > 0 ? (unsigned)cores : 1;
		for (i = 0; i < run->n; i++)
			if (run->task[i].item->kind->network)
				jobs = NETWORK_JOBS;
	}
	return run->n < jobs ? (unsigned)run->n : jobs;
}

/*
 * A worker costs the parent a descriptor, and the walk over a stage one for
 * each directory below another: what is left decides how many workers.
 * Where there are few, no more than half are kept for the deepest role.
 */
static int
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
	    .worker = {.enter = enter, .run = fetch}};
	/* A worker has a timer too, and better words when that one fires. */
	struct pool_opts opts = {.max = how_many(run),
	    .quiet = run->opts->timeout + 2,
	    .isolate = run->opts->isolate};
	int rc;

	if (fit_descriptors(run, &opts.max, err) == -1)
		return -1;
	rc = pool_run(&opts, &calls, run, end, err);
	flush(run);
	return rc;
}
