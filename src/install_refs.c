/*
 * What do the sources have?  Every item becomes a task that asks and fetches
 * nothing; the answers are told, and nothing is put into place.
 */
#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/lockfile.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/state.h"
#include "kelpie/url.h"

#define TAGS "refs/tags/"
#define TAGS_MAX 300 /* bytes; there is not much more room in a JOB */

/* ---- before ---- */

static bool
is_named(const struct refs *refs, const char *name)
{
	for (size_t i = 0; i < refs->names_n; i++)
		if (strcmp(refs->names[i], name) == 0)
			return true;
	return refs->names_n == 0;
}

static int
check_names(struct run *run, struct error *err)
{
	const struct refs *refs = run->opts->refs;

	for (size_t i = 0; i < refs->names_n; i++)
		if (plan_find(&run->plan, refs->names[i]) == NULL)
			return error_set(err, ERR_NOTFOUND,
			    "nothing asks for a role '%s'", refs->names[i]);
	return 0;
}

/* Has it versions?  What git's configuration abbreviates is git's. */
static bool
has_versions(const struct spec *s)
{
	enum job_kind kind;
	struct error ignored;

	return !s->dir && !s->link &&
	    (fetch_kind(s, &kind, &ignored) == -1 || kind == JOB_GIT ||
		kind == JOB_LOOKUP);
}

static void
watch(struct inquiry *q, const char *ref)
{
	char *before = q->tags;

	if (ref == NULL || strncmp(ref, TAGS, sizeof(TAGS) - 1) != 0 ||
	    (before != NULL &&
		(strlen(before) > TAGS_MAX || text_among(before, ref))))
		return;
	q->tags =
	    before == NULL ? xstrdup(ref) : xasprintf("%s %s", before, ref);
	free(before);
}

/* The tags that this source had when somebody looked last. */
static void
watch_tags(struct run *run, const struct spec *s, struct inquiry *q)
{
	const struct record *r = state_find(&run->store.state, s->name);
	const struct locked *l = run->opts->lock != NULL ?
	    lockfile_find(run->opts->lock, s->name) :
	    NULL;
	char *src = url_kept(s->src);

	if (r != NULL && strcmp(r->src, src) == 0)
		watch(q, r->ref);
	if (l != NULL && strcmp(l->src, src) == 0)
		watch(q, l->ref);
	free(src);
}

static void
prepare(struct run *run, struct item *it)
{
	struct inquiry *q = &run->inquiry[it->order];

	q->named = is_named(run->opts->refs, it->spec->name);
	q->missing = it->action == ACT_INSTALL;
	q->differs = it->action == ACT_REFUSE ||
	    (it->action == ACT_UPDATE && !it->asked_again);
	watch_tags(run, it->spec, q);
	it->err = (struct error){0};
	it->action = q->named && has_versions(it->spec) ? ACT_UPDATE : ACT_KEEP;
	it->asked_again = true;
}

/* Workers get a stage of their own, and the roles directory is let go. */
static int
move_away(struct run *run, struct error *err)
{
	if (store_close(&run->store, err) == -1 ||
	    store_open(&run->store, run->opts->refs->scratch, err) == -1)
		return -1;
	run->store.no_sync = true;
	return store_lock(&run->store, NULL, err);
}

int
refs_begin(struct run *run, struct error *err)
{
	if (check_names(run, err) == -1)
		return -1;
	run->inquiry = xcalloc(run->plan.n, sizeof(*run->inquiry));
	for (size_t i = 0; i < run->plan.n; i++)
		prepare(run, run->plan.v[i]);
	return move_away(run, err);
}

/* ---- on the way ---- */

/* "name TAB commit"; the commit may be missing. */
static void
take_newest(struct inquiry *q, const char *text)
{
	char *copy = xstrdup(text), *tab = strchr(copy, '\t');
	struct error ignored;

	if (tab != NULL)
		*tab = '\0';
	if (tab == NULL || version_check(copy, &ignored) == -1 ||
	    (tab[1] != '\0' && !is_commit_id(tab + 1))) {
		free(copy);
		return;
	}
	free(q->newest);
	q->newest = copy;
}

