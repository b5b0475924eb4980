#include "kelpie/git/attr.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const names[ATTR_COUNT] = {
    [ATTR_EXPORT_IGNORE] = "export-ignore",
    [ATTR_EXPORT_SUBST] = "export-subst",
    [ATTR_TEXT] = "text",
    [ATTR_EOL] = "eol",
    [ATTR_CRLF] = "crlf",
    [ATTR_IDENT] = "ident",
    [ATTR_ENCODING] = "working-tree-encoding",
    [ATTR_FILTER] = "filter",
};

/*
 * root is the text of .gitattributes, sub that of a/.gitattributes, want
 * what "git check-attr --cached" says of path; a path ending in '/' is a
 * directory.
 */
struct attr_case {
	const char *root, *sub, *path, *want;
};

static const struct attr_case lines[] = {
    {"*.md export-ignore", NULL, "x.md", "export-ignore"},
    {" \t x  text\t eol=lf ", NULL, "x", "text eol=lf"},
    {"x text\r\ny ident\r\n", NULL, "x", "text"},
    {"# x text\n\n \nx -text", NULL, "x", "-text"},
    {"#x text", NULL, "#x", ""},
    {"\\#x text", NULL, "#x", "text"},
    {"x text=auto eol=crlf", NULL, "x", "text=auto eol=crlf"},
    {"x text=", NULL, "x", "text="},
    {"x filter=a=b", NULL, "x", "filter=a=b"},
    {"x -text=auto", NULL, "x", "-text"},
    {"x !text=auto\n", NULL, "x", ""},
    {"x other text unknown=1", NULL, "x", "text"},
    {"x", NULL, "x", ""},
    {"\"a b\" text", NULL, "a b", "text"},
    {"\"a\\tb\\\"\" text", NULL, "a\tb\"", "text"},
    {"\"\\303\\244\" text", NULL, "\303\244", "text"},
    {"\"a\"text", NULL, "a", "text"},
    {"\"a text", NULL, "\"a", "text"},
    {"\"a\\9\" text", NULL, "\"a9\"", "text"},
    {"\"a\\401\" text", NULL, "\"a401\"", "text"},
    {"x text b~d", NULL, "x", ""},
    {"x text -", NULL, "x", ""},
    {"x text =v", NULL, "x", ""},
    {"x text --eol", NULL, "x", ""},
    {"x text _eol .a", NULL, "x", "text"},
    {"!x text", NULL, "x", ""},
    {"!x text", NULL, "!x", ""},
    {"\"!x\" text", NULL, "!x", ""},
    {"\\!x text", NULL, "!x", "text"},
    {"\357\273\277x text", NULL, "x", ""},
    {"x working-tree-encoding=UTF-16 crlf=input", NULL, "x",
	"crlf=input working-tree-encoding=UTF-16"},
};

static const struct attr_case patterns[] = {
    {"x text", NULL, "a/b/x", "text"},
    {"/x text", NULL, "x", "text"},
    {"/x text", NULL, "a/x", ""},
    {"a/x text", NULL, "a/x", "text"},
    {"a/x text", NULL, "b/a/x", ""},
    {"/a/x text", NULL, "a/x", "text"},
    {"* text", NULL, "a/b", "text"},
    {"a* text", NULL, "b/ac", "text"},
    {"*.c text", NULL, "a/b.c", "text"},
    {"*.c text", NULL, "b.cc", ""},
    {"*.c text", NULL, ".c", "text"},
    {"?.c text", NULL, "ab.c", ""},
    {"[a-c]x text", NULL, "bx", "text"},
    {"a text", NULL, "a/x", ""},
    {"a/ text", NULL, "a/", "text"},
    {"a/ text", NULL, "a", ""},
    {"a/ text", NULL, "b/a/", "text"},
    {"a/ text", NULL, "a/x", ""},
    {"a/b/ text", NULL, "a/b/", "text"},
    {"a/b/ text", NULL, "a/b", ""},
    {"/a/ text", NULL, "a/", "text"},
    {"/ text", NULL, "a/", ""},
    {"// text", NULL, "a/", ""},
    {"**/x text", NULL, "x", "text"},
    {"**/x text", NULL, "a/b/x", "text"},
    {"**/x text", NULL, "a/bx", ""},
    {"a/** text", NULL, "a/b/c", "text"},
    {"a/** text", NULL, "a/", ""},
    {"a/**/c text", NULL, "a/c", "text"},
    {"a/**/c text", NULL, "a/b/b/c", "text"},
    {"a/**/c text", NULL, "a/bc", ""},
    {"a/*/c text", NULL, "a/b/c", "text"},
    {"a/*/c text", NULL, "a/b/b/c", ""},
    {"a/* text", NULL, "a/b/c", ""},
    {"a/*.c text", NULL, "a/b.c", "text"},
    {"a** text", NULL, "abc", "text"},
    {"a**/c text", NULL, "ax/c", "text"},
    {"a**/c text", NULL, "ac", "text"},
    {"a**/c text", NULL, "a/b/c", "text"},
    {"*a**/c text", NULL, "xa/b/c", ""},
    {"\"a/b c\" text", NULL, "a/b c", "text"},
};

