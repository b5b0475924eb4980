/*
 * git/attr.h - which attributes a path has: .gitattributes of a tree.
 *
 * Reads the files' text and matches paths as git does (gitattributes(5)):
 * macros, the pattern language of gitignore(5), the nearest file and the
 * last line win.  Knows eight attributes and ignores the others.
 */
#ifndef KELPIE_GIT_ATTR_H
#define KELPIE_GIT_ATTR_H

#include <stdbool.h>
#include <stddef.h>

enum attr {
	ATTR_EXPORT_IGNORE,
	ATTR_EXPORT_SUBST,
	ATTR_TEXT,
	ATTR_EOL,
	ATTR_CRLF,
	ATTR_IDENT,
	ATTR_ENCODING, /* working-tree-encoding */
	ATTR_FILTER,
	ATTR_COUNT
};

enum attr_state { ATTR_UNSPECIFIED, ATTR_SET, ATTR_UNSET, ATTR_VALUE };

struct attr_value {
	enum attr_state state;
	const char *value; /* ATTR_VALUE; borrowed from the attrs */
};

struct attrs;

struct attrs *attrs_new(void);

/*
 * A longer file is ignored (git: 100 MiB), and so are lines of 2048 bytes,
 * rules after the first 4096 and macros after the first 128.
 */
#define ATTRS_MAX_BYTES (1u << 20)

/*
 * Enter the directory dir ("" for the root, else "a/b") with the text of
 * its .gitattributes, which may be NULL and is copied.  Directories are
 * entered from the root down and left in the opposite order.  Macros are
 * read in the root only.
 */
void attrs_enter(struct attrs *, const char *dir, const char *text, size_t len);
void attrs_leave(struct attrs *);

/*
 * What holds for path, which lies in the directory entered last.  directory
 * is true for submodules too.  Allocates nothing.
 */
void attrs_get(const struct attrs *, const char *path, bool directory,
    struct attr_value out[ATTR_COUNT]);

void attrs_free(struct attrs *);

/*
 * git's own pattern matching; pathname: '*' does not match '/'.  A pattern
 * that takes more than some ten thousand steps does not match.
 */
bool wildmatch(const char *pattern, const char *text, bool pathname);

#endif
