#include "cmd/install_args.h"

#include <bsd/libutil.h>
#include <bsd/stdlib.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

enum {
	OPT_DRY_RUN = 256,
	OPT_TIMEOUT,
	OPT_CA_FILE,
	OPT_ISOLATE,
	OPT_MAX_FILES,
	OPT_MAX_BYTES,
	OPT_MAX_FILE_BYTES,
	OPT_MAX_DEPTH,
	OPT_PER_HOST,
	OPT_RETRIES,
	OPT_NO_CACHE,
	OPT_OFFLINE,
	OPT_REFRESH,
	OPT_ASK,
	OPT_SYNC,
};

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"roles-path", required_argument, NULL, 'p'},
    {"jobs", required_argument, NULL, 'j'},
    {"force", no_argument, NULL, 'f'},
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
    {"no-cache", no_argument, NULL, OPT_NO_CACHE},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"refresh", no_argument, NULL, OPT_REFRESH},
    {"ask", no_argument, NULL, OPT_ASK},
    {"sync", required_argument, NULL, OPT_SYNC},
    {NULL, 0, NULL, 0},
};

const char install_help[] =
    "usage: kelpie install [-fqv] [-j jobs] [-p path] [-r file]... [name ...]\n"
    "\n"
    "Install the roles of a requirements file, several at a time.  Without\n"
    "-r and names: requirements.yml or roles/requirements.yml.\n"
    "\n"
    "  -r, --role-file FILE    read FILE; may be given more than once; names\n"
    "                          then pick roles of these files\n"
    "  -p, --roles-path DIR    install into DIR\n"
    "  -j, --jobs N            at most N workers (auto)\n"
    "  -f, --force             fetch again what is there, replace what was\n"
    "                          edited by hand\n"
    "      --refresh           ask again what branches are, also of roles that\n"
    "                          are in place\n"
    "      --dry-run           say what would be done, and do nothing\n"
    "  -q, --quiet             only failures and warnings\n"
    "  -v, --verbose           more\n"
    "      --timeout SECONDS   give up on a source that is silent so long (60)\n"
    "      --retries N         try again so often what may pass (2)\n"
    "      --per-host N        at most N workers for one host (auto)\n"
    "      --no-cache          neither use the cache nor fill it\n"
    "      --offline           use the cache alone, ask no server\n"
    "      --ask               ask for user and password on the terminal, before\n"
    "                          the start\n"
    "      --ca-file FILE      trust the certificates in FILE\n"
    "      --isolate           a process of its own for every role\n"
    "      --sync WORD         auto: a role is on the disk before it is in place;\n"
    "                          no: leave that to the system (auto)\n"
    "      --max-files N       files of one role (20000)\n"
    "      --max-bytes N       bytes of one role (1G)\n"
    "      --max-file-bytes N  bytes of one file (256M)\n"
    "      --max-depth N       directories below each other (32)\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
number(unsigned *out, const char *what, long long max, struct error *err)
{
	const char *why;
	long long n = strtonum(optarg, 1, max, &why);

	if (why != NULL)
		return error_set(err, ERR_USAGE, "%s '%s' is %s", what, optarg,
		    why);
	*out = (unsigned)n;
	return 0;
}

/* A number of bytes or files, with K, M, G behind it if one likes. */
static int
amount(uint64_t *out, const char *what, struct error *err)
{
	if (optarg[0] == '-' || expand_number(optarg, out) == -1 || *out == 0)
		return error_set(err, ERR_USAGE,
		    "%s '%s' is not a positive number", what, optarg);
	return 0;
}

static int
take_limit(struct limits *l, int c, struct error *err)
{
	switch (c) {
	case OPT_MAX_FILES:
		return amount(&l->files, "--max-files", err);
	case OPT_MAX_BYTES:
		return amount(&l->bytes, "--max-bytes", err);
	case OPT_MAX_FILE_BYTES:
		return amount(&l->file_bytes, "--max-file-bytes", err);
	default:
		/* Each level costs a descriptor, of which a worker has 256. */
		return number(&l->depth, "--max-depth", 200, err);
	}
}

/* What can stand in the environment and in ansible.cfg, too. */
static int
take_setting(struct install_args *a, int c, struct error *err)
{
	struct config *config = &a->config;

	switch (c) {
	case OPT_TIMEOUT:
		return config_set(config, CONFIG_TIMEOUT, "--timeout", optarg,
		    err);
	case OPT_RETRIES:
		return config_set(config, CONFIG_RETRIES, "--retries", optarg,
		    err);
	case OPT_PER_HOST:
		return config_set(config, CONFIG_PER_HOST, "--per-host", optarg,
		    err);
	case OPT_NO_CACHE:
		config->value[CONFIG_NO_CACHE] = 1;
		return 0;
	case OPT_OFFLINE:
		config->value[CONFIG_OFFLINE] = 1;
		return 0;
	default:
		return take_limit(&a->opts.limits, c, err);
	}
}

static int
take_sync(bool *no_sync, struct error *err)
{
	*no_sync = strcmp(optarg, "no") == 0;
	if (*no_sync || strcmp(optarg, "auto") == 0)
		return 0;
	return error_set(err, ERR_USAGE, "--sync '%s' is neither auto nor no",
	    optarg);
}

static int
take_option(struct install_args *a, int c, struct error *err)
{
	switch (c) {
	case 'r':
		a->files[a->files_n++] = optarg;
		return 0;
	case 'p':
		config_add_path(&a->config, optarg);
		return 0;
	case 'j':
		return config_set(&a->config, CONFIG_JOBS, "--jobs", optarg,
		    err);
	case 'f':
		a->opts.force = true;
		return 0;
	case 'q':
		a->level = UI_QUIET;
		return 0;
	case 'v':
		a->level++;
		return 0;
	case 'h':
		a->help = true;
		return 0;
	case OPT_DRY_RUN:
		a->opts.dry_run = true;
		return 0;
	case OPT_CA_FILE:
		a->opts.ca_file = optarg;
		return 0;
	case OPT_ISOLATE:
		a->opts.isolate = true;
		return 0;
	case OPT_REFRESH:
		a->opts.refresh = true;
		return 0;
	case OPT_ASK:
		a->opts.ask = true;
		return 0;
	case OPT_SYNC:
		return take_sync(&a->opts.no_sync, err);
	default:
		return take_setting(a, c, err);
	}
}

int
install_args(struct install_args *a, int argc, char **argv, struct error *err)
{
	int c;

	*a = (struct install_args){.opts = {.limits = LIMITS_DEFAULT}};
	config_init(&a->config);
	a->files = xcalloc((size_t)argc, sizeof(*a->files));
	opterr = 0;
	optind = 0; /* start over, whoever parsed before */
	while (
	    (c = getopt_long(argc, argv, ":r:p:j:fqvh", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return command_bad_option(c, argv, err);
		if (take_option(a, c, err) == -1)
			return -1;
	}
	if (a->config.value[CONFIG_NO_CACHE] == 1 &&
	    a->config.value[CONFIG_OFFLINE] == 1)
		return error_set(err, ERR_USAGE,
		    "--offline uses the cache alone, and --no-cache forbids "
		    "it");
	a->names = argv + optind;
	a->names_n = (size_t)(argc - optind);
	return 0;
}

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
