/*
 * yaml_priv.h - private to yaml*.c: making the nodes of the tree, and what
 * its editor shares with its writer.
 *
 * Knows what YAML means by aliases, merge keys and keys given twice, and
 * how large a tree may become.  Knows nothing of libyaml.
 */
#ifndef KELPIE_YAML_PRIV_H
#define KELPIE_YAML_PRIV_H

#include <stddef.h>

#include "kelpie/yaml.h"

struct anchor;
struct yaml_change;
struct yaml_event_s; /* libyaml's yaml_event_t */

struct builder {
	size_t nodes; /* made so far */
	size_t bytes; /* of text copied for aliases */
	unsigned line, column; /* where the reader is: for the messages */
	struct yaml *dead; /* nodes out of the tree that an anchor may name */
	struct anchor *anchors;
	size_t anchors_n;
	struct error *err;
};

void builder_free(struct builder *);

/* "line:column: " of the reader and what; returns -1. */
int builder_fail(const struct builder *, const char *what);

/* A node at the reader's place, or NULL if it is one too many or too deep. */
struct yaml *node_new(struct builder *, enum yaml_kind, unsigned depth);
void node_append(struct yaml *list, struct yaml *item);
void node_append_pair(struct yaml *map, struct yaml *key, struct yaml *value);

/* A copy of from to stand at depth; it keeps the lines of the original. */
struct yaml *node_copy(struct builder *, const struct yaml *from,
    unsigned depth);

/* Give node a name.  A list or map cannot be copied before it is closed. */
int node_anchor(struct builder *, const char *name, struct yaml *);
void node_close(struct builder *, const struct yaml *);
/* A copy of what has this name, at the reader's place. */
struct yaml *node_alias(struct builder *, const char *name, unsigned depth);

/* A map is complete: resolve its merge keys, drop what was overwritten. */
int node_finish_map(struct builder *, struct yaml *map, unsigned depth);

/* yaml_write.c: as yaml_write(), always between double quotes. */
void yaml_write_quoted(struct buf *, const char *text);

/*
 * yaml_edit_scalar.c: what is to stand where raw does, which libyaml told of
 * in this event.  -1 with the error of the change.
 */
int edit_rewrite(struct buf *, const struct yaml_event_s *, const char *raw,
    size_t len, struct yaml_change *);

#endif
