/*
 * semver.h - which of two names of versions is the newer one.
 *
 * Semantic versions (https://semver.org) as people write them in tags: with
 * or without "v", of one part or five, "1.0rc1", dates.  Pure: looks at the
 * bytes of names and at nothing else.
 */
#ifndef KELPIE_SEMVER_H
#define KELPIE_SEMVER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum semver_rank {
	SEMVER_NONE, /* "master", "stable-2": no version */
	SEMVER_PRE, /* something stands behind the numbers: "2.0.0-rc1" */
	SEMVER_RELEASE
};

enum semver_rank semver_rank(const char *name);

/*
 * Below 0 if a is older than b, above if it is newer, 0 only if they are the
 * same bytes.  A release is newer than any pre-release, and whatever is no
 * version older than both.
 */
int semver_compare(const char *a, const char *b);

/*
 * Below, at or above 0 as semver.org, 11, has it for versions: 1.2 is 1.2.0,
 * and a pre-release comes right before its release.
 */
int semver_order(const char *a, const char *b);

/* How many numbers a version has: 3 for "v1.2.0-rc1". */
size_t semver_parts(const char *name);
/* Do two versions begin with the same n numbers? */
bool semver_begin_alike(const char *a, const char *b, size_t n);

/*
 * Add up to four of n names, in quotes and with commas: those around wanted,
 * newest first, or the newest if that is no version.
 */
void semver_nearest(struct buf *, const char *const *names, size_t n,
    const char *wanted);

/* The same but for a "v" in front of one: "v1.0" and "1.0". */
bool semver_same(const char *a, const char *b);

#endif
