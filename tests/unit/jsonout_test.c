#include "check.h"

#include "kelpie/jsonout.h"

/* One string as a document of its own. */
static void
expect_string(const char *value, const char *want)
{
	struct jsonout j = {0};

	jsonout_string(&j, NULL, value);
	CHECK_STR(j.text.data, want);
	buf_free(&j.text);
}

static void
strings_are_quoted(void)
{
	expect_string("", "\"\"");
	expect_string("nginx 1.2", "\"nginx 1.2\"");
	expect_string(NULL, "null");
	expect_string("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
}

static void
nothing_but_printable_ascii_comes_out(void)
{
	struct jsonout j = {0};
	char s[256];

	expect_string("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	expect_string("\033[2J\x01\x7f", "\"\\u001b[2J\\u0001\\u007f\"");
	for (unsigned i = 0; i < 255; i++)
		s[i] = (char)(i + 1);
	s[255] = '\0';
	jsonout_string(&j, NULL, s);
	for (const char *c = j.text.data; *c != '\0'; c++)
		CHECK(*c >= 0x20 && *c < 0x7f);
	buf_free(&j.text);
}

static void
characters_are_escaped_as_utf_16(void)
{
	expect_string("r\xc3\xb6le", "\"r\\u00f6le\"");
	expect_string("\xe2\x82\xac", "\"\\u20ac\"");
	expect_string("\xef\xbf\xbf", "\"\\uffff\"");
	expect_string("\xf0\x90\x80\x80", "\"\\ud800\\udc00\"");
	expect_string("\xf0\x9f\x90\x95", "\"\\ud83d\\udc15\"");
	expect_string("\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"");
}

static void
what_is_no_utf_8_is_replaced(void)
{
	expect_string("a\xff"
		      "b",
	    "\"a\\ufffdb\"");
	expect_string("\xc3", "\"\\ufffd\"");
	expect_string("\xc0\x80", "\"\\ufffd\\ufffd\"");
	expect_string("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	expect_string("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void
a_document_is_nested_and_ends_with_its_line(void)
{
	struct jsonout j = {0};

	jsonout_begin(&j, NULL, '{');
	jsonout_string(&j, "a", "1");
	jsonout_begin(&j, "b", '[');
	jsonout_end(&j, ']');
	jsonout_begin(&j, "c", '[');
	jsonout_string(&j, NULL, "x");
	jsonout_begin(&j, NULL, '{');
	jsonout_bool(&j, "t", true);
	jsonout_bool(&j, "f", false);
	jsonout_end(&j, '}');
	jsonout_string(&j, NULL, NULL);
	jsonout_end(&j, ']');
	jsonout_end(&j, '}');
	CHECK_STR(j.text.data,
	    "{\n  \"a\": \"1\",\n  \"b\": [],\n  \"c\": [\n    \"x\",\n"
	    "    {\n      \"t\": true,\n      \"f\": false\n    },\n    null\n  ]\n}\n");
	buf_free(&j.text);
}

static void
keys_are_escaped_too(void)
{
	struct jsonout j = {0};

	jsonout_begin(&j, NULL, '{');
	jsonout_string(&j, "a\nb\"", "");
	jsonout_end(&j, '}');
	CHECK_STR(j.text.data, "{\n  \"a\\nb\\\"\": \"\"\n}\n");
	buf_free(&j.text);
}

int
main(void)
{
	RUN(strings_are_quoted);
	RUN(nothing_but_printable_ascii_comes_out);
	RUN(characters_are_escaped_as_utf_16);
	RUN(what_is_no_utf_8_is_replaced);
	RUN(a_document_is_nested_and_ends_with_its_line);
	RUN(keys_are_escaped_too);
	return check_done();
}
