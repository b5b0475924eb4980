#include "kelpie/json.h"

#include <bsd/stdlib.h>
#include <string.h>

#include <jansson.h>

#include "kelpie/error.h"

/* How much a text will come to, before anything is made of it. */
struct extent {
	size_t nodes, depth, deepest;
};

/* Skip a string, s standing on its '"'; returns its last byte. */
static const char *
skip_string(const char *s, const char *end)
{
	for (s++; s < end && *s != '"'; s++)
		if (*s == '\\')
			s++;
	return s;
}

static void
count(struct extent *e, const char *s, size_t len)
{
	const char *end = s + len;

	for (; s < end; s++)
		switch (*s) {
		case '"':
			s = skip_string(s, end);
			break;
		case '[':
		case '{':
			e->nodes++;
			if (++e->depth > e->deepest)
				e->deepest = e->depth;
			break;
		case ']':
		case '}':
			e->depth -= e->depth != 0;
			break;
		case ',':
			e->nodes++;
			break;
		}
}

static int
check(const char *text, size_t len, struct error *err)
{
	struct extent e = {0};

	if (len > JSON_BYTES_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "JSON of more than %zu MiB", JSON_BYTES_MAX >> 20);
	count(&e, text, len);
	if (e.deepest > JSON_DEPTH_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "JSON of more than %d levels", JSON_DEPTH_MAX);
	if (e.nodes > JSON_NODES_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "JSON of more than %d values", JSON_NODES_MAX);
	return 0;
}

struct json *
json_parse(const char *text, size_t len, struct error *err)
{
	json_error_t why;
	json_t *tree;

	if (check(text, len, err) == -1)
		return NULL;
	/* Once a process: left alone it would look for /dev/urandom, which a
	 * worker cannot open, and take the time instead. */
	json_object_seed(arc4random() | 1);
	tree = json_loadb(text, len, JSON_DECODE_ANY, &why);
	if (tree == NULL)
		(void)error_set(err, ERR_INTEGRITY, "not JSON: %d:%d: %s",
		    why.line, why.column, why.text);
	return (struct json *)tree;
}

void
json_free(struct json *j)
{
	json_decref((json_t *)j);
}

static const json_t *
tree_of(const struct json *j)
{
	return (const json_t *)j;
}

const struct json *
json_get(const struct json *j, const char *key)
{
	return (const struct json *)json_object_get(tree_of(j), key);
}

size_t
json_count(const struct json *j)
{
	return json_array_size(tree_of(j));
}

const struct json *
json_at(const struct json *j, size_t i)
{
	return (const struct json *)json_array_get(tree_of(j), i);
}

bool
json_is_map(const struct json *j)
{
	return json_is_object(tree_of(j));
}

bool
json_is_list(const struct json *j)
{
	return json_is_array(tree_of(j));
}

const char *
json_text(const struct json *j)
{
	const char *s = json_string_value(tree_of(j));

	return s != NULL && *s != '\0' ? s : NULL;
}

bool
json_number(const struct json *j, long long *out)
{
	if (!json_is_integer(tree_of(j)))
		return false;
	*out = json_integer_value(tree_of(j));
	return *out >= 0;
}
