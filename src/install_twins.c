/*
 * Tasks of the same source and version: the first is fetched, and the others
 * take what the cache has then.
 */
#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"

/* What a server would be asked for both. */
static int
compare_sources(const struct task *x, const struct task *y)
{
	int order = strcmp(x->url, y->url);

	if (order == 0)
		order = strcmp(x->version, y->version);
	if (order == 0 && x->kind != y->kind)
		order = x->kind < y->kind ? -1 : 1;
	/* What is to be signed brings its tag along. */
	if (order == 0)
		order = (x->item->spec->verify != NULL) -
		    (y->item->spec->verify != NULL);
	if (order == 0 && x->kind == JOB_LOOKUP)
		order = strcmp(x->item->spec->src, y->item->spec->src);
	return order;
}

static int
by_source(const void *a, const void *b)
{
	const struct task *x = *(struct task *const *)a;
	const struct task *y = *(struct task *const *)b;
	int order = compare_sources(x, y);

	if (order == 0)
		order = x->id < y->id ? -1 : x->id > y->id;
	return order;
}

/* Once fetched, the cache has it for the others. */
static bool
is_shared(const struct run *run, const struct task *t)
{
	return t->host->network &&
	    (t->kind == JOB_LOOKUP || run->cache != NULL ||
		run->opts->refs != NULL);
}

static void
join(struct run *run, struct task *t, struct task *first)
{
	t->same = first->same != NULL ? first->same : first;
	run->twins++;
	if (run->opts->refs != NULL)
		refs_join(run, t, t->same);
}

/* From a server, the same repository at the same version is fetched once. */
void
twins_find(struct run *run)
{
	struct task **v = xcalloc(run->n, sizeof(struct task *));
	size_t i;

	memcpy(v, run->task, run->n * sizeof(struct task *));
	qsort(v, run->n, sizeof(struct task *), by_source);
	for (i = 1; i < run->n; i++)
		if (is_shared(run, v[i]) &&
		    compare_sources(v[i - 1], v[i]) == 0)
			join(run, v[i], v[i - 1]);
	free(v);
}

void
twins_join(struct run *run, struct task *t)
{
	size_t i;

	for (i = 0; i < t->id && is_shared(run, t); i++)
		if (run->task[i]->progress != FINISHED &&
		    compare_sources(run->task[i], t) == 0) {
			join(run, t, run->task[i]);
			break;
		}
}

/* It is to be another thing than those that are the same were. */
void
twins_leave(struct run *run, struct task *t)
{
	for (size_t i = 0; run->twins > 0 && i < run->n; i++) {
		struct task *other = run->task[i];

		if (other->same == NULL || (other != t && other->same != t))
			continue;
		other->same = NULL;
		run->twins--;
	}
}

/*
 * A task whose twin has been fetched meanwhile has to be looked for in the
 * cache: it may belong to another host now.
 */
void
twins_follow(struct run *run)
{
	struct error ignored;
	size_t i;

	run->settled = false;
	for (i = 0; i < run->n; i++) {
		struct task *t = run->task[i], *same = t->same;

		if (t->progress != WAITING || same == NULL ||
		    same->progress != FINISHED)
			continue;
		queue_remove(t);
		t->same = NULL;
		run->twins--;
		if (run->opts->refs != NULL && same->fetched) {
			refs_follow(run, t, same);
			continue;
		}
		if (t->kind == JOB_LOOKUP && same->found != NULL)
			(void)lookup_apply(run, t, same->found, &ignored);
		if (same->fetched && t->archive[0] == '\0')
			memcpy(t->archive, same->sha256, sizeof(t->archive));
		if (same->fetched && t->commit[0] == '\0') {
			memcpy(t->commit, same->commit, sizeof(t->commit));
			memcpy(t->ref, same->ref, sizeof(t->ref));
			memcpy(t->tag, same->tag, sizeof(t->tag));
		}
		queue_put(run, t);
	}
}
