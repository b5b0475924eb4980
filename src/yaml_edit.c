#include "kelpie/yaml_edit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "yaml_priv.h"

#define BOM "\xef\xbb\xbf"

struct editor {
	yaml_parser_t parser;
	const char *text;
	size_t len;
	size_t chars, bytes; /* how far we are: libyaml counts characters */
	size_t copied; /* so much of text is in out */
	struct buf *out;
	struct yaml_change **change; /* sorted by place */
	size_t n, at;
	size_t depth, anchored; /* of the outermost with an anchor, or 0 */
};

static int
by_place(const void *a, const void *b)
{
	const struct yaml_change *const *x = a, *const *y = b;

	if ((*x)->line != (*y)->line)
		return (*x)->line < (*y)->line ? -1 : 1;
	return ((*x)->column > (*y)->column) - ((*x)->column < (*y)->column);
}

static int
leave(struct yaml_change *c, const char *why)
{
	return error_set(&c->err, ERR_REFUSED, "'%s' %s", c->was, why);
}

/* The byte at which a character begins; they are asked for in order. */
static size_t
byte_of(struct editor *e, size_t chars)
{
	while (e->chars < chars && e->bytes < e->len) {
		e->bytes++;
		while (e->bytes < e->len &&
		    ((unsigned char)e->text[e->bytes] & 0xc0) == 0x80)
			e->bytes++;
		e->chars++;
	}
	return e->bytes;
}

/* The changes whose place is before this mark, and so no scalar's. */
static void
skip_before(struct editor *e, const yaml_mark_t *mark)
{
	for (; e->at < e->n; e->at++) {
		struct yaml_change *c = e->change[e->at];

		if (c->line > mark->line + 1 ||
		    (c->line == mark->line + 1 && c->column > mark->column))
			return;
		(void)leave(c, "is not there any more");
	}
}

/* The change for what stands at this mark, or NULL. */
static struct yaml_change *
change_at(struct editor *e, const yaml_mark_t *mark)
{
	skip_before(e, mark);
	if (e->at == e->n || e->change[e->at]->line != mark->line + 1 ||
	    e->change[e->at]->column != mark->column + 1)
		return NULL;
	return e->change[e->at++];
}

/* Can it be changed at all? */
static int
check(const struct editor *e, const yaml_event_t *ev, struct yaml_change *c)
{
	const char *text = (const char *)ev->data.scalar.value;
	size_t len = strlen(c->was);

	if (len == 0)
		return leave(c, "is nothing that could be found");
	if (ev->data.scalar.anchor != NULL || e->anchored != 0)
		return leave(c, "has an anchor, by which others take it");
	if (ev->data.scalar.tag != NULL)
		return leave(c, "has a tag");
	if (ev->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
	    ev->data.scalar.style == YAML_FOLDED_SCALAR_STYLE)
		return leave(c, "is written as a block of lines");
	if (c->offset > ev->data.scalar.length ||
	    ev->data.scalar.length - c->offset < len ||
	    memcmp(text + c->offset, c->was, len) != 0)
		return leave(c, "is not there any more");
	return 0;
}

static void
edit_scalar(struct editor *e, const yaml_event_t *ev, struct yaml_change *c)
{
	size_t begin = byte_of(e, ev->start_mark.index);
	size_t end = byte_of(e, ev->end_mark.index);
	struct buf b = {0};

	if (check(e, ev, c) == -1)
		return;
	if (edit_rewrite(&b, ev, e->text + begin, end - begin, c) == 0 &&
	    strcmp(c->was, c->to) != 0) {
		buf_add(e->out, e->text + e->copied, begin - e->copied);
		buf_add(e->out, b.data, b.len);
		e->copied = end;
	}
	buf_free(&b);
}

static void
enter(struct editor *e, const yaml_char_t *anchor)
{
	e->depth++;
	if (anchor != NULL && e->anchored == 0)
		e->anchored = e->depth;
}

static void
come_out(struct editor *e)
{
	if (e->anchored == e->depth)
		e->anchored = 0;
	e->depth--;
}

static void
take(struct editor *e, const yaml_event_t *ev)
{
	struct yaml_change *c;

	switch (ev->type) {
	case YAML_SEQUENCE_START_EVENT:
		enter(e, ev->data.sequence_start.anchor);
		break;
	case YAML_MAPPING_START_EVENT:
		enter(e, ev->data.mapping_start.anchor);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		come_out(e);
		break;
	case YAML_ALIAS_EVENT:
		c = change_at(e, &ev->start_mark);
		if (c != NULL)
			(void)leave(c, "is an alias");
		break;
	case YAML_SCALAR_EVENT:
		/* One of no bytes stands where the next one does. */
		if (ev->start_mark.index == ev->end_mark.index)
			break;
		c = change_at(e, &ev->start_mark);
		if (c != NULL)
			edit_scalar(e, ev, c);
		break;
	default:
		break;
	}
}

