#include "cmd/bench.h"

#include <bsd/stdlib.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/walk.h"

enum { OPT_ROUNDS = 256 };

static const struct option options[] = {
    {"role-file", required_argument, NULL, 'r'},
    {"rounds", required_argument, NULL, OPT_ROUNDS},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char bench_help[] =
    "usage: kelpie bench [-r file] [--rounds N]\n"
    "\n"
    "Find out how many workers are worth it for a requirements file: install\n"
    "its roles into temporary directories below $TMPDIR, several times with\n"
    "each of several -j, and print how long that took.\n"
    "\n"
    "  -r, --role-file FILE    read FILE instead of requirements.yml\n"
    "      --rounds N          measure each -j N times (3)\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

static int
take_option(struct bench *b, int c, char **argv, struct error *err)
{
	const char *why;

	switch (c) {
	case 'r':
		b->file = optarg;
		return 0;
	case OPT_ROUNDS:
		b->rounds =
		    (unsigned)strtonum(optarg, 1, BENCH_ROUNDS_MAX, &why);
		if (why == NULL)
			return 0;
		return error_set(err, ERR_USAGE, "--rounds '%s' is %s", optarg,
		    why);
	default:
		return command_bad_option(c, argv, err);
	}
}

/* Returns 1 if only help was asked for. */
static int
take_args(struct bench *b, int argc, char **argv, struct error *err)
{
	int c;

	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":r:h", options, NULL)) != -1) {
		if (c == 'h')
			return 1;
		if (take_option(b, c, argv, err) == -1)
			return -1;
	}
	if (optind < argc)
		return error_set(err, ERR_USAGE,
		    "'%s' is not known here; see kelpie bench --help",
		    argv[optind]);
	if (b->file == NULL)
		b->file = install_default_file();
	if (b->file == NULL)
		return error_set(err, ERR_USAGE,
		    "there is no requirements.yml here; name a file with -r");
	return 0;
}

/* How many roles there are; 0 with the faults told. */
static unsigned
count_roles(const char *file)
{
	struct specs specs = {0};
	struct faults faults = {0};
	size_t i, n;

	specs_load(&specs, file, &faults);
	specs_check(&specs, &faults);
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	n = faults.n == 0 ? specs.n : 0;
	if (faults.n == 0 && n == 0)
		ui_warn("%s asks for no role", file);
	specs_free(&specs);
	faults_free(&faults);
	return (unsigned)n;
}

/* More workers than roles are as good as that many. */
static void
make_rows(struct bench *b)
{
	static const unsigned jobs[] = {1, 2, 4, 8, 16, 32};
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	b->cores = cores > 0 ? (unsigned)cores : 1;
	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (jobs[i] <= b->roles)
			b->row[b->rows++] =
			    (struct row){.jobs = jobs[i], .way = BENCH_NETWORK};
	b->row[b->rows++] = (struct row){.way = BENCH_NETWORK};
	b->row[b->rows++] = (struct row){.way = BENCH_CACHE};
}

static int
make_dir(struct bench *b, struct error *err)
{
	const char *tmp = getenv("TMPDIR");

	b->dir = xasprintf("%s/kelpie-bench-XXXXXX",
	    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(b->dir) != NULL)
		return 0;
	(void)error_errno(err, "make '%s'", b->dir);
	free(b->dir);
	b->dir = NULL;
	return -1;
}

/*
 * The first run is not counted: it fills the cache, and what servers and
 * resolvers remember of it all others have, too.  Then all take turns, so
 * that a busy minute of the network is nobody's alone.
 */
static int
measure(struct bench *b, struct error *err)
{
	struct sample first;
	unsigned round;
	size_t i;

	if (bench_run(b, 0, BENCH_FILL, &first, err) == -1)
		return -1;
	ui_info("%u role%s, %u processor%s, %u round%s; at least %.0f s",
	    b->roles, b->roles == 1 ? "" : "s", b->cores,
	    b->cores == 1 ? "" : "s", b->rounds, b->rounds == 1 ? "" : "s",
	    (double)first.wall / 1e6 * (double)b->rows * b->rounds);
	for (round = 0; round < b->rounds; round++)
		for (i = 0; i < b->rows; i++)
			if (bench_run(b, b->row[i].jobs, b->row[i].way,
				&b->row[i].sample[round], err) == -1)
				return -1;
	return 0;
}

static int
bench(struct bench *b, struct error *err)
{
	struct error late = {0};
	int status = 1;

	b->roles = count_roles(b->file);
	if (b->roles == 0)
		return 1;
	make_rows(b);
	if (make_dir(b, err) == -1)
		return 1;
	bench_catch();
	if (measure(b, err) == 0) {
		bench_table(b);
		status = 0;
	}
	if (walk_remove(AT_FDCWD, b->dir, &late) == -1 && status == 0) {
		*err = late;
		status = 1;
	}
	free(b->dir);
	if (bench_signal() == 0)
		return status;
	*err = (struct error){0};
	return 128 + bench_signal();
}

static int
run(int argc, char **argv, struct error *err)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	int rc;

	b->rounds = 3;
	rc = take_args(b, argc, argv, err);
	if (rc == 0) {
		ui_open(UI_NORMAL);
		rc = bench(b, err);
	} else if (rc == 1) {
		(void)fputs(bench_help, stdout);
		rc = 0;
	} else {
		rc = 2;
	}
	free(b);
	return rc;
}

const struct command cmd_bench = {"bench", run, bench_help};
