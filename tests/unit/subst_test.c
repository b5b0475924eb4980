#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/git/convert.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID "0123456789abcdef0123456789abcdef01234567"
#define TREE "tree 89abcdef0123456789abcdef0123456789abcdef\n"

/* A merge with all that a commit can have, but for a signature. */
static const char full[] =
    TREE "parent 1111111111111111111111111111111111111111\n"
	 "parent 2222222222222222222222222222222222222222\n"
	 "author A U Thor <author@example.com> 1112911993 -0700\n"
	 "committer C O Mitter <com@it@ter> 1112904653 +0530\n"
	 "encoding UTF-8\n"
	 "mergetag object 1111111111111111111111111111111111111111\n"
	 " type commit\n"
	 " author nobody <no@body> 1 +0000\n"
	 "\n"
	 "\n"
	 "Fix: it's  done...\t\n"
	 " and - (more)\n"
	 "  \n"
	 "\n"
	 "First.\n"
	 "\n"
	 "Second.\n";

/* What git archive makes of it (git with an empty configuration). */
static const struct {
	const char *format, *want;
} placeholders[] = {
    {"", ""},
    {"text", "text"},
    {"%H", ID},
    {"%h", "0123456"},
    {"%T %t", "89abcdef0123456789abcdef0123456789abcdef 89abcde"},
    {"%P",
	"1111111111111111111111111111111111111111 "
	"2222222222222222222222222222222222222222"},
    {"%p", "1111111 2222222"},
    {"%an|%aN|%ae|%aE|%al|%aL",
	"A U Thor|A U Thor|author@example.com|author@example.com|author|"
	"author"},
    {"%ad", "Thu Apr 7 15:13:13 2005 -0700"},
    {"%aD", "Thu, 7 Apr 2005 15:13:13 -0700"},
    {"%ai", "2005-04-07 15:13:13 -0700"},
    {"%aI", "2005-04-07T15:13:13-07:00"},
    {"%at", "1112911993"},
    {"%as", "2005-04-07"},
    {"%cn|%ce|%cl", "C O Mitter|com@it@ter|com"},
    {"%cd|%cI", "Fri Apr 8 01:40:53 2005 +0530|2005-04-08T01:40:53+05:30"},
    {"%s", "Fix: it's  done...  and - (more)"},
    {"%f", "Fix-it-s-done"},
    {"%b", "First.\n\nSecond.\n"},
    {"%B", "\nFix: it's  done...\t\n and - (more)\n  \n\nFirst.\n\nSecond.\n"},
    {"%e", "UTF-8"},
    {"%n%%%x41%x0a%xfF", "\n%A\n\xff"},
    {"%m", ">"},
    {"%gd%gD%gs%gn%gN%ge%gE", ""},
    {"%G?|%GT|%GG%GS%GK%GF%GP", "N|undefined|"},
    {"%Cred%Cgreen%Cblue%Creset%C(red)%C(auto)%C(odd)", ""},
    {"%w()%w(0)%w(0,0,0)", ""},
    {"line\n%h\n", "line\n0123456\n"},

    /* what is no placeholder */
    {"%", "%"},
    {"100%", "100%"},
    {"%q %Z %1", "%q %Z %1"},
    {"%N %S", "%N %S"},
    {"%a %ax %a", "%a %ax %a"},
    {"%gx %Gx", "%gx %Gx"},
    {"%x %x4 %xg0", "%x %x4 %xg0"},
    {"%C %Cpink %C(red", "%C %Cpink %C(red"},
    {"%w %w( %w(x) %w(1,2,3,4) %w(99999)",
	"%w %w( %w(x) %w(1,2,3,4) %w(99999)"},
    {"%< %<( %<() %<(0) %<(x) %<(-1) %<(99999) %>>x",
	"%< %<( %<() %<(0) %<(x) %<(-1) %<(99999) %>>x"},
    {"%(x) %( %(trailers:x) %(trailers:key) %(describe",
	"%(x) %( %(trailers:x) %(trailers:key) %(describe"},

    /* line breaks and spaces on condition */
    {"a%+h", "a\n0123456"},
    {"a% h", "a 0123456"},
    {"a%-h", "a0123456"},
    {"a%+gd|% gd|", "a||"},
    {"a\n\n%-gdb", "ab"},
    {"a\n\n%-hb", "a\n\n0123456b"},
    {"%+w(0)%-w(0)", "%+w(0)%-w(0)"},
    {"a%+q", "aq"},
    {"a%+%h", "a0123456"},
    {"a%+n", "a\n\n"},
};

