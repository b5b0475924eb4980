/* Values are changed in a YAML text, and not one byte besides. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/yaml.h"
#include "kelpie/yaml_edit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct edit {
	const char *text, *was, *to;
	const char *want; /* the text, or what is said instead */
};

/* The last scalar with was in it, as the reader of files finds it. */
static void
find(const struct yaml *n, struct yaml_change *c)
{
	size_t items = n->kind == YAML_MAP ? 2 * n->n : n->n;
	const char *at;

	if (n->kind == YAML_SCALAR && (at = strstr(n->text, c->was)) != NULL) {
		c->line = n->line;
		c->column = n->column;
		c->offset = (size_t)(at - n->text);
	}
	for (size_t i = 0; i < items; i++)
		find(n->item[i], c);
}

/* The text that it comes to, or what is said instead. */
static char *
made_of(const struct edit *e, struct yaml_change *c)
{
	struct yaml_changes all = {c, 1};
	struct buf out = {0};
	struct error err;

	if (yaml_edit(&out, e->text, strlen(e->text), &all, &err) == -1)
		return xstrdup(err.msg);
	if (c->err.kind == ERR_NONE)
		return out.data;
	CHECK(c->err.kind == ERR_REFUSED);
	CHECK_STR(out.data, e->text);
	buf_free(&out);
	return xstrdup(c->err.msg);
}

static void
check_edit(const struct edit *e)
{
	struct yaml_change c = {.was = e->was, .to = e->to};
	struct error err;
	struct yaml *tree;
	char *got;

	CHECK(yaml_parse(&tree, e->text, strlen(e->text), &err) == 0);
	find(tree, &c);
	yaml_free(tree);
	got = made_of(e, &c);
	CHECK_STR(got, e->want);
	free(got);
}

static void
check_edits(const struct edit *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_edit(&e[i]);
}

static void
a_scalar_keeps_its_style(void)
{
	static const struct edit v[] = {
	    {"version: v1\n", "v1", "v2", "version: v2\n"},
	    {"version: 'v1'\n", "v1", "v2", "version: 'v2'\n"},
	    {"version: \"v1\"\n", "v1", "v2", "version: \"v2\"\n"},
	    {"version:    v1", "v1", "v2", "version:    v2"},
	    {"version:\n  v1\n", "v1", "v2", "version:\n  v2\n"},
	    {"- {version: v1, src: x}\n", "v1", "v2",
		"- {version: v2, src: x}\n"},
	    {"- {src: x, version: v1}\n", "v1", "v2",
		"- {src: x, version: v2}\n"},
	    {"- {\"version\":'v1'}\n", "v1", "v2", "- {\"version\":'v2'}\n"},
	    {"{a: [{b: v1}]}", "v1", "v22", "{a: [{b: v22}]}"},
	    {"? a\nversion: v1\n", "v1", "v2", "? a\nversion: v2\n"},
	    {"? a\nv1: b\n", "v1", "v2", "? a\nv2: b\n"},
	    {"? version\n: v1\n", "v1", "v2", "? version\n: v2\n"},
	    {"version: ' v1 '\n", "v1", "v2", "version: ' v2 '\n"},
	    {"version: \"v\\x31\"\n", "v1", "v2", "version: \"v2\"\n"},
	};

	check_edits(v, COUNT(v));
}

