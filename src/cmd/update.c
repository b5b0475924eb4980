/*
 * kelpie update: what the lock file holds still moves on.
 */
#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "kelpie/error.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"roles-path", required_argument, NULL, 'p'},
    {"force", no_argument, NULL, 'f'},
    {"write", no_argument, NULL, OPT_WRITE},
    {"moved-tags", no_argument, NULL, OPT_MOVED_TAGS},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
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

static const struct install_grammar install_update = {
    .brief = ":r:p:j:s:cfqvh",
    .options = options,
    .bad = bad,
};

static int
run(int argc, char **argv, struct error *err)
{
	struct install_args a;
	int status = 2;

	if (install_args(&a, &install_update, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(update_help, stdout);
		status = 0;
	} else {
		a.role = a.is_update = true;
		a.lock = a.opts.check_refs = a.opts.refresh = true;
		a.update = a.names;
		a.update_n = a.names_n;
		a.names_n = 0;
		a.opts.tell_since = true;
		a.opts.over_edits = a.opts.force;
		a.opts.force = false;
		a.only_lock = a.dry_update = a.opts.dry_run;
		a.opts.dry_run = false;
		status = install_all(&a, err);
	}
out:
	install_args_free(&a);
	return status;
}

const struct command cmd_update = {"update", run, update_help};