static const struct {
	const char *person, *want; /* of %an|%ae|%al|%at|%ad|%aI|%as */
} persons[] = {
    {"A <a@b> 0 +0000",
	"A|a@b|a|0|Thu Jan 1 00:00:00 1970 +0000|1970-01-01T00:00:00+00:00|"
	"1970-01-01"},
    {" A  <a> 1 +0000",
	" A|a|a|1|Thu Jan 1 00:00:01 1970 +0000|1970-01-01T00:00:01+00:00|"
	"1970-01-01"},
    {"<> 1 +0000",
	"|||1|Thu Jan 1 00:00:01 1970 +0000|1970-01-01T00:00:01+00:00|"
	"1970-01-01"},
    {"A<b<c>d> 86400 +0000",
	"A|b<c|b<c|86400|Fri Jan 2 00:00:00 1970 +0000|"
	"1970-01-02T00:00:00+00:00|1970-01-02"},
    {"A <@> 86400  -2",
	"A|@||86400|Thu Jan 1 23:58:00 1970 -0002|"
	"1970-01-01T23:58:00-00:02|1970-01-01"},
    {"A <a> 1600000000 -0001",
	"A|a|a|1600000000|Sun Sep 13 12:25:40 2020|"
	"2020-09-13T12:25:40-00:01|2020-09-13"},
    {"A <a> 253402300800 +0000",
	"A|a|a|253402300800|Sat Jan 1 00:00:00 10000 +0000|"
	"10000-01-01T00:00:00+00:00|10000-01-01"},
    {"A <a> 99999999999999999999 +0200",
	"A|a|a|99999999999999999999|Thu Jan 1 00:00:00 1970 +0000|"
	"1970-01-01T00:00:00+00:00|1970-01-01"},
    {"A <a> 9000000000000000000 +0200",
	"A|a|a|9000000000000000000|Thu Jan 1 00:00:00 1970 +0000|"
	"1970-01-01T00:00:00+00:00|1970-01-01"},
    {"A <a> 7200 +0200 rest",
	"A|a|a|7200|Thu Jan 1 04:00:00 1970 +0200|"
	"1970-01-01T04:00:00+02:00|1970-01-01"},
    {"A <a>", "A|a|a|||%aI|%as"},
    {"A <a> 12", "A|a|a|||%aI|%as"},
    {"A <a> x +0000", "A|a|a|||%aI|%as"},
    {"A <a> 1 +", "A|a|a|||%aI|%as"},
    {"A <a> 1 UTC", "A|a|a|||%aI|%as"},
    {"A <a", "||%al|||%aI|%as"},
    {"A a> 1 +0000", "||%al|||%aI|%as"},
    {"", "||%al|||%aI|%as"},
};

static const struct {
	const char *message, *subject, *file, *body;
} messages[] = {
    {"", "", "", ""},
    {"\n", "", "", ""},
    {"one", "one", "one", ""},
    {"one\n", "one", "one", ""},
    {"\n \n\none\ntwo\n\nthree", "one two", "one", "three"},
    {"one\n \ntwo\n", "one", "one", "two\n"},
    {"one \n two\r\n\r\nthree\r\n", "one  two", "one", "three\r\n"},
    {"  -- a..b... c.\n", "  -- a..b... c.", "a.b.-c", ""},
    {"..a\n", "..a", ".a", ""},
    {"...\n", "...", "", ""},
    {"a -.\n", "a -.", "a", ""},
    {"\303\244 b_c \342\202\254\n", "\303\244 b_c \342\202\254", "b_c", ""},
    {"a\vb\n\f\n\nc", "a\vb \f", "a-b", "c"},
};

/* Expand with a commit and a text behind which nothing may be read. */
static bool
expand(struct buf *out, struct subst *s, const char *text, size_t len)
{
	char *raw = xmalloc(s->len), *exact = xmalloc(len);
	const char *given = s->raw;
	bool any;

	memcpy(raw, s->raw, s->len);
	memcpy(exact, text, len);
	s->raw = raw;
	any = subst_expand(s, out, exact, len);
	s->raw = given;
	free(exact);
	free(raw);
	return any;
}

/* What is left of format between two bars. */
static char *
expanded(const char *raw, const char *format)
{
	struct subst s = {.id = ID, .raw = raw, .len = strlen(raw)};
	char *text = xasprintf("|$Format:%s$|", format);
	struct buf out = {0};

	CHECK(expand(&out, &s, text, strlen(text)));
	CHECK(
	    out.len >= 2 && out.data[0] == '|' && out.data[out.len - 1] == '|');
	CHECK(!s.left_out);
	memmove(out.data, out.data + 1, out.len);
	out.data[out.len - 2] = '\0';
	free(text);
	return out.data;
}

static void
check_format(const char *raw, const char *format, const char *want)
{
	char *got = expanded(raw, format);

	if (strcmp(got, want) != 0)
		printf("# '%s'\n", format);
	CHECK_STR(got, want);
	free(got);
}

