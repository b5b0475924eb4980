/*
 * clock.h - the time of a clock that nobody sets.
 *
 * For timers and how long something took; not for dates.
 */
#ifndef KELPIE_CLOCK_H
#define KELPIE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since some moment before the process began. */
uint64_t clock_ms(void);

/* How long somebody has been silent. */
struct patience {
	uint64_t heard; /* ms: the last sign of life, or the beginning */
	uint64_t looked; /* ms: the last patience_ends() */
};

/* The waiting begins. */
void patience_begin(struct patience *);
/* A sign of life. */
void patience_renew(struct patience *);
/*
 * Has he been silent for so long?  To be asked every second or so: if more
 * than three have passed between two questions, it was we who were stopped,
 * and the waiting begins again.
 */
bool patience_ends(struct patience *, unsigned seconds);

#endif
