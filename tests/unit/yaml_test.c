#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/yaml.h"
#include "texts.h"

/* The tree as one line, so that a test can be a table. */
static void
draw(struct buf *b, const struct yaml *n)
{
	size_t i, items = n->kind == YAML_MAP ? 2 * n->n : n->n;

	if (n->kind == YAML_SCALAR) {
		buf_printf(b, "%s%s", n->text, n->twice ? "!" : "");
		return;
	}
	buf_puts(b, n->kind == YAML_MAP ? "{" : "[");
	for (i = 0; i < items; i++) {
		if (i > 0)
			buf_puts(b,
			    n->kind == YAML_MAP && i % 2 == 1 ? ":" : ",");
		draw(b, n->item[i]);
	}
	buf_puts(b, n->kind == YAML_MAP ? "}" : "]");
}

/* What becomes of len bytes: a drawing, "nothing", or the message. */
static char *
read_bytes(const char *text, size_t len)
{
	struct yaml *tree;
	struct error err;
	struct buf b = {0};

	if (yaml_parse(&tree, text, len, &err) == -1) {
		CHECK(tree == NULL);
		CHECK(err.kind == ERR_CONFIG);
		return xstrdup(err.msg);
	}
	if (tree == NULL)
		return xstrdup("nothing");
	draw(&b, tree);
	yaml_free(tree);
	return b.data;
}

static char *
read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void
documents_become_trees(void)
{
	static const struct row row[] = {
	    {"", "nothing"},
	    {"# only this\n", "nothing"},
	    {"---\n", ""},
	    {"[]", "[]"},
	    {"- a\n- b: c\n  d: [e, 'f']\n", "[a,{b:c,d:[e,f]}]"},
	    {"\xef\xbb\xbf- bom\n", "[bom]"},
	    {"- 1.10\n- 010\n- 1:30\n", "[1.10,010,1:30]"},
	    {"%YAML 1.1\n---\n- a\n...\n", "[a]"},
	    {"- !!str 5\n- !!int '5'\n- ! x\n", "[5,5,x]"},
	};

	ROWS(read_text, row);
}

static void
aliases_and_merge_keys_are_resolved(void)
{
	static const struct row row[] = {
	    {"- &a {x: 1}\n- *a\n", "[{x:1},{x:1}]"},
	    {"- &a 1\n- &a 2\n- *a\n", "[1,2,2]"},
	    {"- &a {x: 1, y: 2}\n- {<<: *a, y: 3}\n", "[{x:1,y:2},{x:1,y:3}]"},
	    {"- {y: 3, <<: {x: 1, y: 2}}\n", "[{x:1,y:3}]"},
	    {"<<: [{a: 1}, {a: 2, b: 2}]\n", "{b:2,a:1}"},
	    {"- <<: &m {a: 1}\n- <<: *m\n- *m\n", "[{a:1},{a:1},{a:1}]"},
	    {"- {k: &a [1], k: 2}\n- *a\n", "[{k!:2},[1]]"},
	    {"'<<': {a: 1}\n", "{<<:{a:1}}"},
	    {"<<: 1\n", "1:5: '<<' takes a map or a list of maps"},
	    {"<<: [{}, b]\n", "1:5: '<<' takes a map or a list of maps"},
	    {"&a [*a]", "1:5: alias '*a' stands inside what it names"},
	    {"&a {<<: *a}", "1:9: alias '*a' stands inside what it names"},
	    {"- *b\n", "1:3: alias '*b' has no anchor"},
	};

	ROWS(read_text, row);
}

static void
a_key_given_twice_keeps_its_last_value(void)
{
	static const struct row row[] = {
	    {"a: 1\nb: 2\na: 3\n", "{b:2,a!:3}"},
	    {"{a: 1, a: 2, a: 3}", "{a!:3}"},
	    {"{<<: {a: 1}, a: 2}", "{a:2}"},
	};

	ROWS(read_text, row);
}

