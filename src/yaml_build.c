#include "yaml_priv.h"

#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

/* More than anybody writes; each alias looks through all of them. */
#define ANCHORS_MAX 1000

struct anchor {
	char *name;
	struct yaml *node;
	bool open; /* still being read: an alias to it would never end */
};

/* A key and its place in the map, for sorting. */
struct place {
	const char *text;
	size_t at;
};

int
builder_fail(const struct builder *b, const char *what)
{
	return error_set(b->err, ERR_CONFIG, "%u:%u: %s", b->line, b->column,
	    what);
}

void
builder_free(struct builder *b)
{
	size_t i;

	yaml_free(b->dead);
	for (i = 0; i < b->anchors_n; i++)
		free(b->anchors[i].name);
	free(b->anchors);
}

struct yaml *
node_new(struct builder *b, enum yaml_kind kind, unsigned depth)
{
	struct yaml *node;

	if (depth > YAML_DEPTH_MAX) {
		(void)builder_fail(b, "nested too deeply");
		return NULL;
	}
	if (++b->nodes > YAML_NODES_MAX) {
		(void)builder_fail(b, "too many values, aliases included");
		return NULL;
	}
	node = xcalloc(1, sizeof(*node));
	node->kind = kind;
	node->line = b->line;
	node->column = b->column;
	return node;
}

/* Room for one more thing of width pointers: n doubles when it is full. */
static void
make_room(struct yaml *node, size_t width)
{
	if ((node->n & (node->n - 1)) != 0)
		return;
	node->item = xreallocarray(node->item,
	    node->n != 0 ? 2 * node->n * width : width, sizeof(struct yaml *));
}

void
node_append(struct yaml *list, struct yaml *item)
{
	make_room(list, 1);
	list->item[list->n++] = item;
}

void
node_append_pair(struct yaml *map, struct yaml *key, struct yaml *value)
{
	make_room(map, 2);
	map->item[2 * map->n] = key;
	map->item[2 * map->n + 1] = value;
	map->n++;
}

/* Copies one level down; what is there already is freed by the caller. */
static int
copy_items(struct builder *b, struct yaml *to, const struct yaml *from,
    unsigned depth)
{
	size_t i, n = from->kind == YAML_MAP ? 2 * from->n : from->n;
	struct yaml *item;

	to->item = xcalloc(n, sizeof(struct yaml *));
	to->n = from->n;
	for (i = 0; i < n; i++) {
		item = node_copy(b, from->item[i], depth + 1);
		if (item == NULL)
			return -1;
		to->item[i] = item;
	}
	return 0;
}

struct yaml *
node_copy(struct builder *b, const struct yaml *from, unsigned depth)
{
	struct yaml *to = node_new(b, from->kind, depth);

	if (to == NULL)
		return NULL;
	to->line = from->line;
	to->column = from->column;
	to->plain = from->plain;
	if (from->kind != YAML_SCALAR) {
		if (copy_items(b, to, from, depth) == 0)
			return to;
		yaml_free(to);
		return NULL;
	}
	/* Nodes alone do not bound the size: one alias may be a long text. */
	b->bytes += strlen(from->text);
	if (b->bytes > YAML_BYTES_MAX) {
		(void)builder_fail(b, "aliases stand for too much text");
		yaml_free(to);
		return NULL;
	}
	to->text = xstrdup(from->text);
	return to;
}

int
node_anchor(struct builder *b, const char *name, struct yaml *node)
{
	if (b->anchors_n == ANCHORS_MAX)
		return builder_fail(b, "too many anchors");
	b->anchors =
	    xreallocarray(b->anchors, b->anchors_n + 1, sizeof(*b->anchors));
	b->anchors[b->anchors_n++] =
	    (struct anchor){xstrdup(name), node, node->kind != YAML_SCALAR};
	return 0;
}

void
node_close(struct builder *b, const struct yaml *node)
{
	size_t i;

	for (i = 0; i < b->anchors_n; i++)
		if (b->anchors[i].node == node)
			b->anchors[i].open = false;
}

struct yaml *
node_alias(struct builder *b, const char *name, unsigned depth)
{
	const struct anchor *a = NULL;
	struct yaml *node;
	size_t i;

	/* A name may be given anew: the latest one counts. */
	for (i = b->anchors_n; i-- > 0 && a == NULL;)
		if (strcmp(b->anchors[i].name, name) == 0)
			a = &b->anchors[i];
	if (a == NULL || a->open) {
		(void)error_set(b->err, ERR_CONFIG, "%u:%u: alias '*%s' %s",
		    b->line, b->column, name,
		    a == NULL ? "has no anchor" :
				"stands inside what it names");
		return NULL;
	}
	node = node_copy(b, a->node, depth);
	if (node == NULL)
		return NULL;
	node->line = b->line;
	node->column = b->column;
	return node;
}

