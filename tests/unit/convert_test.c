#include "kelpie/git/convert.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID "0123456789abcdef0123456789abcdef01234567"
#define EXPANDED "$Id: " ID " $"

/* attributes, blob, and what git archive writes; NULL is the same. */
struct convert_case {
	const char *attr, *in, *want;
};

static const struct convert_case line_ends[] = {
    {"", "a\nb\n", NULL},
    {"text", "a\nb\n", NULL},
    {"text", "a\r\nb\r\n", NULL},
    {"text=auto", "a\nb\n", NULL},
    {"text=auto", "a\r\nb\r\n", NULL},
    {"eol=lf", "a\r\nb\r\n", NULL},
    {"text eol=lf", "a\r\nb\n", NULL},
    {"eol=crlf", "a\nb\n", "a\r\nb\r\n"},
    {"eol=crlf", "a\nb", "a\r\nb"},
    {"eol=crlf", "\n\n", "\r\n\r\n"},
    {"eol=crlf", "a\r\nb\n", "a\r\nb\r\n"},
    {"eol=crlf", "a\r\nb\r\n", NULL},
    {"eol=crlf", "a\rb\n", "a\rb\r\n"},
    {"eol=crlf", "\r\r\n\n", "\r\r\n\r\n"},
    {"eol=crlf", "\001\002\n", "\001\002\r\n"},
    {"eol=crlf", "no line", NULL},
    {"eol=crlf", "", NULL},
    {"eol", "a\n", NULL},
    {"-eol", "a\n", NULL},
    {"eol=CRLF", "a\n", NULL},
    {"text eol=crlf", "a\n", "a\r\n"},
    {"-text eol=crlf", "a\n", NULL},
    {"binary eol=crlf", "a\n", NULL},
    {"text=auto eol=crlf", "a\nb\n", "a\r\nb\r\n"},
    {"text=auto eol=crlf", "a\r\nb\n", NULL},
    {"text=auto eol=crlf", "a\rb\n", NULL},
    {"text=auto eol=crlf", "\001\n", NULL},
    {"text=auto eol=crlf", "\177\n", NULL},
    {"text=auto eol=crlf", "\033\b\t\f\n", "\033\b\t\f\r\n"},
    {"text=auto eol=crlf", "a\n\032", "a\r\n\032"},
    {"text=auto eol=crlf", "a\032\n", NULL},
    {"text=auto eol=crlf", "\344\n", "\344\r\n"},
    {"text=input eol=crlf", "a\n", "a\r\n"},
    {"text=other eol=crlf", "\001\n", "\001\r\n"},
    {"crlf", "a\n", NULL},
    {"crlf eol=crlf", "a\n", "a\r\n"},
    {"-crlf eol=crlf", "a\n", NULL},
    {"crlf=auto eol=crlf", "\001\n", NULL},
    {"crlf=auto eol=crlf", "a\n", "a\r\n"},
    {"crlf=input eol=crlf", "\001\n", "\001\r\n"},
    {"text -crlf eol=crlf", "a\n", "a\r\n"},
    {"-text crlf eol=crlf", "a\n", NULL},
    {"text=other -crlf eol=crlf", "a\n", NULL},
    {"!text -crlf eol=crlf", "a\n", NULL},
};

