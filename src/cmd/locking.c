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
#include "kelpie/url.h"

static const char *
version_word(const char *version)
{
	return version != NULL ? version : "no version";
}

/* What the requirements file says and the lock file does not. */
static bool
differs(const struct locking *l, const struct spec *s)
{
	const struct locked *e = lockfile_find(&l->was, s->name);
	char *src;

	if (e != NULL && locked_is_for(e, s))
		return false;
	if (e == NULL) {
		ui_warn("%s: role '%s' is not in %s", s->where, s->name,
		    l->path);
		return true;
	}
	src = url_redact(s->src);
	if (strcmp(src, e->src) != 0)
		ui_warn("%s: role '%s' is %s here, and %s in %s", s->where,
		    s->name, src, e->src, l->path);
	else if (!text_same(s->version, e->asked))
		ui_warn("%s: role '%s' is %s here, and %s in %s", s->where,
		    s->name, version_word(s->version), version_word(e->asked),
		    l->path);
	else
		ui_warn("%s: role '%s' has another path, kind, commit or "
			"checksum than in %s",
		    s->where, s->name, l->path);
	free(src);
	return true;
}

static bool
is_asked(const struct specs *specs, const char *name)
{
	for (size_t i = 0; i < specs->n; i++)
		if (strcmp(specs->v[i].name, name) == 0)
			return true;
	return false;
}

/* An entry that neither the file nor another role asks for. */
static bool
is_stale(const struct locking *l, const struct locked *e,
    const struct specs *specs)
{
	if (e->needed_n > 0 || l->partly || is_asked(specs, e->name))
		return false;
	ui_warn("%s: nobody asks for role '%s' any more", l->path, e->name);
	return true;
}

static int
must_agree(const struct locking *l, const struct specs *specs,
    struct error *err)
{
	size_t i, n = 0;

	for (i = 0; i < specs->n; i++)
		n += differs(l, &specs->v[i]);
	for (i = 0; i < l->was.n; i++)
		n += is_stale(l, &l->was.v[i], specs);
	if (n == 0)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "%s is not what the requirements file asks for, and --locked "
	    "leaves it as it is; kelpie lock makes it right",
	    l->path);
}

static void
take(char **to, const char *text)
{
	free(*to);
	*to = xstrdup_null(text);
}

/* The version that the lock file has, whatever the other file says. */
static int
freeze(const struct locking *l, struct specs *specs, struct error *err)
{
	for (size_t i = 0; i < specs->n; i++) {
		struct spec *s = &specs->v[i];
		const struct locked *e = lockfile_find(&l->was, s->name);

		if (e == NULL)
			return error_set(err, ERR_CONFIG,
			    "%s: role '%s' is not in %s, and --frozen takes "
			    "nothing else",
			    s->where, s->name, l->path);
		take(&s->version, e->asked);
		take(&s->path, e->path);
		take(&s->commit, NULL);
		take(&s->checksum, NULL);
		if (!locked_is_for(e, s))
			return error_set(err, ERR_CONFIG,
			    "%s: role '%s' comes from elsewhere than in %s",
			    s->where, s->name, l->path);
	}
	return 0;
}

/* Who needs it, for a message. */
static const char *
wants_lock(const struct install_args *a)
{
	return a->download ? "kelpie download" :
	    a->frozen      ? "--frozen" :
			     "--locked";
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
	if (a->frozen || a->opts.locked)
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
	if (!a->lock && !a->opts.locked && !a->frozen)
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
		    !is_asked(&asked->specs, a->update[i]))
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
	if (a->frozen && freeze(l, &asked->specs, err) == -1)
		return 1;
	if (a->opts.locked && must_agree(l, &asked->specs, err) == -1)
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

/* "v1.2 (3f2c1ab)", what there is of it. */
static void
add_what(struct buf *b, const struct locked *e)
{
	const char *version = e->became != NULL ? e->became : e->asked;
	const char *id = e->commit != NULL ? e->commit : e->sha256;

	bool named = version != NULL && !text_same(version, id);

	if (named)
		buf_puts(b, version);
	if (id != NULL)
		buf_printf(b, named ? " (%.7s)" : "%.7s", id);
}

static bool
tell_change(const char *name, const struct locked *was,
    const struct locked *now)
{
	struct buf b = {0};

	if (was != NULL && now != NULL && text_same(was->commit, now->commit) &&
	    text_same(was->sha256, now->sha256) &&
	    text_same(was->became, now->became))
		return false;
	buf_printf(&b, "%s: ", name);
	if (was != NULL)
		add_what(&b, was);
	buf_puts(&b, was == NULL ? "new, " : now == NULL ? " is gone" : " -> ");
	if (now != NULL)
		add_what(&b, now);
	if (was != NULL && now != NULL && now->since[0] != '\0')
		buf_printf(&b, ", %s", now->since);
	ui_info("%s", b.data);
	buf_free(&b);
	return true;
}

/* Old and new, by name.  How many there are. */
static size_t
tell_changes(const struct locking *l)
{
	size_t i = 0, j = 0, n = 0;
	int order;

	while (i < l->was.n || j < l->now.n) {
		order = i == l->was.n ? 1 :
		    j == l->now.n     ? -1 :
				    strcmp(l->was.v[i].name, l->now.v[j].name);
		n += tell_change(order <= 0 ? l->was.v[i].name :
					      l->now.v[j].name,
		    order <= 0 ? &l->was.v[i] : NULL,
		    order >= 0 ? &l->now.v[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

/* Would the file be another one? */
static int
check(struct locking *l, struct error *err)
{
	struct buf was = {0}, now = {0};
	bool same;

	lockfile_format(&was, &l->was);
	lockfile_format(&now, &l->now);
	same = l->there && strcmp(was.data, now.data) == 0;
	buf_free(&was);
	buf_free(&now);
	if (same)
		return 0;
	(void)error_set(err, ERR_CONFIG,
	    "%s is not what kelpie lock would write", l->path);
	return 1;
}

void
locking_tell(struct locking *l, const struct install_args *a)
{
	/* The first of all is told of where it is installed. */
	if (a->is_update && (l->there || a->dry_update) &&
	    tell_changes(l) == 0 && a->dry_update)
		ui_info("nothing would change");
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
