#include "kelpie/yaml.h"

#include <string.h>

#include <yaml.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "yaml_priv.h"

/* libyaml compares each %TAG line with all others. */
#define DIRECTIVES_MAX 100

struct reader {
	yaml_parser_t parser;
	struct builder b;
	const char *text;
	size_t len;
};

static struct yaml *read_node(struct reader *, yaml_event_t *, unsigned depth);

/* Set the place of the messages from a byte of the text. */
static void
at_byte(struct reader *r, size_t offset)
{
	size_t i;

	r->b.line = 1;
	r->b.column = 1;
	for (i = 0; i < offset && i < r->len; i++) {
		if (r->text[i] == '\n') {
			r->b.line++;
			r->b.column = 1;
		} else if (((unsigned char)r->text[i] & 0xc0) != 0x80) {
			r->b.column++;
		}
	}
}

static void
at_mark(struct reader *r, const yaml_mark_t *mark)
{
	r->b.line = (unsigned)mark->line + 1;
	r->b.column = (unsigned)mark->column + 1;
}

/* Pass on what libyaml said. */
static int
syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *what = p->problem != NULL ? p->problem : "out of memory";

	if (p->error == YAML_READER_ERROR)
		at_byte(r, p->problem_offset);
	else
		at_mark(r, &p->problem_mark);
	return error_set(r->b.err, ERR_CONFIG, "%u:%u: bad YAML: %s%s%s",
	    r->b.line, r->b.column, what, p->context != NULL ? " " : "",
	    p->context != NULL ? p->context : "");
}

/* The next event, which the caller deletes. */
static int
next(struct reader *r, yaml_event_t *ev)
{
	if (yaml_parser_parse(&r->parser, ev) == 0)
		return syntax_error(r);
	at_mark(r, &ev->start_mark);
	return 0;
}

/*
 * Tags of YAML itself only repeat what the text says.  Any other tag asks
 * for something that this reader does not know.
 */
static int
check_tag(struct reader *r, const yaml_char_t *given)
{
	static const char std[] = "tag:yaml.org,2002:";
	static const char *const known[] = {"str", "int", "float", "bool",
	    "null", "timestamp", "seq", "map"};
	const char *tag = (const char *)given;
	size_t i;

	if (tag == NULL || strcmp(tag, "!") == 0)
		return 0;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(tag, std, sizeof(std) - 1) == 0 &&
		    strcmp(tag + sizeof(std) - 1, known[i]) == 0)
			return 0;
	return error_set(r->b.err, ERR_CONFIG, "%u:%u: unknown tag '%s'",
	    r->b.line, r->b.column, tag);
}

/* Give node its anchor, if it has one. */
static int
name_node(struct reader *r, const yaml_char_t *name, struct yaml *node)
{
	if (name == NULL)
		return 0;
	return node_anchor(&r->b, (const char *)name, node);
}

static struct yaml *
read_scalar(struct reader *r, const yaml_event_t *ev, unsigned depth)
{
	const char *text = (const char *)ev->data.scalar.value;
	const char *tag = (const char *)ev->data.scalar.tag;
	size_t len = ev->data.scalar.length;
	struct yaml *node;

	if (check_tag(r, ev->data.scalar.tag) == -1)
		return NULL;
	if (memchr(text, '\0', len) != NULL) {
		(void)builder_fail(&r->b, "a NUL in a text");
		return NULL;
	}
	node = node_new(&r->b, YAML_SCALAR, depth);
	if (node == NULL)
		return NULL;
	node->text = xstrndup(text, len);
	node->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (tag == NULL ||
		(strcmp(tag, "!") != 0 && strcmp(tag, YAML_STR_TAG) != 0));
	if (name_node(r, ev->data.scalar.anchor, node) == 0)
		return node;
	yaml_free(node);
	return NULL;
}

/* Items until the list's end. */
static int
read_items(struct reader *r, struct yaml *list, unsigned depth)
{
	struct yaml *item;
	yaml_event_t ev;

	for (;;) {
		if (next(r, &ev) == -1)
			return -1;
		if (ev.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&ev);
			return 0;
		}
		item = read_node(r, &ev, depth + 1);
		if (item == NULL)
			return -1;
		node_append(list, item);
	}
}

static struct yaml *
read_key(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	struct yaml *key;
	unsigned line = r->b.line, column = r->b.column;

	key = read_node(r, ev, depth);
	if (key == NULL || key->kind == YAML_SCALAR)
		return key;
	(void)error_set(r->b.err, ERR_CONFIG, "%u:%u: %s cannot be a key", line,
	    column, yaml_type(key));
	yaml_free(key);
	return NULL;
}

