#include <getopt.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"roles-path", required_argument, NULL, 'p'},
    {"jobs", required_argument, NULL, 'j'},
    {"force", no_argument, NULL, 'f'},
    {"force-with-deps", no_argument, NULL, OPT_FORCE_DEPS},
    {"no-deps", no_argument, NULL, 'n'},
    {"ignore-errors", no_argument, NULL, 'i'},
    {"keep-scm-meta", no_argument, NULL, 'g'},
    {"server", required_argument, NULL, 's'},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"api-key", required_argument, NULL, OPT_TOKEN},
    {"ignore-certs", no_argument, NULL, 'c'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"ca-file", required_argument, NULL, OPT_CA_FILE},
    {"isolate", no_argument, NULL, OPT_ISOLATE},
    {"max-files", required_argument, NULL, OPT_MAX_FILES},
    {"max-bytes", required_argument, NULL, OPT_MAX_BYTES},
    {"max-file-bytes", required_argument, NULL, OPT_MAX_FILE_BYTES},
    {"max-depth", required_argument, NULL, OPT_MAX_DEPTH},
    {"per-host", required_argument, NULL, OPT_PER_HOST},
    {"retries", required_argument, NULL, OPT_RETRIES},
    {"lock-wait", required_argument, NULL, OPT_LOCK_WAIT},
    {"no-cache", no_argument, NULL, OPT_NO_CACHE},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"refresh", no_argument, NULL, OPT_REFRESH},
    {"lock", no_argument, NULL, OPT_LOCK},
    {"locked", no_argument, NULL, OPT_LOCKED},
    {"frozen", no_argument, NULL, OPT_FROZEN},
    {"check-refs", no_argument, NULL, OPT_CHECK_REFS},
    {"from", required_argument, NULL, OPT_FROM},
    {"mirror", required_argument, NULL, OPT_MIRROR},
    {"ask", no_argument, NULL, OPT_ASK},
    {"sync", required_argument, NULL, OPT_SYNC},
    {"sandbox", required_argument, NULL, OPT_SANDBOX},
    {"config-file", required_argument, NULL, OPT_CONFIG_FILE},
    {"no-pip", no_argument, NULL, OPT_NO_PIP},
    {"parallel", no_argument, NULL, OPT_PARALLEL},
    {"no-parallel", no_argument, NULL, OPT_NO_PARALLEL},
    {NULL, 0, NULL, 0},
};

static int
bad(const struct option *all, int c, char **argv, struct error *err)
{
	(void)all;
	return command_bad_option(c, argv, err);
}

const struct install_grammar install_own = {
    .brief = ":r:p:j:s:fnigcqvh",
    .options = options,
    .bad = bad,
};

const char install_help[] =
    "usage: kelpie [role] install [-cfginqv] [-j jobs] [-p path] [-r file]...\n"
    "                             [-s server] [name ...]\n"
    "\n"
    "Install the roles of a requirements file, several at a time.  Without\n"
    "-r and names: the pups of kennel.cfg, else requirements.yml or\n"
    "roles/requirements.yml, else the pups of pupfile.yml.  Collections of\n"
    "the file are handed on to ansible-galaxy, unless -p or the word role is\n"
    "there.\n"
    "\n"
    "  -r, --role-file FILE    read FILE, - for standard input; may be given\n"
    "                          more than once; names then pick roles of these\n"
    "                          files\n"
    "  -p, --roles-path DIR    install into DIR\n"
    "  -j, --jobs N            at most N workers (auto)\n"
    "  -f, --force             fetch again what is there, replace what was\n"
    "                          edited by hand\n"
    "      --force-with-deps   the same also for what the roles depend on\n"
    "  -n, --no-deps           leave out what the roles depend on\n"
    "  -i, --ignore-errors     exit with 0 although roles have failed\n"
    "      --refresh           look again at branches and directories, also of\n"
    "                          roles that are in place\n"
    "      --lock              write requirements.lock: what every role became\n"
    "      --locked            fail if requirements.lock is not for this file\n"
    "      --frozen            take the versions of requirements.lock, whatever\n"
    "                          this file says of them\n"
    "      --from DIR|FILE     take all from what kelpie download wrote, ask no\n"
    "                          server\n"
    "      --mirror URL        ask this web server first, which has such a DIR\n"
    "      --check-refs        fail if a tag in requirements.lock was moved\n"
    "      --dry-run           say what would be done, and do nothing\n"
    "  -q, --quiet             only failures and warnings\n"
    "  -v, --verbose           more\n"
    "  -s, --server SERVER     the Galaxy server to ask: a name of ansible.cfg\n"
    "                          or an URL\n"
    "      --token, --api-key KEY  the token for it\n"
    "  -c, --ignore-certs      take any certificate from servers\n"
    "      --timeout SECONDS   give up on a source that is silent so long (60)\n"
    "      --retries N         try again so often what may pass (2)\n"
    "      --per-host N        at most N workers for one host (auto)\n"
    "      --lock-wait SECONDS  wait no longer for another kelpie that is at\n"
    "                          work in the same directory\n"
    "      --no-cache          neither use the cache nor fill it\n"
    "      --offline           use the cache alone, ask no server\n"
    "      --ask               ask for user and password on the terminal, before\n"
    "                          the start\n"
    "      --ca-file FILE      trust the certificates in FILE\n"
    "      --isolate           a process of its own for every role\n"
    "      --sync WORD         auto: a role is on the disk before it is in place;\n"
    "                          no: leave that to the system (auto)\n"
    "      --sandbox WORD      auto: workers are confined as far as the system\n"
    "                          can; require: refuse to start where it cannot;\n"
    "                          off: not confined (auto)\n"
    "      --config-file FILE  install the kennel of FILE (kennel.cfg)\n"
    "      --no-pip            leave the Python packages of a kennel's pups\n"
    "      --parallel          as -j auto\n"
    "      --no-parallel       as -j 1\n"
    "      --max-files N       files of one role (20000)\n"
    "      --max-bytes N       bytes of one role (1G)\n"
    "      --max-file-bytes N  bytes of one file (256M)\n"
    "      --max-depth N       directories below each other (32)\n"
    "  -g, --keep-scm-meta     refused: kelpie keeps no .git\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

const char *
install_default_file(void)
{
	static const char *const names[] = {"requirements.yml",
	    "requirements.yaml", "roles/requirements.yml",
	    "roles/requirements.yaml"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (access(names[i], F_OK) == 0)
			return names[i];
	return NULL;
}
