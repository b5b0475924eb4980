#include "cmd/install_args.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

#define WORDS 16

static struct install_args a;
static struct error err;
static char *words[WORDS + 1];

/* Read a command line whose words stand between blanks. */
static int
read_line(const struct install_grammar *grammar, const char *line)
{
	char *copy = xstrdup(line), *rest = copy, *word;
	int n = 0;

	while ((word = strsep(&rest, " ")) != NULL && n < WORDS)
		words[n++] = xstrdup(word);
	words[n] = NULL;
	free(copy);
	return install_args(&a, grammar, n, words, &err);
}

static void
done(void)
{
	install_args_free(&a);
	for (int i = 0; i < WORDS; i++) {
		free(words[i]);
		words[i] = NULL;
	}
}

static void
check_wrong(const struct install_grammar *grammar, const char *line,
    const char *why)
{
	CHECK(read_line(grammar, line) == -1);
	CHECK(err.kind == ERR_USAGE);
	CHECK_STR(err.msg, why);
	done();
}

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "(none)";
}

static void
options_of_ansible_galaxy_are_taken_in_both_grammars(void)
{
	const struct install_grammar *const g[] = {&install_own,
	    &install_galaxy};

	for (int i = 0; i < 2; i++) {
		CHECK(read_line(g[i],
			  "install -s rh --token T -c --timeout 9 -v -f -i -n "
			  "-p /r -r f.yml") == 0);
		CHECK_STR(or_none(a.config.given_server), "rh");
		CHECK_STR(or_none(a.config.given_token), "T");
		CHECK_STR(or_none(a.config.given_path), "/r");
		CHECK_STR(or_none(a.timeout), "9");
		CHECK(a.config.ignore_certs && a.opts.force &&
		    a.ignore_errors && a.opts.no_deps && a.level == 1);
		CHECK(a.files_n == 1 && strcmp(a.files[0], "f.yml") == 0);
		done();
		CHECK(read_line(g[i],
			  "install --api-key K --force-with-deps "
			  "-g x") == 0);
		CHECK_STR(or_none(a.config.given_token), "K");
		CHECK(a.opts.force_deps && a.opts.force && a.keep_scm);
		done();
	}
}

static void
argparse_takes_options_in_many_spellings(void)
{
	static const char *const line[] = {
	    "install -r f.yml -p d -vvv -f one two",
	    "install one two -r f.yml -p d -vvv -f",
	    "install -fvvvr f.yml -pd one two",
	    "install -rf.yml --roles-path=d -f -v -vv -- one two",
	    "install -r=f.yml -p=d -vvvf one two",
	    "install --role-f f.yml --roles d --verb -vv --force one two",
	    "install -p d -r f.yml one --verbose -vfv two",
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		CHECK(read_line(&install_galaxy, line[i]) == 0);
		CHECK(a.files_n == 1 && strcmp(a.files[0], "f.yml") == 0);
		CHECK_STR(or_none(a.config.given_path), "d");
		CHECK(a.opts.force && a.level == 3);
		CHECK(a.names_n == 2 && strcmp(a.names[0], "one") == 0 &&
		    strcmp(a.names[1], "two") == 0);
		done();
	}
	CHECK(read_line(&install_galaxy, "install -p a -p b:c") == 0);
	CHECK_STR(or_none(a.config.given_path), "b:c:a");
	done();
	CHECK(read_line(&install_galaxy, "install -r -") == 0);
	CHECK(a.files_n == 1 && strcmp(a.files[0], "-") == 0);
	done();
}

static void
what_is_wrong_is_said_as_argparse_does(void)
{
	static const struct {
		const char *line, *why;
	} t[] = {
	    {"install --f x",
		"ambiguous option: --f could match --force, "
		"--force-with-deps"},
	    {"install --nope x", "unrecognized arguments: --nope"},
	    {"install -z x", "unrecognized arguments: -z"},
	    {"install --jobs 3", "unrecognized arguments: --jobs"},
	    {"install x -r", "argument -r: expected one argument"},
	    {"install -r -v", "argument -r: expected one argument"},
	    {"install --role-file",
		"argument --role-file: expected one "
		"argument"},
	    {"install --role-file -v x",
		"argument --role-file: expected one argument"},
	    {"install --force=1", "argument --force=1: takes no value"},
	    {"install -n --force-with x",
		"--force-with-deps is not allowed with --no-deps"},
	    {"install --timeout x y", "--timeout 'x' is invalid"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		check_wrong(&install_galaxy, t[i].line, t[i].why);
	check_wrong(&install_own, "install -n --force-with-deps",
	    "--force-with-deps is not allowed with --no-deps");
	check_wrong(&install_own, "install --keyring k",
	    "option '--keyring' is not known here; see kelpie install --help");
}

static void
options_for_collections_are_kept_as_they_are(void)
{
	CHECK(read_line(&install_galaxy,
		  "install one --keyring k -f --disable-gpg-verify --keyring=l "
		  "-r f.yml two --ignore-signature-status-code NODATA") == 0);
	CHECK(a.extra_n == 6 && a.opts.force);
	if (a.extra_n == 6) {
		CHECK_STR(a.extra[0], "--keyring");
		CHECK_STR(a.extra[1], "k");
		CHECK_STR(a.extra[2], "--disable-gpg-verify");
		CHECK_STR(a.extra[3], "--keyring=l");
		CHECK_STR(a.extra[4], "--ignore-signature-status-code");
		CHECK_STR(a.extra[5], "NODATA");
	}
	CHECK(a.names_n == 2);
	done();
}

static void
a_value_of_our_own_options_may_begin_with_a_dash(void)
{
	CHECK(read_line(&install_own, "install -r -v -r=f") == 0);
	CHECK(a.files_n == 2 && strcmp(a.files[0], "-v") == 0 &&
	    strcmp(a.files[1], "=f") == 0);
	done();
}

int
main(void)
{
	RUN(options_of_ansible_galaxy_are_taken_in_both_grammars);
	RUN(argparse_takes_options_in_many_spellings);
	RUN(what_is_wrong_is_said_as_argparse_does);
	RUN(options_for_collections_are_kept_as_they_are);
	RUN(a_value_of_our_own_options_may_begin_with_a_dash);
	return check_done();
}
