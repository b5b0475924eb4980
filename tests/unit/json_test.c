#include "kelpie/json.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

static void
check_fault(const char *text, size_t len, const char *want)
{
	struct error err = {0};
	struct json *j = json_parse(text, len, &err);

	CHECK(j == NULL && err.kind == ERR_INTEGRITY);
	CHECK_STR(err.msg, want);
	json_free(j);
}

static void
values_are_found(void)
{
	static const char text[] =
	    "{\"a\": [1, \"x\\u0041\\ud83d\\ude00\", null, {\"b\": \"\"}],"
	    " \"n\": -1, \"r\": 1.5, \"a b\": \"c\", \"d\": 1, \"d\": 2}";
	struct error err;
	struct json *j = json_parse(text, sizeof(text) - 1, &err);
	const struct json *a = json_get(j, "a");
	long long n = -7;

	CHECK(j != NULL && json_is_map(j) && json_is_list(a));
	CHECK(json_count(a) == 4 && json_at(a, 4) == NULL);
	CHECK(json_number(json_at(a, 0), &n) && n == 1);
	CHECK_STR(json_text(json_at(a, 1)), "xA\xf0\x9f\x98\x80");
	CHECK_STR(json_text(json_get(j, "a b")), "c");
	CHECK(json_number(json_get(j, "d"), &n) && n == 2);
	json_free(j);
}

static void
what_is_of_another_type_has_nothing_inside(void)
{
	static const char text[] = "[1, \"\", {}, -1, 1.5, true]";
	struct error err;
	struct json *j = json_parse(text, sizeof(text) - 1, &err);
	long long n;

	CHECK(json_get(j, "a") == NULL && json_get(NULL, "a") == NULL);
	CHECK(json_count(json_at(j, 0)) == 0 && json_count(NULL) == 0);
	CHECK(json_at(json_at(j, 2), 0) == NULL && json_at(NULL, 0) == NULL);
	CHECK(json_text(json_at(j, 0)) == NULL && json_text(NULL) == NULL);
	CHECK(json_text(json_at(j, 1)) == NULL);
	CHECK(!json_number(json_at(j, 1), &n) && !json_number(NULL, &n));
	CHECK(!json_number(json_at(j, 3), &n));
	CHECK(!json_number(json_at(j, 4), &n));
	CHECK(!json_number(json_at(j, 5), &n));
	CHECK(!json_is_map(j) && !json_is_list(json_at(j, 2)));
	CHECK(!json_is_map(NULL) && !json_is_list(NULL));
	json_free(j);
	json_free(NULL);
}

static void
what_is_no_json_is_refused_with_its_place(void)
{
	static const struct {
		const char *text, *want;
	} row[] = {
	    {"", "1:0: "},
	    {"<html>", "1:1: "},
	    {"{\"a\":\n 1", "2:2: "},
	    {"[1] 2", "1:5: "},
	    {"\"\\u0000\"", "1:8: "},
	    {"\"\xff\"", "1:1: "},
	    {"\"\\", "1:2: "},
	    {"{\"a\": 99999999999999999999}", "1:26: "},
	};
	struct error err;

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		err.kind = ERR_NONE;
		CHECK(
		    json_parse(row[i].text, strlen(row[i].text), &err) == NULL);
		CHECK(err.kind == ERR_INTEGRITY);
		/* The words behind it are the library's. */
		CHECK(strncmp(err.msg, "not JSON: ", 10) == 0);
		err.msg[10 + strlen(row[i].want)] = '\0';
		CHECK_STR(err.msg + 10, row[i].want);
	}
}

/* n times a, then n times b. */
static char *
nested(size_t n, char a, char b)
{
	char *s = xmalloc(2 * n + 1);

	memset(s, a, n);
	memset(s + n, b, n);
	s[2 * n] = '\0';
	return s;
}

static void
depth_and_size_have_bounds(void)
{
	struct error err;
	struct json *j;
	struct buf b = {0};
	char *s = nested(JSON_DEPTH_MAX, '[', ']');

	j = json_parse(s, strlen(s), &err);
	CHECK(j != NULL);
	json_free(j);
	free(s);
	s = nested(JSON_DEPTH_MAX + 1, '[', ']');
	check_fault(s, strlen(s), "JSON of more than 32 levels");
	free(s);
	s = nested(JSON_BYTES_MAX / 2 + 1, ' ', ' ');
	check_fault(s, strlen(s), "JSON of more than 16 MiB");
	free(s);
	/* Brackets in strings are no levels. */
	s = nested(100, '[', '"');
	s[0] = '"';
	s[101] = '\0';
	j = json_parse(s, strlen(s), &err);
	CHECK(j != NULL && json_text(j) != NULL);
	json_free(j);
	free(s);
	buf_puts(&b, "[0");
	for (int i = 0; i < JSON_NODES_MAX; i++)
		buf_puts(&b, ",0");
	buf_puts(&b, "]");
	check_fault(b.data, b.len, "JSON of more than 500000 values");
	buf_free(&b);
}

int
main(void)
{
	RUN(values_are_found);
	RUN(what_is_of_another_type_has_nothing_inside);
	RUN(what_is_no_json_is_refused_with_its_place);
	RUN(depth_and_size_have_bounds);
	return check_done();
}
