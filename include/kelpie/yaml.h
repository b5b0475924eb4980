/*
 * yaml.h - a YAML document as a small tree in which each node knows its line.
 *
 * libyaml reads the events; this builds the tree, resolves aliases and merge
 * keys, and keeps scalars as the text that was written: no type is guessed.
 * Knows nothing of roles.
 */
#ifndef KELPIE_YAML_H
#define KELPIE_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_kind kind;
	unsigned line, column; /* from 1 */
	char *text; /* SCALAR; never NULL, never with a NUL inside */
	bool plain; /* SCALAR without quotes: may be a null or a number */
	bool twice; /* key of a MAP: given before, with a value now gone */
	/* LIST: n items.  MAP: n pairs, key at 2i, value at 2i + 1, in the
	 * order of the file; a key given twice keeps its last value. */
	struct yaml **item;
	size_t n;
};

#define YAML_BYTES_MAX (4u << 20)
#define YAML_DEPTH_MAX 64
#define YAML_NODES_MAX 500000

/*
 * Parse the one document in text.  *out is NULL for a stream without a
 * document (empty, or comments only).  Aliases count as the nodes that they
 * stand for, so a small file cannot become a large tree.
 *
 * Returns 0 and a tree that yaml_free() frees, or -1 with ERR_CONFIG and a
 * message that begins with "line:column: ".  Touches no file.
 */
int yaml_parse(struct yaml **out, const char *text, size_t len, struct error *);
/* libyaml calls a yaml_free() of its own, which this one must not replace. */
#define yaml_free kelpie_yaml_free
void yaml_free(struct yaml *);

/* The value under key in a map, or NULL.  A tree that is no map has none. */
const struct yaml *yaml_get(const struct yaml *, const char *key);

/* A plain scalar that YAML takes for nothing: "", "~", "null". */
bool yaml_is_null(const struct yaml *);

/*
 * What YAML 1.1 takes a node for, in words: "text", "null", "a number",
 * "true or false", "a date", "a list", "a map".
 */
const char *yaml_type(const struct yaml *);
/* A scalar of the type "text". */
bool yaml_is_text(const struct yaml *);

/*
 * Add text, which is UTF-8, as a scalar that YAML 1.1 and 1.2 read back as
 * that text: bare where that is safe, else in quotes.  No line breaks.
 */
void yaml_write(struct buf *, const char *text);

#endif
