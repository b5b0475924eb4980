#include "cmd/writing.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/edits.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/locking.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

#define TAGS "refs/tags/"

/* What is known without asking a server. */
struct known {
	const struct locking *lock;
	struct store store;
	struct lockfile looked; /* up, because nobody else knew */
};

/* ---- which versions move ---- */

static bool
is_exact(const struct spec *s)
{
	return s->version != NULL && !range_is(s->version);
}

/* Why an exact version stays, as far as the file tells; or NULL. */
static const char *
why_it_stays(const struct spec *s)
{
	char *range = xasprintf(">=%s", s->version);
	struct error ignored;
	const char *why = NULL;

	if (is_commit_id(s->version))
		why = "is a commit";
	else if (s->commit != NULL)
		why = "has its commit beside it";
	else if (!s->git && !spec_is_name(s))
		why = "is of an archive, which has no other versions";
	else if (semver_rank(s->version) == SEMVER_NONE ||
	    strpbrk(s->version, "~^") != NULL ||
	    range_check(range, &ignored) == -1)
		why = "is no release that another could be newer than";
	free(range);
	return why;
}

/* refs/tags/v1, refs/heads/v1, "", or NULL: nobody knows. */
static const char *
ref_of(const struct known *k, const struct spec *s)
{
	const struct locked *l = lockfile_find(&k->lock->was, s->name);
	const struct record *r = state_find(&k->store.state, s->name);
	char *src = url_kept(s->src);
	bool is_record = r != NULL && strcmp(src, r->src) == 0 &&
	    text_same(r->version, s->version);

	free(src);
	if (l == NULL || !locked_is_for(l, s))
		l = lockfile_find(&k->looked, s->name);
	if (l == NULL && is_record)
		return r->ref;
	if (l == NULL)
		return NULL;
	return l->ref != NULL ? l->ref : "";
}

/* A Galaxy server has no branches to tell. */
static bool
is_pinned(const struct known *k, const struct spec *s)
{
	const char *ref = ref_of(k, s);

	if (ref == NULL)
		return spec_is_name(s);
	return strncmp(ref, TAGS, sizeof(TAGS) - 1) == 0 ||
	    (*ref == '\0' && spec_is_name(s));
}

/* Specs that may move, if the version is a tag.  Borrowed. */
static struct specs
unclear(const struct known *k, const bool *may, const struct specs *all)
{
	struct specs some = {.v = xcalloc(all->n, sizeof(*some.v))};

	for (size_t i = 0; i < all->n; i++)
		if (may[i] && !spec_is_name(&all->v[i]) &&
		    ref_of(k, &all->v[i]) == NULL)
			some.v[some.n++] = all->v[i];
	return some;
}

/* Fetch them as they are, and see. */
static int
look_up(struct known *k, const struct install_args *a, const bool *may,
    const struct specs *all, struct error *err)
{
	struct specs some = unclear(k, may, all);
	struct install_opts opts = a->opts;
	int status = 0;

	opts.lock = opts.before = NULL;
	opts.became = &k->looked;
	opts.no_deps = true;
	if (some.n > 0)
		status = install_nowhere(&opts, &some, UI_LOOK, err);
	free(some.v);
	return status;
}

static void
move(struct spec *s)
{
	s->moving = s->version;
	s->version = xasprintf(">=%s", s->moving);
}

/* What may move, and says so if it does not. */
static void
sort_out(const struct install_args *a, const struct specs *specs, bool *may)
{
	for (size_t i = 0; i < specs->n; i++) {
		const struct spec *s = &specs->v[i];
		const char *why;

		if (!install_names(a, s->name) || !is_exact(s))
			continue;
		why = why_it_stays(s);
		may[i] = why == NULL;
		if (why != NULL)
			ui_note("%s: %s: version '%s' %s, and stays", s->where,
			    s->name, s->version, why);
	}
}

static void
drop_branches(const struct known *k, const struct specs *specs, bool *may)
{
	for (size_t i = 0; i < specs->n; i++) {
		const struct spec *s = &specs->v[i];

		if (!may[i] || is_pinned(k, s))
			continue;
		may[i] = false;
		ui_note("%s: %s: version '%s' is no tag, and stays", s->where,
		    s->name, s->version);
	}
}

/* A version that cannot be edited had better stay what it is. */
static int
move_editable(struct asked *asked, const bool *may, struct error *err)
{
	struct edits e;
	int status;

	edits_begin(&e);
	for (size_t i = 0; i < asked->specs.n; i++)
		if (may[i])
			edits_want(&e, asked->specs.v[i].name,
			    asked->specs.v[i].version,
			    asked->specs.v[i].version);
	status = edits_try(&e, asked->file, err) == -1 ? 1 : 0;
	for (size_t i = 0; status == 0 && i < asked->specs.n; i++)
		if (may[i] && !edits_fail(&e, asked->specs.v[i].name))
			move(&asked->specs.v[i]);
	edits_free(&e);
	return status;
}

int
writing_begin(const struct install_args *a, struct asked *asked,
    const struct locking *lock, struct error *err)
{
	struct known k = {.lock = lock};
	bool *may = xcalloc(asked->specs.n, sizeof(*may));
	struct error ignored;
	int status = 1;

	if (store_open(&k.store, a->opts.path, err) == 0) {
		sort_out(a, &asked->specs, may);
		status = look_up(&k, a, may, &asked->specs, err);
		drop_branches(&k, &asked->specs, may);
		(void)store_close(&k.store, &ignored);
	}
	if (status == 0)
		status = move_editable(asked, may, err);
	lockfile_free(&k.looked);
	free(may);
	return status;
}

/* ---- what they became ---- */

int
writing_end(const struct install_args *a, const struct asked *asked,
    const struct locking *lock, struct error *err)
{
	struct edits e;
	int rc;

	edits_begin(&e);
	for (size_t i = 0; i < asked->specs.n; i++) {
		const struct spec *s = &asked->specs.v[i];
		const struct locked *l = lockfile_find(&lock->now, s->name);

		if (s->moving != NULL && l != NULL && l->asked != NULL &&
		    strcmp(s->moving, l->asked) != 0)
			edits_want(&e, s->name, s->moving, l->asked);
	}
	rc = edits_try(&e, asked->file, err);
	if (rc == 0)
		rc = a->dry_update ? edits_tell(&e) : edits_write(&e, err);
	edits_free(&e);
	return rc == 0 ? 0 : 1;
}
