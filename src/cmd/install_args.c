#include "cmd/install_args.h"

#include <bsd/libutil.h>
#include <bsd/stdlib.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

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

/* Of bytes or files; more are nowhere, and sums of a few fit into 64 bits,
 * signed as the system has them. */
#define AMOUNT_MAX ((uint64_t)1 << 50)

/* A number of bytes or files, with K, M, G behind it if one likes. */
static int
amount(uint64_t *out, const char *what, struct error *err)
{
	if (optarg[0] == '-' || expand_number(optarg, out) == -1 || *out == 0)
		return error_set(err, ERR_USAGE,
		    "%s '%s' is not a positive number", what, optarg);
	if (*out > AMOUNT_MAX)
		*out = AMOUNT_MAX;
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
	case 'j':
		return config_set(config, CONFIG_JOBS, "--jobs", optarg, err);
	case OPT_PARALLEL:
		return config_set(config, CONFIG_JOBS, "--jobs", "auto", err);
	case OPT_NO_PARALLEL:
		return config_set(config, CONFIG_JOBS, "--jobs", "1", err);
	case OPT_TIMEOUT:
		a->timeout = optarg;
		return config_set(config, CONFIG_TIMEOUT, "--timeout", optarg,
		    err);
	case OPT_RETRIES:
		return config_set(config, CONFIG_RETRIES, "--retries", optarg,
		    err);
	case OPT_LOCK_WAIT:
		return config_set(config, CONFIG_LOCK_WAIT, "--lock-wait",
		    optarg, err);
	case OPT_PER_HOST:
		return config_set(config, CONFIG_PER_HOST, "--per-host", optarg,
		    err);
	case OPT_SANDBOX:
		return config_set(config, CONFIG_SANDBOX, "--sandbox", optarg,
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

/* Where the answer to an option without a value goes, or NULL. */
static bool *
flag_of(struct install_args *a, int c)
{
	switch (c) {
	case 'f':
		return &a->opts.force;
	case 'n':
		return &a->opts.no_deps;
	case OPT_FORCE_DEPS:
		return &a->opts.force_deps;
	case 'i':
		return &a->ignore_errors;
	case 'g':
		return &a->keep_scm;
	case 'c':
		return &a->config.ignore_certs;
	case 'h':
		return &a->help;
	case OPT_DRY_RUN:
		return &a->opts.dry_run;
	case OPT_ISOLATE:
		return &a->opts.isolate;
	case OPT_REFRESH:
		return &a->opts.refresh;
	case OPT_ASK:
		return &a->opts.ask;
	case OPT_LOCK:
		return &a->lock;
	case OPT_LOCKED:
		return &a->opts.locked;
	case OPT_FROZEN:
		return &a->frozen;
	case OPT_MOVED_TAGS:
		return &a->opts.take_moved;
	case OPT_CHECK:
		return &a->check;
	case OPT_WRITE:
		return &a->write;
	case OPT_JSON:
		return &a->json;
	case OPT_EXIT_ZERO:
		return &a->exit_zero;
	case OPT_CHECK_REFS:
		return &a->opts.check_refs;
	case OPT_PRUNE:
		return &a->prune;
	case OPT_NO_PIP:
		return &a->kennel.no_pip;
	default:
		return NULL;
	}
}

/* The same for one whose value is any text; of several the last counts. */
static const char **
text_of(struct install_args *a, int c)
{
	switch (c) {
	case 'r':
		return &a->files[a->files_n++];
	case 's':
		return &a->config.given_server;
	case OPT_TOKEN:
		return &a->config.given_token;
	case OPT_CA_FILE:
		return &a->opts.ca_file;
	case OPT_MIRROR:
		return &a->config.given_mirror;
	case OPT_FROM:
		return &a->from;
	case 'd':
		return &a->dir;
	case 'o':
		return &a->output;
	case OPT_CONFIG_FILE:
		return &a->kennel.config_file;
	default:
		return NULL;
	}
}

static int
take_option(struct install_args *a, int c, struct error *err)
{
	bool *flag = flag_of(a, c);
	const char **text = text_of(a, c);

	if (flag != NULL) {
		*flag = true;
	} else if (text != NULL) {
		*text = optarg;
	} else if (c == 'p') {
		config_add_path(&a->config, optarg);
	} else if (c == 'q') {
		a->level = UI_QUIET;
	} else if (c == 'v') {
		a->level++;
	} else if (c == OPT_SYNC) {
		return take_sync(&a->opts.no_sync, err);
	} else {
		return take_setting(a, c, err);
	}
	return 0;
}

static int
check(struct install_args *a, struct error *err)
{
	if (a->config.value[CONFIG_NO_CACHE] == 1 &&
	    a->config.value[CONFIG_OFFLINE] == 1)
		return error_set(err, ERR_USAGE,
		    "--offline uses the cache alone, and --no-cache forbids "
		    "it");
	if (a->opts.no_deps && a->opts.force_deps)
		return error_set(err, ERR_USAGE,
		    "--force-with-deps is not allowed with --no-deps");
	if (a->from != NULL &&
	    ((a->names_n > 0 && a->files_n == 0) || a->lock ||
		a->opts.check_refs || a->opts.refresh))
		return error_set(err, ERR_USAGE,
		    "--from takes what a lock file names: no --lock, "
		    "--check-refs, --refresh, and names only with -r");
	if (a->kennel.config_file != NULL && a->files_n + a->names_n > 0)
		return error_set(err, ERR_USAGE,
		    "--config-file names a kennel, and its pupfile says what "
		    "to install: no -r, no names");
	/* What is asked for is no less than what it depends on. */
	if (a->opts.force_deps)
		a->opts.force = true;
	return 0;
}

/* An option for collections, as it is written: in one word or in two. */
static void
keep(struct install_args *a, char **argv)
{
	if (optarg != NULL && optarg == argv[optind - 1])
		a->extra[a->extra_n++] = argv[optind - 2];
	a->extra[a->extra_n++] = argv[optind - 1];
}

/*
 * argparse reads "-r -x" as two options, the first without a value, and
 * "-r=FILE" as one with the value FILE.
 */
static int
check_value(const struct install_grammar *g, char **argv)
{
	const char *word = argv[optind - 1];

	if (!g->dash_is_option || optarg == NULL)
		return 0;
	if (optarg == word && word[0] == '-' && word[1] != '\0')
		return -1;
	if (optarg == word + 2 && optarg[0] == '=' && word[1] != '-')
		optarg++;
	return 0;
}

int
install_args(struct install_args *a, const struct install_grammar *g, int argc,
    char **argv, struct error *err)
{
	int c;

	*a = (struct install_args){.opts = {.limits = LIMITS_DEFAULT}};
	config_init(&a->config);
	a->files = xcalloc((size_t)argc, sizeof(*a->files));
	a->extra = xcalloc((size_t)argc, sizeof(*a->extra));
	opterr = 0;
	optind = 0; /* start over, whoever parsed before */
	while (
	    (c = getopt_long(argc, argv, g->brief, g->options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return g->bad(g->options, c, argv, err);
		if (check_value(g, argv) == -1)
			return g->bad(g->options, ':', argv, err);
		if (c == OPT_EXTRA)
			keep(a, argv);
		else if (take_option(a, c, err) == -1)
			return -1;
	}
	a->names = argv + optind;
	a->names_n = (size_t)(argc - optind);
	return check(a, err);
}

bool
install_names(const struct install_args *a, const char *name)
{
	for (size_t i = 0; i < a->update_n; i++)
		if (strcmp(a->update[i], name) == 0)
			return true;
	return a->update_n == 0;
}

void
install_args_free(struct install_args *a)
{
	config_free(&a->config);
	free(a->files);
	free(a->extra);
}
