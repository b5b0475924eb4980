#include "kelpie/install.h"

#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/gitconfig.h"
#include "kelpie/range.h"
#include "kelpie/sandbox.h"
#include "kelpie/spec.h"
#include "kelpie/ssh.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

struct outcome_of
outcome_for(const struct item *it, enum outcome outcome)
{
	return (struct outcome_of){.outcome = outcome,
	    .name = it->spec->name,
	    .version = it->spec->version,
	    .order = it->order,
	    .again = it->spec->again,
	    .src = it->spec->src,
	    .git = it->spec->git,
	    .galaxy = spec_is_name(it->spec)};
}

void
run_failed(struct run *run, const struct item *it, const struct error *why)
{
	struct outcome_of o = outcome_for(it, OUT_FAILED);
	char *src = url_redact(it->spec->src);
	struct error err = *why;

	o.err = &err;
	/* A long one would leave no room for the reason. */
	if (it->action != ACT_REFUSE)
		(void)error_wrap(&err, "%.200s%s", src,
		    strlen(src) > 200 ? "..." : "");
	ui_role(&o);
	run->failed++;
	if (run->opts->refs != NULL)
		refs_failed(run, it, &err);
	free(src);
}

void
tell_settled(struct run *run, const struct item *it)
{
	struct outcome_of o = outcome_for(it, OUT_KEPT);

	if (o.version == NULL || range_is(o.version))
		o.version = it->installed;
	if (it->action == ACT_KEEP)
		ui_role(&o);
	else if (it->action == ACT_REFUSE)
		run_failed(run, it, &it->err);
}

/* What the plan leaves as it is. */
static void
tell_kept(struct run *run)
{
	for (size_t i = 0; i < run->plan.n; i++)
		tell_settled(run, run->plan.v[i]);
}

/* The first of two wishes has come true, and the other cannot. */
static void
tell_conflicts(struct run *run)
{
	for (size_t i = 0; i < run->conflicts.n; i++)
		ui_error(&run->conflicts.v[i]);
	run->failed += run->conflicts.n;
}

bool
may_replace(struct run *run, struct item *it, bool *keep_old)
{
	int edited;

	*keep_old = false;
	if (it->action != ACT_UPDATE || run->opts->force ||
	    run->opts->over_edits)
		return true;
	edited = store_edited(&run->store, it->spec->name, it->info);
	*keep_old = edited == -1;
	if (edited != 1)
		return true;
	it->action = ACT_REFUSE;
	(void)error_set(&it->err, ERR_REFUSED,
	    "edited by hand since it was installed, so version %s stays; -f "
	    "replaces it",
	    it->installed != NULL ? it->installed : "''");
	return false;
}

/* Say what would be done.  Returns how many roles would be refused. */
static size_t
tell_plan(struct run *run)
{
	static const char *const word[] = {
	    [ACT_KEEP] = "keep",
	    [ACT_INSTALL] = "install",
	    [ACT_UPDATE] = "update",
	    [ACT_REFUSE] = "refuse",
	};
	size_t i, refused = 0;
	bool keep_old;

	for (i = 0; i < run->plan.n; i++) {
		struct item *it = run->plan.v[i];
		const char *version = it->spec->version;

		if (!it->asked_again)
			(void)may_replace(run, it, &keep_old);
		refused += it->action == ACT_REFUSE;
		ui_info("%s %s %s%s%s", word[it->action], it->spec->name,
		    version != NULL ? version : "the default branch",
		    it->action == ACT_REFUSE ? ": " : "", it->err.msg);
	}
	return refused;
}

static void
tell_wait(void *ctx, long holder)
{
	const struct run *run = ctx;

	ui_waiting(run->store.path, holder);
}

/* How specs are planned, and dependencies. */
static void
plan_how(struct run *run)
{
	const struct install_opts *o = run->opts;
	const struct lockfile *lock = o->refs == NULL ? o->lock : NULL;
	const struct plan_opts common = {.lock = lock,
	    .check_refs = o->check_refs,
	    .moved_tags = o->take_moved,
	    .known = o->became != NULL};

	run->how = run->needs_how = common;
	run->how.force = o->force;
	run->how.refresh = o->refresh;
	run->how.copy = o->kennel;
	/* An update is about all that the lock file has. */
	if (o->refresh && o->became != NULL)
		run->needs_how.refresh = run->needs_how.archives =
		    run->how.archives = true;
	run->needs_how.force = o->force_deps;
}

