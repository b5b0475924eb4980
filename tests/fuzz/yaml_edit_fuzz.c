/*
 * Any text, and any scalar of it: the text that comes of an edit is the same
 * tree but for that scalar, and the same bytes but for one place.  The first
 * line says which scalar and what it is to be.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "kelpie/yaml_edit.h"

/* The scalar number *n, counted down, or NULL. */
static const struct yaml *
pick(const struct yaml *t, size_t *n)
{
	size_t items = t->kind == YAML_MAP ? 2 * t->n : t->n;
	const struct yaml *found = NULL;

	if (t->kind == YAML_SCALAR)
		return (*n)-- == 0 ? t : NULL;
	for (size_t i = 0; i < items && found == NULL; i++)
		found = pick(t->item[i], n);
	return found;
}

/* The same but for the scalar old, which is to now. */
static void
check_trees(const struct yaml *a, const struct yaml *b, const struct yaml *old,
    const char *to)
{
	size_t items = a->kind == YAML_MAP ? 2 * a->n : a->n;

	require(a->kind == b->kind && a->n == b->n);
	if (a->kind == YAML_SCALAR)
		require(strcmp(b->text, a == old ? to : a->text) == 0);
	for (size_t i = 0; i < items; i++)
		check_trees(a->item[i], b->item[i], old, to);
}

/* What was in front and behind is there. */
static void
check_bytes(const char *was, size_t was_len, const struct buf *now,
    size_t old_most, size_t to_len)
{
	size_t front = 0, back = 0;
	size_t least = was_len < now->len ? was_len : now->len;

	while (front < least && was[front] == now->data[front])
		front++;
	while (back < least - front &&
	    was[was_len - back - 1] == now->data[now->len - back - 1])
		back++;
	/* Quotes, and escapes of the longest kind. */
	require(was_len - front - back <= old_most);
	require(now->len - front - back <= 6 * to_len + 2);
}

static void
edit(const char *text, size_t len, const struct yaml *tree,
    const struct yaml *old, const char *to)
{
	struct yaml_change c = {.line = old->line,
	    .column = old->column,
	    .was = old->text,
	    .to = to};
	struct yaml_changes all = {&c, 1};
	struct yaml *new = NULL;
	struct buf out = {0};
	struct error err;

	if (yaml_edit(&out, text, len, &all, &err) == -1) {
		require(err.kind == ERR_CONFIG && out.len == 0);
	} else if (c.err.kind != ERR_NONE) {
		require(c.err.kind == ERR_REFUSED && out.len == len &&
		    memcmp(out.data, text, len) == 0);
	} else {
		require(yaml_parse(&new, out.data, out.len, &err) == 0);
		check_trees(tree, new, old, to);
		check_bytes(text, len, &out, len, strlen(to));
	}
	yaml_free(new);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	const struct yaml *old = NULL;
	struct yaml *tree;
	struct error err;
	size_t n;
	char *to;

	if (end == NULL || end == text)
		return 0;
	n = data[0] >= '0' ? (size_t)(data[0] - '0') : data[0];
	to = xstrndup(text + 1, (size_t)(end - text - 1));
	end++;
	size -= (size_t)(end - text);
	if (version_check(to, &err) == 0 &&
	    yaml_parse(&tree, end, size, &err) == 0) {
		if (tree != NULL)
			old = pick(tree, &n);
		if (old != NULL)
			edit(end, size, tree, old, to);
		yaml_free(tree);
	}
	free(to);
	return 0;
}
