#include "rule.h"

/* More would be too many for whoever is at the other end. */
#define WORKERS_MAX 256

/* A worker less is worth this much of the time. */
#define CLOSE_ENOUGH 1.02

/*
 * Two things bound a pool: its waves, each as long as a job, and the work
 * that the processors can do at a time.  Starting the workers comes on top;
 * one alone is no pool and costs nothing.
 */
static double
time_with(size_t n, unsigned cores, const double cost[3], unsigned p)
{
	double cpu = cost[0], wait = cost[1], start = cost[2];
	size_t rounds = (n + p - 1) / p;
	double waves = (double)rounds * (cpu + wait);
	double work = (double)n * cpu / (p < cores ? p : cores) + wait;

	return (p > 1 ? p * start : 0) + (waves > work ? waves : work);
}

unsigned
workers_worth_it(size_t n, unsigned cores, double cpu_s, double wait_s,
    double start_s)
{
	const double cost[3] = {cpu_s, wait_s, start_s};
	double best, t;
	unsigned p, max = n < WORKERS_MAX ? (unsigned)n : WORKERS_MAX;

	if (n == 0 || cores == 0)
		return 1;
	best = time_with(n, cores, cost, 1);
	for (p = 2; p <= max; p++) {
		t = time_with(n, cores, cost, p);
		if (t < best)
			best = t;
	}
	for (p = 1; p < max; p++)
		if (time_with(n, cores, cost, p) <= best * CLOSE_ENOUGH)
			break;
	return p;
}
