/*
 * kelpie lock: the lock file, without installing anything.
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
    {"check", no_argument, NULL, OPT_CHECK},
    {NULL, 0, NULL, 0},
};

static const char lock_help[] =
    "usage: kelpie lock [-cqv] [-j jobs] [-r file] [-s server]\n"
    "\n"
    "Find out what every role of a requirements file is now, and what they\n"
    "depend on, and write that to the lock file beside it: requirements.lock\n"
    "for requirements.yml.  Nothing is installed.  What the lock file has\n"
    "already stays as it is: kelpie update moves it.\n"
    "\n"
    "  -r, --role-file FILE    read FILE (requirements.yml)\n"
    "      --check             write nothing; exit with 1 if the lock file is\n"
    "                          not what would be written\n"
    "\n"
    "Options about servers, workers, limits and output are those of kelpie\n"
    "install: -j, -s, -c, -q, -v, --token, --ca-file, --timeout, --retries,\n"
    "--per-host, --mirror, --no-cache, --offline, --ask, --isolate, --sandbox\n"
    "and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
act(struct install_args *a, struct error *err)
{
	if (a->names_n > 0) {
		(void)error_set(err, ERR_USAGE,
		    "kelpie lock is for all roles of a file and takes no "
		    "names; see kelpie lock --help");
		return 2;
	}
	a->role = a->lock = a->only_lock = a->opts.check_refs = true;
	return install_all(a, err);
}

static const struct install_verb verb = {
    .options = options,
    .fetches = true,
    .help = lock_help,
    .act = act,
};

static int
run(int argc, char **argv, struct error *err)
{
	return install_verb(&verb, argc, argv, err);
}

const struct command cmd_lock = {"lock", run, lock_help};
