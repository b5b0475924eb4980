#include "cmd/verb.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/jsonout.h"
#include "kelpie/rules.h"
#include "kelpie/sandbox.h"
#include "kelpie/spec.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static const struct option all[] = {
    {"roles-path", required_argument, NULL, 'p'},
    {"role-file", required_argument, NULL, 'r'},
    {"path", required_argument, NULL, 'P'},
    {"init-path", required_argument, NULL, 'P'},
    {"force", no_argument, NULL, 'f'},
    {"json", no_argument, NULL, 'J'},
    {"yes", no_argument, NULL, 'Y'},
    {"dry-run", no_argument, NULL, 'N'},
    {"sandbox", required_argument, NULL, 'S'},
    {"lock-wait", required_argument, NULL, 'W'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
};
#define ALL (sizeof(all) / sizeof(all[0]))

struct own {
	struct option option[ALL + 1];
	char letters[2 * ALL + 2];
};

/* What getopt_long(3) wants of the options that the verb takes. */
static void
choose(struct own *own, const char *takes)
{
	char *letter = own->letters;
	size_t i, n = 0;

	*letter++ = ':';
	for (i = 0; i < ALL; i++) {
		if (all[i].val != 'h' && strchr(takes, all[i].val) == NULL)
			continue;
		own->option[n++] = all[i];
		if (all[i].val < 'a')
			continue;
		*letter++ = (char)all[i].val;
		if (all[i].has_arg == required_argument)
			*letter++ = ':';
	}
	*letter = '\0';
	own->option[n] = (struct option){NULL, 0, NULL, 0};
}

static int
take_option(struct verb_args *a, int c, struct error *err)
{
	switch (c) {
	case 'p':
		config_add_path(&a->config, optarg);
		a->dir = optarg;
		break;
	case 'P':
		a->dir = optarg;
		break;
	case 'r':
		a->files[a->files_n++] = optarg;
		break;
	case 'f':
		a->force = true;
		break;
	case 'J':
		a->json = true;
		break;
	case 'Y':
		a->yes = true;
		break;
	case 'q':
		a->level = UI_QUIET;
		break;
	case 'v':
		a->level += a->level < UI_VERBOSE;
		break;
	case 'S':
		return config_set(&a->config, CONFIG_SANDBOX, "--sandbox",
		    optarg, err);
	case 'W':
		return config_set(&a->config, CONFIG_LOCK_WAIT, "--lock-wait",
		    optarg, err);
	default:
		a->dry_run = true;
	}
	return 0;
}

static int
check_count(const struct verb *verb, const struct verb_args *a,
    struct error *err)
{
	if (verb->no_names && a->names_n > 0)
		return error_set(err, ERR_USAGE, "'%s' is not known here",
		    a->names[0]);
	if (verb->one_name != NULL && a->names_n == 0)
		return error_set(err, ERR_USAGE, "%s", verb->one_name);
	return 0;
}

/* Returns 1 if the help was asked for. */
static int
take_args(const struct verb *verb, struct verb_args *a, int argc, char **argv,
    struct error *err)
{
	struct own own;
	int c;

	choose(&own, verb->takes);
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, own.letters, own.option, NULL)) !=
	    -1) {
		if (c == '?' || c == ':')
			return command_bad_option(c, argv, err);
		if (c == 'h')
			return 1;
		if (take_option(a, c, err) == -1)
			return -1;
	}
	a->names = argv + optind;
	a->names_n = (size_t)(argc - optind);
	if (check_count(verb, a, err) == 0)
		return 0;
	error_append(err, "; see kelpie %s --help", argv[0]);
	return -1;
}

int
verb_run(const struct verb *verb, int argc, char **argv, struct error *err)
{
	struct verb_args a = {0};
	int rc, status = 2;

	config_init(&a.config);
	a.confines = strchr(verb->takes, 'S') != NULL;
	a.files = xcalloc((size_t)argc, sizeof(*a.files));
	rc = take_args(verb, &a, argc, argv, err);
	if (rc == 1) {
		(void)fputs(verb->help, stdout);
		status = 0;
	} else if (rc == 0) {
		ui_open((enum ui_level)a.level);
		status = verb->act(&a, err);
	}
	config_free(&a.config);
	free(a.files);
	return status;
}

int
verb_config(struct verb_args *a, struct error *err)
{
	if (config_load(&a->config, err) == -1)
		return -1;
	if (a->config.warning != NULL)
		ui_warn("%s", a->config.warning);
	if (!a->confines)
		return 0;
	if (command_sandbox(&a->config, err) == -1)
		return -1;
	if (ui_is_verbose())
		ui_note("what reads roles is confined by: %s", sandbox_level());
	return 0;
}

static bool
is_among(char *const *v, const char *s)
{
	for (; *v != NULL; v++)
		if (strcmp(*v, s) == 0)
			return true;
	return false;
}

char **
verb_paths(const struct config *c, const struct config *then)
{
	char *const *from[] = {c->paths, then != NULL ? then->paths : NULL};
	char **paths = xcalloc(1, sizeof(*paths));
	size_t i, n = 0;

	for (i = 0; i < 2; i++)
		for (; from[i] != NULL && *from[i] != NULL; from[i]++) {
			if (is_among(paths, *from[i]))
				continue;
			paths = xreallocarray(paths, n + 2, sizeof(*paths));
			paths[n++] = *from[i];
			paths[n] = NULL;
		}
	return paths;
}

int
verb_specs(const struct verb_args *a, struct specs *specs)
{
	const char *file = a->files_n == 0 ? install_default_file() : NULL;
	struct faults faults = {0};
	size_t i;
	int rc;

	if (a->files_n == 0 && file == NULL)
		return 1;
	for (i = 0; i < a->files_n; i++)
		specs_load(specs, a->files[i], &faults);
	if (file != NULL)
		specs_load(specs, file, &faults);
	specs_check(specs, &faults);
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	rc = faults.n == 0 ? 0 : -1;
	faults_free(&faults);
	return rc;
}

int
verb_check_names(const struct verb_args *a)
{
	struct error err;
	size_t i;
	int rc = 0;

	for (i = 0; i < a->names_n; i++) {
		if (name_check(a->names[i], &err) == 0)
			continue;
		ui_error(&err);
		rc = -1;
	}
	return rc;
}

static void
tell_wait(void *ctx, long holder)
{
	const struct store *s = ctx;

	ui_waiting(s->path, holder);
}

int
verb_lock(struct store *s, int seconds, struct error *err)
{
	const struct store_wait wait = {.seconds = seconds,
	    .tell = tell_wait,
	    .ctx = s};

	if (s->lockfd != -1 || store_lock(s, &wait, err) == 0)
		return 0;
	return err->kind == ERR_USAGE ? 2 : 1;
}

void
verb_write(struct jsonout *j)
{
	(void)fputs(j->text.data, stdout);
	buf_free(&j->text);
}
