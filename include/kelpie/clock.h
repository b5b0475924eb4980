/*
 * clock.h - the time of a clock that nobody sets.
 *
 * For timers and how long something took; not for dates.
 */
#ifndef KELPIE_CLOCK_H
#define KELPIE_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment before the process began. */
uint64_t clock_ms(void);

#endif
