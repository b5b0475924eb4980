#include "kelpie/rules.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Say which row of a table failed. */
#define CHECK_ROW(row, cond)                         \
	do {                                         \
		if (!(cond))                         \
			printf("# row '%s'\n", row); \
		CHECK(cond);                         \
	} while (0)

static char long_name[NAME_MAX_BYTES + 2];

static void
good_names_are_taken(void)
{
	static const char *const good[] = {"nginx", "geerlingguy.docker", "a",
	    "UPPER_case-1", "$(id);'\"", "two words", "r\xc3\xb6le",
	    "\xf0\x9f\x90\x95", "a..b", "~"};

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK_ROW(good[i], name_ok(good[i], strlen(good[i])));
	CHECK(name_ok(long_name, NAME_MAX_BYTES));
}

static void
bad_names_are_refused(void)
{
	static const char *const bad[] = {"", ".", "..", ".git", ".kelpie",
	    "-rf", "--force", "a/b", "/a", "a ", "a.", " ..", "a\tb", "a\nb",
	    "\033[2J", "a\x7f", "\xff", "a\x80", "\xc0\xaf", "\xe0\x80\xaf",
	    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x80\x80\xaf", "\xe2\x80",
	    "\xc2\x85", "a\xd8\x9c", "a\xe2\x80\x8b", "a\xe2\x80\xae",
	    "a\xe2\x81\xa0", "a\xe2\x81\xa9", "\xef\xbb\xbfz"};

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK_ROW(bad[i], !name_ok(bad[i], strlen(bad[i])));
	CHECK(!name_ok("a\0b", 3));
	CHECK(!name_ok(long_name, NAME_MAX_BYTES + 1));
}

static void
a_name_of_the_users_own_file_may_have_parts(void)
{
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", "a/./b",
	    "a/../b", "../x", "a/-b", "a/.git", "a /b"};
	struct error err = {0};

	CHECK(name_check("a/b/c", &err) == 0);
	CHECK(err.kind == ERR_NONE);
	for (size_t i = 0; i < COUNT(bad); i++) {
		err.kind = ERR_NONE;
		CHECK_ROW(bad[i], name_check(bad[i], &err) == -1);
		CHECK_ROW(bad[i], err.kind == ERR_CONFIG);
	}
	CHECK(name_check("a/.git", &err) == -1);
	CHECK_STR(err.msg,
	    "bad role name 'a/.git': a part begins with '-' or '.'");
	long_name[100] = '/';
	CHECK(name_check(long_name, &err) == -1);
	CHECK(strstr(err.msg, "longer than 200 bytes") != NULL);
	long_name[100] = 'a';
}

static void
good_entries_are_taken(void)
{
	static const char *const good[] = {"main.yml", ".gitignore", ".github",
	    ".gitattributes", "git", "git~2", ".gi", "...", "-x", " a",
	    ".git-x", "\xff\xfe", "caf\xe9", "a:b", "x.git", ".g it",
	    "home-user\\x2dname.mount", "\\", "..\\x", "x.git\\y",
	    ".gitx\\.gitignore"};

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK_ROW(good[i], entry_ok(good[i], strlen(good[i])));
}

static void
bad_entries_are_refused(void)
{
	static const char *const bad[] = {"", ".", "..", "a/b", "/", "a\nb",
	    "\x1f", "a\x7f", ".git", ".GIT", ".gIt", ".git.", ".git ",
	    ".git . .", ".git:x", ".git::$INDEX_ALLOCATION", "git~1", "GIT~1",
	    "git~1 .", "git~1:x", ".git\\config", "a\\.GIT", "a\\b\\git~1",
	    "a\\.git .\\b",
	    /* zero-width non-joiner, left-to-right mark, byte order mark */
	    ".g\xe2\x80\x8cit", "\xe2\x80\x8e.git", ".git\xef\xbb\xbf",
	    ".\xe2\x80\xaaG\xe2\x81\xaaIT", "g\xe2\x80\x8dit~1"};
	char name[ENTRY_MAX_BYTES + 1];

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK_ROW(bad[i], !entry_ok(bad[i], strlen(bad[i])));
	CHECK(!entry_ok("a\0b", 3));
	memset(name, 'a', sizeof(name));
	CHECK(entry_ok(name, ENTRY_MAX_BYTES));
	CHECK(!entry_ok(name, ENTRY_MAX_BYTES + 1));
}

