/*
 * What the ui is told of roles that no worker brings.
 */
#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/error.h"
#include "kelpie/range.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

struct outcome_of
outcome_for(const struct item *it, enum outcome outcome)
{
	return (struct outcome_of){.outcome = outcome,
	    .name = it->spec->name,
	    .version = it->spec->version,
	    .order = it->order,
	    .again = it->spec->again,
	    .src = it->spec->src,
	    .git = it->spec->git,
	    .galaxy = spec_is_name(it->spec)};
}

void
run_failed(struct run *run, const struct item *it, const struct error *why)
{
	struct outcome_of o = outcome_for(it, OUT_FAILED);
	char *src = url_redact(it->spec->src);
	struct error err = *why;

	o.err = &err;
	/* A long one would leave no room for the reason. */
	if (it->action != ACT_REFUSE)
		(void)error_wrap(&err, "%.200s%s", src,
		    strlen(src) > 200 ? "..." : "");
	ui_role(&o);
	run->failed++;
	if (run->opts->refs != NULL)
		refs_failed(run, it, &err);
	free(src);
}

void
tell_settled(struct run *run, const struct item *it)
{
	struct outcome_of o = outcome_for(it, OUT_KEPT);

	if (o.version == NULL || range_is(o.version))
		o.version = it->installed;
	if (it->action == ACT_KEEP)
		ui_role(&o);
	else if (it->action == ACT_REFUSE)
		run_failed(run, it, &it->err);
}

void
tell_kept(struct run *run)
{
	for (size_t i = 0; i < run->plan.n; i++)
		tell_settled(run, run->plan.v[i]);
}

/* The first of two wishes has come true, and the other cannot. */
void
tell_conflicts(struct run *run)
{
	for (size_t i = 0; i < run->conflicts.n; i++)
		ui_error(&run->conflicts.v[i]);
	run->failed += run->conflicts.n;
}

size_t
tell_plan(struct run *run)
{
	static const char *const word[] = {
	    [ACT_KEEP] = "keep",
	    [ACT_INSTALL] = "install",
	    [ACT_UPDATE] = "update",
	    [ACT_REFUSE] = "refuse",
	};
	size_t i, refused = 0;
	bool keep_old;

	for (i = 0; i < run->plan.n; i++) {
		struct item *it = run->plan.v[i];
		const char *version = it->spec->version;

		if (!it->asked_again)
			(void)may_replace(run, it, &keep_old);
		refused += it->action == ACT_REFUSE;
		ui_info("%s %s %s%s%s", word[it->action], it->spec->name,
		    version != NULL ? version : "the default branch",
		    it->action == ACT_REFUSE ? ": " : "", it->err.msg);
	}
	return refused;
}

size_t
tell_cancelled(struct run *run)
{
	size_t i, n = 0;

	for (i = 0; i < run->n; i++) {
		const struct outcome_of o =
		    outcome_for(run->task[i]->item, OUT_CANCELLED);

		if (run->task[i]->progress == FINISHED)
			continue;
		ui_role(&o);
		n++;
	}
	return n;
}
