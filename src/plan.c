#include "kelpie/plan.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "kelpie/store.h"
#include "plan_priv.h"

static void
item_free(struct item *it)
{
	free(it->installed);
	free(it->info);
	free(it->needs);
	if (it->own != NULL)
		spec_free(it->own);
	free(it->own);
	free(it);
}

bool
item_to_do(const struct item *it)
{
	return it->action == ACT_INSTALL || it->action == ACT_UPDATE;
}

static void
put(struct plan *plan, struct item *it)
{
	if ((plan->n & (plan->n - 1)) == 0)
		plan->v = xreallocarray(plan->v, plan->n != 0 ? 2 * plan->n : 1,
		    sizeof(struct item *));
	it->order = plan->n;
	plan->v[plan->n++] = it;
}

size_t
plan_todo(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += item_to_do(plan->v[i]);
	return n;
}

int
plan_make(struct plan *plan, const struct specs *specs,
    const struct store *store, const struct plan_opts *how, struct error *err)
{
	*plan = (struct plan){0};
	for (size_t i = 0; i < specs->n; i++) {
		struct item *it = xcalloc(1, sizeof(*it));

		it->spec = &specs->v[i];
		if (plan_item(it, store, how, err) == -1) {
			item_free(it);
			plan_free(plan);
			return -1;
		}
		put(plan, it);
	}
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return strcmp(x->spec->name, y->spec->name);
}

static void
remember_name(struct plan *plan, struct item *it)
{
	if (tsearch(it, &plan->names, by_name) == NULL)
		out_of_memory();
}

struct item *
plan_add(struct plan *plan, struct spec *spec, const struct store *store,
    const struct plan_opts *how, struct error *err)
{
	struct item *it = xcalloc(1, sizeof(*it));

	it->own = xmalloc(sizeof(*it->own));
	*it->own = *spec;
	*spec = (struct spec){0};
	it->spec = it->own;
	if (plan_item(it, store, how, err) == -1) {
		item_free(it);
		return NULL;
	}
	put(plan, it);
	if (plan->names != NULL)
		remember_name(plan, it);
	return it;
}

int
plan_change(struct item *it, struct spec *spec, const struct store *store,
    const struct plan_opts *how, struct error *err)
{
	struct spec old = *it->own;

	/* Its name is what the tree of names knows it by. */
	*it->own = *spec;
	*spec = (struct spec){0};
	spec_free(&old);
	free(it->installed);
	free(it->info);
	free(it->needs);
	it->installed = it->info = it->needs = NULL;
	return plan_item(it, store, how, err);
}

/* Most runs never ask; the first question makes the tree. */
struct item *
plan_find(struct plan *plan, const char *name)
{
	struct spec spec = {.name = xstrdup(name)};
	const struct item key = {.spec = &spec};
	struct item *const *found;

	if (plan->names == NULL)
		for (size_t i = 0; i < plan->n; i++)
			remember_name(plan, plan->v[i]);
	found = tfind(&key, &plan->names, by_name);
	free(spec.name);
	return found != NULL ? *found : NULL;
}

static void
forget(void *item)
{
	(void)item; /* the plan has it */
}

void
plan_free(struct plan *plan)
{
	tdestroy(plan->names, forget);
	for (size_t i = 0; i < plan->n; i++)
		item_free(plan->v[i]);
	free(plan->v);
	*plan = (struct plan){0};
}
