#include "kelpie/clock.h"

#include <time.h>

#include "kelpie/error.h"

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
	p->heard = p->looked = p->since = clock_ms();
	p->bytes = 0;
}

static void
look(struct patience *p)
{
	if (clock_ms() - p->looked > PAUSE_MS)
		patience_begin(p);
	p->looked = clock_ms();
}

void
patience_renew(struct patience *p, size_t bytes)
{
	look(p);
	p->heard = p->looked;
	p->bytes += bytes;
}

static bool
is_silent(const struct patience *p, unsigned seconds)
{
	return p->looked - p->heard >= (uint64_t)seconds * 1000;
}

bool
patience_ends(struct patience *p, unsigned seconds)
{
	uint64_t span = (uint64_t)seconds * PATIENCE_TIMES;

	look(p);
	if (is_silent(p, seconds))
		return true;
	if (p->looked - p->since < span * 1000)
		return false;
	if (p->bytes < span * PATIENCE_RATE)
		return true;
	p->since = p->looked;
	p->bytes = 0;
	return false;
}

int
patience_fail(const struct patience *p, unsigned seconds, struct error *err)
{
	if (is_silent(p, seconds))
		return error_set(err, ERR_NETWORK,
		    "not a byte from the server for %u seconds", seconds);
	return error_set(err, ERR_NETWORK,
	    "the server is too slow: less than %u bytes a second for %u "
	    "seconds, ten times --timeout",
	    PATIENCE_RATE, seconds * PATIENCE_TIMES);
}
