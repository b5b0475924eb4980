/*
 * The lock file: what it says is what is fetched.
 */
#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/lockfile.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"

#define TAGS "refs/tags/"

/* ---- what it says ---- */

/* What a role needs that is not as it was locked is its own to say. */
static bool
is_as_locked(struct run *run, const char *name)
{
	const struct item *it = plan_find(&run->plan, name);

	return it != NULL && (it->locked != NULL || run->opts->refs != NULL);
}

static bool
is_needed(struct run *run, const struct locked *l)
{
	for (size_t i = 0; i < l->needed_n; i++)
		if (is_as_locked(run, l->needed_by[i]))
			return plan_find(&run->plan, l->name) == NULL;
	return false;
}

static int
bring(struct run *run, const struct locked *l, struct error *err)
{
	struct spec s = {.name = xstrdup(l->name),
	    .src = xstrdup(l->src),
	    .version = xstrdup_null(l->asked),
	    .path = xstrdup_null(l->path),
	    .where = xasprintf("the lock file, for '%s'", l->needed_by[0]),
	    .map = true};
	const struct item *it;

	s.git = l->commit != NULL && !spec_is_name(&s);
	it = plan_add(&run->plan, &s, &run->store, &run->needs_how, err);
	spec_free(&s);
	return it != NULL ? 0 : -1;
}

/* Roles need roles: until there is no more. */
int
lock_bring(struct run *run, struct error *err)
{
	const struct lockfile *lock = run->opts->lock;
	size_t before = 0;

	if (lock == NULL || run->opts->no_deps)
		return 0;
	while (before != run->plan.n) {
		before = run->plan.n;
		for (size_t i = 0; i < lock->n; i++)
			if (is_needed(run, &lock->v[i]) &&
			    bring(run, &lock->v[i], err) == -1)
				return -1;
	}
	return 0;
}

int
lock_allows(const struct run *run, const struct spec *wish, struct error *err)
{
	const struct locked *l;

	if (!run->opts->locked || run->opts->lock == NULL)
		return 0;
	l = lockfile_find(run->opts->lock, wish->name);
	if (l != NULL && locked_is_for(l, wish))
		return 0;
	return error_set(err, ERR_CONFIG,
	    "%s: role '%s' is not in the lock file as it is asked for here; "
	    "without --locked it is looked for",
	    wish->where, wish->name);
}

/*
 * The tag itself is asked for when somebody wants to know where it is, or
 * what its object is, which may be signed; what was downloaded has nobody
 * who could be asked.
 */
static const char *
version_of(const struct run *run, const struct spec *s, const struct locked *l)
{
	if (locked_is_tag(l) &&
	    ((run->opts->check_refs && !l->settled) ||
		(s->verify != NULL && l->tag == NULL &&
		    run->opts->from == NULL)))
		return l->ref + sizeof(TAGS) - 1;
	return l->commit;
}

static void
begin_git(struct run *run, struct task *t, const char *url)
{
	const struct locked *l = t->item->locked;
	char *real = gitconfig_rewrite(run->config, url);

	task_set_source(t, JOB_GIT, real, version_of(run, t->item->spec, l));
	if (l->ref != NULL)
		(void)strlcpy(t->ref, l->ref, sizeof(t->ref));
	if (l->tag != NULL && is_commit_id(t->version))
		(void)strlcpy(t->tag, l->tag, sizeof(t->tag));
	free(real);
}

bool
lock_begin(struct run *run, struct task *t)
{
	const struct locked *l = t->item->locked;
	const struct spec *s = t->item->spec;
	const char *url;

	if (l == NULL)
		return false;
	url = l->url != NULL ? l->url : s->src;
	if (l->commit != NULL) {
		begin_git(run, t, url);
	} else {
		task_set_source(t, JOB_ARCHIVE, url, s->version);
		(void)strlcpy(t->archive, l->sha256, sizeof(t->archive));
	}
	t->became = xstrdup_null(l->became);
	t->led = xstrdup_null(l->url);
	return true;
}

/* ---- is it so? ---- */

int
lock_check_ref(const struct run *run, const struct task *t, struct error *err)
{
	const struct spec *s = t->item->spec;
	const struct locked *l = run->opts->before != NULL ?
	    lockfile_find(run->opts->before, s->name) :
	    NULL;
	char *src;
	bool same;

	if (l == NULL || t->kind != JOB_GIT || run->opts->take_moved ||
	    !locked_is_tag(l) || strcmp(l->ref, t->ref) != 0)
		return 0;
	src = url_kept(s->src);
	same = strcmp(l->src, src) != 0 || text_same(l->commit, t->commit);
	free(src);
	if (same)
		return 0;
	return error_set(err, ERR_INTEGRITY,
	    "tag '%s' was commit %s when it was locked and is %s now: somebody "
	    "has moved it; kelpie update --moved-tags %s takes it",
	    t->ref + sizeof(TAGS) - 1, l->commit, t->commit, s->name);
}

int
lock_check_tree(const struct task *t, const char *digest, struct error *err)
{
	const struct locked *l = t->item->locked;

	if (l == NULL)
		return 0;
	if (l->sha256 != NULL && strcmp(l->sha256, t->sha256) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "the archive's sha256 is %s, and the lock file says it is "
		    "%s",
		    t->sha256, l->sha256);
	if (l->commit != NULL && strcmp(l->commit, t->commit) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "it is commit %s, and the lock file says it is %s",
		    t->commit, l->commit);
	if (strcmp(l->digest, digest) == 0)
		return 0;
	return error_set(err, ERR_INTEGRITY,
	    "the tree has the digest %s, and the lock file says %s", digest,
	    l->digest);
}

/* The tag may be signed; only, nobody knows which object it is. */
static bool
tag_unknown(const struct run *run, const struct task *t)
{
	const struct locked *l = t->item->locked;

	return run->opts->from != NULL && t->item->spec->verify != NULL &&
	    l != NULL && locked_is_tag(l) && l->tag == NULL;
}

void
lock_explain(const struct run *run, const struct task *t, struct error *err)
{
	const struct locked *l = t->item->locked;

	if (err->kind == ERR_REFUSED && tag_unknown(run, t))
		error_append(err,
		    ", and the lock file does not say which object tag '%s' "
		    "is; kelpie install with verify says it there, and kelpie "
		    "download brings it",
		    l->ref + sizeof(TAGS) - 1);
	if (l == NULL || err->kind != ERR_NOTFOUND || l->commit == NULL ||
	    (strstr(err->msg, l->commit) == NULL &&
		(l->tag == NULL || strstr(err->msg, l->tag) == NULL)))
		return;
	if (l->tag != NULL && strstr(err->msg, l->tag) != NULL) {
		(void)error_set(err, ERR_NOTFOUND,
		    "tag object %s, which the lock file says, is not there any "
		    "more: somebody has made the tag anew; kelpie update "
		    "--moved-tags %s takes what is there now",
		    l->tag, t->item->spec->name);
		return;
	}
	(void)error_set(err, ERR_NOTFOUND,
	    "commit %s, which the lock file says, is not there any more: a "
	    "branch was moved by force, or the repository made anew; kelpie "
	    "update %s takes what is there now",
	    l->commit, t->item->spec->name);
}
