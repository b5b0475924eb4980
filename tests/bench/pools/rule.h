/*
 * rule.h - how many workers are worth their start?
 */
#ifndef POOLS_RULE_H
#define POOLS_RULE_H

#include <stddef.h>

/*
 * The fewest workers that need, as far as can be told beforehand, hardly
 * longer than the best number of them would: for n jobs of cpu_s seconds on
 * a processor and wait_s seconds of waiting each, where each worker lets all
 * end start_s later: what its start takes of the one that starts them, or
 * what it takes of a processor divided by their number, whichever is longer.
 * 1 means that no pool is worth it.
 */
unsigned workers_worth_it(size_t n, unsigned cores, double cpu_s, double wait_s,
    double start_s);

#endif
