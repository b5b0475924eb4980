#include <stdlib.h>
#include <string.h>

#include "cmd/list.h"
#include "cmd/verb.h"
#include "cmd/verify.h"
#include "kelpie/buf.h"
#include "kelpie/inventory.h"
#include "kelpie/jsonout.h"
#include "kelpie/lockfile.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static const char *const words[VERIFY_KINDS] = {"missing", "changed", "extra",
    "other", "unknown", "unread"};

/* ---- lines ---- */

static void
add_paths(struct buf *b, const char *word, const struct paths *paths)
{
	if (paths->n == 0)
		return;
	buf_printf(b, "%s%s", b->len != 0 ? "; " : "", word);
	for (size_t i = 0; i < paths->n; i++)
		buf_printf(b, "%s%s", i != 0 ? ", " : "", paths->v[i]);
}

static void
say_changed(const struct checked *c)
{
	struct buf b = {0};

	if (c->why != NULL) {
		ui_info("%s: changed: %s", c->name, c->why);
		return;
	}
	if (!c->told) {
		ui_info("%s: changed (kelpie diff %s can tell which files "
			"when its source is reachable)",
		    c->name, c->name);
		return;
	}
	add_paths(&b, "", &c->changed);
	add_paths(&b, "added ", &c->added);
	add_paths(&b, "missing ", &c->gone);
	ui_info("%s: changed: %s", c->name, b.data != NULL ? b.data : "");
	buf_free(&b);
}

/* "v1.2 (3f2c1ab)", what there is of it. */
static char *
what(const char *version, const char *commit, const char *sha256)
{
	const char *id = commit != NULL && *commit != '\0' ? commit : sha256;

	if (id == NULL || *id == '\0')
		return xstrdup(version != NULL ? version : "no version");
	if (version == NULL || *version == '\0' || strcmp(version, id) == 0)
		return xasprintf("%.12s", id);
	return xasprintf("%s (%.12s)", version, id);
}

/* As it was installed, or, if another tool did that, as it is locked. */
static char *
what_is(const struct checked *c)
{
	const struct record *r = c->record;
	const struct locked *l = c->locked;

	if (r != NULL && record_is_link(r))
		return xstrdup("a link");
	if (r != NULL)
		return what(record_got(r), r->commit, r->archive);
	return what(l->became != NULL ? l->became : l->asked, l->commit,
	    l->sha256);
}

static void
say_good(const struct checked *c)
{
	char *is = what_is(c);

	ui_info("%s: ok: %s", c->name, is);
	free(is);
}

static void
say_other(const struct verify *v, const struct checked *c)
{
	const struct record *r = c->record;
	const struct locked *l = c->locked;
	char *is, *other;

	if (l == NULL)
		return;
	is = r == NULL || record_is_link(r) ?
	    xstrdup("a link") :
	    what(record_got(r), r->commit, r->archive);
	other = what(l->became != NULL ? l->became : l->asked, l->commit,
	    l->sha256);
	if (strcmp(is, other) == 0)
		ui_info("%s: other: %s, but not the tree that %s has", c->name,
		    is, v->lock);
	else
		ui_info("%s: other: %s, and %s has %s", c->name, is, v->lock,
		    other);
	free(is);
	free(other);
}

static void
say_unknown(const struct verify *v, const struct checked *c)
{
	const char *words_for_it = v->store->foreign ?
	    "nobody knows what it is: another user could have written what "
	    ".kelpie says of it" :
	    "nobody knows what it is: another tool installed it";

	if (c->locked != NULL)
		ui_info("%s: %s, and it is not what %s has", c->name,
		    words_for_it, v->lock);
	else
		ui_info("%s: %s", c->name, words_for_it);
}