static void
what_stands_around_it_stays(void)
{
	static const struct edit v[] = {
	    {"# v1\nversion: v1 # not v1\n# v1", "v1", "v2.0",
		"# v1\nversion: v2.0 # not v1\n# v1"},
	    {"version: v1 \t # x\n", "v1", "v2", "version: v2 \t # x\n"},
	    {"version:\tv1\t\n", "v1", "v2", "version:\tv2\t\n"},
	    {"- a: b\r\n  version: v1\r\n  c: d\r\n", "v1", "v2",
		"- a: b\r\n  version: v2\r\n  c: d\r\n"},
	    {"\xef\xbb\xbfversion: v1\n", "v1", "v2",
		"\xef\xbb\xbfversion: v2\n"},
	    {"# \xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6\n{\xc3\xa9: "
	     "\xf0\x9f\x90\xb6, version: v1}",
		"v1", "v2",
		"# \xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb6\n{\xc3\xa9: "
		"\xf0\x9f\x90\xb6, version: v2}"},
	    {"\xef\xbb\xbf# \xc3\xa9\r\n- x: '\xc3\xa9'\r\n  version: v1\r\n",
		"v1", "v2",
		"\xef\xbb\xbf# \xc3\xa9\r\n- x: '\xc3\xa9'\r\n  version: "
		"v2\r\n"},
	    {"---\n\n\nversion: v1\n...\n", "v1", "v2",
		"---\n\n\nversion: v2\n...\n"},
	    {"%YAML 1.1\n---\nversion: v1\n", "v1", "v2",
		"%YAML 1.1\n---\nversion: v2\n"},
	};

	check_edits(v, COUNT(v));
}

static void
quotes_come_where_they_are_needed(void)
{
	static const struct edit v[] = {
	    {"version: 1.10.0\n", "1.10.0", "1.11.0", "version: 1.11.0\n"},
	    {"version: 1.10\n", "1.10", "1.11", "version: 1.11\n"},
	    {"version: 1.10\n", "1.10", "1.20", "version: \"1.20\"\n"},
	    {"version: 1.0\n", "1.0", "2.0", "version: 2.0\n"},
	    {"version: 9\n", "9", "10", "version: 10\n"},
	    {"version: 9\n", "9", "010", "version: \"010\"\n"},
	    {"version: 9\n", "9", "12345678901234567",
		"version: \"12345678901234567\"\n"},
	    /* It was text, and stays text. */
	    {"version: v1\n", "v1", "1.11", "version: \"1.11\"\n"},
	    {"version: v1\n", "v1", "1.11.2", "version: 1.11.2\n"},
	    {"version: v1\n", "v1", "2020-01-01", "version: \"2020-01-01\"\n"},
	    {"version: v1\n", "v1", "null", "version: \"null\"\n"},
	    {"version: v1\n", "v1", "1e+3", "version: 1e+3\n"},
	    {"version: v1\n", "v1", "v2#b", "version: \"v2#b\"\n"},
	    {"{version: v1}\n", "v1", "v2,b", "{version: \"v2,b\"}\n"},
	    {"version: 'v1'\n", "v1", "it's", "version: 'it''s'\n"},
	    {"version: \"v1\"\n", "v1", "a\"b", "version: \"a\\\"b\"\n"},
	    {"version: 1.10\n", "1.10", "1.10", "version: 1.10\n"},
	    {"version: v1\n", "v1", "\xc3\xa9", "version: \"\xc3\xa9\"\n"},
	    {"version: 'v1'\n", "v1", "1.10", "version: '1.10'\n"},
	};

	check_edits(v, COUNT(v));
}

static void
a_part_of_a_text_is_changed(void)
{
	static const struct edit v[] = {
	    {"- https://h/x.git,v1,name # v1\n", "v1", "v2",
		"- https://h/x.git,v2,name # v1\n"},
	    {"- 'git+https://h/x.git, v1 ,name'\n", "v1", "v2",
		"- 'git+https://h/x.git, v2 ,name'\n"},
	    {"- \"x,v1\"\n", "v1", "v2", "- \"x,v2\"\n"},
	    {"- '\xc3\xa9,v1'\n", "v1", "v2", "- '\xc3\xa9,v2'\n"},
	    {"- \"\\x41,v1\"\n", "v1", "v2",
		"'v1' stands in a text with escapes or on several lines"},
	    {"- 'it''s,v1'\n", "v1", "v2",
		"'v1' stands in a text with escapes or on several lines"},
	    {"- x,v1,a\n  b\n", "v1", "v2",
		"'v1' stands in a text with escapes or on several lines"},
	    {"- x,v1\n", "v1", "v2 #", "'v2 #' cannot stand where 'v1' does"},
	    {"- x,v1\n", "v1", "2,3", "'2,3' cannot stand where 'v1' does"},
	};

	check_edits(v, COUNT(v));
}

