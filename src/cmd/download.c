/*
 * kelpie download: all that a lock file names, to be installed elsewhere.
 */
#include "cmd/download.h"

#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "kelpie/error.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"directory", required_argument, NULL, 'd'},
    {"output", required_argument, NULL, 'o'},
    {"prune", no_argument, NULL, OPT_PRUNE},
    {"mirror", required_argument, NULL, OPT_MIRROR},
    {"jobs", required_argument, NULL, 'j'},
    {"per-host", required_argument, NULL, OPT_PER_HOST},
    {"ignore-certs", no_argument, NULL, 'c'},
    {"ca-file", required_argument, NULL, OPT_CA_FILE},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"retries", required_argument, NULL, OPT_RETRIES},
    {"no-cache", no_argument, NULL, OPT_NO_CACHE},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"ask", no_argument, NULL, OPT_ASK},
    {"isolate", no_argument, NULL, OPT_ISOLATE},
    {"sandbox", required_argument, NULL, OPT_SANDBOX},
    {"max-files", required_argument, NULL, OPT_MAX_FILES},
    {"max-bytes", required_argument, NULL, OPT_MAX_BYTES},
    {"max-file-bytes", required_argument, NULL, OPT_MAX_FILE_BYTES},
    {"max-depth", required_argument, NULL, OPT_MAX_DEPTH},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char download_help[] =
    "usage: kelpie download [-cqv] [-d dir | -o file.tar] [-j jobs] [-r file]\n"
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
    "install: -j, -c, -q, -v, --mirror, --ca-file, --timeout, --retries,\n"
    "--per-host, --no-cache, --offline, --ask, --isolate, --sandbox and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
bad(const struct option *all, int c, char **argv, struct error *err)
{
	(void)all;
	return command_bad_option(c, argv, err);
}

static const struct install_grammar install_download = {
    .brief = ":r:d:o:j:cqvh",
    .options = options,
    .bad = bad,
};

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
run(int argc, char **argv, struct error *err)
{
	struct install_args a;
	int status = 2;

	if (install_args(&a, &install_download, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(download_help, stdout);
		status = 0;
	} else if (check(&a, err) == 0) {
		a.role = a.download = a.opts.locked = true;
		status = install_all(&a, err);
	}
out:
	install_args_free(&a);
	return status;
}

const struct command cmd_download = {"download", run, download_help};
