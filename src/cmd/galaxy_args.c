#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd/galaxy.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/*
 * The options of ansible-galaxy role install, and those for collections that
 * an install of both kinds takes, as of ansible-core 2.14 and later.
 */
static const struct option options[] = {
    {"help", no_argument, NULL, 'h'},
    {"server", required_argument, NULL, 's'},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"api-key", required_argument, NULL, OPT_TOKEN},
    {"ignore-certs", no_argument, NULL, 'c'},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"verbose", no_argument, NULL, 'v'},
    {"force", no_argument, NULL, 'f'},
    {"roles-path", required_argument, NULL, 'p'},
    {"ignore-errors", no_argument, NULL, 'i'},
    {"no-deps", no_argument, NULL, 'n'},
    {"force-with-deps", no_argument, NULL, OPT_FORCE_DEPS},
    {"role-file", required_argument, NULL, 'r'},
    {"keep-scm-meta", no_argument, NULL, 'g'},
    {"keyring", required_argument, NULL, OPT_EXTRA},
    {"disable-gpg-verify", no_argument, NULL, OPT_EXTRA},
    {"required-valid-signature-count", required_argument, NULL, OPT_EXTRA},
    {"ignore-signature-status-code", required_argument, NULL, OPT_EXTRA},
    {NULL, 0, NULL, 0},
};

const char galaxy_usage[] =
    "usage: ansible-galaxy [-h] [--version] [-v] TYPE ...\n"
    "\n"
    "  role install   fetch roles, several at a time: this is kelpie\n"
    "  role list      show the roles that are in place\n"
    "  role remove    remove roles\n"
    "  anything else  goes to the next ansible-galaxy on PATH\n"
    "\n"
    "role may be left out.  kelpie(1), THE NAME ANSIBLE-GALAXY, tells more.\n";

const char galaxy_install_usage[] =
    "usage: ansible-galaxy [role] install [-h] [-s API_SERVER]\n"
    "                      [--token API_KEY] [-c] [--timeout TIMEOUT] [-v]\n"
    "                      [-f] [-p ROLES_PATH] [-i]\n"
    "                      [-n | --force-with-deps] [-r REQUIREMENTS] [-g]\n"
    "                      [role_name ...]\n";

/* Those of role list and role remove. */
static const struct option list_options[] = {
    {"help", no_argument, NULL, 'h'},
    {"server", required_argument, NULL, 's'},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"api-key", required_argument, NULL, OPT_TOKEN},
    {"ignore-certs", no_argument, NULL, 'c'},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"verbose", no_argument, NULL, 'v'},
    {"roles-path", required_argument, NULL, 'p'},
    {NULL, 0, NULL, 0},
};

const char galaxy_list_usage[] =
    "usage: ansible-galaxy [role] list|remove [-h] [-s API_SERVER]\n"
    "                      [--token API_KEY] [-c] [--timeout TIMEOUT] [-v]\n"
    "                      [-p ROLES_PATH] [role ...]\n";

/* The options that a word may be the beginning of; 1 if it is one itself. */
static size_t
meant(const struct option *all, const char *word, size_t len, struct buf *names)
{
	const struct option *o;
	size_t n = 0;

	for (o = all; o->name != NULL; o++) {
		if (strncmp(o->name, word, len) != 0)
			continue;
		if (strlen(o->name) == len)
			return 1;
		buf_printf(names, "%s--%s", n++ == 0 ? "" : ", ", o->name);
	}
	return n;
}

/* getopt_long(3) does not say that it was a long one, and which. */
static int
bad_long(const struct option *all, int c, const char *word, struct error *err)
{
	struct buf names = {0};
	size_t n = meant(all, word + 2, strcspn(word + 2, "="), &names);

	if (n == 0)
		(void)error_set(err, ERR_USAGE, "unrecognized arguments: %s",
		    word);
	else if (n > 1)
		(void)error_set(err, ERR_USAGE,
		    "ambiguous option: %s could match %s", word, names.data);
	else if (c == ':')
		(void)error_set(err, ERR_USAGE,
		    "argument %s: expected one argument", word);
	else
		(void)error_set(err, ERR_USAGE, "argument %s: takes no value",
		    word);
	buf_free(&names);
	return -1;
}

/* argv[optind - 1] may be the value that is none, and stand behind it. */
static int
bad(const struct option *all, int c, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];

	if (c == ':' && optarg == word)
		word = argv[optind - 2];
	if (strncmp(word, "--", 2) == 0)
		return bad_long(all, c, word, err);
	if (c == ':')
		return error_set(err, ERR_USAGE,
		    "argument %s: expected one argument", word);
	return error_set(err, ERR_USAGE, "unrecognized arguments: -%c", optopt);
}

const struct install_grammar install_galaxy = {
    .brief = ":s:cvfp:inr:gh",
    .options = options,
    .bad = bad,
    .dash_is_option = true,
};

const struct install_grammar list_galaxy = {
    .brief = ":s:cvp:h",
    .options = list_options,
    .bad = bad,
    .dash_is_option = true,
};
