/*
 * Two roles that depend on a third: what if they want different things of it?
 */
#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
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

/* The lock file and the state know no user and no password. */
bool
wish_is_source(const struct spec *wish, const struct spec *had)
{
	char *x = url_kept(wish->src), *y = url_kept(had->src);
	bool is = strcmp(x, y) == 0;

	free(x);
	free(y);
	return is;
}

/* What the one says and the other does not. */
static const char *
what(const struct spec *s, const struct spec *other)
{
	const char *pin = s->commit != NULL ? s->commit : s->checksum;

	if (!text_same(s->path, other->path))
		return s->path != NULL ? s->path : "no path";
	return pin == NULL || !text_same(s->version, other->version) ?
	    wish_version(s) :
	    pin;
}

/* Both cannot come true: a failure of its own. */
static void
conflict(struct run *run, const struct spec *had, const struct spec *wish)
{
	struct error err;
	char *from = url_kept(had->src), *to = url_kept(wish->src);

	if (strcmp(from, to) == 0)
		(void)error_set(&err, ERR_CONFIG,
		    "role '%s' is wanted twice: %s by %s, %s by %s; name it in "
		    "the requirements file, which decides",
		    had->name, what(had, wish), had->where, what(wish, had),
		    wish->where);
	else
		(void)error_set(&err, ERR_CONFIG,
		    "role '%s' is wanted twice: from '%s' by %s, from '%s' by "
		    "%s; name it in the requirements file, which decides",
		    had->name, from, had->where, to, wish->where);
	/* What is in place may be of another day than what is asked for. */
	if (run->opts->refs == NULL)
		faults_add(&run->conflicts, &err);
	free(from);
	free(to);
}

static bool
join_pin(char **wish, const char *had)
{
	if (*wish == NULL)
		*wish = xstrdup_null(had);
	return had == NULL || text_same(*wish, had);
}

/*
 * The wish becomes what both ask for, whichever came first.  1: that is more
 * than had; 0: it is not; -1: nothing can be both.
 */
static int
join(const struct spec *had, struct spec *wish)
{
	if (!wish_is_source(wish, had) || !text_same(had->path, wish->path))
		return -1;
	if (wish_allows(wish, had)) {
		free(wish->version);
		wish->version = xstrdup_null(had->version);
	} else if (!wish_allows(had, wish)) {
		return -1;
	}
	if (!join_pin(&wish->commit, had->commit) ||
	    !join_pin(&wish->checksum, had->checksum))
		return -1;
	return !text_same(wish->version, had->version) ||
	    !text_same(wish->commit, had->commit) ||
	    !text_same(wish->checksum, had->checksum);
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

/* A worker is at it: what comes of that is not what is wanted. */
static void
wish_later(struct run *run, struct task *t, struct spec *wish)
{
	int rc = 1;

	if (t->wish == NULL)
		t->wish = xcalloc(1, sizeof(*t->wish));
	else
		rc = join(t->wish, wish);
	if (rc == -1)
		conflict(run, t->wish, wish);
	if (rc != 1)
		return;
	spec_free(t->wish);
	*t->wish = *wish;
	*wish = (struct spec){0};
}

static void
change(struct run *run, struct item *it, struct spec *wish)
{
	struct task *t = task_of(run, it);

	if (t != NULL && t->progress == TAKEN) {
		wish_later(run, t, wish);
		return;
	}
	if (t != NULL && t->progress == FINISHED)
		finish_flush(run);
	if (t != NULL && t->progress == WAITING)
		queue_remove(t);
	if (begin_again(run, it, t, wish) == -1 || t == NULL)
		return;
	if (t->progress == FINISHED)
		ui_more(1, 0);
	queue_put(run, t);
}

void
needs_join(struct run *run, struct item *it, struct spec *wish)
{
	int rc;

	/* As it was locked it is what they came to. */
	if (it->locked != NULL && locked_is_for(it->locked, wish))
		return;
	rc = join(it->spec, wish);
	if (rc == -1)
		conflict(run, it->spec, wish);
	else if (rc == 1)
		change(run, it, wish);
}