static void
placeholders_become_what_git_writes(void)
{
	for (size_t i = 0; i < COUNT(placeholders); i++)
		check_format(full, placeholders[i].format,
		    placeholders[i].want);
}

static void
persons_and_dates_are_read_as_by_git(void)
{
	for (size_t i = 0; i < COUNT(persons); i++) {
		char *raw =
		    xasprintf(TREE "author %s\n\nx\n", persons[i].person);

		check_format(raw, "%an|%ae|%al|%at|%ad|%aI|%as",
		    persons[i].want);
		free(raw);
	}
}

/* git archive fails where the zone leads before 1970. */
static void
a_date_before_the_beginning_is_the_beginning(void)
{
	check_format(TREE "author A <a> 59 -0001\n\nx\n", "%at %aI",
	    "59 1970-01-01T00:00:00+00:00");
	check_format(TREE "author A <a> 60 -0001\n\nx\n", "%at %aI",
	    "60 1970-01-01T00:00:00-00:01");
}

static void
messages_are_read_as_by_git(void)
{
	for (size_t i = 0; i < COUNT(messages); i++) {
		char *raw = xasprintf(TREE "author A <a> 1 +0000\n\n%s",
		    messages[i].message);

		check_format(raw, "%s", messages[i].subject);
		check_format(raw, "%f", messages[i].file);
		check_format(raw, "%b", messages[i].body);
		check_format(raw, "%B", messages[i].message);
		free(raw);
	}
}

static void
the_last_author_counts(void)
{
	check_format(TREE "author A <a> 1 +0000\nauthor B <b> 2 +0000\n\nx\n",
	    "%an", "B");
	check_format(TREE "author A <a> 1 +0000\n\nauthor B <b> 2 +0000\n",
	    "%an", "A");
	check_format(TREE "encoding one\nencoding two\n\nx\n", "%e", "one");
}

static void
a_damaged_commit_leaves_gaps(void)
{
	static const char *const raws[] = {"", "tree", "tree 1234\n\n",
	    "tree 89abcdef0123456789abcdef0123456789abcdeX\n\n",
	    "tree 89abcdef0123456789abcdef0123456789abcdefX\n\n", "\n",
	    "garbage"};

	for (size_t i = 0; i < COUNT(raws); i++) {
		check_format(raws[i], "%T%t%P%p%s%f%b%B%e%an%cd", "");
		check_format(raws[i], "%H", ID);
	}
	check_format(TREE "parent 1111\n\n", "%P|%t", "|89abcde");
	check_format(TREE "author A <a> 1 +0000", "%an%B%s", "A");
}

static void
what_the_commit_does_not_say_is_left_out(void)
{
	static const char *const formats[] = {"%d", "%D", "%ar", "%ah", "%cr",
	    "%(describe)", "%(describe:tags=true,abbrev=7,match=v*)",
	    "%(trailers)", "%(trailers:only,key=X)", "%C(always,red)", "%<(10)",
	    "%>>|(10,ltrunc)", "%><(10,trunc)", "%<|(-10)", "%w(72,1,2)",
	    "%+d"};

	for (size_t i = 0; i < COUNT(formats); i++) {
		struct subst s = {.id = ID, .raw = full, .len = strlen(full)};
		char *text = xasprintf("<$Format:%s$>", formats[i]);
		struct buf out = {0};

		CHECK(expand(&out, &s, text, strlen(text)));
		if (!s.left_out)
			printf("# '%s'\n", formats[i]);
		CHECK(s.left_out);
		CHECK_STR(out.data, "<>");
		buf_free(&out);
		free(text);
	}
}

static void
only_the_first_describe_counts(void)
{
	static const char text[] = "$Format:%(describe)|%(describe)$";
	struct subst s = {.id = ID, .raw = full, .len = strlen(full)};
	struct buf out = {0};

	CHECK(expand(&out, &s, text, strlen(text)));
	CHECK_STR(out.data, "|%(describe)");
	buf_free(&out);
}

static void
who_signed_is_left_out(void)
{
	static const char raw[] = TREE "author A <a> 1 +0000\n"
				       "gpgsig -----BEGIN PGP SIGNATURE-----\n"
				       " \n"
				       " author Mallory <m> 2 +0000\n"
				       " -----END PGP SIGNATURE-----\n"
				       "\n"
				       "Signed\n";
	struct subst s = {.id = ID, .raw = raw, .len = strlen(raw)};
	struct buf out = {0};

	check_format(raw, "%an: %s", "A: Signed");
	CHECK(expand(&out, &s, "$Format:<%G?%GS%GT>$", 20));
	CHECK_STR(out.data, "<>");
	CHECK(s.left_out);
	buf_free(&out);
}

