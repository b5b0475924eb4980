/*
 * kelpie update: what the lock file holds still moves on.
 */
#include <getopt.h>
#include <stddef.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/install_verb.h"
#include "kelpie/error.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"roles-path", required_argument, NULL, 'p'},
    {"force", no_argument, NULL, 'f'},
    {"write", no_argument, NULL, OPT_WRITE},
    {"moved-tags", no_argument, NULL, OPT_MOVED_TAGS},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"lock-wait", required_argument, NULL, OPT_LOCK_WAIT},
    {"sync", required_argument, NULL, OPT_SYNC},
    {NULL, 0, NULL, 0},
};

static const char update_help[] =
    "usage: kelpie update [-cfqv] [-j jobs] [-p path] [-r file] [-s server]\n"
    "                     [name ...]\n"
    "\n"
    "Bring roles to where their branches, ranges and Galaxy versions are now,\n"
    "install them, and write that to the lock file.  Without names: all of\n"
    "them.  What is asked for as a tag stays without --write, and a commit\n"
    "always.\n"
    "\n"
    "  -r, --role-file FILE    read FILE (requirements.yml)\n"
    "  -p, --roles-path DIR    install into DIR\n"
    "  -f, --force             also what was edited by hand\n"
    "      --write             move exact versions to the newest release, too,\n"
    "                          and write them into the requirements file\n"
    "      --moved-tags        take tags from where they are now, although they\n"
    "                          were moved since they were locked\n"
    "      --dry-run           say what would change, and change nothing\n"
    "\n"
    "Options about servers, workers, limits, output and the roles directory are\n"
    "those of kelpie install: -j, -s, -c, -q, -v, --token, --ca-file, --timeout,\n"
    "--retries, --per-host, --mirror, --no-cache, --offline, --ask, --isolate,\n"
    "--sandbox, --sync, --lock-wait and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
act(struct install_args *a, struct error *err)
{
	a->role = a->is_update = true;
	a->lock = a->opts.check_refs = a->opts.refresh = true;
	a->update = a->names;
	a->update_n = a->names_n;
	a->names_n = 0;
	a->opts.tell_since = true;
	a->opts.over_edits = a->opts.force;
	a->opts.force = false;
	a->only_lock = a->dry_update = a->opts.dry_run;
	a->opts.dry_run = false;
	return install_all(a, err);
}

static const struct install_verb verb = {
    .options = options,
    .fetches = true,
    .help = update_help,
    .act = act,
};

static int
run(int argc, char **argv, struct error *err)
{
	return install_verb(&verb, argc, argv, err);
}

const struct command cmd_update = {"update", run, update_help};
