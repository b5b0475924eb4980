/*
 * git/convert.h - what git changes in a file on its way out of a tree.
 *
 * Line ends (text, eol, crlf) and $Id$, as git's convert.c does with a clean
 * configuration, and $Format:...$ as git archive does (export-subst).
 * Works on bytes in memory; knows neither trees nor files.
 */
#ifndef KELPIE_GIT_CONVERT_H
#define KELPIE_GIT_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/git/attr.h"

struct buf;

/*
 * Apply ident, then line ends, to a blob whose object id is id (40 hex
 * digits).  The attributes working-tree-encoding and filter are not looked
 * at.  Returns false and leaves out alone when nothing changes.
 */
bool convert_to_worktree(struct buf *out, const char *data, size_t len,
    const char *id, const struct attr_value attr[ATTR_COUNT]);

/* The commit that $Format:...$ speaks of: its id and its raw object. */
struct subst {
	const char *id;
	const char *raw; /* need not end in a NUL */
	size_t len;
	size_t max; /* stop when so much has come out; 0: never */
	bool left_out; /* set when a placeholder had to be left empty */
	bool described; /* git expands the first %(describe) of an archive */
};

/*
 * Expand every $Format:...$ into what git archive writes, see PRETTY FORMATS
 * in git-log(1).  A placeholder that follows from the commit alone is as git
 * has it in a repository whose ids are unique in 7 digits and without a
 * mailmap; what git takes for no placeholder stays (%N and %S too, which it
 * does not know in an archive).
 *
 * What needs more than the commit is left empty, and left_out is set: refs
 * and history (%d, %D, %(describe)), today's date (%ar, %ah), keys (%G? and
 * its kin of a signed commit).  So are %(trailers), the padding of %<() and
 * %>(), the wrapping of %w() and the colours of %C(always,...).  A message
 * in another encoding than UTF-8 keeps its bytes.
 *
 * Returns false and leaves out alone when there is nothing to expand.  With
 * max, out may be cut, but then it is longer than max.
 */
bool subst_expand(struct subst *, struct buf *out, const char *data,
    size_t len);

#endif