static const struct attr_case macros[] = {
    {"x binary", NULL, "x", "-text"},
    {"x binary\nx text", NULL, "x", "text"},
    {"x text\nx binary", NULL, "x", "-text"},
    {"[attr]m text eol=crlf\nx m", NULL, "x", "text eol=crlf"},
    {"x m\n[attr]m text", NULL, "x", "text"},
    {"[attr]m text\nx m -text", NULL, "x", "-text"},
    {"[attr]m text\nx -text m", NULL, "x", "text"},
    {"[attr]m text\nx m=1", NULL, "x", ""},
    {"[attr]m n\n[attr]n ident\nx m", NULL, "x", "ident"},
    {"[attr]m n -text\n[attr]n text ident\nx m", NULL, "x", "-text ident"},
    {"[attr]m m ident\nx m", NULL, "x", "ident"},
    {"[attr]m text\n[attr]m ident\nx m", NULL, "x", "ident"},
    {"[attr]binary ident\nx binary", NULL, "x", "ident"},
    {"[attr]m text\nx m\nx -m", NULL, "x", ""},
    {"[attr]m text\nx m\nx !m", NULL, "x", ""},
    {"[attr]m text\nx -m\nx m", NULL, "x", "text"},
    {"[attr]m text\n[attr]n m\nx -m n", NULL, "x", "text"},
    {"[attr]m text\n[attr]n m\nx n -m", NULL, "x", ""},
    {"[attr]m text\nx m eol=lf\n", NULL, "x", "text eol=lf"},
    {"[attr]m text", "x m", "a/x", "text"},
    {"x m", "[attr]m text", "a/x", ""},
    {"[attr]m ident\nx m", "[attr]m text", "a/x", "ident"},
    {"", "[attr]m text\nx m", "a/x", ""},
    {"[attr]m !text ident\nx text\nx m", NULL, "x", "ident"},
    {"[attr]m b~d text\nx m", NULL, "x", ""},
    {"[attr]m~ text\nx m", NULL, "x", ""},
    {"\"[attr]m\" text\nx m", NULL, "x", "text"},
    {"\"[attr] m\" text\nx m", NULL, "x", "text"},
    {"[attr] text", NULL, "t", "text"},
    {"[attr]text ident\nx text", NULL, "x", "text ident"},
    {"[attr]diff text\nx diff\nx binary", NULL, "x", "-text"},
};

static const struct attr_case precedence[] = {
    {"x text\nx -text", NULL, "x", "-text"},
    {"x text -text", NULL, "x", "-text"},
    {"x -text text", NULL, "x", "text"},
    {"* text\nx !text", NULL, "x", ""},
    {"x text\n* ident", NULL, "x", "text ident"},
    {"* text ident", "* -text", "a/x", "-text ident"},
    {"* text ident", "* -text", "b/x", "text ident"},
    {"* text ident", "* -text", "a/b/x", "-text ident"},
    {"* text", "* !text", "a/x", ""},
    {"a/x text", "x ident", "a/x", "text ident"},
    {"", "/x text", "a/x", "text"},
    {"", "/x text", "a/b/x", ""},
    {"", "x text", "a/b/x", "text"},
    {"", "x text", "x", ""},
    {"", "a/x text", "a/x", ""},
    {"", "b/x text", "a/b/x", "text"},
    {"", "b/ text", "a/b/", "text"},
    {"", "* text", "a/", ""},
    {"a text", "* ident", "a/", "text"},
};

/* The attributes of path as in want, in the order of enum attr. */
static void
describe(struct buf *out, const struct attrs *a, const char *path, bool dir)
{
	struct attr_value v[ATTR_COUNT];

	attrs_get(a, path, dir, v);
	for (size_t i = 0; i < ATTR_COUNT; i++) {
		if (v[i].state == ATTR_UNSPECIFIED)
			continue;
		buf_printf(out, "%s%s%s", out->len != 0 ? " " : "",
		    v[i].state == ATTR_UNSET ? "-" : "", names[i]);
		if (v[i].state == ATTR_VALUE)
			buf_printf(out, "=%s", v[i].value);
	}
}

/* Enter the directories of path; what is behind the text is not ours. */
static void
enter(struct attrs *a, const char *dir, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	char *exact = xmalloc(len);

	if (text != NULL)
		memcpy(exact, text, len);
	attrs_enter(a, dir, text != NULL ? exact : NULL, len);
	free(exact);
}

static void
ask(struct buf *out, const struct attr_case *c)
{
	struct attrs *a = attrs_new();
	char *path = xstrdup(c->path), *s;
	size_t len = strlen(path);
	bool dir = path[len - 1] == '/';

	path[len - dir] = '\0';
	enter(a, "", c->root);
	for (s = path; (s = strchr(s, '/')) != NULL; s++) {
		*s = '\0';
		enter(a, path, strcmp(path, "a") == 0 ? c->sub : NULL);
		*s = '/';
	}
	describe(out, a, path, dir);
	attrs_free(a);
	free(path);
}