static void
say(const struct verify *v, const struct checked *c)
{
	if (c->found == 0 && ui_is_verbose())
		say_good(c);
	if ((c->found & VERIFY_MISSING) != 0 && c->locked != NULL)
		ui_info("%s: missing: %s has it", c->name, v->lock);
	else if ((c->found & VERIFY_MISSING) != 0)
		ui_info("%s: missing%s", c->name,
		    c->record != NULL ? ": it was installed here" : "");
	if ((c->found & VERIFY_CHANGED) != 0)
		say_changed(c);
	if ((c->found & VERIFY_OTHER) != 0)
		say_other(v, c);
	if ((c->found & VERIFY_EXTRA) != 0 &&
	    (c->why == NULL || (c->found & VERIFY_CHANGED) != 0))
		ui_info("%s: extra: not in %s", c->name, v->lock);
	else if ((c->found & VERIFY_EXTRA) != 0)
		ui_info("%s: extra: %s", c->name, c->why);
	if ((c->found & VERIFY_UNKNOWN) != 0)
		say_unknown(v, c);
}

void
verify_lines(const struct verify *v)
{
	static const char *const many[VERIFY_KINDS] = {"missing", "changed",
	    "extra", "other than locked", "of another tool", "unread"};
	size_t count[VERIFY_KINDS] = {0}, good = 0;
	struct buf b = {0};

	for (size_t i = 0; i < v->n; i++) {
		say(v, &v->v[i]);
		good += v->v[i].found == 0;
		for (unsigned k = 0; k < VERIFY_KINDS; k++)
			count[k] += (v->v[i].found >> k & 1) != 0;
	}
	buf_printf(&b, "%zu role%s as installed%s%s", good,
	    good == 1 ? "" : "s", v->lock != NULL ? " and as in " : "",
	    v->lock != NULL ? v->lock : "");
	for (unsigned k = 0; k < VERIFY_KINDS; k++)
		if (count[k] != 0)
			buf_printf(&b, ", %zu %s", count[k],
			    v->store->foreign && 1u << k == VERIFY_UNKNOWN ?
				"unknown" :
				many[k]);
	ui_info("%s", b.data);
	buf_free(&b);
}

/* ---- JSON ---- */

static void
put_paths(struct jsonout *j, const char *key, const struct checked *c,
    const struct paths *paths)
{
	if (!c->told) {
		jsonout_string(j, key, NULL);
		return;
	}
	jsonout_begin(j, key, '[');
	for (size_t i = 0; i < paths->n; i++)
		jsonout_string(j, NULL, paths->v[i]);
	jsonout_end(j, ']');
}

static void
put_locked(struct jsonout *j, const struct locked *l)
{
	if (l == NULL) {
		jsonout_string(j, "locked", NULL);
		return;
	}
	jsonout_begin(j, "locked", '{');
	jsonout_string(j, "version", l->became != NULL ? l->became : l->asked);
	jsonout_string(j, "commit", l->commit);
	jsonout_string(j, "archive_sha256", l->sha256);
	jsonout_string(j, "digest", locked_pins(l) ? l->digest : NULL);
	jsonout_end(j, '}');
}

static void
put(struct jsonout *j, const struct verify *v, const struct checked *c)
{
	jsonout_begin(j, NULL, '{');
	list_facts(j, v->store->path, c->name, c->p);
	jsonout_bool(j, "ok", c->found == 0);
	jsonout_begin(j, "findings", '[');
	for (unsigned k = 0; k < VERIFY_KINDS; k++)
		if ((c->found >> k & 1) != 0)
			jsonout_string(j, NULL, words[k]);
	jsonout_end(j, ']');
	jsonout_string(j, "found_digest",
	    c->digest[0] != '\0' ? c->digest : NULL);
	put_paths(j, "changed", c, &c->changed);
	put_paths(j, "added", c, &c->added);
	put_paths(j, "missing", c, &c->gone);
	jsonout_string(j, "why", c->why);
	put_locked(j, c->locked);
	jsonout_end(j, '}');
}

void
verify_object(const struct verify *v)
{
	struct jsonout j = {0};
	bool ok = true;

	for (size_t i = 0; i < v->n; i++)
		ok = ok && v->v[i].found == 0;
	jsonout_begin(&j, NULL, '{');
	jsonout_string(&j, "path", v->store->path);
	jsonout_string(&j, "lock", v->lock);
	jsonout_bool(&j, "ok", ok);
	jsonout_begin(&j, "roles", '[');
	for (size_t i = 0; i < v->n; i++)
		put(&j, v, &v->v[i]);
	jsonout_end(&j, ']');
	jsonout_end(&j, '}');
	verb_write(&j);
}