static void
what_is_wrong_is_told_with_its_place(void)
{
	static const struct row row[] = {
	    {"a:\n\tc: d",
		"2:1: bad YAML: found character that cannot "
		"start any token while scanning for the next "
		"token"},
	    {"- a\n- b: c\n d: e\n",
		"3:2: bad YAML: did not find expected "
		"'-' indicator while parsing a block "
		"collection"},
	    {"{a: 1",
		"2:1: bad YAML: did not find expected ',' or '}' while "
		"parsing a flow mapping"},
	    {"a: 1\n---\nb: 2\n", "2:1: a second document"},
	    {"- a\n- \"b\\0c\"\n", "2:3: a NUL in a text"},
	    {"- a\n- \xff\n", "2:3: bad YAML: invalid leading UTF-8 octet"},
	    {"- \xc3\xa9\xff\n", "1:4: bad YAML: invalid leading UTF-8 octet"},
	    {"- a\n- b\x01\n",
		"2:4: bad YAML: control characters are not allowed"},
	    {"- !vault x\n", "1:3: unknown tag '!vault'"},
	    {"- a: !!python/name:os.system {}\n",
		"1:6: unknown tag 'tag:yaml.org,2002:python/name:os.system'"},
	    {"- !x [a]\n", "1:3: unknown tag '!x'"},
	    {"? [a]\n: b\n", "1:3: a list cannot be a key"},
	    {"x: {{ y }}\n", "1:5: a map cannot be a key"},
	};

	ROWS(read_text, row);
}

/* n times s between two other texts. */
static char *
many(const char *before, const char *s, size_t n, const char *after)
{
	struct buf b = {0};

	buf_puts(&b, before);
	while (n-- > 0)
		buf_puts(&b, s);
	buf_puts(&b, after);
	return b.data;
}

static void
check_many(char *text, const char *want)
{
	char *got = read_bytes(text, strlen(text));

	CHECK_STR(got, want);
	free(got);
	free(text);
}

static void
deep_nesting_is_stopped_at_once(void)
{
	check_many(many("", "[", 1000000, ""), "1:66: nested too deeply");
	check_many(many("", "{a: ", 100000, ""), "1:258: nested too deeply");
	check_many(many("", "? ", 100000, ""), "1:131: nested too deeply");
	check_many(many("", "- ", 10000, "x"), "1:131: nested too deeply");
	check_many(many("a: &a [[[[[[[[[[x]]]]]]]]]]\nb: ", "[", 60, "*a"),
	    "2:64: nested too deeply");
}

static void
sixty_four_levels_are_taken(void)
{
	char *deep = many("", "[", 64, ""), *text, *got;

	text = many(deep, "]", 64, "");
	got = read_bytes(text, strlen(text));
	CHECK_STR(got, text);
	free(got);
	free(text);
	free(deep);
}

static void
a_small_file_cannot_become_a_large_tree(void)
{
	struct buf b = {0};
	int i, c;

	buf_puts(&b, "a: &a [x,x,x,x,x,x,x,x]\n");
	for (c = 'b'; c <= 'k'; c++) {
		buf_printf(&b, "%c: &%c [", c, c);
		for (i = 0; i < 8; i++)
			buf_printf(&b, "*%c,", c - 1);
		buf_puts(&b, "]\n");
	}
	check_many(b.data, "7:8: too many values, aliases included");
	check_many(many("", "- a\n", 500001, ""),
	    "500000:3: too many values, aliases included");
	check_many(many("", "- &a x\n", 1001, ""), "1001:3: too many anchors");
	check_many(many("", "%TAG !a! x\n", 101, ""),
	    "1:1: more than 100 directives");
}

static void
aliases_cannot_multiply_a_long_text(void)
{
	char *text = many("- &a \"", "x", 1u << 20, "\"\n");

	check_many(many(text, "- *a\n", 5, ""),
	    "6:3: aliases stand for too much text");
	free(text);
}

