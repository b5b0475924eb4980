/*
 * jsonout.h - one JSON document (RFC 8259), written into memory.
 *
 * Knows how things are written, not what they mean.  Whatever the bytes of a
 * string are, what comes out is valid JSON of printable ASCII alone: it can
 * go to a terminal as it is.  Touches nothing but its buffer.
 */
#ifndef KELPIE_JSONOUT_H
#define KELPIE_JSONOUT_H

#include <stdbool.h>

#include "kelpie/buf.h"

/* {0} is a document that is not begun. */
struct jsonout {
	struct buf text; /* the caller's: buf_free() */
	unsigned depth;
	bool empty; /* nothing was said since the last bracket */
};

/*
 * The key of what stands in an object; NULL for what stands in a list, and
 * for the document itself.  bracket is '{' or '['; jsonout_end() takes the
 * closing one, and behind the last one a line feed is written.
 */
void jsonout_begin(struct jsonout *, const char *key, char bracket);
void jsonout_end(struct jsonout *, char bracket);

/* NULL is null.  A byte that is no UTF-8 becomes U+FFFD. */
void jsonout_string(struct jsonout *, const char *key, const char *value);
void jsonout_bool(struct jsonout *, const char *key, bool value);

#endif
