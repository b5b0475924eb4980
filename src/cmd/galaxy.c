#include "cmd/galaxy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/next.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

/*
 * Exit statuses of ansible-galaxy (lib/ansible/cli/__init__.py): 2 is what
 * argparse ends with.
 */
enum { STATUS_USAGE = 2, STATUS_OPTIONS = 5, STATUS_INTERRUPTED = 99 };

/* The one whose command line this is. */
#define CORE "2.14.18"

/* Have the next one do it, word by word. */
static int
hand_on(const char *const *words, const char *what, struct error *err)
{
	(void)next_become(words, err);
	(void)error_wrap(err, "kelpie does not do '%s'", what);
	return 1;
}

static int
version(const char *const *words, struct error *err)
{
	if (next_become(words, err) == -1 && err->kind != ERR_NOTFOUND)
		return 1;
	err->kind = ERR_NONE;
	(void)puts("ansible-galaxy [core " CORE "]\n"
		   "  kelpie " KELPIE_VERSION
		   " answers, and there is no other ansible-galaxy on PATH");
	return 0;
}

/* From kelpie's exit statuses to those of ansible-galaxy. */
static int
translate(int status, struct error *err)
{
	if (status == 128 + SIGINT) {
		(void)error_set(err, ERR_CANCELLED,
		    "User interrupted execution");
		return STATUS_INTERRUPTED;
	}
	/* The command line was good, and there it would mean that. */
	return status == STATUS_USAGE ? 1 : status;
}

/* argv is install and what follows, words all of it. */
static int
install(int argc, char **argv, const char *const *words, bool role,
    struct error *err)
{
	struct install_args a;
	int status;

	if (install_args(&a, &install_galaxy, argc, argv, err) == -1) {
		(void)fputs(galaxy_install_usage, stderr);
		status = STATUS_USAGE;
	} else if (a.help) {
		(void)fputs(galaxy_install_usage, stdout);
		status = 0;
	} else if (a.keep_scm) {
		status = hand_on(words, "install -g", err);
	} else if (a.files_n == 0 && a.names_n == 0) {
		(void)fputs(galaxy_usage, stdout);
		(void)error_set(err, ERR_USAGE,
		    "- you must specify a user/role name or a roles file");
		status = STATUS_OPTIONS;
	} else {
		a.galaxy = true;
		a.role = role;
		status = translate(install_all(&a, err), err);
	}
	install_args_free(&a);
	return status;
}

int
galaxy_unusable(struct error *err)
{
	(void)fputs(galaxy_usage, stdout);
	(void)error_set(err, ERR_USAGE,
	    "- None of the provided paths were usable. Please specify a valid "
	    "path with --roles-path");
	return STATUS_OPTIONS;
}

/* list takes one name at the most, remove one at least. */
static int
check_names(const struct install_args *a, bool one, struct error *err)
{
	if (one && a->names_n > 1)
		return error_set(err, ERR_USAGE, "unrecognized arguments: %s",
		    a->names[1]);
	if (!one && a->names_n == 0)
		return error_set(err, ERR_USAGE,
		    "the following arguments are required: role");
	return 0;
}

static int
on_roles(int argc, char **argv, bool list, struct error *err)
{
	struct install_args a;
	int status = STATUS_USAGE, rc;

	rc = install_args(&a, &list_galaxy, argc, argv, err);
	if (rc == 0 && a.help) {
		(void)fputs(galaxy_list_usage, stdout);
		status = 0;
	} else if (rc == -1 || check_names(&a, list, err) == -1) {
		(void)fputs(galaxy_list_usage, stderr);
	} else {
		ui_open(UI_NORMAL);
		status = list ? galaxy_list(&a, err) : galaxy_remove(&a, err);
	}
	install_args_free(&a);
	return status;
}

/* Others do it with more options; kelpie if there is nobody else. */
static int
hand_on_or(const struct command *c, int argc, char **argv,
    const char *const *words, struct error *err)
{
	if (next_become(words, err) == -1 && err->kind != ERR_NOTFOUND)
		return 1;
	err->kind = ERR_NONE;
	return c->run(argc, argv, err);
}

/* What there is besides that for roles. */
static bool
is_other_verb(const char *word)
{
	static const char *const verbs[] = {"delete", "search", "import",
	    "setup", "login"};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(word, verbs[i]) == 0)
			return true;
	return false;
}

static int
bad_verb(int argc, const char *verb, struct error *err)
{
	(void)fputs(galaxy_usage, stderr);
	if (argc == 0)
		(void)error_set(err, ERR_USAGE,
		    "the following arguments are required: ROLE_ACTION");
	else
		(void)error_set(err, ERR_USAGE,
		    "argument ROLE_ACTION: invalid choice: '%s'", verb);
	return STATUS_USAGE;
}

/* argv[0] is what follows the word role, which may be left out. */
static int
role(int argc, char **argv, const char *const *words, bool named,
    struct error *err)
{
	const char *verb = argc > 0 ? argv[0] : "";

	if (strcmp(verb, "install") == 0)
		return install(argc, argv, words, named, err);
	if (strcmp(verb, "list") == 0 || strcmp(verb, "remove") == 0)
		return on_roles(argc, argv, verb[0] == 'l', err);
	if (strcmp(verb, "info") == 0)
		return hand_on_or(&cmd_info, argc, argv, words, err);
	if (strcmp(verb, "init") == 0)
		return hand_on_or(&cmd_init, argc, argv, words, err);
	if (strcmp(verb, "-h") == 0 || strcmp(verb, "--help") == 0) {
		(void)fputs(galaxy_usage, stdout);
		return 0;
	}
	if (is_other_verb(verb))
		return hand_on(words, verb, err);
	return bad_verb(argc, verb, err);
}

/* "-v", "-vvv", "--verbose" */
static bool
is_verbose(const char *word)
{
	return strcmp(word, "--verbose") == 0 ||
	    (word[0] == '-' && word[1] == 'v' &&
		strspn(word + 1, "v") == strlen(word + 1));
}

bool
galaxy_name(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	return strcmp(slash != NULL ? slash + 1 : argv0, "ansible-galaxy") == 0;
}

static int
command(int argc, char **argv, const char *const *words, struct error *err)
{
	const char *word;
	int i = 1;

	while (i < argc && is_verbose(argv[i]))
		i++;
	word = i < argc ? argv[i] : "";
	if (strcmp(word, "--version") == 0)
		return version(words, err);
	if (strcmp(word, "role") == 0)
		return role(argc - i - 1, argv + i + 1, words, true, err);
	if (strcmp(word, "collection") == 0)
		return hand_on(words, word, err);
	if (i < argc)
		return role(argc - i, argv + i, words, false, err);
	(void)fputs(galaxy_usage, stderr);
	(void)error_set(err, ERR_USAGE,
	    "the following arguments are required: TYPE");
	return STATUS_USAGE;
}

int
galaxy_main(int argc, char **argv, struct error *err)
{
	/* getopt_long(3) brings argv into another order. */
	const char **words = xcalloc((size_t)argc + 1, sizeof(*words));
	int i, status;

	for (i = 0; i < argc; i++)
		words[i] = argv[i];
	ui_set_shape(UI_GALAXY, NULL);
	status = command(argc, argv, words, err);
	free(words);
	return status;
}