static int
plan(struct run *run, const struct specs *specs, struct error *err)
{
	faults_free(&run->conflicts);
	run->looked = run->brought = 0;
	if (plan_make(&run->plan, specs, &run->store, &run->how, err) == -1)
		return -1;
	return lock_bring(run, err);
}

/*
 * Take the lock and plan again: while we waited for it, somebody else may
 * have done the work.
 */
static int
lock_and_plan(struct run *run, const struct specs *specs, struct error *err)
{
	const struct store_wait wait = {.seconds = run->opts->lock_wait,
	    .tell = tell_wait,
	    .ctx = run,
	    .mask = &run->mask};

	plan_free(&run->plan);
	if (run->store.lockfd == -1 &&
	    store_lock(&run->store, &wait, err) == -1)
		return -1;
	if (store_is_exposed(&run->store))
		ui_warn(
		    "everybody may write to '%s' and replace the roles that "
		    "root puts there: chmod o-w, or +t",
		    run->store.path);
	if (plan(run, specs, err) == -1)
		return -1;
	return needs_of_kept(run, err);
}

/* Without one the run goes on, unless there is nothing else. */
static int
open_cache(struct run *run, struct error *err)
{
	struct error why;

	if (run->opts->no_cache || run->opts->from != NULL)
		return 0;
	run->cache = cache_open(true, &why);
	if (run->cache != NULL)
		return 0;
	if (!run->opts->offline) {
		if (why.kind == ERR_REFUSED)
			ui_warn("the cache is not used: %s", why.msg);
		else
			ui_note("no cache: %s", why.msg);
		return 0;
	}
	*err = why;
	return error_wrap(err, "--offline needs the cache");
}

/* Where it is when the mirror has it not. */
static const char *
home_of(const struct task *t)
{
	return t->home != NULL ? t->home : t->url;
}

static bool
asks(const struct task *t)
{
	return !t->complete && t->kind != JOB_LOOKUP && t->kind != JOB_LINK &&
	    strncmp(home_of(t), "http", 4) == 0;
}

/* Ask for the hosts of the roles that are to be fetched. */
static int
ask(struct run *run, struct error *err)
{
	size_t i;
	int rc = 0;

	if (!run->opts->ask || run->opts->offline)
		return 0;
	/* Who is asked may press Ctrl-C. */
	pool_let_go(&run->mask);
	for (i = 0; rc == 0 && i < run->n; i++)
		if (asks(run->task[i]))
			rc = credentials_ask(run->credentials,
			    home_of(run->task[i]), err);
	pool_hold(&run->mask);
	return rc;
}

static int
prepare(struct run *run, struct error *err)
{
	unsigned one = 1;

	if (fit_descriptors(run, &one, err) == -1)
		return -1;
	run->config = run->opts->config;
	if (run->config == NULL)
		run->config = run->own_config = install_config(err);
	if (run->config == NULL)
		return -1;
	run->credentials = credentials_new(run->config);
	if (open_cache(run, err) == -1 || mirror_begin(run, err) == -1)
		return -1;
	queue_make(run);
	return ask(run, err);
}

static int
work(struct run *run, struct pool_end *end, struct error *err)
{
	run->begun = true;
	ui_begin(run->n, run->plan.n - run->n);
	tell_kept(run);
	if (run->n == 0)
		return 0;
	links_make(run);
	/* install_config() has prepared it. */
	run->module = fetch_load(err);
	if (run->module == NULL)
		return -1;
	if (ui_is_verbose())
		ui_note("workers are confined by: %s", sandbox_level());
	if (run_jobs(run, end, err) == -1)
		return -1;
	ui_note("%u workers, at most %u at once, %.2f s of processor, the "
		"largest %.1f MB",
	    end->stats.workers, end->stats.most,
	    end->stats.user_s + end->stats.sys_s,
	    (double)end->stats.maxrss_kb / 1024);
	return 0;
}

