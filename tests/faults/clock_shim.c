/*
 * clock_shim.c - a wall clock that is set while somebody looks at it.
 *
 * Loaded before the C library; CLOCK_JUMP says how: so many seconds off, or
 * "swing", a day forwards and a day backwards by turns, every three looks.
 * The other clocks go as they should.
 */
#include <sys/syscall.h>
#include <sys/time.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400

int clock_gettime(clockid_t, struct timespec *);

static time_t
jump(void)
{
	static unsigned looks;
	const char *how = getenv("CLOCK_JUMP");

	if (how == NULL)
		return 0;
	if (strcmp(how, "swing") != 0)
		return (time_t)atoll(how);
	return looks++ / 3 % 2 == 0 ? DAY : -DAY;
}

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, ts);

	if (rc == 0 &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ts->tv_sec += jump();
	return rc;
}

time_t
time(time_t *out)
{
	struct timespec ts = {0};

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	if (out != NULL)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts = {0};

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}