/* Pairs until the map's end. */
static int
read_pairs(struct reader *r, struct yaml *map, unsigned depth)
{
	struct yaml *key, *value;
	yaml_event_t ev;

	for (;;) {
		if (next(r, &ev) == -1)
			return -1;
		if (ev.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&ev);
			return node_finish_map(&r->b, map, depth);
		}
		key = read_key(r, &ev, depth + 1);
		if (key == NULL)
			return -1;
		value = next(r, &ev) == 0 ? read_node(r, &ev, depth + 1) : NULL;
		if (value == NULL) {
			yaml_free(key);
			return -1;
		}
		node_append_pair(map, key, value);
	}
}

static struct yaml *
read_list(struct reader *r, const yaml_event_t *ev, unsigned depth)
{
	struct yaml *node;

	if (check_tag(r, ev->data.sequence_start.tag) == -1)
		return NULL;
	node = node_new(&r->b, YAML_LIST, depth);
	if (node == NULL)
		return NULL;
	if (name_node(r, ev->data.sequence_start.anchor, node) == 0 &&
	    read_items(r, node, depth) == 0) {
		if (ev->data.sequence_start.anchor != NULL)
			node_close(&r->b, node);
		return node;
	}
	yaml_free(node);
	return NULL;
}

static struct yaml *
read_map(struct reader *r, const yaml_event_t *ev, unsigned depth)
{
	struct yaml *node;

	if (check_tag(r, ev->data.mapping_start.tag) == -1)
		return NULL;
	node = node_new(&r->b, YAML_MAP, depth);
	if (node == NULL)
		return NULL;
	if (name_node(r, ev->data.mapping_start.anchor, node) == 0 &&
	    read_pairs(r, node, depth) == 0) {
		if (ev->data.mapping_start.anchor != NULL)
			node_close(&r->b, node);
		return node;
	}
	yaml_free(node);
	return NULL;
}

/* The node that begins with ev, which is deleted. */
static struct yaml *
read_node(struct reader *r, yaml_event_t *ev, unsigned depth)
{
	struct yaml *node;

	if (ev->type == YAML_ALIAS_EVENT)
		node = node_alias(&r->b, (const char *)ev->data.alias.anchor,
		    depth);
	else if (ev->type == YAML_SEQUENCE_START_EVENT)
		node = read_list(r, ev, depth);
	else if (ev->type == YAML_MAPPING_START_EVENT)
		node = read_map(r, ev, depth);
	else
		node = read_scalar(r, ev, depth);
	yaml_event_delete(ev);
	return node;
}

/* The one document between the events that frame it. */
static int
read_stream(struct reader *r, struct yaml **out)
{
	struct yaml *node;
	yaml_event_t ev;
	bool empty, over;

	if (next(r, &ev) == -1)
		return -1;
	yaml_event_delete(&ev);
	if (next(r, &ev) == -1)
		return -1;
	empty = ev.type == YAML_STREAM_END_EVENT;
	yaml_event_delete(&ev);
	if (empty)
		return 0;
	if (next(r, &ev) == -1)
		return -1;
	node = read_node(r, &ev, 0);
	if (node == NULL)
		return -1;
	*out = node;
	if (next(r, &ev) == -1)
		return -1;
	yaml_event_delete(&ev);
	if (next(r, &ev) == -1)
		return -1;
	over = ev.type == YAML_STREAM_END_EVENT;
	yaml_event_delete(&ev);
	return over ? 0 : builder_fail(&r->b, "a second document");
}

/* Lines that begin with '%', also in UTF-16, where NULs stand between. */
static bool
too_many_directives(const char *text, size_t len)
{
	size_t i, n = 0;
	char before = '\n';

	for (i = 0; i < len; i++) {
		if (text[i] == '\0')
			continue;
		if (text[i] == '%' && (before == '\n' || before == '\r'))
			n++;
		before = text[i];
	}
	return n > DIRECTIVES_MAX;
}

int
yaml_parse(struct yaml **out, const char *text, size_t len, struct error *err)
{
	struct reader r = {.b = {.err = err}, .text = text, .len = len};
	int rc;

	*out = NULL;
	if (len > YAML_BYTES_MAX)
		return error_set(err, ERR_CONFIG, "1:1: larger than %u bytes",
		    YAML_BYTES_MAX);
	if (too_many_directives(text, len))
		return error_set(err, ERR_CONFIG,
		    "1:1: more than %d directives", DIRECTIVES_MAX);
	if (yaml_parser_initialize(&r.parser) == 0)
		return error_set(err, ERR_LOCAL, "1:1: out of memory");
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text,
	    len);
	r.b.dead = xcalloc(1, sizeof(*r.b.dead));
	r.b.dead->kind = YAML_MAP;
	rc = read_stream(&r, out);
	if (rc == -1) {
		yaml_free(*out);
		*out = NULL;
	}
	yaml_parser_delete(&r.parser);
	builder_free(&r.b);
	return rc;
}
