/*
 * kelpie outdated: for which roles is there something newer?
 */
#include "cmd/outdated.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/install_verb.h"
#include "cmd/scratch.h"
#include "kelpie/buf.h"
#include "kelpie/inventory.h"
#include "kelpie/lockfile.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

#define STATUS_OLD 3

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"roles-path", required_argument, NULL, 'p'},
    {"json", no_argument, NULL, OPT_JSON},
    {"exit-zero", no_argument, NULL, OPT_EXIT_ZERO},
    {NULL, 0, NULL, 0},
};

static const char outdated_help[] =
    "usage: kelpie outdated [-cqv] [-j jobs] [-p path] [-r file] [-s server]\n"
    "                       [--json] [--exit-zero] [name ...]\n"
    "\n"
    "Show for every role of a requirements file, and what those depend on,\n"
    "what is installed, what its version is now (by range, branch or Galaxy),\n"
    "and the newest release of its source.  Nothing is fetched or changed.\n"
    "With names, only these roles.  The exit status is 0 if all are current, 3\n"
    "if not, 1 if something could not be found out.\n"
    "\n"
    "  -r, --role-file FILE    read FILE (requirements.yml)\n"
    "  -p, --roles-path DIR    the roles in DIR\n"
    "      --json              everything that is known, as JSON\n"
    "      --exit-zero         exit with 0 also if roles are outdated\n"
    "\n"
    "Options about servers, workers and output are those of kelpie install:\n"
    "-j, -s, -c, -q, -v, --token, --ca-file, --timeout, --retries, --per-host,\n"
    "--ask, --isolate, --sandbox.\n"
    "\n"
    "kelpie(1) tells more.\n";

/* One run. */
struct outdated {
	struct store store;
	struct lockfile lock;
	struct old_roles roles;
	bool failed, old;
};

static struct old_role *
add_role(struct old_roles *roles)
{
	if ((roles->n & (roles->n - 1)) == 0)
		roles->v = xreallocarray(roles->v,
		    roles->n != 0 ? 2 * roles->n : 1, sizeof(*roles->v));
	return &roles->v[roles->n++];
}

static void
take(void *ctx, const struct answer *a)
{
	struct outdated *o = ctx;
	struct old_role *r = add_role(&o->roles);
	struct present p;

	present_look(&p, &o->store, a->spec->name);
	outdated_judge(r, a, &p, lockfile_find(&o->lock, a->spec->name));
	for (size_t i = 0; i < r->moved_n; i++)
		o->failed = o->failed || r->moved[i].locked;
	o->old = o->old || r->finding > FINDING_UNKNOWN;
	present_free(&p);
}

/* ---- the run ---- */

static int
by_name(const void *a, const void *b)
{
	const struct old_role *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
say(struct outdated *o, bool json)
{
	if (o->roles.n > 1)
		qsort(o->roles.v, o->roles.n, sizeof(*o->roles.v), by_name);
	if (json)
		outdated_json(&o->roles);
	else
		outdated_lines(&o->roles);
}

static int
load_lock(struct outdated *o, const struct asked *asked, struct error *err)
{
	char *path;
	int rc;

	if (asked->file == NULL)
		return 0;
	path = lockfile_path(asked->file);
	rc = lockfile_load(&o->lock, path, err);
	free(path);
	if (rc == 0 || err->kind != ERR_NOTFOUND)
		return rc;
	err->kind = ERR_NONE;
	return 0;
}

static int
ask(struct outdated *o, struct install_args *a, const struct asked *asked,
    struct error *err)
{
	char *dir = scratch_make(err);
	const struct refs refs = {.scratch = dir,
	    .names = a->update,
	    .names_n = a->update_n,
	    .tell = take,
	    .ctx = o};
	int status = 1;

	a->opts.refs = &refs;
	a->opts.lock = &o->lock;
	a->opts.no_cache = true;
	ui_set_shape(UI_LOOK, NULL);
	if (dir != NULL)
		status = install_run(&a->opts, &asked->specs, err);
	scratch_remove(dir);
	if (status > 1 || err->kind != ERR_NONE)
		return status;
	say(o, a->json);
	if (status == 0 && o->failed)
		return 1;
	return status == 0 && o->old && !a->exit_zero ? STATUS_OLD : status;
}

static void
outdated_free(struct outdated *o)
{
	struct error ignored;

	for (size_t i = 0; i < o->roles.n; i++)
		old_role_free(&o->roles.v[i]);
	free(o->roles.v);
	lockfile_free(&o->lock);
	(void)store_close(&o->store, &ignored);
}

static int
act(struct install_args *a, struct asked *asked, struct error *err)
{
	struct outdated o = {.failed = false};
	int status = 1;

	if (a->opts.offline) {
		(void)error_set(err, ERR_USAGE,
		    "kelpie outdated asks servers, and the configuration says "
		    "offline");
		return 2;
	}
	if (store_open(&o.store, a->opts.path, err) == -1)
		return 1;
	if (load_lock(&o, asked, err) == 0)
		status = ask(&o, a, asked, err);
	outdated_free(&o);
	return status;
}

static int
begin(struct install_args *a, struct error *err)
{
	a->role = true;
	a->update = a->names;
	a->update_n = a->names_n;
	a->names_n = 0;
	a->act = act;
	return install_all(a, err);
}

static const struct install_verb verb = {
    .options = options,
    .help = outdated_help,
    .act = begin,
};

static int
run(int argc, char **argv, struct error *err)
{
	return install_verb(&verb, argc, argv, err);
}

const struct command cmd_outdated = {"outdated", run, outdated_help};
