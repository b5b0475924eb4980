/*
 * range.h - a version that many releases can be: ">=1.2,<2", "~1.4", "^2.0",
 * "1.*".
 *
 * The comparisons of PEP 440 and the operators of npm and cargo, over
 * semantic versions as semver.h reads them.  Pure: looks at the bytes of
 * names and at nothing else.
 */
#ifndef KELPIE_RANGE_H
#define KELPIE_RANGE_H

#include <stdbool.h>

struct error;

/*
 * Is it written as a range?  It begins with one of "<>=!~^" or has a '*',
 * which no name of a tag or branch does that people use.
 */
bool range_is(const char *version);

/* version_check(), or range_check() for what is written as a range. */
int range_or_version_check(const char *version, struct error *);
/* version_check_name() instead: for what strangers ask for. */
int range_or_name_check(const char *version, struct error *);

/* ERR_CONFIG that says what in a range cannot be understood. */
int range_check(const char *range, struct error *);

/*
 * Is the release name in a range that range_check() took?  A pre-release is
 * only if the range names one.
 */
bool range_has(const char *range, const char *name);

#endif
