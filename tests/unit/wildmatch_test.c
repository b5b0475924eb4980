#include <stdbool.h>
#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/git/attr.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct wild_case {
	const char *pattern, *text;
	bool path, plain; /* with '/' being special, and without */
};

/* What git makes of each. */
static const struct wild_case cases[] = {
    {"a", "a", true, true},
    {"a", "b", false, false},
    {"a", "ab", false, false},
    {"ab", "a", false, false},
    {"a?c", "abc", true, true},
    {"a?", "a", false, false},
    {"*", "abc", true, true},
    {"*", "", true, true},
    {"?", "", false, false},
    {"*a", "ba", true, true},
    {"*a", "ab", false, false},
    {"a*c*e", "abcde", true, true},
    {"a*c*e", "abcd", false, false},
    {"*ab*ab", "aabab", true, true},
    {"*.*.c", "a.b.c", true, true},
    {"\\a", "a", true, true},
    {"\\*", "*", true, true},
    {"\\*", "a", false, false},
    {"\\?x", "?x", true, true},
    {"a\\", "a", false, false},
    {"a\\", "a\\", false, false},
    {"a\\\\", "a\\", true, true},
    {"*\\*", "ab*", true, true},

    /* slashes */
    {"?", "/", false, true},
    {"[/]", "/", false, true},
    {"[!a]", "/", false, true},
    {"*", "a/b", false, true},
    {"a*b", "a/b", false, true},
    {"*/b", "a/b", true, true},
    {"*/b", "a/a/b", false, true},
    {"a/*", "a/", true, true},
    {"a*/b", "ab/b", true, true},
    {"*/*", "a/b", true, true},
    {"*/*", "a", false, false},
    {"*/*", "a/b/c", false, true},
    {"**", "a/b", true, true},
    {"**/b", "b", true, false},
    {"**/b", "a/b", true, true},
    {"**/b", "x/a/b", true, true},
    {"**/b", "ab", false, false},
    {"**/b*d", "x/bc/bcd", true, true},
    {"**/a/b", "a/a/b", true, true},
    {"a/**", "a/b/c", true, true},
    {"a/**", "a", false, false},
    {"a/**/b", "a/b", true, false},
    {"a/**/b", "a/x/y/b", true, true},
    {"a/**/b/**/c", "a/b/x/b/c", true, false},
    {"a/**/*.c", "a/b/c/d.c", true, true},
    {"a/**b", "a/xb", true, true},
    {"a/**b", "a/x/b", false, true},
    {"a/b**", "a/bx", true, true},
    {"a/b**", "a/b/x", false, true},
    {"***/b", "x/a/b", true, true},
    {"**\\/b", "a/b", true, true},
    {"**/*/c", "c", false, false},
    {"**/*/c", "b/c", true, false},
    {"*/**/c", "b/c", true, false},

    /* sets */
    {"[abc]", "b", true, true},
    {"[abc]", "d", false, false},
    {"[a-c]", "c", true, true},
    {"[c-a]", "b", false, false},
    {"[!a-c]", "d", true, true},
    {"[^a-c]", "b", false, false},
    {"[]]", "]", true, true},
    {"[]a]", "a", true, true},
    {"[!]]", "]", false, false},
    {"[!]]", "a", true, true},
    {"[a-]", "-", true, true},
    {"[-a]", "-", true, true},
    {"[--0]", ".", true, true},
    {"[a-c-e]", "-", true, true},
    {"[a-c-e]", "d", false, false},
    {"[\\]]", "]", true, true},
    {"[\\a-\\c]", "b", true, true},
    {"[a-\\]]", "x", false, false},
    {"[a", "a", false, false},
    {"[", "[", false, false},
    {"[]", "]", false, false},
    {"[a\\", "a", false, false},
    {"*[", "a[", false, false},
    {"[[:alpha:]]", "x", true, true},
    {"[[:alpha:]]", "1", false, false},
    {"[[:alpha:][:digit:]]", "1", true, true},
    {"[![:alpha:]]", "1", true, true},
    {"[[:alpha:]-z]", "-", true, true},
    {"[a-[:digit:]", "[", false, false},
    {"[a-[:digit:]", ":", true, true},
    {"[[:foo:]]", "f", false, false},
    {"[[:]", ":", true, true},
    {"[[:]", "[", true, true},
    {"[[::]]", ":", false, false},
    {"[[:alpha:", "a", false, false},
    {"[[:alpha]", "[", true, true},
    {"[[:alpha]", "l", true, true},
    {"[[:space:]]", " ", true, true},
    {"[[:space:]]", "\v", false, false},
    {"[[:space:]]", "\f", false, false},
    {"[[:punct:]]", "_", true, true},
    {"[[:print:]]", "\xe4", false, false},
    {"[[:upper:]]", "a", false, false},
    {"[[:xdigit:]]", "F", true, true},
    {"[\xc0-\xff]", "\xe4", true, true},
    {"?", "\xe4", true, true},
};

static void
patterns_match_as_in_git(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct wild_case *c = &cases[i];
		bool path = wildmatch(c->pattern, c->text, true);
		bool plain = wildmatch(c->pattern, c->text, false);

		if (path != c->path || plain != c->plain)
			printf("# '%s' of '%s'\n", c->pattern, c->text);
		CHECK(path == c->path);
		CHECK(plain == c->plain);
	}
}

/* unit, count times, and end behind it */
static char *
repeat(const char *unit, int count, const char *end)
{
	struct buf b = {0};

	while (count-- > 0)
		buf_puts(&b, unit);
	buf_puts(&b, end);
	return b.data;
}

static void
try_pattern(const char *pattern, const char *name, const char *deep)
{
	for (int n = 0; n < 200; n++) {
		CHECK(!wildmatch(pattern, name, false));
		CHECK(!wildmatch(pattern, name, true));
		CHECK(!wildmatch(pattern, deep, false));
		CHECK(!wildmatch(pattern, deep, true));
	}
}

/* Trying every way would not end before the universe does. */
static void
many_stars_take_no_time(void)
{
	static const char *const unit[] = {"*a", "**a", "a*", "*?", "[a]*",
	    "**/", "**/*a*", "*/**/", "*[!b]", "*\\a"};
	char *name = repeat("a", 255, ""), *deep = repeat("a/", 500, "a");

	for (size_t i = 0; i < COUNT(unit); i++) {
		char *pattern = repeat(unit[i], 100, "b");

		try_pattern(pattern, name, deep);
		free(pattern);
	}
	free(deep);
	free(name);
}

static void
a_match_that_takes_too_long_is_none(void)
{
	char *part = repeat("a", 1000, "b");
	char *text = repeat("a", 3000, "b");
	char *pattern = xasprintf("*%s", part);

	CHECK(!wildmatch(pattern, text, true));
	CHECK(wildmatch(pattern, part, true));
	free(pattern);
	free(text);
	free(part);
}

static void
a_long_path_matches_all_the_same(void)
{
	char *text = repeat("group/", 100, "file.c");

	CHECK(wildmatch("**/group/*.c", text, true));
	CHECK(wildmatch("**/*.c", text, true));
	CHECK(wildmatch("*.c", text, false));
	CHECK(!wildmatch("**/*.h", text, true));
	free(text);
}

int
main(void)
{
	RUN(patterns_match_as_in_git);
	RUN(many_stars_take_no_time);
	RUN(a_match_that_takes_too_long_is_none);
	RUN(a_long_path_matches_all_the_same);
	return check_done();
}
