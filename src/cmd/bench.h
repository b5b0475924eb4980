/*
 * cmd/bench.h - what the parts of kelpie bench share.
 *
 * bench.c knows what is measured in which order, bench_run.c how one run is,
 * bench_table.c what it all says.
 */
#ifndef KELPIE_BENCH_H
#define KELPIE_BENCH_H

#include <stddef.h>
#include <stdint.h>

struct error;

#define BENCH_ROUNDS_MAX 99
#define BENCH_ROWS_MAX 8

enum bench_way {
	BENCH_FILL, /* from the network, and into the cache */
	BENCH_NETWORK, /* as if there were no cache */
	BENCH_CACHE, /* from the cache alone */
};

struct sample {
	uint64_t wall, cpu; /* microseconds */
};

struct row {
	unsigned jobs; /* -j; 0: auto */
	enum bench_way way;
	struct sample sample[BENCH_ROUNDS_MAX];
	struct sample median; /* by bench_table() */
};

struct bench {
	const char *file; /* of requirements */
	char *dir; /* all is in there, and it is ours */
	unsigned rounds;
	unsigned roles, cores;
	struct row row[BENCH_ROWS_MAX];
	size_t rows; /* the last but one is auto, the last the cache */
};

/*
 * Install into an empty directory in a child and remove that again.  Blocks.
 * ERR_CANCELLED if a signal came, ERR_CHILD if the install failed.
 */
int bench_run(const struct bench *, unsigned jobs, enum bench_way,
    struct sample *, struct error *);

/*
 * From bench_catch() on, the signals that end a program end a run instead.
 * bench_signal() is the one that came, or 0; it is process-wide.
 */
void bench_catch(void);
int bench_signal(void);

/* Print the table and what follows from it.  Sorts the samples. */
void bench_table(struct bench *);

#endif
