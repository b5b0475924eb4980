#include "cmd/install_verb.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"
#include "kelpie/error.h"

#define OPTIONS_MAX 48

static const struct option asks[] = {
    {"jobs", required_argument, NULL, 'j'},
    {"per-host", required_argument, NULL, OPT_PER_HOST},
    {"server", required_argument, NULL, 's'},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"api-key", required_argument, NULL, OPT_TOKEN},
    {"ignore-certs", no_argument, NULL, 'c'},
    {"ca-file", required_argument, NULL, OPT_CA_FILE},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"retries", required_argument, NULL, OPT_RETRIES},
    {"ask", no_argument, NULL, OPT_ASK},
    {"isolate", no_argument, NULL, OPT_ISOLATE},
    {"sandbox", required_argument, NULL, OPT_SANDBOX},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const struct option fetches[] = {
    {"mirror", required_argument, NULL, OPT_MIRROR},
    {"no-cache", no_argument, NULL, OPT_NO_CACHE},
    {"offline", no_argument, NULL, OPT_OFFLINE},
    {"max-files", required_argument, NULL, OPT_MAX_FILES},
    {"max-bytes", required_argument, NULL, OPT_MAX_BYTES},
    {"max-file-bytes", required_argument, NULL, OPT_MAX_FILE_BYTES},
    {"max-depth", required_argument, NULL, OPT_MAX_DEPTH},
    {NULL, 0, NULL, 0},
};

/* What getopt_long(3) wants. */
struct table {
	struct option option[OPTIONS_MAX]; /* zeros end it */
	size_t n;
	char letters[2 * OPTIONS_MAX + 2];
	size_t len;
};

static void
add(struct table *t, const struct option *options)
{
	for (; options->name != NULL; options++) {
		assert(t->n < OPTIONS_MAX - 1);
		t->option[t->n++] = *options;
		if (options->val > 'z')
			continue;
		t->letters[t->len++] = (char)options->val;
		if (options->has_arg == required_argument)
			t->letters[t->len++] = ':';
	}
}

static int
bad(const struct option *all, int c, char **argv, struct error *err)
{
	(void)all;
	return command_bad_option(c, argv, err);
}

int
install_verb(const struct install_verb *verb, int argc, char **argv,
    struct error *err)
{
	struct table t = {.letters = ":", .len = 1};
	const struct install_grammar grammar = {.brief = t.letters,
	    .options = t.option,
	    .bad = bad};
	struct install_args a;
	int status = 2;

	add(&t, verb->options);
	add(&t, asks);
	if (verb->fetches)
		add(&t, fetches);
	if (install_args(&a, &grammar, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(verb->help, stdout);
		status = 0;
	} else {
		status = verb->act(&a, err);
	}
out:
	install_args_free(&a);
	return status;
}
