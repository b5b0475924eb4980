#include "kelpie/plan.h"

#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/installinfo.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/url.h"

/* No version and an empty one are the same wish. */
static bool
same_version(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/*
 * The state knows source and version; without it there is only what the
 * install info says, which knows no source.
 */
static bool
is_what_was_asked(const struct item *it, const struct installed *in,
    const struct record *record)
{
	char *src;
	bool same;

	if (record == NULL)
		return in->has_version &&
		    same_version(in->version, it->spec->version);
	src = url_redact(it->spec->src);
	same = strcmp(src, record->src) == 0 &&
	    same_version(record->version, it->spec->version);
	free(src);
	return same;
}

static enum action
refuse(struct item *it, const char *why)
{
	(void)error_set(&it->err, ERR_REFUSED, "%s", why);
	return ACT_REFUSE;
}

static enum action
decide(struct item *it, const struct installed *in, const struct record *record,
    bool force)
{
	switch (in->found) {
	case FOUND_NOTHING:
		return ACT_INSTALL;
	case FOUND_LINK:
		return refuse(it,
		    "a symbolic link is in its place, and is never replaced; "
		    "remove the link to have the role installed");
	case FOUND_FOREIGN:
		return refuse(it,
		    "something that is no role is in its place (there is no "
		    "meta/main.yml), and is never replaced; move it away");
	case FOUND_ROLE:
		return force ?
		    ACT_UPDATE :
		    refuse(it,
			"a role that no tool installed is in its place; -f "
			"replaces it");
	case FOUND_INSTALLED:
		break;
	}
	return is_what_was_asked(it, in, record) && !force ? ACT_KEEP :
							     ACT_UPDATE;
}

/* A branch may point elsewhere now; a tag or commit is what it was. */
static bool
may_move(const struct record *record)
{
	return record != NULL && record->ref[0] != '\0' &&
	    strncmp(record->ref, "refs/tags/", 10) != 0;
}

static int
plan_item(struct item *it, const struct store *store,
    const struct plan_opts *how, struct error *err)
{
	struct installed in = {.found = FOUND_NOTHING};
	const struct record *record;

	if (store->rolesfd != -1 &&
	    installinfo_look(&in, store->rolesfd, it->spec->name, err) == -1)
		return error_wrap(err, "%s/%s", store->path, it->spec->name);
	record = state_find(&store->state, it->spec->name);
	/* Other install info than ours: another tool was here since. */
	if (record != NULL && !record_matches(record, in.info))
		record = NULL;
	it->action = decide(it, &in, record, how->force);
	if (it->action == ACT_KEEP && how->refresh && may_move(record)) {
		it->action = ACT_UPDATE;
		it->asked_again = true;
	}
	it->installed = xstrdup_null(in.version);
	it->info = xstrdup_null(in.info);
	installed_free(&in);
	return 0;
}

int
plan_make(struct plan *plan, const struct specs *specs,
    const struct store *store, const struct plan_opts *how, struct error *err)
{
	size_t i;

	*plan = (struct plan){.v = xcalloc(specs->n, sizeof(*plan->v))};
	for (i = 0; i < specs->n; i++) {
		struct item *it = &plan->v[plan->n++];

		it->spec = &specs->v[i];
		if (plan_item(it, store, how, err) == -1) {
			plan_free(plan);
			return -1;
		}
		if (it->action == ACT_INSTALL || it->action == ACT_UPDATE)
			plan->todo++;
	}
	return 0;
}

void
plan_free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n; i++) {
		free(plan->v[i].installed);
		free(plan->v[i].info);
	}
	free(plan->v);
	*plan = (struct plan){0};
}
