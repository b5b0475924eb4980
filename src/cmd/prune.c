#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"
#include "kelpie/wanted.h"

static const char prune_help[] =
    "usage: kelpie prune [-fqv] [-p path] [-r file]... [--dry-run] [--yes]\n"
    "\n"
    "Remove the roles that kelpie or another tool installed and that the\n"
    "requirements file, and what its roles depend on, no longer ask for.  They\n"
    "are shown first, and you are asked.\n"
    "\n"
    "  -r, --role-file FILE    what is asked for; may be given more than once\n"
    "                          (the file that kelpie install reads)\n"
    "  -p, --roles-path DIR    remove from DIR\n"
    "  -f, --force             also roles that were edited by hand\n"
    "      --dry-run           show them, and do nothing\n"
    "      --yes               do not ask\n"
    "      --sandbox WORD      how its process that reads them is confined:\n"
    "                          auto, require or off, as for install\n"
    "      --lock-wait SECONDS  wait no longer for another kelpie\n"
    "  -q, --quiet             only failures and warnings; goes with --yes\n"
    "  -v, --verbose           also how that process is confined\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/* What may go, as it was when it was looked at. */
struct doomed {
	char *name, *version, *info; /* version and info may be NULL */
};

struct list {
	struct doomed *v; /* sorted by name */
	size_t n;
};

struct prune {
	const struct verb_args *args;
	struct specs specs;
	struct store store;
	bool kept; /* something stays that should not */
};

static void
doomed_free(struct doomed *d)
{
	free(d->name);
	free(d->version);
	free(d->info);
}

static void
list_free(struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		doomed_free(&l->v[i]);
	free(l->v);
	*l = (struct list){0};
}

static void
add(struct list *l, const struct present *p)
{
	l->v = xreallocarray(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (struct doomed){
	    .name = xstrdup(p->name),
	    .version = xstrdup_null(present_version(p)),
	    .info = xstrdup_null(p->in.info),
	};
}

/*
 * What has install info and is not wanted.  A role without it was made here
 * by somebody, and a link leads to what somebody works on.
 */
static int
find_doomed(const struct prune *pr, struct list *out, struct error *err)
{
	const struct store *s = &pr->store;
	struct wanted wanted = {0};
	struct inventory inv;
	const struct present *p;
	size_t i;
	int rc;

	*out = (struct list){0};
	if (inventory_make(&inv, s, NULL, 0, err) == -1)
		return -1;
	rc = wanted_make(&wanted, &pr->specs, &inv, s->path, err);
	for (i = 0; rc == 0 && i < inv.n; i++) {
		p = &inv.v[i];
		if (p->in.found == FOUND_INSTALLED &&
		    name_check(p->name, err) == 0 &&
		    !wanted_has(&wanted, p->name))
			add(out, p);
	}
	wanted_free(&wanted);
	inventory_free(&inv);
	return rc;
}

static void
drop(struct list *l, size_t i)
{
	doomed_free(&l->v[i]);
	l->n--;
	memmove(&l->v[i], &l->v[i + 1], (l->n - i) * sizeof(*l->v));
}

/* Take out what somebody edited, and say so. */
static void
spare_edited(struct prune *pr, struct list *l)
{
	struct error err;
	size_t i = 0;

	while (i < l->n) {
		const struct doomed *d = &l->v[i];

		if (pr->args->force ||
		    store_edited(&pr->store, d->name, d->info) != 1) {
			i++;
			continue;
		}
		(void)error_set(&err, ERR_REFUSED,
		    "%s: edited by hand since it was installed, and stays; "
		    "-f removes it",
		    d->name);
		ui_error(&err);
		pr->kept = true;
		drop(l, i);
	}
}

static void
show(const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		ui_info("remove %s %s", l->v[i].name,
		    l->v[i].version != NULL ? l->v[i].version : "-");
}

/* 1 if they may go, 0 if not; -1: nobody can be asked. */
static int
may_go(const struct prune *pr, size_t n, struct error *err)
{
	char path[512], answer[8] = "";

	if (pr->args->yes)
		return 1;
	if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1)
		return error_set(err, ERR_USAGE,
		    "nothing was removed: nobody can be asked here, and --yes "
		    "is not given");
	(void)fprintf(stderr, "remove %zu %s from '%s'? [y/N] ", n,
	    n == 1 ? "role" : "roles",
	    escape(path, sizeof(path), pr->store.path));
	(void)fflush(stderr);
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		(void)fputs("\n", stderr);
	return strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

static const struct doomed *
find(const struct list *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0)
			return &l->v[i];
	return NULL;
}

