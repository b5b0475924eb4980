#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui_priv.h"

/*
 * The lines are those of ansible-galaxy 2.14 (lib/ansible/cli/galaxy.py and
 * lib/ansible/galaxy/role.py), which tools look for.
 */

#define WARNING "[WARNING]: "

static struct turn *
turn_of(struct turns *t, size_t order)
{
	if (order >= t->n) {
		t->v = xreallocarray(t->v, order + 1, sizeof(*t->v));
		memset(t->v + t->n, 0, (order + 1 - t->n) * sizeof(*t->v));
		t->n = order + 1;
	}
	return &t->v[order];
}

static void PRINTF_LIKE(3, 4) add(struct kept *k, int fd, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		text = xstrdup("");
	va_end(ap);
	k->v = xreallocarray(k->v, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = (struct kept_line){fd, text};
}

static void
say(struct out *out, struct kept *k)
{
	size_t i;

	for (i = 0; i < k->n; i++) {
		struct part part = {PLAIN, k->v[i].text};

		out_say(out, k->v[i].fd, &part, 1);
		free(k->v[i].text);
	}
	free(k->v);
	*k = (struct kept){0};
}

static void
say_turn(struct out *out, struct turn *t)
{
	say(out, &t->role);
	say(out, &t->needs);
}

/* "NAME (VERSION)", or the name alone.  The caller frees it. */
static char *
with_version(const char *name, const char *version)
{
	if (version == NULL || *version == '\0')
		return xstrdup(name);
	return xasprintf("%s (%s)", name, version);
}

static const char *
or_unspecified(const char *version)
{
	return version != NULL && *version != '\0' ? version : "unspecified";
}

/* Where it comes from: git's sources have no such line. */
static void
add_source(struct kept *k, const struct outcome_of *o)
{
	const char *dot = o->src != NULL ? strrchr(o->src, '.') : NULL;
	bool git = o->commit != NULL && *o->commit != '\0';

	if (o->galaxy && dot != NULL)
		add(k, STDOUT_FILENO, "- downloading role '%s', owned by %.*s",
		    dot + 1, (int)(dot - o->src), o->src);
	if (o->url != NULL)
		add(k, STDOUT_FILENO, "- downloading role from %s", o->url);
	else if (!git && o->src != NULL && strstr(o->src, "://") != NULL &&
	    o->outcome != OUT_FAILED)
		add(k, STDOUT_FILENO, "- downloading role from %s", o->src);
}

/* Entries that say the same are roles in place, in their turn. */
static void
add_again(struct kept *k, const struct outcome_of *o, const char *role)
{
	for (unsigned i = 0; i < o->again; i++)
		add(k, STDOUT_FILENO, "- %s is already installed, skipping.",
		    role);
}

static void
add_installed(struct kept *k, const struct outcome_of *o, const char *path)
{
	char *role = with_version(o->name, o->version);

	if (o->outcome == OUT_UPDATED)
		add(k, STDOUT_FILENO, "- changing role %s from %s to %s",
		    o->name, or_unspecified(o->before),
		    or_unspecified(o->version));
	add_source(k, o);
	add(k, STDOUT_FILENO, "- extracting %s to %s/%s", o->name, path,
	    o->name);
	add(k, STDOUT_FILENO, "- %s was installed successfully", role);
	if (o->meta_empty)
		add(k, STDERR_FILENO,
		    WARNING "Meta file %s/%s is empty. "
			    "Skipping dependencies.",
		    path, o->name);
	add_again(k, o, role);
	free(role);
}

static void
add_kept(struct kept *k, const struct outcome_of *o, const struct turns *t)
{
	char *role;
	size_t i;

	for (i = 0; i < t->in_place_n; i++)
		if (strcmp(t->in_place[i], o->name) == 0)
			return; /* as a dependency it has had its line */
	role = with_version(o->name, o->version);
	add(k, STDOUT_FILENO, "- %s is already installed, skipping.", role);
	add_again(k, o, role);
	free(role);
}

static void
add_role(struct kept *k, const struct outcome_of *o, const struct turns *t)
{
	switch (o->outcome) {
	case OUT_KEPT:
		add_kept(k, o, t);
		break;
	case OUT_INSTALLED:
	case OUT_UPDATED:
		add_installed(k, o, t->path != NULL ? t->path : "");
		break;
	case OUT_FAILED:
		add_source(k, o);
		/* It came, and was found out while it was written. */
		if (o->err != NULL && o->err->kind == ERR_INTEGRITY)
			add(k, STDOUT_FILENO, "- extracting %s to %s/%s",
			    o->name, t->path != NULL ? t->path : "", o->name);
		add(k, STDERR_FILENO,
		    WARNING "- %s was NOT installed successfully: %s", o->name,
		    o->err != NULL ? o->err->msg : "no reason was given");
		break;
	case OUT_CANCELLED:
		break;
	}
}

void
turns_role(struct turns *turns, const struct outcome_of *o)
{
	struct turn *t = turn_of(turns, o->order);

	add_role(&t->role, o, turns);
	t->told = true;
	if (o->order < turns->next)
		say_turn(turns->out, t);
	for (; turns->next < turns->n && turns->v[turns->next].told;
	     turns->next++)
		say_turn(turns->out, &turns->v[turns->next]);
}

void
turns_need(struct turns *turns, size_t of, enum need need, const char *name,
    const char *version)
{
	struct turn *t = turn_of(turns, of);
	char *whole = with_version(name, version);

	switch (need) {
	case NEED_ADDED:
		add(&t->needs, STDOUT_FILENO, "- adding dependency: %s", whole);
		break;
	case NEED_PENDING:
		add(&t->needs, STDOUT_FILENO,
		    "- dependency %s already pending installation.", name);
		break;
	case NEED_INSTALLED:
		add(&t->needs, STDOUT_FILENO,
		    "- dependency %s is already installed, skipping.", name);
		turns->in_place = xreallocarray(turns->in_place,
		    turns->in_place_n + 1, sizeof(*turns->in_place));
		turns->in_place[turns->in_place_n++] = xstrdup(name);
		break;
	}
	free(whole);
	if (of < turns->next)
		say_turn(turns->out, t);
}

void
turns_rest(struct turns *t)
{
	for (; t->next < t->n; t->next++)
		say_turn(t->out, &t->v[t->next]);
}

/* Of what has not been said before. */
static void
forget(struct kept *k)
{
	while (k->n > 0)
		free(k->v[--k->n].text);
	free(k->v);
}

void
turns_free(struct turns *t)
{
	while (t->n > 0) {
		t->n--;
		forget(&t->v[t->n].role);
		forget(&t->v[t->n].needs);
	}
	while (t->in_place_n > 0)
		free(t->in_place[--t->in_place_n]);
	free(t->in_place);
	free(t->v);
	free(t->path);
	*t = (struct turns){0};
}
