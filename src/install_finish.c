#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

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
void
finish_flush(struct run *run)
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
accept(struct run *run, const struct task *t, unsigned worker,
    struct error *err)
{
	struct commit *c = &run->batch[run->batch_n];
	const struct spec *spec = t->item->spec;

	if (check_facts(t, err) == -1)
		return -1;
	*c = (struct commit){.worker = worker,
	    .id = (uint32_t)(t - run->task),
	    .replace = t->item->action == ACT_UPDATE,
	    .keep_old = t->keep_old,
	    .record = {.name = xstrdup(spec->name),
		.src = url_redact(spec->src),
		.version = xstrdup_null(spec->version),
		.map = spec->map,
		.ref = xstrdup(t->ref),
		.commit = xstrdup(t->commit),
		.path = xstrdup_null(spec->path),
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

/* What the next run, or another role of this one, need not fetch. */
static void
remember(struct run *run, const struct task *t, unsigned worker)
{
	const char *version = t->item->spec->version;
	struct cached_ref ref;
	int fd;

	if (run->cache == NULL || !t->host->network)
		return;
	if (t->ref[0] != '\0') {
		(void)strlcpy(ref.ref, t->ref, sizeof(ref.ref));
		(void)strlcpy(ref.commit, t->commit, sizeof(ref.commit));
		cache_put_ref(run->cache, t->source,
		    version != NULL ? version : "", &ref);
	}
	if (!t->kept_pack)
		return;
	fd = store_open_pack(&run->store, worker, (uint32_t)(t - run->task));
	if (fd == -1)
		return;
	cache_put_pack(run->cache, t->source, t->commit, fd);
	(void)close(fd);
}

/* Nothing has moved: the role that is there is the one that was fetched. */
static bool
still_there(struct run *run, const struct task *t)
{
	const struct record *r;
	struct outcome_of o = {.outcome = OUT_KEPT,
	    .name = t->item->spec->name,
	    .version = t->item->spec->version};

	if (!t->item->asked_again)
		return false;
	r = state_find(&run->store.state, o.name);
	if (r == NULL || strcmp(r->commit, t->commit) != 0)
		return false;
	ui_role(&o);
	return true;
}

int
finish_role(struct run *run, struct task *t, unsigned worker, struct error *err)
{
	if (still_there(run, t)) {
		remember(run, t, worker);
		store_discard(&run->store, worker, (uint32_t)(t - run->task));
		return 0;
	}
	/* Nobody looked before: it would have stayed if nothing had moved. */
	if (t->item->asked_again && !may_replace(run, t->item, &t->keep_old)) {
		*err = t->item->err;
		return -1;
	}
	if (accept(run, t, worker, err) == -1)
		return -1;
	t->fetched = true;
	remember(run, t, worker);
	if (run->batch_n == BATCH)
		finish_flush(run);
	return 0;
}