/* The text has been read before, so this does not fail. */
static int
run(struct editor *e, struct error *err)
{
	const yaml_mark_t end = {.line = SIZE_MAX - 1};
	yaml_event_t ev;
	bool over = false;

	while (!over) {
		if (yaml_parser_parse(&e->parser, &ev) == 0)
			return error_set(err, ERR_CONFIG, "bad YAML: %s",
			    e->parser.problem != NULL ? e->parser.problem :
							"out of memory");
		over = ev.type == YAML_STREAM_END_EVENT;
		take(e, &ev);
		yaml_event_delete(&ev);
	}
	skip_before(e, &end);
	buf_add(e->out, e->text + e->copied, e->len - e->copied);
	return 0;
}

/* ---- is it what it should be? ---- */

/* The change that makes one scalar the other. */
static bool
is_change(struct yaml_change *const *v, size_t n, const struct yaml *old,
    const struct yaml *new)
{
	const struct yaml_change *c = NULL;
	size_t len;

	for (size_t i = 0; i < n && c == NULL; i++)
		if (v[i]->err.kind == ERR_NONE && v[i]->line == old->line &&
		    v[i]->column == old->column)
			c = v[i];
	if (c == NULL)
		return false;
	len = strlen(c->to);
	return strncmp(old->text, new->text, c->offset) == 0 &&
	    strncmp(new->text + c->offset, c->to, len) == 0 &&
	    strcmp(new->text + c->offset + len,
		old->text + c->offset + strlen(c->was)) == 0;
}

/* How many scalars are others; SIZE_MAX if anything else is. */
static size_t
differences(const struct editor *e, const struct yaml *old,
    const struct yaml *new)
{
	size_t n = 0, one, items;

	if (old->kind != new->kind || old->n != new->n)
		return SIZE_MAX;
	if (old->kind == YAML_SCALAR) {
		if (strcmp(old->text, new->text) == 0 &&
		    old->plain == new->plain)
			return 0;
		return is_change(e->change, e->n, old, new) ? 1 : SIZE_MAX;
	}
	items = old->kind == YAML_MAP ? 2 * old->n : old->n;
	for (size_t i = 0; i < items; i++) {
		one = differences(e, old->item[i], new->item[i]);
		if (one == SIZE_MAX)
			return SIZE_MAX;
		n += one;
	}
	return n;
}

static int
prove(const struct editor *e, const struct yaml *old, struct error *err)
{
	struct yaml *new = NULL;
	size_t wanted = 0, got = SIZE_MAX;

	for (size_t i = 0; i < e->n; i++)
		wanted += e->change[i]->err.kind == ERR_NONE &&
		    strcmp(e->change[i]->was, e->change[i]->to) != 0;
	if (yaml_parse(&new, e->out->data, e->out->len, err) == 0 &&
	    new != NULL)
		got = differences(e, old, new);
	yaml_free(new);
	if (got == wanted)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "more would change than these values; change them by hand");
}

/* ---- all of it ---- */

static int
edit(struct editor *e, const struct yaml *old, struct error *err)
{
	int rc;

	if (yaml_parser_initialize(&e->parser) == 0)
		return error_set(err, ERR_LOCAL, "out of memory");
	yaml_parser_set_input_string(&e->parser, (const unsigned char *)e->text,
	    e->len);
	rc = run(e, err);
	yaml_parser_delete(&e->parser);
	return rc == 0 ? prove(e, old, err) : -1;
}

int
yaml_edit(struct buf *out, const char *text, size_t len,
    struct yaml_changes *changes, struct error *err)
{
	struct buf made = {0};
	struct editor e = {.text = text,
	    .len = len,
	    .out = &made,
	    .n = changes->n};
	struct yaml *old;
	int rc;

	if (len >= 2 &&
	    (memcmp(text, "\xff\xfe", 2) == 0 ||
		memcmp(text, "\xfe\xff", 2) == 0))
		return error_set(err, ERR_CONFIG,
		    "is UTF-16, and only UTF-8 can be edited");
	if (yaml_parse(&old, text, len, err) == -1)
		return -1;
	/* libyaml does not count the mark of the byte order. */
	if (len >= 3 && memcmp(text, BOM, 3) == 0)
		e.bytes = 3;
	e.change = xcalloc(e.n, sizeof(struct yaml_change *));
	for (size_t i = 0; i < e.n; i++) {
		e.change[i] = &changes->v[i];
		e.change[i]->err.kind = ERR_NONE;
	}
	qsort(e.change, e.n, sizeof(struct yaml_change *), by_place);
	rc = old != NULL ? edit(&e, old, err) :
			   error_set(err, ERR_CONFIG, "has nothing in it");
	if (rc == 0)
		buf_add(out, made.data, made.len);
	free(e.change);
	buf_free(&made);
	yaml_free(old);
	return rc;
}
