#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/gitconfig.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ssh.h"
#include "secret.h"

const char *
task_version(const struct task *t)
{
	const char *version = t->item->spec->version;

	return version != NULL ? version : "";
}

/*
 * Which commit it is, as far as that is known without asking, and whether
 * the cache has it.
 */
static void
look_into_cache(struct run *run, struct task *t)
{
	const char *version = task_version(t);
	struct cached_ref ref;
	int fd;

	t->have[0] = '\0';
	if (is_commit_id(version))
		(void)strlcpy(t->commit, version, sizeof(t->commit));
	if (run->cache == NULL || t->damaged)
		return;
	if (t->commit[0] != '\0')
		(void)strlcpy(t->have, t->commit, sizeof(t->have));
	else if (cache_ref(run->cache, t->source, version, &ref)) {
		(void)strlcpy(t->have, ref.commit, sizeof(t->have));
		if (run->opts->offline) {
			(void)strlcpy(t->commit, ref.commit, sizeof(t->commit));
			(void)strlcpy(t->ref, ref.ref, sizeof(t->ref));
		}
	}
	fd = t->have[0] != '\0' ? cache_pack(run->cache, t->source, t->have) :
				  -1;
	if (fd == -1)
		t->have[0] = '\0';
	else
		(void)close(fd);
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

static void
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
	const struct task *x = a, *y = b;

	if (x->expected != y->expected)
		return x->expected < y->expected ? 1 : -1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static int
by_source(const void *a, const void *b)
{
	const struct task *const *x = a, *const *y = b;
	int order = strcmp((*x)->url, (*y)->url);

	if (order == 0)
		order = strcmp(task_version(*x), task_version(*y));
	if (order == 0)
		order = *x < *y ? -1 : *x > *y;
	return order;
}

/* From a server, the same repository at the same version is fetched once. */
static void
find_same(struct run *run)
{
	struct task **v = xcalloc(run->n, sizeof(struct task *));
	size_t i;

	for (i = 0; i < run->n; i++)
		v[i] = &run->task[i];
	qsort(v, run->n, sizeof(struct task *), by_source);
	for (i = 1; i < run->n; i++)
		if (v[i]->host->network &&
		    strcmp(v[i - 1]->url, v[i]->url) == 0 &&
		    strcmp(task_version(v[i - 1]), task_version(v[i])) == 0) {
			v[i]->same =
			    v[i - 1]->same != NULL ? v[i - 1]->same : v[i - 1];
			run->twins++;
		}
	free(v);
}

void
queue_make(struct run *run)
{
	size_t i;

	run->task = xcalloc(run->plan.todo, sizeof(*run->task));
	for (i = 0; i < run->plan.n; i++) {
		struct item *it = &run->plan.v[i];
		const struct record *record;
		struct task *t;
		bool keep_old = false;

		if (it->action != ACT_INSTALL && it->action != ACT_UPDATE)
			continue;
		/* If it may well stay, finish_role() asks that. */
		if (!it->asked_again && !may_replace(run, it, &keep_old))
			continue;
		t = &run->task[run->n++];
		record = state_find(&run->store.state, it->spec->name);
		*t = (struct task){.item = it,
		    .url = gitconfig_rewrite(run->config, it->spec->src),
		    .expected = record != NULL ? record->took_ms : 0,
		    .keep_old = keep_old};
		t->source = xstrdup(t->url);
	}
	if (run->n == 0)
		return;
	qsort(run->task, run->n, sizeof(*run->task), longer);
	for (i = 0; i < run->n; i++)
		queue_put(run, &run->task[i]);
	if (run->cache != NULL)
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
	size_t i;

	run->settled = false;
	for (i = 0; i < run->n; i++) {
		struct task *t = &run->task[i], **at;

		if (t->progress != WAITING || t->same == NULL ||
		    t->same->progress != FINISHED)
			continue;
		if (t->same->fetched && t->commit[0] == '\0') {
			memcpy(t->commit, t->same->commit, sizeof(t->commit));
			memcpy(t->ref, t->same->ref, sizeof(t->ref));
		}
		t->same = NULL;
		run->twins--;
		for (at = &t->host->first; *at != t; at = &(*at)->next)
			;
		queue_unlink(t->host, at);
		queue_put(run, t);
	}
}

void
task_drop_secret(struct task *t)
{
	secret_free(t->secret, t->secret_size);
	t->secret = NULL;
}

void
queue_free(struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++) {
		free(run->task[i].url);
		free(run->task[i].source);
		free(run->task[i].moved);
		task_drop_secret(&run->task[i]);
	}
	free(run->task);
	hosts_free(run);
}
