/*
 * json.h - a JSON document as a tree to look things up in (RFC 8259).
 *
 * jansson behind a few functions, with bounds.  Reads strangers' bytes: runs
 * in a worker.  Knows nothing of what a document is about.
 */
#ifndef KELPIE_JSON_H
#define KELPIE_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct json;

#define JSON_BYTES_MAX ((size_t)16 << 20)
#define JSON_DEPTH_MAX 32
#define JSON_NODES_MAX 500000

/*
 * Parse one document, of UTF-8 without NUL.  NULL with ERR_INTEGRITY and
 * the line and column, or the bound that it breaks.
 */
struct json *json_parse(const char *text, size_t len, struct error *);
void json_free(struct json *);

/*
 * Looking up.  All of these take NULL, and a value of another type, for
 * something that has nothing inside; what they return lives as long as the
 * document.
 */
const struct json *json_get(const struct json *, const char *key);
/* The values of a list. */
size_t json_count(const struct json *);
const struct json *json_at(const struct json *, size_t i);
bool json_is_map(const struct json *);
bool json_is_list(const struct json *);
/* A string that is not empty, or NULL. */
const char *json_text(const struct json *);
/* Is it a whole number that is not negative? */
bool json_number(const struct json *, long long *out);

#endif
