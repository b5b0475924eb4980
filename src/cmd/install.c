#include "kelpie/install.h"

#include <bsd/libutil.h>
#include <bsd/stdlib.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

/* What the command line says. */
struct args {
	struct install_opts opts;
	const char *roles_path;
	char **files; /* -r */
	size_t files_n;
	char **names;
	size_t names_n;
	int level;
	bool help;
};

enum {
	OPT_DRY_RUN = 256,
	OPT_TIMEOUT,
	OPT_CA_FILE,
	OPT_ISOLATE,
	OPT_MAX_FILES,
	OPT_MAX_BYTES,
	OPT_MAX_FILE_BYTES,
	OPT_MAX_DEPTH,
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
    {NULL, 0, NULL, 0},
};

static const char help[] =
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
    "      --dry-run           say what would be done, and do nothing\n"
    "  -q, --quiet             only failures and warnings\n"
    "  -v, --verbose           more; twice: everything\n"
    "      --timeout SECONDS   give up on a source that is silent so long (60)\n"
    "      --ca-file FILE      trust the certificates in FILE\n"
    "      --isolate           a process of its own for every role\n"
    "      --max-files N       files of one role (20000)\n"
    "      --max-bytes N       bytes of one role (1G)\n"
    "      --max-file-bytes N  bytes of one file (256M)\n"
    "      --max-depth N       directories below each other (32)\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/*
 * Options.
 */

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

static int
take_option(struct args *a, int c, struct error *err)
{
	switch (c) {
	case 'r':
		a->files[a->files_n++] = optarg;
		return 0;
	case 'p':
		a->roles_path = optarg;
		return 0;
	case 'j':
		if (strcmp(optarg, "auto") == 0)
			return 0;
		return number(&a->opts.jobs, "--jobs", 256, err);
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
	case OPT_TIMEOUT:
		return number(&a->opts.timeout, "--timeout", 86400, err);
	case OPT_CA_FILE:
		a->opts.ca_file = optarg;
		return 0;
	case OPT_ISOLATE:
		a->opts.isolate = true;
		return 0;
	default:
		return take_limit(&a->opts.limits, c, err);
	}
}

/*
 * getopt_long(3) leaves a short option in optopt; of a long one the word
 * itself lies behind it, also when it had a value that it does not take.
 */
static int
bad_option(int c, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];
	const char *what = c == ':' ? "needs a value" : "is not known here";
	bool is_long = strncmp(word, "--", 2) == 0;

	if (is_long && strchr(word, '=') != NULL)
		what = optopt != 0 ? "takes no value" : what;
	else if (optopt != 0 && (c == '?' || !is_long))
		return error_set(err, ERR_USAGE,
		    "option '-%c' %s; see kelpie install --help", optopt, what);
	return error_set(err, ERR_USAGE,
	    "option '%s' %s; see kelpie install --help", word, what);
}

static int
parse(struct args *a, int argc, char **argv, struct error *err)
{
	int c;

	*a = (struct args){.opts = {.timeout = 60, .limits = LIMITS_DEFAULT}};
	a->files = xcalloc((size_t)argc, sizeof(*a->files));
	opterr = 0;
	optind = 0; /* start over, whoever parsed before */
	while (
	    (c = getopt_long(argc, argv, ":r:p:j:fqvh", options, NULL)) != -1) {
		if (c == '?' || c == ':')
			return bad_option(c, argv, err);
		if (take_option(a, c, err) == -1)
			return -1;
	}
	a->names = argv + optind;
	a->names_n = (size_t)(argc - optind);
	return 0;
}

/*
 * What is asked for.
 */

static const char *
default_file(void)
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

/* Keep only the named roles; a name that no file has is a fault. */
static void
narrow(struct specs *specs, const struct args *a, struct faults *faults)
{
	bool *keep = xcalloc(specs->n, sizeof(*keep));
	struct error err;
	size_t i, j;
	bool found;

	for (j = 0; j < a->names_n; j++) {
		found = false;
		for (i = 0; i < specs->n; i++) {
			if (strcmp(specs->v[i].name, a->names[j]) != 0)
				continue;
			keep[i] = found = true;
		}
		if (found)
			continue;
		(void)error_set(&err, ERR_CONFIG,
		    "'%s' is not in the requirements file", a->names[j]);
		faults_add(faults, &err);
	}
	specs_keep(specs, keep);
	free(keep);
}

/* A source that no kind fetches is a fault of the file like any other. */
static void
check_kinds(const struct specs *specs, struct faults *faults)
{
	struct error err;
	size_t i;

	for (i = 0; i < specs->n; i++) {
		if (fetch_kind(&specs->v[i], &err) != NULL)
			continue;
		(void)error_wrap(&err, "%s", specs->v[i].where);
		faults_add(faults, &err);
	}
}

static int
gather(struct specs *specs, const struct args *a, struct faults *faults,
    struct error *err)
{
	const char *file;
	size_t i;

	for (i = 0; i < a->files_n; i++)
		specs_load(specs, a->files[i], faults);
	if (a->files_n == 0 && a->names_n > 0)
		for (i = 0; i < a->names_n; i++)
			specs_add(specs, a->names[i], faults);
	if (a->files_n == 0 && a->names_n == 0) {
		file = default_file();
		if (file == NULL)
			return error_set(err, ERR_USAGE,
			    "there is no requirements.yml here; name a file "
			    "with -r, or what to install");
		specs_load(specs, file, faults);
	}
	specs_check(specs, faults);
	if (a->files_n > 0 && a->names_n > 0 && faults->n == 0)
		narrow(specs, a, faults);
	check_kinds(specs, faults);
	return 0;
}

static void
tell_specs(const struct specs *specs)
{
	size_t i;

	for (i = 0; i < specs->notes_n; i++)
		ui_note("%s", specs->notes[i]);
	if (specs->collections > 0)
		ui_warn("%s: collections are not handled yet: %zu left out; "
			"ansible-galaxy collection install takes them",
		    specs->collections_where, specs->collections);
}

static int
install(struct args *a, const struct specs *specs, struct error *err)
{
	char *path = NULL, *warning = NULL;
	int status = 1;

	tell_specs(specs);
	if (config_roles_path(&path, a->roles_path, &warning, err) == -1)
		goto out;
	if (warning != NULL)
		ui_warn("%s", warning);
	a->opts.path = path;
	status = install_run(&a->opts, specs, err);
out:
	free(path);
	free(warning);
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	struct args a;
	struct specs specs = {0};
	struct faults faults = {0};
	int status = 2;
	size_t i;

	if (parse(&a, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(help, stdout);
		status = 0;
		goto out;
	}
	ui_open((enum ui_level)(a.level > UI_DEBUG ? UI_DEBUG : a.level));
	if (gather(&specs, &a, &faults, err) == -1)
		goto out;
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	status = faults.n > 0 ? 1 : install(&a, &specs, err);
out:
	free(a.files);
	specs_free(&specs);
	faults_free(&faults);
	return status;
}

const struct command cmd_install = {"install", run, help};
