#include "kelpie/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "kelpie/about.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"

/* Where the name is, or would be. */
static size_t
position(const struct wanted *w, const char *name)
{
	size_t lo = 0, hi = w->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(w->v[mid], name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
wanted_has(const struct wanted *w, const char *name)
{
	size_t i = position(w, name);

	return i < w->n && strcmp(w->v[i], name) == 0;
}

/* One walk: names that are wanted, but were not looked at yet. */
struct walk {
	struct wanted *w;
	const struct inventory *inv;
	const char *roles;
	char **todo; /* borrowed from w */
	size_t n;
};

static void
want(struct walk *k, const char *name)
{
	struct wanted *w = k->w;
	size_t i = position(w, name);

	if (i < w->n && strcmp(w->v[i], name) == 0)
		return;
	w->v = xreallocarray(w->v, w->n + 1, sizeof(*w->v));
	memmove(w->v + i + 1, w->v + i, (w->n - i) * sizeof(*w->v));
	w->n++;
	w->v[i] = xstrdup(name);
	k->todo = xreallocarray(k->todo, k->n + 1, sizeof(*k->todo));
	k->todo[k->n++] = w->v[i];
}

static int
want_needs(struct walk *k, const char *of, const char *needs, struct error *err)
{
	struct spec spec;
	int rc;

	while ((rc = spec_unpack_line(&spec, &needs, of, err)) == 1) {
		want(k, spec.name);
		spec_free(&spec);
	}
	return rc == 0 ? 0 : error_wrap(err, "what '%s' depends on", of);
}

static int
read_needs(struct walk *k, const struct present *p, struct error *err)
{
	struct about about;
	int rc;

	if (about_read(&about, k->roles, p->name, p->in.found == FOUND_LINK,
		err) == -1)
		return -1;
	if (about.needs != NULL)
		rc = want_needs(k, p->name, about.needs, err);
	else
		rc = error_set(err, ERR_CONFIG,
		    "what '%s' depends on is not known: %s", p->name,
		    about.fault != NULL ? about.fault : "");
	about_free(&about);
	return rc;
}

static int
follow(struct walk *k, const char *name, struct error *err)
{
	const struct present *p = inventory_find(k->inv, name);

	if (p == NULL || !present_is_role(p))
		return 0;
	if (p->record != NULL && p->record->needs != NULL)
		return want_needs(k, name, p->record->needs, err);
	return k->roles != NULL ? read_needs(k, p, err) : 0;
}

/* What is not in place cannot say what it depends on. */
static int
check_in_place(const struct specs *specs, const struct inventory *inv,
    struct error *err)
{
	const struct present *p;
	size_t i;

	for (i = 0; i < specs->n; i++) {
		p = inventory_find(inv, specs->v[i].name);
		if (p != NULL && p->err.kind != ERR_NONE) {
			*err = p->err;
			return -1;
		}
		if (p == NULL || !present_is_role(p))
			return error_set(err, ERR_NOTFOUND,
			    "'%s' is not in place, so what it depends on is "
			    "not known; run kelpie install first",
			    specs->v[i].name);
	}
	return 0;
}

int
wanted_make(struct wanted *w, const struct specs *specs,
    const struct inventory *inv, const char *roles, struct error *err)
{
	struct walk k = {.w = w, .inv = inv, .roles = roles};
	struct error ignored;
	size_t i;
	int rc = 0;

	*w = (struct wanted){0};
	if (roles != NULL && check_in_place(specs, inv, err) == -1)
		return -1;
	for (i = 0; i < specs->n; i++)
		want(&k, specs->v[i].name);
	/* It grows as we go. */
	for (i = 0; rc == 0 && i < k.n; i++)
		if (roles != NULL)
			rc = follow(&k, k.todo[i], err);
		else
			(void)follow(&k, k.todo[i], &ignored);
	free(k.todo);
	if (rc == -1)
		wanted_free(w);
	return rc;
}

void
wanted_free(struct wanted *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		free(w->v[i]);
	free(w->v);
	*w = (struct wanted){0};
}
