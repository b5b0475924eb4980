#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/bench.h"
#include "kelpie/ui.h"

#define TEXT_MAX 32

static int
by_wall(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return x->wall < y->wall ? -1 : x->wall > y->wall;
}

static int
by_cpu(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

/* Of wall and CPU, each for itself. */
static void
find_median(struct row *r, unsigned rounds)
{
	qsort(r->sample, rounds, sizeof(r->sample[0]), by_cpu);
	r->median.cpu = r->sample[rounds / 2].cpu;
	qsort(r->sample, rounds, sizeof(r->sample[0]), by_wall);
	r->median.wall = r->sample[rounds / 2].wall;
}

static const char *
seconds(char out[TEXT_MAX], uint64_t us)
{
	(void)snprintf(out, TEXT_MAX, "%.*f s", us < 10000000 ? 3 : 1,
	    (double)us / 1e6);
	return out;
}

/*
 * How much of their time the processors that the run could have used had
 * nothing to do: with one worker that is one of them.
 */
static unsigned
waited(const struct bench *b, const struct row *r)
{
	unsigned n = r->jobs > 0 && r->jobs < b->cores ? r->jobs : b->cores;
	uint64_t all, cpu = r->median.cpu;

	if (n > b->roles)
		n = b->roles;
	all = r->median.wall * n;
	return all > cpu ? (unsigned)((all - cpu) * 100 / all) : 0;
}

static void
print_row(const struct bench *b, const struct row *r)
{
	char wall[TEXT_MAX], cpu[TEXT_MAX], jobs[TEXT_MAX] = "auto";

	if (r->jobs > 0)
		(void)snprintf(jobs, sizeof(jobs), "%u", r->jobs);
	ui_info("%5s %10s %10s %6u %%", jobs, seconds(wall, r->median.wall),
	    seconds(cpu, r->median.cpu), waited(b, r));
}

/* A tenth is what one run differs from the next by. */
static bool
is_as_good(const struct row *r, const struct row *best)
{
	return r->median.wall <= best->median.wall + best->median.wall / 10;
}

static void
recommend(const struct row *row, const struct row *automatic)
{
	const struct row *best = automatic, *r;

	for (r = row; r < automatic; r++)
		if (r->median.wall < best->median.wall)
			best = r;
	if (is_as_good(automatic, best)) {
		ui_info("leave -j alone: auto is as fast as the best, or "
			"nearly");
		return;
	}
	for (r = row; !is_as_good(r, best); r++)
		;
	ui_info("use -j %u here: it takes %u %% less time than auto "
		"(KELPIE_JOBS=%u, or jobs = %u in [kelpie] of ansible.cfg)",
	    r->jobs,
	    (unsigned)((automatic->median.wall - r->median.wall) * 100 /
		automatic->median.wall),
	    r->jobs, r->jobs);
}

void
bench_table(struct bench *b)
{
	const struct row *ideal = &b->row[b->rows - 1];
	char text[TEXT_MAX];
	size_t i;

	for (i = 0; i < b->rows; i++)
		find_median(&b->row[i], b->rounds);
	ui_info("%5s %10s %10s %8s", "-j", "time", "processor", "waited");
	for (i = 0; i + 1 < b->rows; i++)
		print_row(b, &b->row[i]);
	ui_info("an ideal network would take %s: the processor's and the "
		"disk's part",
	    seconds(text, ideal->median.wall));
	recommend(b->row, ideal - 1);
}