static void
a_name_that_strangers_chose_has_one_part(void)
{
	static const char *const bad[] = {"", "a/b", "/", "a/", "/a", "..",
	    "../x", ".git", "-x", "a\nb", "a\xff"};
	struct error err = {0};

	CHECK(name_check_one("r\xc3\xb6le", &err) == 0);
	CHECK(err.kind == ERR_NONE);
	for (size_t i = 0; i < COUNT(bad); i++) {
		err.kind = ERR_NONE;
		CHECK_ROW(bad[i], name_check_one(bad[i], &err) == -1);
		CHECK_ROW(bad[i], err.kind == ERR_CONFIG);
	}
	CHECK(name_check_one("a/b", &err) == -1);
	CHECK_STR(err.msg, "bad role name 'a/b': it has a '/'");
}

static void
of_a_mode_only_the_owners_x_counts(void)
{
	static const mode_t no[] = {0, 0644, 0666, 0677, 06666, 01011, 0100011},
			    yes[] = {0100, 0755, 0777, 06755, 01777, 0100700};

	for (size_t i = 0; i < COUNT(no); i++)
		CHECK(mode_of_file(mode_has_x(no[i])) == 0644);
	for (size_t i = 0; i < COUNT(yes); i++)
		CHECK(mode_of_file(mode_has_x(yes[i])) == 0755);
	CHECK(MODE_DIR == 0755);
}

static void
links_stay_inside_the_role(void)
{
	static const struct {
		const char *target;
		unsigned depth;
		bool ok;
	} rows[] = {
	    {"a", 0, true},
	    {".", 0, true},
	    {"./a/./b//c/", 0, true},
	    {"..", 0, false},
	    {"..", 1, true},
	    {"../tasks/x.yml", 1, true},
	    {"../../x", 1, false},
	    {"../../x", 2, true},
	    {"./../x", 1, true},
	    {".//../x", 0, false},
	    {"../", 1, true},
	    {"a/..", 5, false},
	    {"a/../b", 5, false},
	    {"d1/d2/d3/a/../x", 5, false},
	    {"../a/..", 5, false},
	    {"...", 0, true},
	    {"..a/.b", 0, true},
	    {"/", 9, false},
	    {"/etc/passwd", 9, false},
	    {"", 0, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_ROW(rows[i].target,
		    link_ok(rows[i].target, strlen(rows[i].target),
			rows[i].depth) == rows[i].ok);
}

static void
links_have_a_longest_length_and_no_nul(void)
{
	char target[LINK_MAX_BYTES + 1];

	memset(target, 'a', sizeof(target));
	CHECK(link_ok(target, LINK_MAX_BYTES, 0));
	CHECK(!link_ok(target, LINK_MAX_BYTES + 1, 0));
	CHECK(!link_ok("a\0b", 3, 0));
}

static void
a_commit_id_is_forty_small_hex_digits(void)
{
	CHECK(is_commit_id("0123456789abcdef0123456789abcdef01234567"));
	CHECK(!is_commit_id("0123456789abcdef0123456789abcdef0123456"));
	CHECK(!is_commit_id("0123456789abcdef0123456789abcdef012345678"));
	CHECK(!is_commit_id("0123456789ABCDEF0123456789abcdef01234567"));
	CHECK(!is_commit_id("0123456789abcdeg0123456789abcdef01234567"));
	CHECK(!is_commit_id(""));
}

static void
a_commit_id_may_be_written_in_capitals(void)
{
	static const char *const rows[][2] = {
	    {"0123456789ABCDEF0123456789abcdef01234567",
		"0123456789abcdef0123456789abcdef01234567"},
	    {"0123456789ABCDEF0123456789abcdef0123456",
		"0123456789ABCDEF0123456789abcdef0123456"},
	    {"0123456789ABCDEG0123456789abcdef01234567",
		"0123456789ABCDEG0123456789abcdef01234567"},
	    {"V1.0", "V1.0"},
	    {"", ""},
	};
	char text[64];

	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)snprintf(text, sizeof(text), "%s", rows[i][0]);
		version_fold(text);
		CHECK_STR(text, rows[i][1]);
	}
}