void
refs_learn(struct run *run, const struct task *t, const char *key,
    const char *text)
{
	struct inquiry *q = &run->inquiry[t->item->order];

	/* Galaxy's releases are those that count, if it has any. */
	if (strcmp(key, "newest") == 0 && (t->led == NULL || q->newest == NULL))
		take_newest(q, text);
	if (strcmp(key, "tagged") == 0 && q->seen.len < MSG_MAX)
		buf_printf(&q->seen, "%s\n", text);
}

bool
refs_suffice(const struct task *t)
{
	return t->kind != JOB_GIT || t->commit[0] != '\0';
}

static void
tell_asked(const struct task *t)
{
	const struct outcome_of o = outcome_for(t->item, OUT_KEPT);

	ui_role(&o);
}

int
refs_finish(struct run *run, struct task *t, struct error *err)
{
	(void)run;
	if (t->kind == JOB_GIT && t->commit[0] != '\0' &&
	    finish_commit(t, err) == -1)
		return -1;
	t->fetched = true;
	tell_asked(t);
	return 0;
}

void
refs_join(struct run *run, const struct task *t, struct task *same)
{
	struct inquiry *q = &run->inquiry[same->item->order];
	char *words = xstrdup(t->tags), *save = NULL, *word;

	for (word = strtok_r(words, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		watch(q, word);
	if (q->tags != NULL)
		same->tags = q->tags;
	free(words);
}

void
refs_follow(struct run *run, struct task *t, const struct task *same)
{
	const struct inquiry *from = &run->inquiry[same->item->order];
	struct inquiry *to = &run->inquiry[t->item->order];
	struct error err;

	t->progress = FINISHED;
	t->kind = same->kind;
	t->led = xstrdup_null(same->led);
	t->became = xstrdup_null(same->became);
	memcpy(t->ref, same->ref, sizeof(t->ref));
	memcpy(t->commit, same->commit, sizeof(t->commit));
	if (from->newest != NULL) {
		char *text = xasprintf("%s\t%s", from->newest,
		    from->newest + strlen(from->newest) + 1);

		take_newest(to, text);
		free(text);
	}
	if (from->seen.len != 0)
		buf_add(&to->seen, from->seen.data, from->seen.len);
	if (refs_finish(run, t, &err) == -1)
		run_failed(run, t->item, &err);
}

void
refs_failed(struct run *run, const struct item *it, const struct error *err)
{
	run->inquiry[it->order].err = *err;
}

/* ---- at the end ---- */

static const char *
or_null(const char *s)
{
	return s != NULL && *s != '\0' ? s : NULL;
}

/* What a range or a name came to. */
static const char *
version_of(const struct task *t)
{
	const char *asked = t->item->spec->version;

	if (t->became != NULL || asked == NULL || !range_is(asked))
		return t->became;
	return strncmp(t->ref, TAGS, sizeof(TAGS) - 1) == 0 ?
	    t->ref + sizeof(TAGS) - 1 :
	    NULL;
}

static void
tell(const struct run *run, const struct item *it)
{
	const struct inquiry *q = &run->inquiry[it->order];
	const struct task *t = q->task;
	struct answer a = {.spec = it->spec,
	    .needed = it->own != NULL,
	    .missing = q->missing,
	    .differs = q->differs,
	    .asked = t != NULL && t->fetched,
	    .newest = q->newest,
	    .tags = q->seen.len != 0 ? q->seen.data : ""};

	if (q->newest != NULL)
		a.newest_commit = or_null(q->newest + strlen(q->newest) + 1);
	if (a.asked) {
		a.version = version_of(t);
		a.ref = or_null(t->ref);
		a.commit = t->kind == JOB_GIT ? or_null(t->commit) : NULL;
	}
	if (q->err.kind != ERR_NONE)
		a.err = &q->err;
	run->opts->refs->tell(run->opts->refs->ctx, &a);
}

void
refs_tell(struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		run->inquiry[run->task[i]->item->order].task = run->task[i];
	for (size_t i = 0; i < run->plan.n; i++)
		if (run->inquiry[i].named)
			tell(run, run->plan.v[i]);
}

void
refs_free(struct run *run)
{
	for (size_t i = 0; run->inquiry != NULL && i < run->plan.n; i++) {
		free(run->inquiry[i].tags);
		free(run->inquiry[i].newest);
		buf_free(&run->inquiry[i].seen);
	}
	free(run->inquiry);
	run->inquiry = NULL;
}
