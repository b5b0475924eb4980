/*
 * export_priv.h - what the files of export share.
 *
 * export.c walks, export_tree.c takes tree objects apart, export_leaf.c
 * writes what is no directory.
 */
#ifndef EXPORT_PRIV_H
#define EXPORT_PRIV_H

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/buf.h"
#include "kelpie/git/convert.h"

struct error;
struct export;
struct tree;

#define ID_HEX 40 /* digits of an object's name */

enum entry_kind { ENTRY_FILE, ENTRY_LINK, ENTRY_TREE, ENTRY_SUBMODULE };

struct entry {
	const char *name; /* borrowed from the entries; has no '/' */
	enum entry_kind kind;
	bool executable;
	git_oid id;
};

struct entries {
	git_odb_object *object;
	struct entry *entry;
	size_t n;
};

/*
 * Read an object of the given type.  ERR_INTEGRITY if it is missing, damaged
 * or another type.
 */
int object_read(git_odb_object **out, git_odb *, const git_oid *, git_object_t,
    struct error *);

/* How to name an object in a message; out has ID_HEX + 1 bytes. */
const char *object_name(char *out, const git_oid *);

/*
 * Read the tree with this id in the order in which it is stored.  An entry
 * with a mode that git does not write, with a name that cannot be one, or
 * with the name of another entry is ERR_INTEGRITY.  entries_free() in any
 * case.
 */
int entries_read(struct entries *, git_odb *, const git_oid *, struct error *);
void entries_free(struct entries *);

/* ---- the walk ---- */

/* Two walks over the same tree, the first of which only counts. */
struct walk {
	const struct export *x;
	struct tree *tree;
	struct attrs *attrs;
	struct subst subst;
	struct buf path; /* of the entry at hand, in the commit */
	size_t root, skip; /* bytes of the path to the role; with its '/' */
	uint64_t entries; /* as the first walk counts them */
	uint64_t leaves, done; /* those that are no directories */
	unsigned depth;
};

/* The path of the entry at hand in the role. */
const char *walk_below(const struct walk *);

/* Tell of the entry at hand: what, and the value behind it. */
void walk_note(const struct walk *, const char *what, const char *value);

/* Read a blob of at most max bytes, or say what it is too long for. */
int walk_blob(git_odb_object **out, const struct walk *, const git_oid *,
    uint64_t max, struct error *);

/* Write the entry at hand, which is no directory. */
int walk_leaf(struct walk *, const struct entry *, const struct attr_value *,
    struct error *);

#endif
