#include <bsd/libutil.h>
#include <bsd/stdlib.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "kelpie/cache.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

enum { OPT_OLDER = 256 };

static const struct option options[] = {
    {"older", required_argument, NULL, OPT_OLDER},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char cache_help[] =
    "usage: kelpie cache [clean [--older AGE]]\n"
    "\n"
    "Show where the cache lies and what is in it, or empty it.  It holds what\n"
    "was fetched from repositories, for other roles directories on this\n"
    "machine and for --offline.\n"
    "\n"
    "      --older AGE         remove only what was not used for so long: a\n"
    "                          number and s, m, h, d or w, as in 30d\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/* "30d" in seconds. */
static int
read_age(uint64_t *out, const char *text, struct error *err)
{
	static const char units[] = "smhdw";
	static const unsigned seconds[] = {1, 60, 3600, 86400, 604800};
	size_t len = strlen(text);
	const char *unit = len > 1 ? strchr(units, text[len - 1]) : NULL;
	char digits[16];
	const char *why = "not a number and s, m, h, d or w";
	long long n = 0;

	if (unit != NULL && len <= sizeof(digits) &&
	    strspn(text, "0123456789") == len - 1) {
		memcpy(digits, text, len - 1);
		digits[len - 1] = '\0';
		n = strtonum(digits, 0, 100000000, &why);
	}
	if (why != NULL)
		return error_set(err, ERR_USAGE, "--older '%s' is %s", text,
		    why);
	*out = (uint64_t)n * seconds[unit - units];
	return 0;
}

#define HUMAN_MAX sizeof("999 MB")

/* As many digits as there is room for: "2.0 MB", "120 kB". */
static char *
human(char out[HUMAN_MAX], uint64_t bytes)
{
	(void)humanize_number(out, HUMAN_MAX, (int64_t)bytes, "B", HN_AUTOSCALE,
	    HN_DECIMAL | HN_DIVISOR_1000);
	return out;
}

static int
show(struct cache *c, struct error *err)
{
	struct cache_usage u = {0};
	char size[HUMAN_MAX];

	if (cache_usage(c, &u, err) == -1)
		return 1;
	ui_info("path: %s", cache_path(c));
	ui_info("repositories: %" PRIu64, u.repositories);
	ui_info("packs: %" PRIu64, u.packs);
	ui_info("size: %s", human(size, u.bytes));
	return 0;
}

static int
clean(struct cache *c, uint64_t older_s, struct error *err)
{
	struct cache_usage u = {0};
	char size[HUMAN_MAX];

	if (cache_clean(c, older_s, &u, err) == -1)
		return 1;
	ui_info("removed %" PRIu64 " %s, %" PRIu64 " %s, %s", u.repositories,
	    u.repositories == 1 ? "repository" : "repositories", u.packs,
	    u.packs == 1 ? "pack" : "packs", human(size, u.bytes));
	return 0;
}

struct cache_args {
	bool clean, older_given, help;
	uint64_t older_s;
};

static int
take_words(struct cache_args *a, char **word, struct error *err)
{
	if (word[0] != NULL && strcmp(word[0], "clean") == 0) {
		a->clean = true;
		word++;
	}
	if (word[0] != NULL)
		return error_set(err, ERR_USAGE,
		    "'%s' is not known here; see kelpie cache --help", word[0]);
	if (a->older_given && !a->clean)
		return error_set(err, ERR_USAGE,
		    "--older says what 'kelpie cache clean' removes");
	return 0;
}

static int
take_args(struct cache_args *a, int argc, char **argv, struct error *err)
{
	int c;

	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (c) {
		case OPT_OLDER:
			a->older_given = true;
			if (read_age(&a->older_s, optarg, err) == -1)
				return -1;
			break;
		case 'h':
			a->help = true;
			break;
		default:
			return command_bad_option(c, argv, err);
		}
	}
	return take_words(a, argv + optind, err);
}

static int
run(int argc, char **argv, struct error *err)
{
	struct cache_args a = {0};
	struct cache *c;
	int status;

	if (take_args(&a, argc, argv, err) == -1)
		return 2;
	if (a.help) {
		(void)fputs(cache_help, stdout);
		return 0;
	}
	ui_open(UI_NORMAL);
	c = cache_open(false, err);
	if (c == NULL && err->kind == ERR_NOTFOUND) {
		ui_info("the cache is empty: %s", err->msg);
		*err = (struct error){0};
		return 0;
	}
	if (c == NULL)
		return 1;
	status = a.clean ? clean(c, a.older_s, err) : show(c, err);
	cache_close(c);
	return status;
}

const struct command cmd_cache = {"cache", run, cache_help};
