#include "cmd/list.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/jsonout.h"
#include "kelpie/plan.h"
#include "kelpie/spec.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"
#include "kelpie/wanted.h"

static const char list_help[] =
    "usage: kelpie list [-qv] [-p path] [-r file]... [--json] [name ...]\n"
    "\n"
    "Show the roles that are in place, of all configured roles paths, or the\n"
    "named ones: version, commit, source, and whether that is what the\n"
    "requirements file asks for, if there is one.\n"
    "\n"
    "  -p, --roles-path DIR    the roles in DIR alone\n"
    "  -r, --role-file FILE    hold them against FILE; may be given more than\n"
    "                          once (the file that kelpie install reads)\n"
    "      --json              everything that is known, as JSON\n"
    "      --sandbox WORD      how its process that reads them is confined:\n"
    "                          auto, require or off, as for install\n"
    "  -q, --quiet             only errors, and the exit status\n"
    "  -v, --verbose           also how that process is confined\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/* One run. */
struct list {
	const struct verb_args *args;
	struct specs specs;
	bool held; /* against specs */
	bool *found; /* each name of args */
	size_t shown; /* paths that have a heading, if they are several */
	bool failed;
	struct jsonout json;
};

/* One roles directory. */
struct shelf {
	struct store store;
	struct inventory inv;
	struct plan plan;
	struct wanted wanted;
	struct rows rows;
	bool first; /* of the paths: roles are installed here */
};

static const char *
judge(const struct item *it)
{
	switch (it->action) {
	case ACT_KEEP:
		return "ok";
	case ACT_INSTALL:
		return "missing";
	case ACT_REFUSE:
		return "in the way";
	case ACT_UPDATE:
		break;
	}
	return text_same(it->spec->version, it->installed) ? "other source" :
							     "other version";
}

static struct row *
add_row(struct shelf *s, const char *name)
{
	struct rows *rows = &s->rows;

	if ((rows->n & (rows->n - 1)) == 0)
		rows->v = xreallocarray(rows->v, rows->n != 0 ? 2 * rows->n : 1,
		    sizeof(*rows->v));
	rows->v[rows->n] = (struct row){.name = name};
	return &rows->v[rows->n++];
}

/* What is no role is shown if it stands in the way of one. */
static void
add_asked(struct shelf *s)
{
	const struct item *it;
	struct row *row;
	size_t i;

	for (i = 0; i < s->plan.n; i++) {
		it = s->plan.v[i];
		if (it->action == ACT_INSTALL && !s->first)
			continue;
		row = add_row(s, it->spec->name);
		row->spec = it->spec;
		row->match = judge(it);
		if (it->action != ACT_INSTALL)
			row->p = inventory_find(&s->inv, it->spec->name);
	}
}

static void
add_others(struct list *l, struct shelf *s)
{
	const struct present *p;
	struct row *row;
	size_t i;

	for (i = 0; i < s->inv.n; i++) {
		p = &s->inv.v[i];
		if (p->err.kind != ERR_NONE) {
			ui_error(&p->err);
			l->failed = true;
		}
		if (!present_is_role(p) || plan_find(&s->plan, p->name) != NULL)
			continue;
		row = add_row(s, p->name);
		row->p = p;
		if (l->held)
			row->match = wanted_has(&s->wanted, p->name) ?
			    "dependency" :
			    "not asked for";
	}
}

