/*
 * yaml_edit.h - other words in a YAML text, and every other byte as it was.
 *
 * Finds scalars by the marks of libyaml and changes the bytes between them.
 * Pure: bytes in, bytes out; knows nothing of roles.
 */
#ifndef KELPIE_YAML_EDIT_H
#define KELPIE_YAML_EDIT_H

#include <stddef.h>

#include "kelpie/error.h"

struct buf;

struct yaml_change {
	unsigned line, column; /* of the scalar, as struct yaml has them */
	size_t offset; /* into its text: there stands */
	const char *was;
	const char *to; /* what is to stand there; UTF-8 */
	struct error err; /* out: why it is left as it is, or ERR_NONE */
};

struct yaml_changes {
	struct yaml_change *v;
	size_t n;
};

/*
 * Add text to out with every change that can be made: the scalar keeps its
 * quotes, and gets some where it needs them.  What stands under an anchor, is
 * an alias, has a tag or is a block of lines is left, with ERR_REFUSED in
 * the change.  Changes may come in any order, each for a scalar of its own;
 * one that changes nothing finds out whether it could.
 *
 * -1 with ERR_CONFIG if text is no YAML in UTF-8, or if the result would be
 * another tree than the one of text with these scalars changed: out has
 * nothing then.
 */
int yaml_edit(struct buf *out, const char *text, size_t len,
    struct yaml_changes *, struct error *);

#endif
