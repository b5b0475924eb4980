/*
 * Roles that have to be signed: their stage waits until somebody has looked
 * at the signature, and nothing of them counts before.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/signature.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

/* At the same time: each is a process or two for some milliseconds. */
#define LOOKS 8
/* The stage of no worker, and not that of links. */
#define LOOKER (UINT_MAX - 1)

/* A role that waits. */
struct look {
	struct task *task;
	unsigned worker; /* whose stage has it */
	struct signature *signature; /* NULL: its turn has not come */
};

static int
begin(struct run *run, struct look *l, struct error *err)
{
	const struct task *t = l->task;
	const struct spec *s = t->item->spec;
	struct signature_job job = {.chain = -1,
	    .dir = -1,
	    .how = s->verify,
	    .signers = s->signers,
	    .wish = {.tag = t->tag, .commit = t->commit, .ref = t->ref}};

	job.dir = store_desk(&run->store, LOOKER, t->id, err);
	if (job.dir == -1)
		return -1;
	job.chain = store_open_signed(&run->store, l->worker, t->id);
	if (job.chain == -1)
		(void)error_set(err, ERR_CHILD,
		    "the worker did not leave what is signed");
	else
		l->signature = signature_begin(&job, err);
	if (job.chain != -1)
		(void)close(job.chain);
	(void)close(job.dir);
	return l->signature != NULL ? 0 : -1;
}

static void
take_out(struct run *run, size_t at)
{
	struct look *l = &run->look[at];

	store_discard(&run->store, LOOKER, l->task->id);
	signature_free(l->signature);
	run->looks--;
	memmove(l, l + 1, (run->looks - at) * sizeof(*l));
}

/* Somebody has signed it: it goes on as if it came just now. */
static int
go_on(struct run *run, const struct look *l, struct error *err)
{
	struct task *t = l->task;

	ui_note("%s: %s", t->item->spec->name, signature_who(l->signature));
	free(t->signers);
	t->signers = xstrdup(signature_mark(l->signature));
	return finish_role(run, t, l->worker, err);
}

/*
 * What a mirror has may be no good, but who has signed an object is the same
 * wherever that comes from.
 */
static void
fail(struct run *run, const struct look *l, struct error *err)
{
	if (err->kind == ERR_REFUSED)
		l->task->no_mirror = true;
	job_failed(run, l->task, l->worker, err);
}

/* True: it is settled, and gone from the list. */
static bool
settle(struct run *run, size_t at)
{
	struct look l = run->look[at];
	struct error err;
	int rc;

	rc = signature_look(l.signature, &err);
	if (rc == 0)
		return false;
	l.task->progress = FINISHED;
	run->settled = true;
	if (rc == 1)
		rc = go_on(run, &l, &err);
	if (rc == -1)
		fail(run, &l, &err);
	take_out(run, at);
	return true;
}

static void
start_more(struct run *run)
{
	struct error err;
	size_t i = 0;

	while (i < run->looks && i < LOOKS) {
		struct look l = run->look[i];

		if (l.signature != NULL ||
		    begin(run, &run->look[i], &err) == 0) {
			i++;
			continue;
		}
		take_out(run, i);
		l.task->progress = FINISHED;
		run->settled = true;
		job_failed(run, l.task, l.worker, &err);
	}
}

/*
 * The signature of a tag tells its name, and that has to be the one that was
 * asked for: neither a server that has it as a branch nor a worker may take
 * the tag of another version for it, nor a lock file that came with a copy.
 */
static bool
is_asked_for(const struct task *t)
{
	static const char tags[] = "refs/tags/", heads[] = "refs/heads/";
	const char *version = t->version, *name = t->ref;

	if (t->item->locked != NULL)
		version = t->item->spec->version;
	if (version == NULL || *version == '\0' || strcmp(version, "HEAD") == 0)
		return true;
	if (strncmp(name, heads, sizeof(heads) - 1) == 0)
		return false;
	/* The commit is. */
	if (is_commit_id(version) || strcmp(version, name) == 0)
		return true;
	if (strncmp(name, tags, sizeof(tags) - 1) != 0)
		return false;
	name += sizeof(tags) - 1;
	return range_is(version) ? range_has(version, name) :
				   strcmp(version, name) == 0;
}

static int
check_tag(const struct task *t, struct error *err)
{
	const struct locked *l = t->item->locked;

	if (*t->tag != '\0' && !is_commit_id(t->tag))
		return error_set(err, ERR_CHILD,
		    "the worker did not say which tag it fetched");
	if (*t->tag != '\0' && !is_asked_for(t))
		return error_set(err, ERR_REFUSED,
		    "tag object '%s' is not the tag of this name", t->tag);
	if (l != NULL && l->tag != NULL && is_commit_id(t->version) &&
	    strcmp(l->tag, t->tag) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "it is tag object '%s', and the lock file says it is '%s'",
		    t->tag, l->tag);
	return 0;
}

int
signed_begin(struct run *run, struct task *t, unsigned worker,
    struct error *err)
{
	if (check_tag(t, err) == -1)
		return -1;
	if ((run->looks & (run->looks - 1)) == 0)
		run->look = xreallocarray(run->look,
		    run->looks != 0 ? 2 * run->looks : 1, sizeof(*run->look));
	run->look[run->looks++] = (struct look){t, worker, NULL};
	t->progress = TAKEN;
	start_more(run);
	return 0;
}

void
signed_tick(struct run *run)
{
	size_t i = 0;

	while (i < run->looks && i < LOOKS)
		if (run->look[i].signature == NULL || !settle(run, i))
			i++;
	start_more(run);
}

void
signed_free(struct run *run)
{
	while (run->looks > 0)
		take_out(run, run->looks - 1);
	free(run->look);
	run->look = NULL;
}