static void
run_free(struct run *run)
{
	ssh_free(run->ssh);
	cache_close(run->cache);
	mirror_end(run);
	queue_free(run);
	lookup_free(run);
	faults_free(&run->conflicts);
	credentials_free(run->credentials);
	gitconfig_free(run->own_config);
	refs_free(run);
	plan_free(&run->plan);
}

/*
 * Roles that nobody came to, because of a signal or a pool that broke.
 * Returns how many.
 */
static size_t
tell_cancelled(struct run *run)
{
	size_t i, n = 0;

	for (i = 0; i < run->n; i++) {
		const struct outcome_of o =
		    outcome_for(run->task[i]->item, OUT_CANCELLED);

		if (run->task[i]->progress == FINISHED)
			continue;
		ui_role(&o);
		n++;
	}
	return n;
}

static int
nothing_to_do(struct run *run)
{
	run->begun = true;
	ui_begin(0, run->plan.n);
	tell_kept(run);
	return run->failed > 0 ? 1 : 0;
}

static int
something_to_do(struct run *run, struct error *err)
{
	struct pool_end end = {0};
	int rc;

	if (prepare(run, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	rc = work(run, &end, err);
	if (tell_cancelled(run) > 0 || run->failed > 0)
		rc = -1;
	if (end.signo != 0)
		return 128 + end.signo;
	return rc == -1 ? 1 : 0;
}

/* Let go of the store, then sum up: a state that is not saved counts too. */
static int
conclude(struct run *run, int status, struct error *err)
{
	struct error late = {0};

	tell_conflicts(run);
	if (run->failed > 0 && status == 0)
		status = 1;
	if (status == 0 && run->opts->became != NULL)
		status = lock_fill(run, err) == -1 ? 1 : 0;
	if (store_close(&run->store, &late) == -1) {
		if (err->kind == ERR_NONE)
			*err = late;
		status = status == 0 ? 1 : status;
	}
	if (run->begun)
		ui_summary();
	return status;
}

/* No signal leaves this in the middle; see pool_hold(). */
static int
run_locked(struct run *run, const struct specs *specs, struct error *err)
{
	struct error ignored;
	int status;

	pool_hold(&run->mask);
	if (lock_and_plan(run, specs, err) == -1)
		status = err->kind == ERR_USAGE ? 2 : 1;
	else
		status = conclude(run, something_to_do(run, err), err);
	(void)store_close(&run->store, &ignored);
	pool_let_go(&run->mask);
	return status;
}

/* Nothing is installed; the roles directory is not even locked. */
static int
ask_all(struct run *run, struct error *err)
{
	struct error ignored;
	int status = 1;

	if (needs_of_kept(run, err) == -1)
		return 1;
	pool_hold(&run->mask);
	if (refs_begin(run, err) == 0)
		status = conclude(run, something_to_do(run, err), err);
	if (status <= 1 && err->kind == ERR_NONE)
		refs_tell(run);
	(void)store_close(&run->store, &ignored);
	pool_let_go(&run->mask);
	return status;
}

int
install_run(const struct install_opts *opts, const struct specs *specs,
    struct error *err)
{
	struct run run = {.opts = opts, .from = -1, .into = -1};
	struct error ignored;
	int status = 1;

	if (store_open(&run.store, opts->path, err) == -1)
		return 1;
	run.store.no_sync = opts->no_sync;
	plan_how(&run);
	/*
	 * What a crash left may be half of a role.  Sweep it first, unless
	 * another run is at work just now.
	 */
	if (!opts->dry_run && opts->refs == NULL &&
	    store_has_litter(&run.store))
		(void)store_trylock(&run.store);
	if (plan(&run, specs, err) == -1)
		goto out;
	if (opts->refs != NULL) {
		status = ask_all(&run, err);
		goto out;
	}
	/* What is to do is planned again under the lock, with all of it. */
	if ((opts->dry_run || plan_todo(&run.plan) == 0) &&
	    needs_of_kept(&run, err) == -1)
		goto out;
	if (opts->dry_run) {
		run.failed += tell_plan(&run);
		tell_conflicts(&run);
		status = run.failed > 0 ? 1 : 0;
		goto out;
	}
	if (plan_todo(&run.plan) == 0)
		status = conclude(&run, nothing_to_do(&run), err);
	else
		status = run_locked(&run, specs, err);
out:
	(void)store_close(&run.store, &ignored);
	run_free(&run);
	return status;
}
