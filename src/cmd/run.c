#include <sys/resource.h>

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/kennel.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/kennel.h"
#include "kelpie/proc.h"
#include "kelpie/ui.h"

#define PLAYBOOK "ansible-playbook"
#define NOT_FOUND 127 /* as a shell has it */

enum { OPT_ANSIBLE_ARGS = 256, OPT_CONFIG_FILE, OPT_INSTALL };

static const struct option options[] = {
    {"ansible-args", required_argument, NULL, OPT_ANSIBLE_ARGS},
    {"config-file", required_argument, NULL, OPT_CONFIG_FILE},
    {"install", no_argument, NULL, OPT_INSTALL},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char run_help[] =
    "usage: kelpie run [--install] [--ansible-args args] [--config-file file]\n"
    "                  [playbook ...] [-- argument ...]\n"
    "\n"
    "Run ansible-playbook with the roles of the kennel in the current\n"
    "directory, or a playbook anywhere.  Its exit status is ours.\n"
    "\n"
    "      --install            kelpie install first; stop if that fails\n"
    "      --ansible-args ARGS  words for ansible-playbook, quoted as in a\n"
    "                           shell; what is behind -- goes there, too\n"
    "      --config-file FILE   the kennel of FILE (kennel.cfg)\n"
    "  -h, --help               this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/* Strings that are borrowed; NULL ends them. */
struct words {
	const char **v;
	size_t n;
};

struct run_args {
	const char *config_file;
	char ***split; /* what came of each --ansible-args */
	size_t splits;
	struct words playbooks;
	char **rest; /* behind --; NULL ends */
	bool install, help;
};

static void
add(struct words *w, const char *word)
{
	w->v = xreallocarray(w->v, w->n + 2, sizeof(*w->v));
	w->v[w->n++] = word;
	w->v[w->n] = NULL;
}

static void
add_all(struct words *w, char *const *word)
{
	for (; word != NULL && *word != NULL; word++)
		add(w, *word);
}

static int
take_words(struct run_args *a, const char *text, struct error *err)
{
	if (words_split(&a->split[a->splits++], text, err) == 0)
		return 0;
	return error_wrap(err, "--ansible-args");
}

static int
take_option(struct run_args *a, int c, char **argv, struct error *err)
{
	switch (c) {
	case 1:
		add(&a->playbooks, optarg);
		return 0;
	case OPT_ANSIBLE_ARGS:
		return take_words(a, optarg, err);
	case OPT_CONFIG_FILE:
		a->config_file = optarg;
		return 0;
	case OPT_INSTALL:
		a->install = true;
		return 0;
	case 'h':
		a->help = true;
		return 0;
	default:
		(void)command_bad_option(c, argv, err);
		if (c == '?')
			error_append(err,
			    "; what is for " PLAYBOOK " goes behind '--'");
		return -1;
	}
}

static int
take_args(struct run_args *a, int argc, char **argv, struct error *err)
{
	int c;

	a->split = xcalloc((size_t)argc, sizeof(*a->split));
	opterr = 0;
	optind = 0;
	/* With '-' in front, what is no option comes in its order, as 1. */
	while ((c = getopt_long(argc, argv, "-:h", options, NULL)) != -1)
		if (take_option(a, c, argv, err) == -1)
			return -1;
	a->rest = argv + optind;
	return 0;
}

static void
free_args(struct run_args *a)
{
	size_t i;

	for (i = 0; i < a->splits; i++)
		words_free(a->split[i]);
	free(a->split);
	free(a->playbooks.v);
}

/* As if the user had typed it. */
static int
install_first(const struct run_args *a, struct error *err)
{
	char name[] = "install", option[] = "--config-file";
	char *file = a->config_file != NULL ? xstrdup(a->config_file) : NULL;
	char *argv[] = {name, file != NULL ? option : NULL, file, NULL};
	struct rlimit files;
	int status;
	bool known = getrlimit(RLIMIT_NOFILE, &files) == 0;

	status = cmd_install.run(file != NULL ? 3 : 1, argv, err);
	if (known) /* many workers may have wanted more */
		(void)setrlimit(RLIMIT_NOFILE, &files);
	free(file);
	return status;
}

/* The kennel's roles come before those of the configuration. */
static int
set_roles_path(const struct kennel *k, struct error *err)
{
	struct config config;
	struct buf b = {0};
	char **path;
	int rc = -1;

	config_init(&config);
	if (strchr(k->roles, ':') != NULL) {
		(void)error_set(err, ERR_CONFIG,
		    "'%s': Ansible takes a ':' for the end of a roles path",
		    k->roles);
		goto out;
	}
	if (config_load(&config, err) == -1)
		goto out;
	buf_puts(&b, k->roles);
	for (path = config.paths; path != NULL && *path != NULL; path++)
		if (strcmp(*path, k->roles) != 0)
			buf_printf(&b, ":%s", *path);
	rc = setenv("ANSIBLE_ROLES_PATH", b.data, 1);
	if (rc == -1)
		(void)error_errno(err, "ANSIBLE_ROLES_PATH");
out:
	buf_free(&b);
	config_free(&config);
	return rc;
}

static int
enter_kennel(const struct kennel *k, struct words *w, struct error *err)
{
	if (set_roles_path(k, err) == -1)
		return -1;
	if (access(k->roles, F_OK) == -1)
		ui_warn("'%s' is not there: kelpie install, or --install, "
			"makes it",
		    k->roles);
	if (k->vault != NULL) {
		add(w, "--vault-password-file");
		add(w, k->vault);
	}
	return 0;
}

static int
play(const struct run_args *a, const struct kennel *k, struct error *err)
{
	struct words w = {0};
	char *program = kennel_program(PLAYBOOK, err);
	size_t i;
	int status = 1;

	if (program == NULL) {
		error_append(err, "; it is Ansible's: install ansible-core");
		return NOT_FOUND;
	}
	add(&w, PLAYBOOK);
	if (k->roles != NULL && enter_kennel(k, &w, err) == -1)
		goto out;
	for (i = 0; i < a->splits; i++)
		add_all(&w, a->split[i]);
	if (a->playbooks.n == 0)
		add(&w, k->playbook);
	for (i = 0; i < a->playbooks.n; i++)
		add(&w, a->playbooks.v[i]);
	add_all(&w, a->rest);
	if (ui_close(err) == 0)
		(void)proc_become(program, w.v, err);
out:
	free(w.v);
	free(program);
	return status;
}

static int
run_in(const struct run_args *a, struct kennel *k, struct error *err)
{
	const char *file;
	int status;

	if (kennel_find(a->config_file, &file)) {
		if (kennel_load(k, file, err) == -1)
			return 1;
	} else if (a->playbooks.n == 0) {
		(void)error_set(err, ERR_USAGE,
		    "this is no kennel, which has a kennel.cfg, or a "
		    "pupfile.yml and no requirements file; name a playbook");
		return 2;
	}
	if (a->install) {
		status = install_first(a, err);
		if (status != 0)
			return status;
	}
	return play(a, k, err);
}

static int
run(int argc, char **argv, struct error *err)
{
	struct run_args a = {0};
	struct kennel k = {0};
	int status = 2;

	if (take_args(&a, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(run_help, stdout);
		status = 0;
		goto out;
	}
	ui_open(UI_NORMAL);
	status = run_in(&a, &k, err);
out:
	kennel_free(&k);
	free_args(&a);
	return status;
}

const struct command cmd_run = {"run", run, run_help};
