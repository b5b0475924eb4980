#include "kelpie/semver.h"

#include <stdlib.h>

#include "check.h"

static int
by_age(const void *a, const void *b)
{
	return semver_compare(*(const char *const *)a, *(const char *const *)b);
}

/* Each name is older than the next, whatever order they come in. */
static void
check_ascending(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int order = semver_compare(names[i], names[k]);

			if ((i < k) == (order < 0) && (i > k) == (order > 0))
				continue;
			printf("# '%s' and '%s': %d\n", names[i], names[k],
			    order);
			check_failed = 1;
		}
}

#define ASCENDING(...)                                                     \
	do {                                                               \
		static const char *const names_[] = {__VA_ARGS__};         \
		check_ascending(names_, sizeof(names_) / sizeof(*names_)); \
	} while (0)

static void
check_newest(const char *want, const char *const *names, size_t n)
{
	const char **sorted = calloc(n, sizeof(*sorted));

	CHECK(sorted != NULL);
	if (sorted == NULL)
		return;
	memcpy(sorted, names, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_age);
	CHECK_STR(sorted[n - 1], want);
	free(sorted);
}

#define NEWEST(want, ...)                                                     \
	do {                                                                  \
		static const char *const names_[] = {__VA_ARGS__};            \
		check_newest(want, names_, sizeof(names_) / sizeof(*names_)); \
	} while (0)

static void
numbers_count_as_numbers(void)
{
	NEWEST("1.10.0", "1.0.0", "1.2.0", "1.10.0", "1.9.0");
	ASCENDING("0.0.1", "0.9", "1", "1.0", "1.0.0", "1.0.0.0", "1.0.1",
	    "1.1", "1.9", "1.10", "1.10.0.1", "2.0", "10");
	ASCENDING("1.08", "1.9", "1.010");
	ASCENDING("1.18446744073709551615", "1.18446744073709551616",
	    "1.99999999999999999999999999");
}

static void
releases_are_newer_than_what_comes_before_them(void)
{
	NEWEST("2.0.0", "1.0.0", "2.0.0-rc1", "2.0.0");
	NEWEST("1.0.0", "1.0.0", "2.0.0-rc1", "3.0.0-alpha");
	NEWEST("2.0.0-rc10", "2.0.0-rc9", "2.0.0-rc10", "2.0.0-RC2");
	/* The example of semver.org, 11. */
	ASCENDING("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
	    "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
	    "1.0.0");
	ASCENDING("1.0a", "1.0b2", "1.0rc1", "1.0.1.dev3", "2.0-1", "1.0");
}

static void
a_v_in_front_changes_nothing(void)
{
	NEWEST("v1.1.0", "1.0.0", "v1.1.0");
	NEWEST("1.2.0", "v1.1.0", "1.2.0", "V1.1.9");
	ASCENDING("v1.0.0-rc1", "1.0.0-rc2", "v1.0.0", "1.0.1", "V2");
	CHECK(semver_compare("v1.0", "v1.0") == 0);
	CHECK(semver_same("v1.0", "1.0") && semver_same("1.0", "V1.0"));
	CHECK(semver_same("v1.0", "v1.0") && semver_same("master", "master"));
	CHECK(!semver_same("1.0", "1.0.0") && !semver_same("vx", "x"));
	CHECK(!semver_same("v", "") && !semver_same("vv1", "v1"));
}

static void
what_is_no_version_is_older_than_all_that_are(void)
{
	NEWEST("1.0.0", "1.0.0", "master", "zzz", "release-9");
	NEWEST("0.1-alpha", "0.1-alpha", "master");
	ASCENDING("devel", "master", "release-2.9", "release-2.10", "v",
	    "1.0-rc", "1.0");
	CHECK(semver_rank("") == SEMVER_NONE);
	CHECK(semver_rank("v") == SEMVER_NONE);
	CHECK(semver_rank("stable-2") == SEMVER_NONE);
	CHECK(semver_rank("1.") == SEMVER_NONE);
	CHECK(semver_rank("1.0-") == SEMVER_NONE);
	CHECK(semver_rank(".1") == SEMVER_NONE);
	CHECK(semver_rank("1.0-+b") == SEMVER_NONE);
}

static void
dates_and_builds_are_releases(void)
{
	ASCENDING("20221231", "20230101");
	ASCENDING("2022-12-31", "2023-01-01", "2023-01-02");
	ASCENDING("2023.1.9", "2023.1.10", "2023.02.01");
	CHECK(semver_rank("2023-01-01") == SEMVER_RELEASE);
	CHECK(semver_rank("2023-01") == SEMVER_PRE);
	CHECK(semver_rank("2023-01-01x") == SEMVER_PRE);
	CHECK(semver_rank("1.0.0+build.5") == SEMVER_RELEASE);
	ASCENDING("1.0.0-rc1+z", "1.0.0", "1.0.0+a", "1.0.1");
}

int
main(void)
{
	RUN(numbers_count_as_numbers);
	RUN(releases_are_newer_than_what_comes_before_them);
	RUN(a_v_in_front_changes_nothing);
	RUN(what_is_no_version_is_older_than_all_that_are);
	RUN(dates_and_builds_are_releases);
	return check_done();
}