static void
only_a_whole_format_is_expanded(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", NULL},
	    {"$", NULL},
	    {"text", NULL},
	    {"$Format", NULL},
	    {"$Format:%h", NULL},
	    {"$format:%h$", NULL},
	    {"Format:%h$", NULL},
	    {"$Format:$", ""},
	    {"a$Format:%h$b", "a0123456b"},
	    {"$Format:%h$$Format:%h$", "01234560123456"},
	    {"$Format:%h$ $Format:", "0123456 $Format:"},
	    {"$Format:$Format:%h$", "Format:%h$"},
	    {"$$Format:%h$$", "$0123456$"},
	    {"$Format:%\n%h\n$", "%\n0123456\n"},
	    {"a\n\n$Format:%-gd$", "a"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct subst s = {.id = ID, .raw = full, .len = strlen(full)};
		struct buf out = {0};
		bool any =
		    expand(&out, &s, cases[i].text, strlen(cases[i].text));

		CHECK(any == (cases[i].want != NULL));
		CHECK(any || out.data == NULL);
		if (any && cases[i].want != NULL)
			CHECK_STR(out.data, cases[i].want);
		buf_free(&out);
	}
}

static void
a_nul_ends_a_format_and_a_message(void)
{
	static const char text[] = "$Format:%h\0%h$|\0$Format:%b$";
	static const char raw[] = TREE "\na\n\nb\0c\n";
	struct subst s = {.id = ID, .raw = raw, .len = sizeof(raw) - 1};
	struct buf out = {0};

	CHECK(expand(&out, &s, text, sizeof(text) - 1));
	CHECK(out.len == 10 && memcmp(out.data, "0123456|\0b", 10) == 0);
	buf_free(&out);
}

static void
what_was_in_out_stays(void)
{
	struct subst s = {.id = ID, .raw = full, .len = strlen(full)};
	struct buf out = {0};

	buf_puts(&out, "before\n\n");
	CHECK(expand(&out, &s, "\n$Format:%-gd%-gd$", 18));
	CHECK_STR(out.data, "before\n\n");
	buf_free(&out);
}

static void
a_bomb_stops_at_the_limit(void)
{
	struct subst s = {.id = ID,
	    .raw = full,
	    .len = strlen(full),
	    .max = 10000};
	struct buf text = {0}, out = {0};

	buf_puts(&text, "$Format:");
	for (int i = 0; i < 10000; i++)
		buf_puts(&text, "%B");
	buf_puts(&text, "$");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "$Format:%B%B%B$");
	CHECK(expand(&out, &s, text.data, text.len));
	CHECK(out.len > 10000);
	CHECK(out.len < 10000 + 1000 + text.len);
	buf_free(&text);
	buf_free(&out);
}

/* Under a sanitizer this sees whoever reads a byte too many. */
static void
a_commit_may_end_anywhere(void)
{
	struct buf text = {0};

	buf_puts(&text, "$Format:");
	for (size_t i = 0; i < COUNT(placeholders); i++)
		buf_puts(&text, placeholders[i].format);
	for (const char *p = "nNeElLdDiItsrh"; *p != '\0'; p++)
		buf_printf(&text, "%%a%c%%c%c", *p, *p);
	buf_puts(&text, "$");
	for (size_t len = 0; len < strlen(full); len++) {
		struct subst s = {.id = ID, .raw = full, .len = len};
		struct buf out = {0};

		CHECK(expand(&out, &s, text.data, text.len));
		buf_free(&out);
	}
	for (size_t len = 0; len < text.len; len++) {
		struct subst s = {.id = ID, .raw = full, .len = strlen(full)};
		char *part = xasprintf("%.*s$", (int)len, text.data);
		struct buf out = {0};

		CHECK(expand(&out, &s, part, len + 1) == (len >= 8));
		buf_free(&out);
		free(part);
	}
	buf_free(&text);
}

int
main(void)
{
	RUN(placeholders_become_what_git_writes);
	RUN(persons_and_dates_are_read_as_by_git);
	RUN(a_date_before_the_beginning_is_the_beginning);
	RUN(messages_are_read_as_by_git);
	RUN(the_last_author_counts);
	RUN(a_damaged_commit_leaves_gaps);
	RUN(what_the_commit_does_not_say_is_left_out);
	RUN(only_the_first_describe_counts);
	RUN(who_signed_is_left_out);
	RUN(only_a_whole_format_is_expanded);
	RUN(a_nul_ends_a_format_and_a_message);
	RUN(what_was_in_out_stays);
	RUN(a_bomb_stops_at_the_limit);
	RUN(a_commit_may_end_anywhere);
	return check_done();
}
