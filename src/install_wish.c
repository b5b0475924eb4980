/*
 * Two roles that depend on a third: what if they want different things of it?
 */
#include <stdlib.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/range.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

bool
wish_allows(const struct spec *wish, const struct spec *had)
{
	if (wish->version == NULL || text_same(had->version, wish->version))
		return true;
	return had->version != NULL && range_is(wish->version) &&
	    range_has(wish->version, had->version);
}

const char *
wish_version(const struct spec *s)
{
	return s->version != NULL ? s->version : "its newest version";
}

void
needs_conflict(struct run *run, const struct spec *had, const struct spec *wish)
{
	struct error err;
	char *from = url_redact(had->src), *to = url_redact(wish->src);

	if (text_same(had->src, wish->src))
		(void)error_set(&err, ERR_CONFIG,
		    "role '%s' is wanted twice: %s by %s, %s by %s; name it in "
		    "the requirements file, which decides",
		    had->name, wish_version(had), had->where,
		    wish_version(wish), wish->where);
	else
		(void)error_set(&err, ERR_CONFIG,
		    "role '%s' is wanted twice: from '%s' by %s, from '%s' by "
		    "%s; name it in the requirements file, which decides",
		    had->name, from, had->where, to, wish->where);
	faults_add(&run->conflicts, &err);
	free(from);
	free(to);
}

static struct task *
task_of(const struct run *run, const struct item *it)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->task[i]->item == it)
			return run->task[i];
	return NULL;
}

/* The item is for another version now, and its task begins again. */
static int
begin_again(struct run *run, struct item *it, struct task *t, struct spec *wish)
{
	struct error err;

	if (plan_change(it, wish, &run->store, &run->needs_how, &err) == -1) {
		run_failed(run, it, &err);
		return -1;
	}
	if (t != NULL && !item_to_do(it))
		tell_settled(run, it);
	if (!run->begun || !item_to_do(it))
		return -1;
	if (t != NULL)
		task_begin(run, t);
	else if (queue_add(run, it) != NULL)
		ui_more(1, 0);
	return t != NULL ? 0 : -1;
}

void
needs_wish(struct run *run, struct task *t)
{
	struct spec *wish = t->wish;

	t->wish = NULL;
	if (begin_again(run, t->item, t, wish) == 0)
		queue_put_back(run, t);
	free(wish);
}

void
needs_change(struct run *run, struct item *it, struct spec *wish)
{
	struct task *t = task_of(run, it);

	if (t != NULL && t->progress == TAKEN) {
		if (t->wish == NULL) {
			t->wish = xmalloc(sizeof(*t->wish));
			*t->wish = *wish;
			*wish = (struct spec){0};
		} else if (!text_same(t->wish->version, wish->version)) {
			needs_conflict(run, t->wish, wish);
		}
		return;
	}
	if (t != NULL && t->progress == FINISHED)
		finish_flush(run);
	if (t != NULL && t->progress == WAITING)
		queue_remove(t);
	if (begin_again(run, it, t, wish) == 0) {
		if (t->progress == FINISHED)
			ui_more(1, 0);
		queue_put(run, t);
	}
}
