/*
 * export_priv.h - tree objects taken apart, for export.c only.
 *
 * Knows how a tree is stored; knows neither paths nor what is done with an
 * entry.
 */
#ifndef EXPORT_PRIV_H
#define EXPORT_PRIV_H

#include <git2.h>
#include <stdbool.h>
#include <stddef.h>

struct error;

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

#endif