static const struct convert_case idents[] = {
    {"", "$Id$", NULL},
    {"-ident", "$Id$", NULL},
    {"ident=1", "$Id$", NULL},
    {"ident", "$Id$", EXPANDED},
    {"ident", "a $Id$ b\n", "a " EXPANDED " b\n"},
    {"ident", "$Id$$Id$", EXPANDED EXPANDED},
    {"ident", "$$Id$", "$" EXPANDED},
    {"ident", "$Id:$", EXPANDED},
    {"ident", "$Id: $", EXPANDED},
    {"ident", "$Id:  $", EXPANDED},
    {"ident", "$Id: x $", EXPANDED},
    {"ident", "$Id: x$", EXPANDED},
    {"ident", "$Id:x$", EXPANDED},
    {"ident", "$Id:x $", EXPANDED},
    {"ident", "$Id:x y$", NULL},
    {"ident", "$Id: x y $", NULL},
    {"ident", "$Id: x,v 1.1 y $ $Id$", "$Id: x,v 1.1 y $ " EXPANDED},
    {"ident", "$Id: x y $Id$", "$Id: x y " EXPANDED},
    {"ident", "$Id: x\n$", NULL},
    {"ident", "$Id: x\n$Id$", "$Id: x\n" EXPANDED},
    {"ident", "$Id: ", NULL},
    {"ident", "$Id$ $Id: ", EXPANDED " $Id: "},
    {"ident", "$Id", NULL},
    {"ident", "$I", NULL},
    {"ident", "$", NULL},
    {"ident", "$Idx$", NULL},
    {"ident", "$id$", NULL},
    {"ident", "$Id $", NULL},
    {"ident", "", NULL},
    {"ident eol=crlf", "$Id$\n", EXPANDED "\r\n"},
    {"ident eol=crlf", "a\n", "a\r\n"},
    {"ident eol=crlf", "$Id$", EXPANDED},
    {"ident -text eol=crlf", "$Id$\n", EXPANDED "\n"},
};

/* A copy of the very size: what is behind the blob is not to be read. */
static bool
convert(struct buf *out, const char *spec, const char *in, size_t len)
{
	char *line = xasprintf("x %s", spec), *exact = xmalloc(len);
	struct attrs *a = attrs_new();
	struct attr_value attr[ATTR_COUNT];
	bool changed;

	memcpy(exact, in, len);
	attrs_enter(a, "", line, strlen(line));
	attrs_get(a, "x", false, attr);
	changed = convert_to_worktree(out, exact, len, ID, attr);
	attrs_free(a);
	free(exact);
	free(line);
	return changed;
}

static void
check_cases(const struct convert_case *c, size_t n)
{
	for (; n != 0; n--, c++) {
		struct buf out = {0};
		bool changed = convert(&out, c->attr, c->in, strlen(c->in));

		if (changed != (c->want != NULL))
			printf("# '%s' of '%s'\n", c->attr, c->in);
		CHECK(changed == (c->want != NULL));
		CHECK(changed || out.data == NULL);
		if (changed && c->want != NULL)
			CHECK_STR(out.data, c->want);
		buf_free(&out);
	}
}

static void
line_ends_are_written_as_by_git(void)
{
	check_cases(line_ends, COUNT(line_ends));
}

static void
idents_are_written_as_by_git(void)
{
	check_cases(idents, COUNT(idents));
}

static void
a_nul_makes_a_file_binary(void)
{
	struct buf out = {0};

	CHECK(!convert(&out, "text=auto eol=crlf", "a\0b\n", 4));
	CHECK(convert(&out, "text eol=crlf", "a\0b\n", 4));
	CHECK(out.len == 5 && memcmp(out.data, "a\0b\r\n", 5) == 0);
	buf_free(&out);
}

/* One odd byte in 128 is still text, one in 127 is not. */
static void
some_control_bytes_do_not_make_a_file_binary(void)
{
	struct buf out = {0};
	char in[131];

	memset(in, 'a', sizeof(in));
	in[0] = '\001';
	in[129] = '\n';
	CHECK(convert(&out, "text=auto eol=crlf", in, 130));
	in[128] = '\n';
	CHECK(!convert(&out, "text=auto eol=crlf", in, 129));
	buf_free(&out);
}

static void
what_was_in_out_stays(void)
{
	struct buf out = {0};

	buf_puts(&out, "before ");
	CHECK(convert(&out, "ident eol=crlf", "$Id$\n", 5));
	CHECK_STR(out.data, "before " EXPANDED "\r\n");
	buf_free(&out);
}

int
main(void)
{
	RUN(line_ends_are_written_as_by_git);
	RUN(idents_are_written_as_by_git);
	RUN(a_nul_makes_a_file_binary);
	RUN(some_control_bytes_do_not_make_a_file_binary);
	RUN(what_was_in_out_stays);
	return check_done();
}
