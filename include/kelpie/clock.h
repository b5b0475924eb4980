/*
 * clock.h - the time of a clock that nobody sets.
 *
 * For timers and how long something took; not for dates.
 */
#ifndef KELPIE_CLOCK_H
#define KELPIE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* Milliseconds since some moment before the process began. */
uint64_t clock_ms(void);

/*
 * How long somebody has been silent.  One who sends a byte now and then, and
 * never an end, is as good as silent: over PATIENCE_TIMES as long he has to
 * come to PATIENCE_RATE bytes a second.
 */
#define PATIENCE_TIMES 10
#define PATIENCE_RATE 16

struct patience {
	uint64_t heard; /* ms: the last sign of life, or the beginning */
	uint64_t looked; /* ms: the last time that we were awake */
	uint64_t since; /* ms: when the counting of bytes began */
	uint64_t bytes; /* since then */
};

/* The waiting begins. */
void patience_begin(struct patience *);
/* A sign of life: so many bytes. */
void patience_renew(struct patience *, size_t bytes);
/*
 * Has he been silent for so long, or all but silent for PATIENCE_TIMES as
 * long?  To be asked every second or so: if more than three have passed
 * between two calls, it was we who were stopped, and the waiting begins
 * again.
 */
bool patience_ends(struct patience *, unsigned seconds);
/* Say which of the two it was; ERR_NETWORK.  Returns -1. */
int patience_fail(const struct patience *, unsigned seconds, struct error *);

#endif
