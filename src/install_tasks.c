#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/fetch.h"
#include "kelpie/gitconfig.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ssh.h"
#include "secret.h"

/* Which commit it is, as far as that is known without asking. */
static void
look_for_commit(struct run *run, struct task *t)
{
	struct cached_ref ref;

	if (is_commit_id(t->version))
		(void)strlcpy(t->commit, t->version, sizeof(t->commit));
	if (t->commit[0] != '\0')
		(void)strlcpy(t->have, t->commit, sizeof(t->have));
	else if (run->cache != NULL &&
	    cache_ref(run->cache, t->source, t->version, &ref)) {
		(void)strlcpy(t->have, ref.commit, sizeof(t->have));
		if (run->opts->offline) {
			(void)strlcpy(t->commit, ref.commit, sizeof(t->commit));
			(void)strlcpy(t->ref, ref.ref, sizeof(t->ref));
		}
	}
	t->complete = strcmp(t->have, t->commit) == 0;
}

/* What it will be, and whether the cache has it. */
static void
look_into_cache(struct run *run, struct task *t)
{
	int fd = -1;

	t->have[0] = '\0';
	t->complete = false;
	if (t->kind == JOB_GIT) {
		look_for_commit(run, t);
	} else if (t->kind == JOB_ARCHIVE) {
		(void)strlcpy(t->have, t->archive, sizeof(t->have));
		t->complete = true;
	}
	if (run->cache != NULL && !t->damaged && t->have[0] != '\0')
		fd = cache_pack(run->cache, t->source, t->have);
	if (fd != -1) {
		(void)close(fd);
		return;
	}
	t->have[0] = '\0';
	t->complete = false;
}

/* Find the task's host, which must be ready for it. */
static struct host *
settle_host(struct run *run, struct task *t)
{
	struct host *h;

	look_into_cache(run, t);
	h = host_of(run, t);
	if (h->ssh && run->ssh == NULL)
		run->ssh = ssh_new(
		    &(struct ssh_opts){.command = gitconfig_get(run->config,
					   "core.sshcommand"),
			.variant = gitconfig_get(run->config, "ssh.variant"),
			.timeout = run->opts->timeout});
	t->host = h;
	t->progress = WAITING;
	t->next = NULL;
	h->waiting++;
	h->looked = 0;
	return h;
}

void
queue_put(struct run *run, struct task *t)
{
	struct host *h = settle_host(run, t);

	*h->last = t;
	h->last = &t->next;
}

void
queue_put_back(struct run *run, struct task *t)
{
	struct host *h = settle_host(run, t);

	if (h->first == NULL)
		h->last = &t->next;
	t->next = h->first;
	h->first = t;
}

/* The longest first: what began last must not be what takes longest. */
static int
longer(const void *a, const void *b)
{
	const struct task *x = *(struct task *const *)a;
	const struct task *y = *(struct task *const *)b;

	if (x->expected != y->expected)
		return x->expected < y->expected ? 1 : -1;
	return x->item->order < y->item->order ? -1 : 1;
}

/* What a server would be asked for both. */
static int
compare_sources(const struct task *x, const struct task *y)
{
	int order = strcmp(x->url, y->url);

	if (order == 0)
		order = strcmp(x->version, y->version);
	if (order == 0 && x->kind != y->kind)
		order = x->kind < y->kind ? -1 : 1;
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
	    (t->kind == JOB_LOOKUP || run->cache != NULL);
}

static void
join(struct run *run, struct task *t, struct task *first)
{
	t->same = first->same != NULL ? first->same : first;
	run->twins++;
}

/* From a server, the same repository at the same version is fetched once. */
static void
find_same(struct run *run)
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
task_set_source(struct task *t, enum job_kind kind, const char *url,
    const char *version)
{
	t->kind = kind;
	free(t->url);
	free(t->source);
	free(t->version);
	t->url = xstrdup(url);
	t->source = xstrdup(t->url);
	t->version = xstrdup(version != NULL ? version : "");
	t->commit[0] = t->ref[0] = t->archive[0] = '\0';
	if (t->item->spec->checksum != NULL)
		(void)strlcpy(t->archive, t->item->spec->checksum,
		    sizeof(t->archive));
	t->damaged = false;
}

/* It is to be another thing than those that are the same were. */
static void
leave_twins(struct run *run, struct task *t)
{
	for (size_t i = 0; run->twins > 0 && i < run->n; i++) {
		struct task *other = run->task[i];

		if (other->same == NULL || (other != t && other->same != t))
			continue;
		other->same = NULL;
		run->twins--;
	}
}

