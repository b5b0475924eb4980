#include "kelpie/install.h"

#include <stdlib.h>

#include "install_priv.h"
#include "kelpie/cache.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/gitconfig.h"
#include "kelpie/sandbox.h"
#include "kelpie/spec.h"
#include "kelpie/ssh.h"
#include "kelpie/ui.h"

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

	if (run_prepare(run, err) == -1)
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