/* Still the role that was shown, and still nobody wants it. */
static bool
is_same(const struct doomed *shown, const struct doomed *now)
{
	if (now == NULL)
		return false;
	if (shown->info == NULL || now->info == NULL)
		return shown->info == now->info;
	return strcmp(shown->info, now->info) == 0;
}

static void
remove_one(struct prune *pr, const struct doomed *d)
{
	struct error err;

	if (store_remove(&pr->store, d->name, &err) == 0) {
		ui_info("%s: removed%s%s", d->name,
		    d->version != NULL ? " " : "",
		    d->version != NULL ? d->version : "");
		return;
	}
	(void)error_wrap(&err, "%s", d->name);
	ui_error(&err);
	pr->kept = true;
}

/* Since they were shown, another kelpie may have been at work. */
static int
remove_all(struct prune *pr, const struct list *shown, struct error *err)
{
	struct list now;
	int status = verb_lock(&pr->store,
	    pr->args->config.value[CONFIG_LOCK_WAIT], err);
	size_t i;

	if (status != 0)
		return status;
	if (find_doomed(pr, &now, err) == -1)
		return 1;
	for (i = 0; i < shown->n; i++) {
		const struct doomed *d = &shown->v[i];

		if (is_same(d, find(&now, d->name)) &&
		    (pr->args->force ||
			store_edited(&pr->store, d->name, d->info) != 1)) {
			remove_one(pr, d);
			continue;
		}
		ui_warn("%s: changed meanwhile, and stays", d->name);
		pr->kept = true;
	}
	list_free(&now);
	return 0;
}

static int
prune(struct prune *pr, struct error *err)
{
	struct list doomed;
	int go, status = 0;

	if (find_doomed(pr, &doomed, err) == -1)
		return 1;
	spare_edited(pr, &doomed);
	show(&doomed);
	if (doomed.n == 0) {
		if (!pr->kept)
			ui_info("nothing to remove");
	} else if (!pr->args->dry_run) {
		go = may_go(pr, doomed.n, err);
		status =
		    go == 1 ? remove_all(pr, &doomed, err) : (go == 0 ? 1 : 2);
	}
	list_free(&doomed);
	return status == 0 && pr->kept ? 1 : status;
}

static int
load(struct prune *pr, struct error *err)
{
	int rc;

	if (pr->args->level < UI_NORMAL && !pr->args->yes)
		return error_set(err, ERR_USAGE,
		    "-q does not show which roles would go: it needs --yes");
	rc = verb_specs(pr->args, &pr->specs);
	if (rc == 1)
		return error_set(err, ERR_USAGE,
		    "there is no requirements.yml here; name a file with -r");
	if (rc == -1)
		return error_set(err, ERR_CONFIG,
		    "nothing was removed: the requirements have faults");
	if (pr->specs.n == 0)
		return error_set(err, ERR_CONFIG,
		    "nothing was removed: the requirements ask for no role at "
		    "all");
	return 0;
}

static int
act(struct verb_args *a, struct error *err)
{
	struct prune pr = {.args = a};
	struct error late = {.kind = ERR_NONE};
	int status = 1;

	if (load(&pr, err) == -1 || verb_config(a, err) == -1) {
		status = err->kind == ERR_USAGE ? 2 : 1;
	} else if (store_open(&pr.store, a->config.roles_path, err) == 0) {
		status = prune(&pr, err);
		if (store_close(&pr.store, &late) == -1) {
			if (err->kind == ERR_NONE)
				*err = late;
			status = status == 0 ? 1 : status;
		}
	}
	specs_free(&pr.specs);
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "prfNYSWqv",
	    .help = prune_help,
	    .act = act,
	    .no_names = true};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_prune = {"prune", run, prune_help};
