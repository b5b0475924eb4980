/*
 * What roles depend on: found with them, planned like what the requirements
 * file asks for, which has the last word.
 */
#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

/* A server could go on and on; more than a whole site has. */
#define BROUGHT_MAX 2000

/* As if one role was installed after the other, in the order of the plan. */
static void
tell(const struct needing *n, const struct item *it, enum need need,
    const struct spec *s)
{
	if (it->action == ACT_KEEP || it->order < n->order)
		need = NEED_INSTALLED;
	if (n->run->begun)
		ui_need(n->order, need, s->name, s->version);
}

/* It is in the plan already. */
static void
meet(const struct needing *n, struct item *it, struct spec *wish)
{
	const struct spec *had = it->spec;

	tell(n, it, NEED_PENDING, wish);
	if (it->own != NULL) {
		needs_join(n->run, it, wish);
		return;
	}
	if (!wish_is_source(wish, had) || !wish_allows(wish, had))
		ui_note("%s: %s wants %s; the requirements file decides",
		    had->name, wish->where, wish_version(wish));
}

/* Where a spec lies; a Galaxy name lies at the servers. */
static enum reach
reach_of(const struct run *run, const struct spec *s)
{
	if (!spec_is_name(s))
		return url_reach(s->src);
	for (size_t i = 0; i < run->opts->servers; i++)
		if (url_reach(run->opts->server[i].url) == REACH_PRIVATE)
			return REACH_PRIVATE;
	return REACH_FAR;
}

/* As written, before insteadOf: the next run has to come to the same. */
static int
check_reach(const struct needing *n, const struct spec *wish, struct error *err)
{
	const struct plan *plan = &n->run->plan;
	enum reach to;
	char *shown;

	if (spec_is_name(wish))
		return 0;
	to = url_reach(wish->src);
	/* The number may be a lie of the child that has read the role. */
	if (n->order < plan->n &&
	    url_may_lead(reach_of(n->run, plan->v[n->order]->spec), to))
		return 0;
	shown = url_redact(wish->src);
	(void)error_set(err, ERR_REFUSED,
	    "%s: '%s' %s: if that is right, name it in the requirements file",
	    wish->where, shown,
	    to == REACH_LINK        ? "has a link-local address" :
		to == REACH_UNCLEAR ? "has letters beyond ASCII in its host" :
				      "is nearer than the role that needs it");
	free(shown);
	return -1;
}

/* A role that nobody has asked for before. */
static int
bring(const struct needing *n, struct spec *wish, struct error *err)
{
	struct run *run = n->run;
	struct item *it;

	if (check_reach(n, wish, err) == -1)
		return -1;
	/* Told once. */
	if (run->brought > BROUGHT_MAX)
		return 0;
	if (run->brought++ == BROUGHT_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "%s: more than %d roles that nobody asked for: the rest "
		    "is left out; -n leaves out all",
		    wish->where, BROUGHT_MAX);
	it = plan_add(&run->plan, wish, &run->store, &run->needs_how, err);
	if (it == NULL)
		return -1;
	if (!run->begun)
		return 0;
	tell(n, it, NEED_ADDED, it->spec);
	if (item_to_do(it) && queue_add(run, it) != NULL) {
		ui_more(1, 0);
		return 0;
	}
	ui_more(0, 1);
	tell_settled(run, it);
	return 0;
}

void
needs_failed(struct run *run, const struct error *err)
{
	faults_add(&run->conflicts, err);
}

/* Can it be fetched at all? */
static int
check(const struct spec *s, struct error *err)
{
	enum job_kind ignored;

	if (fetch_kind(s, &ignored, err) == 0)
		return 0;
	return error_wrap(err, "%s", s->where);
}

static int
consider(const struct needing *n, struct spec *wish, const char *line,
    struct error *err)
{
	struct item *it;

	if (spec_unpack(wish, line, n->name, err) == -1 ||
	    check(wish, err) == -1)
		return -1;
	it = plan_find(&n->run->plan, wish->name);
	if (it == NULL && lock_allows(n->run, wish, err) == -1)
		return -1;
	if (it == NULL)
		return bring(n, wish, err);
	meet(n, it, wish);
	return 0;
}

/* A copy of the next line, without its LF; NULL at the end. */
static char *
next_line(const char **at, size_t *len)
{
	const char *start = *at;
	const char *lf = *len != 0 ? memchr(start, '\n', *len) : NULL;

	if (lf == NULL)
		return NULL;
	*at = lf + 1;
	*len -= (size_t)(*at - start);
	return xstrndup(start, (size_t)(lf - start));
}

void
needs_take(const struct needing *n, const char *lines, size_t len)
{
	char *line;

	while ((line = next_line(&lines, &len)) != NULL) {
		struct spec wish = {0};
		struct error err;

		if (consider(n, &wish, line, &err) == -1)
			needs_failed(n->run, &err);
		spec_free(&wish);
		free(line);
	}
}

int
needs_check(const struct task *t, struct error *err)
{
	const char *at = t->needs.data;
	size_t len = t->needs.len;
	struct spec spec;
	char *line;
	int rc;

	while ((line = next_line(&at, &len)) != NULL) {
		rc = spec_unpack(&spec, line, t->item->spec->name, err);
		free(line);
		if (rc == -1)
			return -1;
		spec_free(&spec);
	}
	return 0;
}

void
needs_of_new(struct run *run, struct task *t)
{
	const struct needing n = {run, t->item->order, t->item->spec->name};
	struct error err;

	if (!run->opts->no_deps && t->needs.len != 0)
		needs_take(&n, t->needs.data, t->needs.len);
	if (needs_of_kept(run, &err) == -1)
		needs_failed(run, &err);
}