static void
too_many_bytes_are_refused(void)
{
	check_many(many("#", "x", YAML_BYTES_MAX, ""),
	    "1:1: larger than 4194304 bytes");
	check_many(many("", "#", YAML_BYTES_MAX, ""), "nothing");
}

static void
utf_16_is_read(void)
{
	static const char text[] = "\xff\xfe-\0 \0a\0\n";
	char *got = read_bytes(text, sizeof(text));

	CHECK_STR(got, "[a]");
	free(got);
}

static void
types_are_those_of_yaml_1_1(void)
{
	static const struct row row[] = {
	    {"~", "null"},
	    {"Null", "null"},
	    {"nULL", "text"},
	    {"''", "text"},
	    {"---", "null"},
	    {"yes", "true or false"},
	    {"Off", "true or false"},
	    {"y", "text"},
	    {"'yes'", "text"},
	    {"5", "a number"},
	    {"'5'", "text"},
	    {"!!str 5", "text"},
	    {"!!int 5", "a number"},
	    {"-1_000", "a number"},
	    {"0", "a number"},
	    {"017", "a number"},
	    {"089", "text"},
	    {"0x1F", "a number"},
	    {"0x", "text"},
	    {"0b11", "a number"},
	    {"1.5", "a number"},
	    {"1.", "a number"},
	    {".5", "a number"},
	    {"1.5e+3", "a number"},
	    {"1.5e3", "text"},
	    {"1e3", "text"},
	    {"1.2.3", "text"},
	    {"1:30", "a number"},
	    {"1:60", "text"},
	    {"1:30.5", "a number"},
	    {"-.inf", "a number"},
	    {".NaN", "a number"},
	    {"2020-01-31", "a date"},
	    {"2020-1-1", "text"},
	    {"2020-01-31 10:00:00", "a date"},
	    {"v1", "text"},
	    {"me.role", "text"},
	    {"[]", "a list"},
	    {"{}", "a map"},
	};
	struct yaml *tree;
	struct error err;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		CHECK(yaml_parse(&tree, row[i].text, strlen(row[i].text),
			  &err) == 0);
		CHECK_STR(yaml_type(tree), row[i].want);
		CHECK(yaml_is_null(tree) == (strcmp(row[i].want, "null") == 0));
		CHECK(yaml_is_text(tree) == (strcmp(row[i].want, "text") == 0));
		yaml_free(tree);
	}
}

static void
every_node_knows_its_place(void)
{
	static const char text[] = "a: &x\n  - b\nc: *x\n";
	const struct yaml *a, *c;
	struct yaml *tree;
	struct error err;

	CHECK(yaml_parse(&tree, text, strlen(text), &err) == 0);
	a = yaml_get(tree, "a");
	c = yaml_get(tree, "c");
	CHECK(tree->line == 1 && tree->column == 1);
	CHECK(a->item[0]->line == 2 && a->item[0]->column == 5);
	CHECK(yaml_get(tree, "b") == NULL);
	CHECK(yaml_get(a, "b") == NULL);
	/* An alias stands where it is used, what it holds where it came from. */
	CHECK(c->line == 3 && c->column == 4);
	CHECK(c->item[0]->line == 2 && c->item[0]->column == 5);
	yaml_free(tree);
}

int
main(void)
{
	RUN(documents_become_trees);
	RUN(aliases_and_merge_keys_are_resolved);
	RUN(a_key_given_twice_keeps_its_last_value);
	RUN(what_is_wrong_is_told_with_its_place);
	RUN(deep_nesting_is_stopped_at_once);
	RUN(sixty_four_levels_are_taken);
	RUN(a_small_file_cannot_become_a_large_tree);
	RUN(aliases_cannot_multiply_a_long_text);
	RUN(too_many_bytes_are_refused);
	RUN(utf_16_is_read);
	RUN(types_are_those_of_yaml_1_1);
	RUN(every_node_knows_its_place);
	return check_done();
}
