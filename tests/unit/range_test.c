#include "kelpie/range.h"

#include "check.h"
#include "kelpie/error.h"

/* The names of a row that are in its range, in order. */
static const struct {
	const char *range, *in, *out;
} rows[] = {
    {">=1.2,<2", "1.2 v1.2 1.2.0 1.10 v1.99.99 1.2.1+build",
	"1.1.9 2 2.0 v2.0.0 2.1 1.3.0-rc1 2.0.0-rc1 main"},
    {">=1.2 <2", "1.2 1.9", "1.1 2"},
    {" >= 1.2 , < 2 ", "1.2 1.9", "1.1 2"},
    {">1.2", "1.2.1 1.3 2", "1.2 1.2.0 1.1"},
    {"<=1.2", "1.2 1.2.0 0.1", "1.2.1 1.3"},
    {"==1.2.0", "1.2.0 v1.2.0 1.2", "1.2.1 1.2.0-rc1"},
    {"=v1.2", "1.2.0 v1.2", "1.2.1"},
    {">=1,!=1.3", "1 1.2 1.4", "1.3 v1.3.0 0.9"},
    {"~1.4", "1.4 1.4.9 v1.4.0", "1.5 1.3.9 2.0"},
    {"~1.4.2", "1.4.2 1.4.10", "1.4.1 1.5.0"},
    {"~1", "1 1.0 1.9.9", "0.9 2"},
    {"^2.0", "2.0 2.9 v2.0.1", "1.9 3.0"},
    {"^1.2.3", "1.2.3 1.9", "1.2.2 2.0.0"},
    {"^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.0"},
    {"^0.0.3", "0.0.3", "0.0.2 0.0.4 0.1"},
    {"^0.0", "0.0 0.0.9", "0.1"},
    {"^0", "0 0.9", "1.0"},
    {"1.*", "1 1.0 1.99", "0.9 2.0 1.5-beta main"},
    {"v1.2.*", "1.2 v1.2.7", "1.3 1.1"},
    {"*", "0.1 v3 2024-01-31", "main 1.0-rc1"},
    {">=2.0.0-rc1", "2.0.0-rc1 2.0.0-rc2 2.0.0 2.1 2.1-beta", "2.0.0-beta 1.9"},
    {">=2.0.0-rc1,<3", "2.0.0-rc2 2.9 2.9-rc1", "3.0.0-rc1 v3-beta 3.0 3"},
    {">=2.0.0-a,<2.0.0", "2.0.0-rc1 2-b", "2.0.0 1.9 2.0.1-rc1"},
    {">=2.0.0-rc1,<3-rc2", "2.0.0 3.0-rc1", "3.0-rc2 3.0"},
    {">=2024.1", "2024.1 2024.2.3 2025.1", "2023.12"},
};

static void
each(const char *range, const char *names, bool want)
{
	char copy[256];
	char *save = NULL;

	(void)snprintf(copy, sizeof(copy), "%s", names);
	for (char *name = strtok_r(copy, " ", &save); name != NULL;
	     name = strtok_r(NULL, " ", &save))
		if (range_has(range, name) != want) {
			printf("# %s and %s\n", range, name);
			check_failed = 1;
		}
}

static void
a_range_has_what_it_says(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = {0};

		CHECK(range_is(rows[i].range) || rows[i].range[0] == ' ');
		CHECK(range_check(rows[i].range, &err) == 0);
		CHECK_STR(err.msg, "");
		each(rows[i].range, rows[i].in, true);
		each(rows[i].range, rows[i].out, false);
	}
}

static void
names_are_no_ranges(void)
{
	static const char *const names[] = {"", "v1.2", "main", "HEAD~2", "v1^",
	    "feature/a=b", "1.x", "a>b"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(!range_is(names[i]));
}

static void
what_is_no_range_is_told(void)
{
	static const char *const bad[] = {">=", "<main", ">=1.2,<", "~",
	    "1.*.2", "**", "^*", ">=1,,main", "=>1", "<>2", "~=1.2", ",", "*a"};
	struct error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.kind = ERR_NONE;
		if (range_check(bad[i], &err) == -1 && err.kind == ERR_CONFIG)
			continue;
		printf("# %s\n", bad[i]);
		check_failed = 1;
	}
	CHECK(range_check("<main", &err) == -1);
	CHECK_HAS(err.msg, "in the range '<main': 'main' is no version");
}

int
main(void)
{
	RUN(a_range_has_what_it_says);
	RUN(names_are_no_ranges);
	RUN(what_is_no_range_is_told);
	return check_done();
}