void
task_begin(struct run *run, struct task *t)
{
	const struct spec *s = t->item->spec;
	const char *version = s->version != NULL ? s->version : s->commit;
	const struct kind *kind;
	struct error ignored;
	struct spec real = *s;

	leave_twins(run, t);
	free(t->found);
	free(t->moved);
	t->found = t->moved = NULL;
	t->fetched = false;
	t->tries = t->moves = 0;
	kind = fetch_kind(s, &ignored);
	/* insteadOf is git's: an archive lies where its URL says. */
	if (kind != NULL && kind->id == JOB_ARCHIVE) {
		real.src = xstrdup(s->src);
	} else {
		real.src = gitconfig_rewrite(run->config, s->src);
		kind = fetch_kind(&real, &ignored);
	}
	/* The caller has seen that there is one. */
	if (kind != NULL && kind->id == JOB_LOOKUP)
		lookup_begin(run, t);
	else
		task_set_source(t, kind != NULL ? kind->id : JOB_GIT, real.src,
		    version);
	free(real.src);
}

/* A task, which stands in no queue yet. */
static struct task *
add(struct run *run, struct item *it)
{
	const struct record *record;
	struct task *t;
	bool keep_old = false;

	/* If it may well stay, finish_role() asks that. */
	if (!it->asked_again && !may_replace(run, it, &keep_old))
		return NULL;
	t = xcalloc(1, sizeof(*t));
	if ((run->n & (run->n - 1)) == 0)
		run->task = xreallocarray(run->task,
		    run->n != 0 ? 2 * run->n : 1, sizeof(struct task *));
	run->task[run->n] = t;
	t->id = (uint32_t)run->n++;
	t->item = it;
	t->keep_old = keep_old;
	record = state_find(&run->store.state, it->spec->name);
	t->expected = record != NULL ? record->took_ms : 0;
	task_begin(run, t);
	return t;
}

struct task *
queue_add(struct run *run, struct item *it)
{
	struct task *t = add(run, it);
	size_t i;

	if (t == NULL)
		return NULL;
	queue_put(run, t);
	for (i = 0; i < t->id && is_shared(run, t); i++)
		if (run->task[i]->progress != FINISHED &&
		    compare_sources(run->task[i], t) == 0) {
			join(run, t, run->task[i]);
			break;
		}
	return t;
}

void
queue_make(struct run *run)
{
	size_t i;

	for (i = 0; i < run->plan.n; i++) {
		struct item *it = run->plan.v[i];

		if (item_to_do(it))
			(void)add(run, it);
	}
	if (run->n == 0)
		return;
	qsort(run->task, run->n, sizeof(struct task *), longer);
	for (i = 0; i < run->n; i++) {
		run->task[i]->id = (uint32_t)i;
		if (run->task[i]->kind != JOB_LINK)
			queue_put(run, run->task[i]);
		else
			run->task[i]->host = host_of(run, run->task[i]);
	}
	find_same(run);
}

/* Take the task that *at points to out of its host's queue. */
void
queue_unlink(struct host *h, struct task **at)
{
	struct task *t = *at;

	*at = t->next;
	if (h->last == &t->next)
		h->last = at;
	h->waiting--;
	t->next = NULL;
}

/*
 * A task whose twin has been fetched meanwhile has to be looked for in the
 * cache: it may belong to another host now.
 */
void
queue_follow_twins(struct run *run)
{
	struct error ignored;
	size_t i;

	run->settled = false;
	for (i = 0; i < run->n; i++) {
		struct task *t = run->task[i], *same = t->same, **at;

		if (t->progress != WAITING || same == NULL ||
		    same->progress != FINISHED)
			continue;
		for (at = &t->host->first; *at != t; at = &(*at)->next)
			;
		queue_unlink(t->host, at);
		t->same = NULL;
		run->twins--;
		if (t->kind == JOB_LOOKUP && same->found != NULL)
			(void)lookup_apply(run, t, same->found, &ignored);
		if (same->fetched && t->archive[0] == '\0')
			memcpy(t->archive, same->sha256, sizeof(t->archive));
		if (same->fetched && t->commit[0] == '\0') {
			memcpy(t->commit, same->commit, sizeof(t->commit));
			memcpy(t->ref, same->ref, sizeof(t->ref));
		}
		queue_put(run, t);
	}
}

void
task_drop_secret(struct task *t)
{
	secret_free(t->secret, t->secret_size);
	t->secret = NULL;
}

static void
task_free(struct task *t)
{
	free(t->url);
	free(t->source);
	free(t->version);
	free(t->moved);
	free(t->found);
	if (t->wish != NULL)
		spec_free(t->wish);
	free(t->wish);
	buf_free(&t->needs);
	task_drop_secret(t);
	free(t);
}

void
queue_free(struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		task_free(run->task[i]);
	free(run->task);
	hosts_free(run);
}
