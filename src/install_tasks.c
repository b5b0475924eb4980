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
			(void)strlcpy(t->tag, ref.tag, sizeof(t->tag));
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
	if (!t->damaged)
		fd = task_pack(run, t);
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
	mirror_route(run, t);
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

void
task_set_source(struct task *t, enum job_kind kind, const char *url,
    const char *version)
{
	mirror_forget(t);
	t->kind = kind;
	free(t->url);
	free(t->source);
	free(t->version);
	t->url = xstrdup(url);
	t->source = xstrdup(t->url);
	t->version = xstrdup(version != NULL ? version : "");
	t->commit[0] = t->ref[0] = t->tag[0] = t->archive[0] = '\0';
	if (t->item->spec->checksum != NULL)
		(void)strlcpy(t->archive, t->item->spec->checksum,
		    sizeof(t->archive));
	t->damaged = t->lacking = false;
}

void
task_begin(struct run *run, struct task *t)
{
	const struct spec *s = t->item->spec;
	const char *version = s->version != NULL ? s->version : s->commit;
	enum job_kind kind = JOB_GIT;
	struct error ignored;
	struct spec real = *s;

	twins_leave(run, t);
	mirror_forget(t);
	free(t->found);
	free(t->moved);
	free(t->led);
	free(t->became);
	t->found = t->moved = t->led = t->became = NULL;
	t->fetched = false;
	free(t->signers);
	t->signers = NULL;
	t->tries = t->moves = 0;
	if (lock_begin(run, t))
		return;
	/* The caller has seen that there is one. */
	(void)fetch_kind(s, &kind, &ignored);
	/* insteadOf is git's: an archive lies where its URL says. */
	if (kind == JOB_ARCHIVE) {
		real.src = xstrdup(s->src);
	} else {
		real.src = gitconfig_rewrite(run->config, s->src);
		real.git = kind == JOB_GIT;
		(void)fetch_kind(&real, &kind, &ignored);
	}
	if (kind == JOB_LOOKUP)
		lookup_begin(run, t);
	else
		task_set_source(t, kind, real.src, version);
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
	t->tags = "";
	if (run->inquiry != NULL && run->inquiry[it->order].tags != NULL)
		t->tags = run->inquiry[it->order].tags;
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

	if (t == NULL)
		return NULL;
	queue_put(run, t);
	twins_join(run, t);
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
	twins_find(run);
}

void
queue_remove(struct task *t)
{
	struct task **at = &t->host->first;

	while (*at != t)
		at = &(*at)->next;
	queue_unlink(t->host, at);
}

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
	free(t->home);
	free(t->source);
	free(t->version);
	free(t->moved);
	free(t->found);
	free(t->led);
	free(t->became);
	free(t->signers);
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
