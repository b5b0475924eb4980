#include <stdlib.h>
#include <string.h>
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

static void
succeeded(struct run *run, const struct commit *c, const struct walked *walked)
{
	const struct task *t = run->task[c->id];
	struct outcome_of o =
	    outcome_for(t->item, c->replace ? OUT_UPDATED : OUT_INSTALLED);

	o.version = record_got(&c->record);
	o.before = t->item->installed;
	o.commit = c->record.commit;
	o.meta_empty = t->meta_empty && !run->opts->no_deps;
	o.git = t->kind == JOB_GIT;
	o.url = t->led != NULL ? t->source : NULL;
	o.galaxy = t->led != NULL;
	o.files = walked->files;
	o.bytes = walked->bytes;
	o.took_ms = c->record.took_ms;
	ui_role(&o);
	if (c->keep_old && c->trash[0] != '\0')
		ui_warn("%s: nothing says whether the old role was edited; it "
			"stays in %s/.kelpie/trash/%s until the next run",
		    c->record.name, run->store.path, c->trash);
}

static void
warn_gap(struct run *run)
{
	if (run->gap_told)
		return;
	run->gap_told = true;
	ui_warn("'%s' has roles in a lower layer of an overlay, which cannot "
		"be replaced in one step: for a moment each was incomplete",
	    run->store.path);
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

		if (c->gap)
			warn_gap(run);
		if (c->err.kind == ERR_NONE)
			succeeded(run, c, &run->walked[i]);
		else
			run_failed(run, run->task[c->id]->item, &c->err);
		store_discard(&run->store, c->worker, c->id);
		record_free(&c->record);
	}
	run->batch_n = 0;
}

int
finish_commit(const struct task *t, struct error *err)
{
	const char *pinned = t->item->spec->commit;

	if (!is_commit_id(t->commit))
		return error_set(err, ERR_CHILD,
		    "the worker did not say which commit it fetched");
	if (is_commit_id(t->version) && strcmp(t->version, t->commit) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "got commit %s instead of %s", t->commit, t->version);
	if (pinned != NULL && strcmp(pinned, t->commit) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' is commit %s, and the requirements file says it is "
		    "%s",
		    t->version, t->commit, pinned);
	return 0;
}

static int
check_archive(const struct task *t, struct error *err)
{
	const char *wanted = t->item->spec->checksum;

	if (!is_sha256_hex(t->sha256))
		return error_set(err, ERR_CHILD,
		    "the worker did not say what it fetched");
	if (wanted != NULL && strcmp(wanted, t->sha256) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "the archive's sha256 is %s, and the requirements file "
		    "says it is %s",
		    t->sha256, wanted);
	return 0;
}

static int
check_facts(const struct task *t, struct error *err)
{
	if (t->kind == JOB_ARCHIVE)
		return check_archive(t, err);
	return t->kind == JOB_GIT ? finish_commit(t, err) : 0;
}

/* A place in the next batch. */
struct commit *
finish_begin(struct run *run, const struct task *t, unsigned worker)
{
	struct commit *c = &run->batch[run->batch_n];

	*c = (struct commit){.worker = worker,
	    .id = t->id,
	    .replace = t->item->action == ACT_UPDATE,
	    .over_link = t->item->over_link,
	    .bare = needs_is_pup(run, t->item),
	    .keep_old = t->keep_old,
	    .record = record_of(t)};
	return c;
}

void
finish_end(struct run *run)
{
	if (run->batch_n++ == 0)
		run->batch_since = clock_ms();
	if (run->batch_n == BATCH)
		finish_flush(run);
}

static int
accept(struct run *run, const struct task *t, unsigned worker,
    struct error *err)
{
	struct commit *c;

	if (check_facts(t, err) == -1 || lock_check_ref(run, t, err) == -1 ||
	    needs_check(t, err) == -1)
		return -1;
	c = finish_begin(run, t, worker);
	if (store_check(&run->store, c, &run->opts->limits,
		&run->walked[run->batch_n], err) == 0 &&
	    lock_check_tree(t, c->record.digest, err) == 0 &&
	    mirror_deliver(run, t, worker, err) == 0)
		return 0;
	record_free(&c->record);
	return -1;
}

