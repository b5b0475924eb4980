/*
 * pools - when is a pool of workers worth it?
 *
 * usage: pools DIR LOOPS-PER-US
 *
 * Reads one command a line and answers each with one line; the script "run"
 * asks.  Keys are kept below DIR, or in redis under names that begin with it.
 *
 *	calibrate			loops of computing a microsecond
 *	reset STORE AT			every key with a count of 0
 *	pass KIND WIDTH STORE AT N US	seconds taken, and on the processor
 *	check STORE AT			ok: each key was written as often as told
 *	rule N CORES CPU WAIT START	workers
 *
 * STORE is none, file or redis; AT is a delay in microseconds for none and
 * file and a port for redis; times of the rule are in seconds.
 */
#include "pool.h"
#include "rule.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const kinds[] = {"seq", "thread", "fork", "prefork", "kept",
    NULL};
static const char *const stores[] = {"none", "file", "redis", NULL};

/* How often each key should have been written by now. */
static uint64_t expected[3][TASK_KEYS_MAX];

static unsigned
look_up(const char *const *names, const char *name)
{
	unsigned i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	errx(2, "what is '%s'?", name);
}

static double
seconds(const struct timeval *tv)
{
	return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

/* Processor time of this process and of those that it has reaped. */
static double
processor(void)
{
	struct rusage self, below;

	(void)getrusage(RUSAGE_SELF, &self);
	(void)getrusage(RUSAGE_CHILDREN, &below);
	return seconds(&self.ru_utime) + seconds(&self.ru_stime) +
	    seconds(&below.ru_utime) + seconds(&below.ru_stime);
}

/* The fastest of many: whatever else ran made the others slower. */
static void
calibrate(void)
{
	struct timespec a, b;
	uint64_t kept = 0;
	double us, best = 1e9;
	int i;

	for (i = 0; i < 200; i++) {
		(void)clock_gettime(CLOCK_MONOTONIC, &a);
		kept ^= task_compute(100000, kept);
		(void)clock_gettime(CLOCK_MONOTONIC, &b);
		us = (double)(b.tv_sec - a.tv_sec) * 1e6 +
		    (double)(b.tv_nsec - a.tv_nsec) / 1e3;
		if (us < best)
			best = us;
	}
	/* Zero never comes out of it, which the compiler cannot know. */
	(void)printf("%.3f\n", kept == 0 ? 0 : 100000 / best);
}

static void
set_store(struct task *t, const char *store, const char *at)
{
	t->store = (enum task_store)look_up(stores, store);
	t->delay_ns =
	    t->store == TASK_REDIS ? 0 : (int64_t)(strtod(at, NULL) * 1e3);
	t->port = t->store == TASK_REDIS ? (int)strtol(at, NULL, 10) : 0;
}

static void
reset(const struct task *t)
{
	struct wire w = {.redis = NULL};
	unsigned i;

	for (i = 0; i < TASK_KEYS_MAX; i++) {
		task_reset(t, &w, i);
		expected[t->store][i] = 0;
	}
	task_disconnect(&w);
	(void)puts("ok");
}

static void
check(const struct task *t)
{
	struct wire w = {.redis = NULL};
	unsigned i, wrong = 0;

	for (i = 0; i < TASK_KEYS_MAX; i++)
		if (task_count(t, &w, i) != expected[t->store][i])
			wrong++;
	task_disconnect(&w);
	if (wrong > 0)
		(void)printf("%u keys were not written as often as told\n",
		    wrong);
	else
		(void)puts("ok");
}

static void
pass(enum pool_kind kind, const struct task *t, unsigned n, unsigned width)
{
	double cpu = processor(), wall = pool_pass(kind, t, n, width);
	unsigned i;

	cpu = processor() - cpu;
	for (i = 0; i < n; i++)
		expected[t->store][i]++;
	(void)printf("%.9f %.6f\n", wall, cpu);
}

static unsigned
number(const char *text, unsigned limit)
{
	unsigned long n = strtoul(text, NULL, 10);

	if (n > limit)
		errx(2, "%lu is more than %u", n, limit);
	return (unsigned)n;
}

static void
obey(struct task *t, char **word, int words, double loops_per_us)
{
	if (strcmp(word[0], "calibrate") == 0 && words == 1) {
		calibrate();
	} else if (strcmp(word[0], "reset") == 0 && words == 3) {
		set_store(t, word[1], word[2]);
		reset(t);
	} else if (strcmp(word[0], "check") == 0 && words == 3) {
		set_store(t, word[1], word[2]);
		check(t);
	} else if (strcmp(word[0], "pass") == 0 && words == 7) {
		set_store(t, word[3], word[4]);
		t->loops = (uint64_t)(strtod(word[6], NULL) * loops_per_us);
		pass((enum pool_kind)look_up(kinds, word[1]), t,
		    number(word[5], TASK_KEYS_MAX),
		    number(word[2], POOL_WIDTH_MAX));
	} else if (strcmp(word[0], "rule") == 0 && words == 6) {
		(void)printf("%u\n",
		    workers_worth_it(strtoul(word[1], NULL, 10),
			number(word[2], 4096), strtod(word[3], NULL),
			strtod(word[4], NULL), strtod(word[5], NULL)));
	} else
		errx(2, "what is '%s' with %d words?", word[0], words);
}

int
main(int argc, char **argv)
{
	struct task t = {.store = TASK_NONE};
	char line[512], *word[8], *rest;
	int words;

	if (argc != 3)
		errx(2, "usage: pools DIR LOOPS-PER-US");
	/* Sleeps as short as asked for, here and in all that is started. */
	(void)prctl(PR_SET_TIMERSLACK, 1UL);
	t.dir = argv[1];
	while (fgets(line, sizeof(line), stdin) != NULL) {
		words = 0;
		rest = line;
		while (words < 8 &&
		    (word[words] = strtok_r(rest, " \n", &rest)) != NULL)
			words++;
		if (words > 0)
			obey(&t, word, words, strtod(argv[2], NULL));
		(void)fflush(stdout);
	}
	return 0;
}