/* Of specs the plan says that they are. */
static void
add_missing_needs(struct shelf *s)
{
	const struct present *p;
	const char *name;
	size_t i;

	for (i = 0; s->first && i < s->wanted.n; i++) {
		name = s->wanted.v[i];
		p = inventory_find(&s->inv, name);
		if ((p == NULL || !present_is_role(p)) &&
		    plan_find(&s->plan, name) == NULL)
			add_row(s, name)->match = "missing";
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Keep the rows of the names that were given. */
static void
narrow(struct list *l, struct rows *rows)
{
	size_t i, k, n = 0;
	bool keep;

	if (l->args->names_n == 0)
		return;
	for (i = 0; i < rows->n; i++) {
		keep = false;
		for (k = 0; k < l->args->names_n; k++) {
			if (strcmp(rows->v[i].name, l->args->names[k]) != 0)
				continue;
			keep = true;
			if (rows->v[i].p != NULL &&
			    present_is_role(rows->v[i].p))
				l->found[k] = true;
		}
		if (keep)
			rows->v[n++] = rows->v[i];
	}
	rows->n = n;
}

static int
gather(struct list *l, struct shelf *s, struct error *err)
{
	const struct plan_opts how = {.force = false};
	const char **more =
	    xcalloc(l->args->names_n + l->specs.n, sizeof(*more));
	size_t i, n = 0;
	int rc;

	for (i = 0; i < l->args->names_n; i++)
		more[n++] = l->args->names[i];
	for (i = 0; i < l->specs.n; i++)
		more[n++] = l->specs.v[i].name;
	rc = inventory_make(&s->inv, &s->store, more, n, err);
	free(more);
	if (rc == -1)
		return -1;
	if (l->held &&
	    (plan_make(&s->plan, &l->specs, &s->store, &how, err) == -1 ||
		wanted_make(&s->wanted, &l->specs, &s->inv, NULL, err) == -1))
		return -1;
	add_asked(s);
	add_others(l, s);
	add_missing_needs(s);
	if (s->rows.n > 1)
		qsort(s->rows.v, s->rows.n, sizeof(*s->rows.v), by_name);
	narrow(l, &s->rows);
	return 0;
}

static void
show(struct list *l, const struct shelf *s)
{
	if (l->args->json) {
		list_object(&l->json, &s->store, &s->rows);
		return;
	}
	if (s->rows.n > 0 && l->shown > 1)
		ui_info("# %s", s->store.path);
	list_lines(&s->rows);
}

static void
list_path(struct list *l, const char *path, bool first)
{
	struct shelf s = {.first = first};
	struct error err;

	if (store_open(&s.store, path, &err) == -1) {
		ui_error(&err);
		l->failed = true;
		return;
	}
	if (gather(l, &s, &err) == 0) {
		show(l, &s);
	} else {
		ui_error(&err);
		l->failed = true;
	}
	free(s.rows.v);
	wanted_free(&s.wanted);
	plan_free(&s.plan);
	inventory_free(&s.inv);
	(void)store_close(&s.store, &err);
}

/* How many paths there is something to say about. */
static size_t
count(const struct list *l, char *const *paths)
{
	size_t i, n = 0;

	for (i = 0; paths[i] != NULL; i++)
		n += (i == 0 && l->held) || access(paths[i], F_OK) == 0;
	return n;
}

static void
tell_absent(struct list *l)
{
	struct error err;
	size_t i;

	for (i = 0; i < l->args->names_n; i++) {
		if (l->found[i])
			continue;
		(void)error_set(&err, ERR_NOTFOUND, "%s: is not installed",
		    l->args->names[i]);
		ui_error(&err);
		l->failed = true;
	}
}

static int
list_all(struct list *l, char *const *paths, struct error *err)
{
	size_t i;

	l->shown = count(l, paths);
	if (l->shown == 0)
		return error_set(err, ERR_NOTFOUND,
		    "there is no roles directory '%s'", paths[0]);
	jsonout_begin(&l->json, NULL, '{');
	jsonout_begin(&l->json, "paths", '[');
	for (i = 0; paths[i] != NULL; i++)
		list_path(l, paths[i], i == 0);
	jsonout_end(&l->json, ']');
	jsonout_end(&l->json, '}');
	if (l->args->json)
		verb_write(&l->json);
	tell_absent(l);
	return 0;
}

static int
list(struct verb_args *a, struct error *err)
{
	struct list l = {.args = a};
	char **paths = NULL;
	int rc;

	if (verb_config(a, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	rc = verb_specs(a, &l.specs);
	l.held = rc == 0;
	l.failed = rc == -1;
	if (!l.held) {
		specs_free(&l.specs);
		l.specs = (struct specs){0};
	}
	l.found = xcalloc(a->names_n, sizeof(*l.found));
	paths = verb_paths(&a->config, NULL);
	if (verb_check_names(a) == -1 || list_all(&l, paths, err) == -1)
		l.failed = true;
	free(paths);
	free(l.found);
	specs_free(&l.specs);
	buf_free(&l.json.text);
	return l.failed ? 1 : 0;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "prJSqv",
	    .help = list_help,
	    .act = list};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_list = {"list", run, list_help};
