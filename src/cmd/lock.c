/*
 * kelpie lock: the lock file, without installing anything.
 */
#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "kelpie/error.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"check", no_argument, NULL, OPT_CHECK},
    {"jobs", required_argument, NULL, 'j'},
    {"per-host", required_argument, NULL, OPT_PER_HOST},
    {"server", required_argument, NULL, 's'},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"api-key", required_argument, NULL, OPT_TOKEN},
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
    "--per-host, --no-cache, --offline, --ask, --isolate, --sandbox and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
bad(const struct option *all, int c, char **argv, struct error *err)
{
	(void)all;
	return command_bad_option(c, argv, err);
}

static const struct install_grammar install_lock = {
    .brief = ":r:j:s:cqvh",
    .options = options,
    .bad = bad,
};

static int
run(int argc, char **argv, struct error *err)
{
	struct install_args a;
	int status = 2;

	if (install_args(&a, &install_lock, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(lock_help, stdout);
		status = 0;
	} else if (a.names_n > 0) {
		(void)error_set(err, ERR_USAGE,
		    "kelpie lock is for all roles of a file and takes no "
		    "names; see kelpie lock --help");
	} else {
		a.role = a.lock = a.only_lock = a.opts.check_refs = true;
		status = install_all(&a, err);
	}
out:
	install_args_free(&a);
	return status;
}

const struct command cmd_lock = {"lock", run, lock_help};
