/*
 * What came of a run is what the lock file says next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/lockfile.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/url.h"

#define TAGS "refs/tags/"
#define SINCE_MAX 10000 /* commits; a worker counts no further */

static bool
is_ref(const char *ref)
{
	return strcmp(ref, "HEAD") == 0 ||
	    strncmp(ref, TAGS, sizeof(TAGS) - 1) == 0 ||
	    strncmp(ref, "refs/heads/", 11) == 0;
}

static char *
or_null(const char *s)
{
	return s != NULL && *s != '\0' ? xstrdup(s) : NULL;
}

static struct locked
from_record(const struct spec *s, const struct record *r)
{
	struct locked l = {.name = xstrdup(s->name),
	    .src = url_kept(s->src),
	    .path = or_null(s->path),
	    .asked = or_null(
		s->moving != NULL && r != NULL ? r->version : s->version)};

	/* A directory is what it is. */
	if (s->link || s->dir || r == NULL ||
	    (r->commit[0] == '\0' && r->archive == NULL))
		return l;
	l.became = or_null(r->got);
	l.url = or_null(r->url);
	l.ref = is_ref(r->ref) ? xstrdup(r->ref) : NULL;
	l.tag = or_null(r->tag);
	l.commit = or_null(r->commit);
	l.sha256 = or_null(r->archive);
	(void)strlcpy(l.digest, r->digest, sizeof(l.digest));
	return l;
}

const char *
lock_since(const struct run *run, const struct task *t)
{
	const struct lockfile *before = run->opts->before;
	const struct locked *l = NULL;

	if (run->opts->tell_since && before != NULL && t->kind == JOB_GIT)
		l = lockfile_find(before, t->item->spec->name);
	return l != NULL && l->commit != NULL ? l->commit : "";
}

/* In words; a worker's word is not believed. */
static void
since_words(char *out, size_t size, const char *since)
{
	const char *why = NULL;
	long long n = strtonum(since, -SINCE_MAX, SINCE_MAX, &why);
	long long away = n < 0 ? -n : n;

	out[0] = '\0';
	if (strcmp(since, "many") == 0)
		(void)snprintf(out, size, "more than %d commits", SINCE_MAX);
	else if (why == NULL && n == 0)
		(void)snprintf(out, size, "not a descendant");
	else if (why == NULL)
		(void)snprintf(out, size, "%lld commit%s%s", away,
		    away == 1 ? "" : "s", n < 0 ? " back" : "");
}

static void
take_since(const struct run *run, const struct item *it, struct locked *l)
{
	for (size_t i = 0; run->opts->tell_since && i < run->n; i++)
		if (run->task[i]->item == it)
			since_words(l->since, sizeof(l->since),
			    run->task[i]->since);
}

/* What is asked for: by the requirements file, or by a role that is. */
struct living {
	struct run *run;
	bool *is; /* of each item of the plan */
	bool grown;
};

static char *
tag_in_place(const struct run *run, const struct item *it)
{
	const struct record *r = state_find(&run->store.state, it->spec->name);

	return r != NULL ? xstrdup_null(r->tag) : NULL;
}

static void
put(struct living *living, const struct item *it)
{
	const struct run *run = living->run;
	struct locked l = it->locked != NULL ?
	    locked_copy(it->locked) :
	    from_record(it->spec,
		state_find(&run->store.state, it->spec->name));

	/* Locked before somebody wanted it signed. */
	if (l.tag == NULL && it->locked != NULL && it->spec->verify != NULL)
		l.tag = tag_in_place(run, it);
	l.relative = it->spec->relative;
	while (l.needed_n > 0)
		free(l.needed_by[--l.needed_n]);
	take_since(run, it, &l);
	lockfile_put(run->opts->became, &l);
	living->is[it->order] = living->grown = true;
}

/* Each role that this one needs is asked for, too. */
static int
put_needs(struct living *living, const struct item *it, struct error *err)
{
	struct run *run = living->run;
	const struct record *r = state_find(&run->store.state, it->spec->name);
	/* No record tells of a link, which may be another thing tomorrow. */
	const char *lines =
	    r != NULL && r->needs != NULL ? r->needs : it->needs;
	struct spec s;
	int rc = 0;

	while (lines != NULL &&
	    (rc = spec_unpack_line(&s, &lines, it->spec->name, err)) == 1) {
		const struct item *need = plan_find(&run->plan, s.name);

		if (need != NULL && !living->is[need->order])
			put(living, need);
		lockfile_needed_by(run->opts->became, s.name, it->spec->name);
		spec_free(&s);
	}
	return rc;
}

int
lock_fill(struct run *run, struct error *err)
{
	struct living living = {run, xcalloc(run->plan.n, sizeof(bool)), true};
	int rc = 0;

	for (size_t i = 0; i < run->plan.n; i++)
		if (run->plan.v[i]->own == NULL)
			put(&living, run->plan.v[i]);
	while (rc == 0 && living.grown) {
		living.grown = false;
		for (size_t i = 0; rc == 0 && i < run->plan.n; i++)
			if (living.is[i])
				rc = put_needs(&living, run->plan.v[i], err);
	}
	free(living.is);
	return rc;
}