static void
what_others_take_is_left(void)
{
	static const struct edit v[] = {
	    {"- &a v1\n- *a\n", "v1", "v2", "'v1' is an alias"},
	    {"- &a v1\n", "v1", "v2",
		"'v1' has an anchor, by which others take it"},
	    {"- &a {version: v1}\n- {<<: *a, x: y}\n", "v1", "v2",
		"'v1' has an anchor, by which others take it"},
	    {"- &a {x: [{version: v1}]}\n", "v1", "v2",
		"'v1' has an anchor, by which others take it"},
	    {"- &a {x: [{}]}\n- version: v1\n", "v1", "v2",
		"- &a {x: [{}]}\n- version: v2\n"},
	    {"version: !!str v1\n", "v1", "v2", "'v1' has a tag"},
	    {"version: >-\n  v1\n", "v1", "v2",
		"'v1' is written as a block of lines"},
	    {"version: |\n  v1\n", "v1", "v2",
		"'v1' is written as a block of lines"},
	};

	check_edits(v, COUNT(v));
}

static void
what_is_not_there_is_not_changed(void)
{
	static const char text[] = "a: v1\nb: v2\n";
	struct yaml_change c[] = {
	    {.line = 1, .column = 4, .was = "v3", .to = "v9"},
	    {.line = 1, .column = 5, .was = "1", .to = "v9"},
	    {.line = 9, .column = 1, .was = "v1", .to = "v9"},
	    {.line = 2, .column = 4, .offset = 1, .was = "22", .to = "v9"},
	    {.line = 2, .column = 1, .was = "", .to = "v9"},
	    {.line = 2, .column = 4, .offset = 9, .was = "", .to = "v9"},
	};
	struct yaml_changes all = {c, COUNT(c)};
	struct buf out = {0};
	struct error err;

	CHECK(yaml_edit(&out, text, strlen(text), &all, &err) == 0);
	CHECK_STR(out.data, text);
	for (size_t i = 0; i < COUNT(c); i++)
		CHECK(c[i].err.kind == ERR_REFUSED);
	CHECK_STR(c[0].err.msg, "'v3' is not there any more");
	buf_free(&out);
}

static void
many_are_changed_at_once(void)
{
	static const char text[] =
	    "- {version: v1, b: v1}\n- v1,v1,y\n- \xc3\xa9: v1\n";
	struct yaml_change c[] = {
	    {.line = 3, .column = 6, .was = "v1", .to = "v1.3"},
	    {.line = 1, .column = 13, .was = "v1", .to = "v1.1"},
	    {.line = 2, .column = 3, .offset = 3, .was = "v1", .to = "v1.2"},
	};
	struct yaml_changes all = {c, COUNT(c)};
	struct buf out = {0};
	struct error err;

	CHECK(yaml_edit(&out, text, strlen(text), &all, &err) == 0);
	CHECK_STR(out.data,
	    "- {version: v1.1, b: v1}\n- v1,v1.2,y\n- \xc3\xa9: v1.3\n");
	for (size_t i = 0; i < COUNT(c); i++)
		CHECK(c[i].err.kind == ERR_NONE);
	buf_free(&out);
}

static void
another_text_is_a_fault(void)
{
	struct yaml_changes none = {NULL, 0};
	struct buf out = {0};
	struct error err;

	CHECK(yaml_edit(&out, "a: [", 4, &none, &err) == -1);
	CHECK(err.kind == ERR_CONFIG);
	CHECK(yaml_edit(&out, "", 0, &none, &err) == -1);
	CHECK(yaml_edit(&out,
		  "\xff\xfe"
		  "a\0",
		  4, &none, &err) == -1);
	CHECK_HAS(err.msg, "UTF-16");
	CHECK(out.len == 0);
}

int
main(void)
{
	RUN(a_scalar_keeps_its_style);
	RUN(what_stands_around_it_stays);
	RUN(quotes_come_where_they_are_needed);
	RUN(a_part_of_a_text_is_changed);
	RUN(what_others_take_is_left);
	RUN(what_is_not_there_is_not_changed);
	RUN(many_are_changed_at_once);
	RUN(another_text_is_a_fault);
	return check_done();
}