static void
versions_are_names_of_tags_or_branches(void)
{
	static const char *const good[] = {"1.10", "v1.0", "master",
	    "release/2.x", "a@b", "HEAD", "x.lock.y", "\xc3\xb6", "feature#1",
	    "0123456789abcdef0123456789abcdef01234567", "0123abc",
	    "refs/pull/1/head", "HEAD~9", "HEAD^", "v1.0~", "main^2", "a~1^2~",
	    "a^^", "a^0", "release/2.x~3",
	    "0123456789abcdef0123456789abcdef01234567~1", "a~123456789"};
	static const char *const bad[] = {"", "--orphan", "-x", "..", "a..b",
	    "@{-1}", "a@{1}", "@", "@~1", "~1", "^2", "a~x", "a^{}",
	    "a^{commit}", "a^@", "a^!", "a^-1", "a~1b", "a~-1", "a~1/b", "a/~1",
	    "a.lock~1", "a.~1", "-x~1", "a..b~1", "a~1..b", "^a",
	    "a~1234567890", "a~1:b", "a~ 1", "a^/x", "@{-1}~1", ":/re",
	    "a^{/x}", "a b", "a\tb", "a?", "a*", "a[", "a\\b", "/a", "a/",
	    "a//b", ".a", "a/.b", "a.", "a.lock", "a.lock/b", "a\x7f", "\n"};
	struct error err = {0};

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK_ROW(good[i], version_check(good[i], &err) == 0);
	CHECK(err.kind == ERR_NONE);
	/* Steps are the user's alone. */
	for (size_t i = 0; i < COUNT(good); i++)
		CHECK_ROW(good[i],
		    (version_check_name(good[i], &err) == 0) ==
			(strpbrk(good[i], "~^") == NULL));
	for (size_t i = 0; i < COUNT(bad); i++) {
		err.kind = ERR_NONE;
		CHECK_ROW(bad[i], version_check_name(bad[i], &err) == -1);
		CHECK_ROW(bad[i], version_check(bad[i], &err) == -1);
		CHECK_ROW(bad[i], err.kind == ERR_CONFIG);
	}
}

static void
escape_shows_what_cannot_be_printed(void)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"plain", "plain"},
	    {"r\xc3\xb6le", "r\xc3\xb6le"},
	    {"a\\b", "a\\x5cb"},
	    {"\033]0;x\a", "\\x1b]0;x\\x07"},
	    {"a\nb\r\t", "a\\x0ab\\x0d\\x09"},
	    {"\x7f", "\\x7f"},
	    {"\xff", "\\xff"},
	    {"\xc2\x9b", "\\xc2\\x9b"},
	    {"\xe2\x80\xae", "\\xe2\\x80\\xae"},
	    {"a\xe2\x80", "a\\xe2\\x80"},
	};
	char out[64];

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_STR(escape(out, sizeof(out), rows[i][0]), rows[i][1]);
}

static void
what_does_not_fit_ends_in_dots(void)
{
	char out[64];

	CHECK_STR(escape(out, 9, "12345678"), "12345678");
	CHECK_STR(escape(out, 9, "123456789"), "12345...");
	/* Never half an escape, nor half a character. */
	CHECK_STR(escape(out, 9, "12345\n"), "12345...");
	CHECK_STR(escape(out, 9, "1234\n"), "1234\\x0a");
	CHECK_STR(escape(out, 9, "1234\xc3\xb6\xc3\xb6\xc3\xb6"), "1234...");
	CHECK_STR(escape(out, 3, "1234"), "..");
	CHECK_STR(escape(out, 1, "1234"), "");
}

static void
escape_text_keeps_tabs_and_backslashes(void)
{
	static const char text[] =
	    "a\tb\\n\033[31m\0\r\xe2\x80\xae\xff\xc3\xb6";
	struct buf b = {0};

	escape_text(&b, text, sizeof(text) - 1);
	CHECK_STR(b.data,
	    "a\tb\\n\\x1b[31m\\x00\\x0d\\xe2\\x80\\xae\\xff\xc3\xb6");
	buf_free(&b);
}

int
main(void)
{
	memset(long_name, 'a', sizeof(long_name) - 1);
	RUN(good_names_are_taken);
	RUN(bad_names_are_refused);
	RUN(a_name_of_the_users_own_file_may_have_parts);
	RUN(a_name_that_strangers_chose_has_one_part);
	RUN(good_entries_are_taken);
	RUN(bad_entries_are_refused);
	RUN(of_a_mode_only_the_owners_x_counts);
	RUN(links_stay_inside_the_role);
	RUN(links_have_a_longest_length_and_no_nul);
	RUN(a_commit_id_is_forty_small_hex_digits);
	RUN(a_commit_id_may_be_written_in_capitals);
	RUN(versions_are_names_of_tags_or_branches);
	RUN(escape_shows_what_cannot_be_printed);
	RUN(escape_text_keeps_tabs_and_backslashes);
	RUN(what_does_not_fit_ends_in_dots);
	return check_done();
}
