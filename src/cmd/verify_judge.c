#include <string.h>

#include "cmd/verify.h"
#include "kelpie/buf.h"
#include "kelpie/inventory.h"
#include "kelpie/lockfile.h"
#include "kelpie/state.h"
#include "kelpie/store.h"

/* A link; no file of what it leads to is looked at. */
static void
judge_link(const struct verify *v, struct checked *c)
{
	const struct record *r = c->record;

	if (r == NULL) {
		c->found |= VERIFY_EXTRA;
		c->why = xasprintf("a link to '%s' that kelpie did not make",
		    c->p->target);
	} else if (!record_is_link(r)) {
		c->found |= VERIFY_CHANGED;
		c->why =
		    xasprintf("a link to '%s' is in its place", c->p->target);
	} else if (!store_made_link(v->store, c->name)) {
		c->found |= VERIFY_CHANGED;
		c->why = xasprintf("a link that leads to '%s' and not to '%s'",
		    c->p->target, r->src);
	}
	if (c->locked != NULL && locked_pins(c->locked))
		c->found |= VERIFY_OTHER;
}

static bool
is_locked(const struct checked *c)
{
	return c->locked != NULL && locked_pins(c->locked) &&
	    strcmp(c->locked->digest, c->digest) == 0;
}

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "";
}

/* Was it installed as what the lock file has? */
static bool
agrees(const struct record *r, const struct locked *l)
{
	return strcmp(r->commit, or_none(l->commit)) == 0 &&
	    strcmp(or_none(r->archive), or_none(l->sha256)) == 0 &&
	    strcmp(r->digest, l->digest) == 0;
}

/* Install info that kelpie did not write is another tool's, unless all the
 * rest is still what kelpie installed. */
static bool
is_ours(const struct checked *c)
{
	const struct record *r = c->record;

	return r != NULL &&
	    (c->p->record != NULL || c->p->in.info == NULL ||
		strcmp(r->digest, c->digest) == 0);
}

static void
judge_strange(struct checked *c)
{
	if (is_locked(c))
		return;
	if (c->p->in.found == FOUND_INSTALLED || c->record != NULL) {
		c->found |= VERIFY_UNKNOWN;
		return;
	}
	c->found |= VERIFY_EXTRA;
	c->why = xasprintf("%s that no tool installed",
	    c->p->in.found == FOUND_ROLE ? "a role" :
		c->digest[0] != '\0'     ? "a directory" :
					   "a file");
}

static void
judge_directory(struct checked *c)
{
	const struct record *r = c->record;

	if (!is_ours(c)) {
		judge_strange(c);
		return;
	}
	if (record_is_link(r)) {
		c->found |= VERIFY_CHANGED;
		c->why = xasprintf("no longer a link to '%s'", r->src);
	} else if (strcmp(r->digest, c->digest) != 0) {
		c->found |= VERIFY_CHANGED;
	}
	if (c->locked != NULL && locked_pins(c->locked) &&
	    !agrees(r, c->locked))
		c->found |= VERIFY_OTHER;
}

void
verify_judge(const struct verify *v, struct checked *c)
{
	if ((c->found & VERIFY_UNREAD) != 0)
		return;
	if (c->p == NULL || c->p->in.found == FOUND_NOTHING) {
		c->found = VERIFY_MISSING;
		return;
	}
	if (c->p->in.found == FOUND_LINK)
		judge_link(v, c);
	else
		judge_directory(c);
	if (v->lock != NULL && c->locked == NULL &&
	    (c->found & (VERIFY_EXTRA | VERIFY_UNKNOWN)) == 0)
		c->found |= VERIFY_EXTRA;
}
