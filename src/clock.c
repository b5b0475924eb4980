#include "kelpie/clock.h"

#include <time.h>

#define PAUSE_MS 3000 /* longer than any wait between two looks */

uint64_t
clock_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void
patience_begin(struct patience *p)
{
	p->heard = p->looked = clock_ms();
}

void
patience_renew(struct patience *p)
{
	p->heard = clock_ms();
}

bool
patience_ends(struct patience *p, unsigned seconds)
{
	uint64_t now = clock_ms();

	if (now - p->looked > PAUSE_MS)
		p->heard = now;
	p->looked = now;
	return now - p->heard >= (uint64_t)seconds * 1000;
}
