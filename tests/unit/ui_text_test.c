#include <locale.h>

#include "check.h"
#include "ui_priv.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
sizes_have_three_figures_at_most(void)
{
	static const struct {
		uint64_t n;
		const char *want;
	} t[] = {
	    {0, "0 B"},
	    {912, "912 B"},
	    {999, "999 B"},
	    {1000, "1.0 KB"},
	    {3100, "3.1 KB"},
	    {99999, "99.9 KB"},
	    {100000, "100 KB"},
	    {999999, "999 KB"},
	    {1000000, "1.0 MB"},
	    {3100000, "3.1 MB"},
	    {1200000000, "1.2 GB"},
	    {4321000000000, "4321 GB"},
	    {UINT64_MAX, "18446744073 GB"},
	};
	char num[NUMBER_MAX];

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_STR(text_size(num, t[i].n), t[i].want);
}

static void
times_are_told_as_people_do(void)
{
	static const struct {
		uint64_t ms;
		const char *want;
	} t[] = {
	    {0, "0 ms"},
	    {99, "99 ms"},
	    {210, "0.2 s"},
	    {9999, "9.9 s"},
	    {10000, "10 s"},
	    {75400, "75 s"},
	    {119999, "119 s"},
	    {120000, "2 min 0 s"},
	    {125000, "2 min 5 s"},
	};
	char num[NUMBER_MAX];

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_STR(text_time(num, t[i].ms), t[i].want);
}

static void
users_and_passwords_are_taken_out(void)
{
	static const struct {
		const char *in, *want;
	} t[] = {
	    {"https://u:p@h/x", "https://h/x"},
	    {"https://token@h/x", "https://h/x"},
	    {"ssh://git@h:22/x", "ssh://h:22/x"},
	    {"'https://u:p@h/x': why", "'https://h/x': why"},
	    {"a https://u:p@h/x and http://v:q@i:80?z",
		"a https://h/x and "
		"http://i:80?z"},
	    {"https://u:p@h", "https://h"},
	    {"https://u:p@s@h/x", "https://h/x"},
	    {"https://u:p://s@h/x", "https://h/x"},
	    {"https://https://u:p@h/x", "https://https://h/x"},
	    {"HTTPS://u:p@h,ftp://u:p@h", "HTTPS://h,ftp://h"},
	    /* odd bytes where percent-encoding was due */
	    {"https://u:p\001\377\303@h/x", "https://h/x"},
	    {"https://u:p/s@h/x", "https://h/x"},
	    {"https://u:p#s@h/x", "https://h/x"},
	    {"https://u:p?s@h/x", "https://h/x"},
	    {"https://u:p s@h/x", "https://h/x"},
	    {"https://u:p\ts@h/x: no", "https://h/x: no"},
	    {"https://u:p'\"s@h/x", "https://h/x"},
	    {"https://u:1p\\s@h/x", "https://h/x"},
	    {"https://u:p s@t@h/x", "https://h/x"},
	    /* cut off before the '@' */
	    {"clone https://user:secr", "clone https://"},
	    /* nothing to hide */
	    {"https://h/x@v1", "https://h/x@v1"},
	    {"https://h:8443/@s/x", "https://h:8443/@s/x"},
	    {"https://h:8443: refused, ask a@b",
		"https://h:8443: refused, "
		"ask a@b"},
	    {"https://h: refused, ask a@b", "https://h: refused, ask a@b"},
	    {"(https://h:80).", "(https://h:80)."},
	    {"http://[::1]:80/x@1", "http://[::1]:80/x@1"},
	    {"https://h:x/y: bad port", "https://h:x/y: bad port"},
	    {"file:///a:b@c", "file:///a:b@c"},
	    {"git@h:x", "git@h:x"},
	    {"://", "://"},
	    {"", ""},
	};
	char s[128];

	for (size_t i = 0; i < COUNT(t); i++) {
		(void)snprintf(s, sizeof(s), "%s", t[i].in);
		text_redact(s);
		CHECK_STR(s, t[i].want);
	}
}

static void
long_names_are_cut_in_the_middle(void)
{
	static const struct {
		const char *in;
		size_t width;
		const char *want;
	} t[] = {
	    {"abcdef", 6, "abcdef"},
	    {"abcdefg", 6, "ab...g"},
	    {"abcdefgh", 5, "a...h"},
	    {"abcdefgh", 4, "abcd"},
	    {"abcdefgh", 0, ""},
	    {"", 3, ""},
	    /* two columns each, and an accent that has none */
	    {"\346\227\245\346\234\254\350\252\236", 6,
		"\346\227\245\346\234\254\350\252\236"},
	    {"\346\227\245\346\234\254\350\252\236", 5, "...\350\252\236"},
	    {"\346\227\245\346\234\254\350\252\236", 3, "\346\227\245"},
	    {"abcdeo\314\210", 5, "a...o\314\210"},
	    {"abcdeo\314\210f", 5, "a...f"},
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = {0};
		size_t used;

		buf_puts(&b, "");
		used = text_fit(&b, t[i].in, t[i].width);
		CHECK_STR(b.data, t[i].want);
		CHECK(used == text_width(b.data) && used <= t[i].width);
		buf_free(&b);
	}
}

int
main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	RUN(sizes_have_three_figures_at_most);
	RUN(times_are_told_as_people_do);
	RUN(users_and_passwords_are_taken_out);
	RUN(long_names_are_cut_in_the_middle);
	return check_done();
}
