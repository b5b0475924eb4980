/*
 * kelpie download: all that a lock file names, to be installed elsewhere.
 */
#include "cmd/download.h"

#include <getopt.h>
#include <stddef.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/install_verb.h"
#include "kelpie/error.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"directory", required_argument, NULL, 'd'},
    {"output", required_argument, NULL, 'o'},
    {"prune", no_argument, NULL, OPT_PRUNE},
    {NULL, 0, NULL, 0},
};

static const char download_help[] =
    "usage: kelpie download [-cqv] [-d dir | -o file.tar] [-j jobs] [-r file]\n"
    "                       [-s server]\n"
    "\n"
    "Put all that requirements.lock names into one directory: packs, archives,\n"
    "the lock file, an index.  kelpie install --from takes it from there with\n"
    "no network; served by any web server, it is a --mirror.\n"
    "\n"
    "  -r, --role-file FILE    the file that the lock file is for\n"
    "                          (requirements.yml)\n"
    "  -d, --directory DIR     fill DIR (kelpie-mirror)\n"
    "  -o, --output FILE       write a tar, and leave no directory\n"
    "      --prune             remove packs that are not of this lock file\n"
    "\n"
    "Options about servers, workers, limits and output are those of kelpie\n"
    "install: -j, -s, -c, -q, -v, --mirror, --token, --ca-file, --timeout,\n"
    "--retries, --per-host, --no-cache, --offline, --ask, --isolate, --sandbox\n"
    "and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
check(const struct install_args *a, struct error *err)
{
	if (a->names_n > 0)
		return error_set(err, ERR_USAGE,
		    "kelpie download is for all roles of a file and takes no "
		    "names; see kelpie download --help");
	if (a->output != NULL && (a->dir != NULL || a->prune))
		return error_set(err, ERR_USAGE,
		    "--output writes a whole new file: neither --directory "
		    "nor --prune goes with it");
	return 0;
}

static int
act(struct install_args *a, struct error *err)
{
	if (check(a, err) == -1)
		return 2;
	a->role = a->download = a->opts.locked = true;
	return install_all(a, err);
}

static const struct install_verb verb = {
    .options = options,
    .fetches = true,
    .help = download_help,
    .act = act,
};

static int
run(int argc, char **argv, struct error *err)
{
	return install_verb(&verb, argc, argv, err);
}

const struct command cmd_download = {"download", run, download_help};
