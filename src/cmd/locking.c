#include "cmd/locking.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/from.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

/* Who needs it, for a message. */
static const char *
wants_lock(const struct install_args *a)
{
	return a->download ? "kelpie download" :
	    a->frozen      ? "--frozen" :
	    a->opts.locked ? "--locked" :
			     "--check-refs";
}

/* Without the file it would hold for nothing. */
static bool
needs_lock(const struct install_args *a)
{
	return !a->lock && (a->frozen || a->opts.locked || a->opts.check_refs);
}

/* The one that came with the packs. */
static void
take_over(struct locking *l, struct from *from)
{
	free(l->path);
	l->path = xstrdup(from->lock_path);
	l->was = from->lock;
	from->lock = (struct lockfile){0};
	l->there = true;
}

static int
load(struct locking *l, const struct install_args *a, struct from *from,
    struct error *err)
{
	if (l->path != NULL && lockfile_load(&l->was, l->path, err) == 0) {
		l->there = true;
		return 0;
	}
	if (l->path != NULL && err->kind != ERR_NOTFOUND)
		return -1;
	if (from != NULL) {
		err->kind = ERR_NONE;
		take_over(l, from);
		return 0;
	}
	if (needs_lock(a))
		return error_set(err, ERR_CONFIG,
		    "there is no '%s', which %s needs; kelpie lock makes it",
		    l->path, wants_lock(a));
	err->kind = ERR_NONE;
	return 0;
}

static int
check_options(const struct install_args *a, const struct asked *asked,
    struct error *err)
{
	if (!a->lock && !needs_lock(a))
		return 0;
	if (asked->file == NULL && asked->from == NULL)
		return error_set(err, ERR_USAGE,
		    "a lock file belongs to one requirements file: name one "
		    "with -r");
	if (a->lock && (a->opts.locked || a->frozen))
		return error_set(err, ERR_USAGE,
		    "--lock writes the lock file, --locked and --frozen leave "
		    "it as it is");
	if (a->lock && a->opts.no_deps)
		return error_set(err, ERR_USAGE,
		    "a lock file has what roles depend on: no --no-deps");
	return 0;
}

/* A commit stays what it is, and a tag should. */
static bool
may_move(const struct locked *e)
{
	if (e->asked != NULL && is_commit_id(e->asked))
		return false;
	return !locked_is_tag(e) ||
	    !text_same(e->asked, e->ref + sizeof("refs/tags/") - 1);
}

/* What roles depend on is in the lock file alone. */
static int
check_names(const struct locking *l, const struct install_args *a,
    const struct asked *asked, struct error *err)
{
	struct buf b = {0};
	size_t n = 0;

	for (size_t i = 0; i < a->update_n; i++)
		if (lockfile_find(&l->was, a->update[i]) == NULL &&
		    !locking_asks(&asked->specs, a->update[i]))
			buf_printf(&b, "%s'%s'", n++ > 0 ? ", " : "",
			    a->update[i]);
	if (n > 0)
		(void)error_set(err, ERR_CONFIG,
		    "there is no role %s in %s or %s", b.data, asked->file,
		    l->path);
	buf_free(&b);
	return n == 0 ? 0 : -1;
}

/* All of the lock file but what is to move. */
static void
leave_out(struct locking *l, const struct install_args *a)
{
	for (size_t i = 0; i < l->was.n; i++) {
		const struct locked *e = &l->was.v[i];
		struct locked copy;

		if (install_names(a, e->name) &&
		    (a->opts.take_moved || may_move(e)))
			continue;
		copy = locked_copy(e);
		copy.settled = !install_names(a, e->name);
		lockfile_put(&l->stays, &copy);
	}
}

int
locking_begin(struct locking *l, struct install_args *a, struct asked *asked,
    struct error *err)
{
	*l = (struct locking){0};
	if (check_options(a, asked, err) == -1)
		return 2;
	if ((asked->file == NULL && asked->from == NULL) || a->galaxy)
		return 0;
	if (asked->file != NULL)
		l->path = lockfile_path(asked->file);
	l->partly = a->names_n > 0;
	if (load(l, a, asked->from, err) == -1)
		return 1;
	if (a->frozen && locking_freeze(l, &asked->specs, err) == -1)
		return 1;
	if (a->opts.locked && locking_agree(l, &asked->specs, err) == -1)
		return 1;
	a->opts.locked = a->opts.locked || a->frozen;
	if (a->is_update && check_names(l, a, asked, err) == -1)
		return 1;
	if (a->is_update)
		leave_out(l, a);
	if (l->there) {
		a->opts.before = &l->was;
		a->opts.lock = a->is_update ? &l->stays : &l->was;
	}
	if ((l->there || a->lock) && !a->opts.locked && !a->opts.no_deps &&
	    !a->opts.dry_run)
		a->opts.became = &l->now;
	return 0;
}

static bool
are_same(const struct lockfile *one, const struct lockfile *other)
{
	struct buf a = {0}, b = {0};
	bool same;

	lockfile_format(&a, one);
	lockfile_format(&b, other);
	same = strcmp(a.data, b.data) == 0;
	buf_free(&a);
	buf_free(&b);
	return same;
}

/* Would the file be another one? */
static int
check(struct locking *l, struct error *err)
{
	if (l->there && are_same(&l->was, &l->now)) {
		ui_info("%s: nothing would change", l->path);
		return 0;
	}
	(void)error_set(err, ERR_CONFIG,
	    l->there ? "'%s' is not for the requirements file as that is "
		       "now; kelpie lock makes it right" :
		       "there is no '%s'; kelpie lock makes it",
	    l->path);
	return 1;
}

int
locking_unchanged(const struct locking *l, struct error *err)
{
	struct lockfile is;
	int rc = 0;

	if (lockfile_load(&is, l->path, err) == -1) {
		if (err->kind != ERR_NOTFOUND)
			return -1;
		err->kind = ERR_NONE;
	}
	/* Who did the same is no trouble. */
	if (!are_same(&is, &l->was) && !are_same(&is, &l->now))
		rc = error_set(err, ERR_CONFIG,
		    "somebody else has changed '%s' meanwhile, and it stays as "
		    "it is; run it again",
		    l->path);
	lockfile_free(&is);
	return rc;
}

int
locking_end(struct locking *l, const struct install_args *a,
    const struct asked *asked, struct error *err)
{
	int rc;

	if (a->opts.became == NULL || a->dry_update)
		return 0;
	if (l->partly)
		lockfile_put_back(&l->now, &l->was, asked->others,
		    asked->others_n);
	if (a->check)
		return check(l, err);
	if (locking_unchanged(l, err) == -1)
		return 1;
	rc = lockfile_save(&l->now, l->path, err);
	if (rc == 1)
		ui_info("%s: %zu role%s", l->path, l->now.n,
		    l->now.n == 1 ? "" : "s");
	return rc == -1 ? 1 : 0;
}

void
locking_free(struct locking *l)
{
	free(l->path);
	lockfile_free(&l->was);
	lockfile_free(&l->now);
	lockfile_free(&l->stays);
}