static bool
is_merge_key(const struct yaml *key)
{
	return key->plain && strcmp(key->text, "<<") == 0;
}

/* A copy, because the map may have an anchor and be merged once more. */
static int
merge_map(struct builder *b, struct yaml *to, const struct yaml *from,
    unsigned depth)
{
	struct yaml *key, *value;
	size_t i;

	for (i = 0; i < from->n; i++) {
		key = node_copy(b, from->item[2 * i], depth + 1);
		if (key == NULL)
			return -1;
		value = node_copy(b, from->item[2 * i + 1], depth + 1);
		if (value == NULL) {
			yaml_free(key);
			return -1;
		}
		node_append_pair(to, key, value);
	}
	return 0;
}

/*
 * Add what "<<: from" stands for.  Of a list the first map wins, and of two
 * equal keys the last one will be kept: so the list goes in backwards.
 */
static int
merge(struct builder *b, struct yaml *to, const struct yaml *from,
    unsigned depth)
{
	static const char expected[] = "'<<' takes a map or a list of maps";
	size_t i;

	b->line = from->line;
	b->column = from->column;
	if (from->kind == YAML_MAP)
		return merge_map(b, to, from, depth);
	if (from->kind != YAML_LIST)
		return builder_fail(b, expected);
	for (i = from->n; i-- > 0;) {
		if (from->item[i]->kind != YAML_MAP)
			return builder_fail(b, expected);
		if (merge_map(b, to, from->item[i], depth) == -1)
			return -1;
	}
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	const struct place *p = a, *q = b;
	int c = strcmp(p->text, q->text);

	if (c != 0)
		return c;
	return p->at < q->at ? -1 : p->at > q->at;
}

/* Of equal keys keep the last; pairs before own were merged in. */
static void
drop_overwritten(struct builder *b, struct yaml *map, size_t own)
{
	struct place *v = xcalloc(map->n, sizeof(*v));
	size_t i, kept = 0;

	for (i = 0; i < map->n; i++)
		v[i] = (struct place){map->item[2 * i]->text, i};
	qsort(v, map->n, sizeof(*v), by_text);
	for (i = 0; i + 1 < map->n; i++) {
		if (strcmp(v[i].text, v[i + 1].text) != 0)
			continue;
		if (v[i].at >= own)
			map->item[2 * v[i + 1].at]->twice = true;
		node_append_pair(b->dead, map->item[2 * v[i].at],
		    map->item[2 * v[i].at + 1]);
		map->item[2 * v[i].at] = NULL;
	}
	free(v);
	for (i = 0; i < map->n; i++) {
		if (map->item[2 * i] == NULL)
			continue;
		map->item[2 * kept] = map->item[2 * i];
		map->item[2 * kept + 1] = map->item[2 * i + 1];
		kept++;
	}
	map->n = kept;
}

int
node_finish_map(struct builder *b, struct yaml *map, unsigned depth)
{
	struct yaml merged = {.kind = YAML_MAP};
	size_t i, own;
	int rc = 0;

	for (i = 0; i < map->n && rc == 0; i++)
		if (is_merge_key(map->item[2 * i]))
			rc = merge(b, &merged, map->item[2 * i + 1], depth);
	own = merged.n;
	for (i = 0; i < map->n; i++)
		node_append_pair(rc == 0 && !is_merge_key(map->item[2 * i]) ?
			&merged :
			b->dead,
		    map->item[2 * i], map->item[2 * i + 1]);
	free(map->item);
	map->item = merged.item;
	map->n = merged.n;
	if (rc == 0)
		drop_overwritten(b, map, own);
	return rc;
}

void
yaml_free(struct yaml *node)
{
	size_t i, n;

	if (node == NULL)
		return;
	n = node->kind == YAML_MAP ? 2 * node->n : node->n;
	for (i = 0; i < n; i++)
		yaml_free(node->item[i]);
	free(node->item);
	free(node->text);
	free(node);
}

const struct yaml *
yaml_get(const struct yaml *map, const char *key)
{
	size_t i;

	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (strcmp(map->item[2 * i]->text, key) == 0)
			return map->item[2 * i + 1];
	return NULL;
}