static void
check_cases(const struct attr_case *c, size_t n)
{
	struct buf got = {0};

	for (; n != 0; n--, c++) {
		buf_clear(&got);
		buf_puts(&got, "");
		ask(&got, c);
		if (strcmp(got.data, c->want) != 0)
			printf("# '%s' of '%s', '%s'\n", c->path, c->root,
			    c->sub != NULL ? c->sub : "");
		CHECK_STR(got.data, c->want);
	}
	buf_free(&got);
}

static void
a_line_is_read_as_git_does(void)
{
	check_cases(lines, COUNT(lines));
}

static void
a_pattern_matches_as_in_git(void)
{
	check_cases(patterns, COUNT(patterns));
}

static void
macros_are_expanded_in_gits_order(void)
{
	check_cases(macros, COUNT(macros));
}

static void
the_nearest_file_and_the_last_line_win(void)
{
	check_cases(precedence, COUNT(precedence));
}

static bool
is_text(const char *text, size_t len)
{
	struct attr_value v[ATTR_COUNT];
	struct attrs *a = attrs_new();

	attrs_enter(a, "", text, len);
	attrs_get(a, "x", false, v);
	attrs_free(a);
	return v[ATTR_TEXT].state == ATTR_SET;
}

static void
a_nul_ends_the_file(void)
{
	static const char text[] = "x text\0\nx -text\n";

	CHECK(is_text(text, sizeof(text) - 1));
}

static void
a_line_of_2048_bytes_is_ignored(void)
{
	char line[2049];

	memset(line, ' ', sizeof(line));
	memcpy(line, "x text", 6);
	line[2047] = '\n';
	CHECK(is_text(line, 2048));
	line[2047] = ' ';
	line[2048] = '\n';
	CHECK(!is_text(line, 2049));
}

static void
a_file_over_the_limit_is_ignored(void)
{
	size_t len = ATTRS_MAX_BYTES + 1;
	char *text = xmalloc(len);

	memset(text, '\n', len);
	memcpy(text, "x text", 6);
	CHECK(is_text(text, len - 1));
	CHECK(!is_text(text, len));
	free(text);
}

static void
rules_and_macros_over_the_limit_are_ignored(void)
{
	struct buf b = {0};
	int i;

	for (i = 0; i < 4095; i++)
		buf_puts(&b, "y text\n");
	buf_puts(&b, "x text\n");
	CHECK(is_text(b.data, b.len));
	buf_puts(&b, "x -text\n");
	CHECK(is_text(b.data, b.len));
	buf_clear(&b);
	/* Each names the next: only some of them can be followed. */
	for (i = 0; i < 4000; i++)
		buf_printf(&b, "[attr]m%d m%d\n", i, i + 1);
	buf_puts(&b, "[attr]m4000 text\nx m0\n");
	CHECK(!is_text(b.data, b.len));
	buf_clear(&b);
	for (i = 0; i < 4000; i++)
		buf_puts(&b, "[attr]same ident\n");
	buf_puts(&b, "[attr]m text\nx m\n");
	CHECK(is_text(b.data, b.len));
	buf_free(&b);
}

static void
a_directory_that_was_left_is_forgotten(void)
{
	struct attr_value v[ATTR_COUNT];
	struct attrs *a = attrs_new();

	enter(a, "", "[attr]m text\nx m");
	enter(a, "a", "x ident");
	attrs_get(a, "a/x", false, v);
	CHECK(v[ATTR_IDENT].state == ATTR_SET);
	CHECK(v[ATTR_TEXT].state == ATTR_SET);
	attrs_leave(a);
	enter(a, "b", NULL);
	attrs_get(a, "b/x", false, v);
	CHECK(v[ATTR_IDENT].state == ATTR_UNSPECIFIED);
	CHECK(v[ATTR_TEXT].state == ATTR_SET);
	attrs_leave(a);
	attrs_leave(a);
	enter(a, "", "x m");
	attrs_get(a, "x", false, v);
	CHECK(v[ATTR_TEXT].state == ATTR_UNSPECIFIED);
	attrs_free(a);
}

static void
a_tree_without_attributes_has_none(void)
{
	struct attr_value v[ATTR_COUNT];
	struct attrs *a = attrs_new();

	enter(a, "", NULL);
	attrs_get(a, "binary", true, v);
	for (size_t i = 0; i < ATTR_COUNT; i++)
		CHECK(v[i].state == ATTR_UNSPECIFIED);
	attrs_free(a);
	attrs_free(NULL);
}

int
main(void)
{
	RUN(a_line_is_read_as_git_does);
	RUN(a_pattern_matches_as_in_git);
	RUN(macros_are_expanded_in_gits_order);
	RUN(the_nearest_file_and_the_last_line_win);
	RUN(a_nul_ends_the_file);
	RUN(a_line_of_2048_bytes_is_ignored);
	RUN(a_file_over_the_limit_is_ignored);
	RUN(rules_and_macros_over_the_limit_are_ignored);
	RUN(a_directory_that_was_left_is_forgotten);
	RUN(a_tree_without_attributes_has_none);
	return check_done();
}
