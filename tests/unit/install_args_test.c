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

/* All that was understood, in one line. */
static void
add_words(struct buf *b, const char *what, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, " %s=%s", what, v[i]);
}

static void
add_text(struct buf *b, const char *what, const char *text)
{
	if (text != NULL)
		add_words(b, what, &text, 1);
}

static void
add_flags(struct buf *b)
{
	const struct {
		bool on;
		const char *what;
	} t[] = {{a.config.ignore_certs, "certs"}, {a.opts.force, "force"},
	    {a.ignore_errors, "ignore"}, {a.opts.no_deps, "no-deps"},
	    {a.opts.force_deps, "force-deps"}, {a.keep_scm, "scm"},
	    {a.help, "help"}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (t[i].on)
			buf_printf(b, " %s", t[i].what);
}

static void
check_right(const struct install_grammar *grammar, const char *line,
    const char *want)
{
	struct buf b = {0};

	CHECK(read_line(grammar, line) == 0);
	buf_printf(&b, "v%d", a.level);
	add_text(&b, "server", a.config.given_server);
	add_text(&b, "token", a.config.given_token);
	add_text(&b, "path", a.config.given_path);
	add_text(&b, "timeout", a.timeout);
	add_flags(&b);
	add_words(&b, "file", a.files, a.files_n);
	add_words(&b, "extra", a.extra, a.extra_n);
	for (size_t i = 0; i < a.names_n; i++)
		add_text(&b, "name", a.names[i]);
	CHECK_STR(b.data, want);
	buf_free(&b);
	done();
}

static void
options_of_ansible_galaxy_are_taken_in_both_grammars(void)
{
	const struct install_grammar *const g[] = {&install_own,
	    &install_galaxy};

	for (int i = 0; i < 2; i++) {
		check_right(g[i],
		    "install -s rh --token T -c --timeout 9 -v -f -i -n -p /r "
		    "-r f.yml",
		    "v1 server=rh token=T path=/r timeout=9 certs force ignore "
		    "no-deps file=f.yml");
		check_right(g[i], "install --api-key K --force-with-deps -g x",
		    "v0 token=K force force-deps scm name=x");
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

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		check_right(&install_galaxy, line[i],
		    "v3 path=d force file=f.yml name=one name=two");
	check_right(&install_galaxy, "install -p a -p b:c", "v0 path=b:c:a");
	check_right(&install_galaxy, "install -r -", "v0 file=-");
	check_right(&list_galaxy, "list -vp d --help one",
	    "v1 path=d help name=one");
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
	check_wrong(&list_galaxy, "list -f", "unrecognized arguments: -f");
	check_wrong(&install_own, "install -n --force-with-deps",
	    "--force-with-deps is not allowed with --no-deps");
	check_wrong(&install_own, "install --keyring k",
	    "option '--keyring' is not known here; see kelpie install --help");
}

static void
options_for_collections_are_kept_as_they_are(void)
{
	check_right(&install_galaxy,
	    "install one --keyring k -f --disable-gpg-verify --keyring=l -r "
	    "f.yml two --ignore-signature-status-code NODATA",
	    "v0 force file=f.yml extra=--keyring extra=k "
	    "extra=--disable-gpg-verify extra=--keyring=l "
	    "extra=--ignore-signature-status-code extra=NODATA name=one "
	    "name=two");
}

static void
a_value_of_our_own_options_may_begin_with_a_dash(void)
{
	check_right(&install_own, "install -r -v -r=f", "v0 file=-v file==f");
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