/* What the next run, or another role of this one, need not fetch. */
static void
remember(struct run *run, const struct task *t, unsigned worker)
{
	struct cached_ref ref;
	int fd;

	if (run->cache == NULL || !t->host->network)
		return;
	if (t->ref[0] != '\0' && !is_commit_id(t->version)) {
		(void)strlcpy(ref.ref, t->ref, sizeof(ref.ref));
		(void)strlcpy(ref.commit, t->commit, sizeof(ref.commit));
		(void)strlcpy(ref.tag, is_commit_id(t->tag) ? t->tag : "",
		    sizeof(ref.tag));
		cache_put_ref(run->cache, t->source, t->version, &ref);
	}
	if (!t->kept_pack)
		return;
	fd = store_open_pack(&run->store, worker, t->id);
	if (fd == -1)
		return;
	cache_put_pack(run->cache, t->source,
	    t->kind == JOB_GIT ? t->commit : t->sha256, fd);
	(void)close(fd);
}

/* What it depends on need not be there any more. */
static void
stays(struct run *run, struct task *t)
{
	t->item->action = ACT_KEEP;
	tell_settled(run, t->item);
	needs_of_new(run, t);
}

static bool
is_the_same(const struct record *r, const struct task *t)
{
	if (t->item->spec->moving != NULL &&
	    !text_same(r->version, record_asked(t)))
		return false;
	return t->kind == JOB_ARCHIVE ? text_same(r->archive, t->sha256) :
					strcmp(r->commit, t->commit) == 0;
}

/* Nothing has moved: the role that is there is the one that was fetched. */
static bool
still_there(struct run *run, struct task *t)
{
	const struct record *r;

	if (!t->item->asked_again)
		return false;
	r = state_find(&run->store.state, t->item->spec->name);
	if (r == NULL || !is_the_same(r, t))
		return false;
	stays(run, t);
	return true;
}

/*
 * The same for a directory: the copy is what the role was when it came.  What
 * was accepted is put back then.
 */
static bool
same_copy(struct run *run, struct task *t)
{
	struct commit *c = &run->batch[run->batch_n];
	const struct record *r;

	r = state_find(&run->store.state, t->item->spec->name);
	if (r == NULL || strcmp(r->digest, c->record.digest) != 0)
		return false;
	record_free(&c->record);
	stays(run, t);
	return true;
}

/* A directory that was looked at again: has it changed? */
static int
finish_copy(struct run *run, struct task *t, unsigned worker, struct error *err)
{
	struct commit *c = &run->batch[run->batch_n];

	if (accept(run, t, worker, err) == -1)
		return -1;
	if (same_copy(run, t)) {
		store_discard(&run->store, worker, t->id);
		return 0;
	}
	if (!may_replace(run, t->item, &c->keep_old)) {
		record_free(&c->record);
		*err = t->item->err;
		return -1;
	}
	t->fetched = true;
	finish_end(run);
	needs_of_new(run, t);
	return 0;
}

/* Has somebody looked at its signature?  And is that what was asked for? */
static bool
is_signed(const struct task *t)
{
	return t->item->spec->verify == NULL || t->signers != NULL;
}

int
finish_role(struct run *run, struct task *t, unsigned worker, struct error *err)
{
	if (t->item->asked_again && t->item->spec->dir)
		return finish_copy(run, t, worker, err);
	if (still_there(run, t)) {
		remember(run, t, worker);
		store_discard(&run->store, worker, t->id);
		return 0;
	}
	if (!is_signed(t))
		return check_facts(t, err) == -1 ?
		    -1 :
		    signed_begin(run, t, worker, err);
	/* Nobody looked before: it would have stayed if nothing had moved. */
	if (t->item->asked_again && !may_replace(run, t->item, &t->keep_old)) {
		*err = t->item->err;
		return -1;
	}
	if (accept(run, t, worker, err) == -1)
		return -1;
	t->fetched = true;
	remember(run, t, worker);
	finish_end(run);
	needs_of_new(run, t);
	return 0;
}
