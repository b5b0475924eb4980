/*
 * cmd/edits.h - other versions for some roles of a requirements file, and of
 * the files that it includes.
 *
 * Finds where the versions stand, and writes all of the files or none.  Does
 * not know which versions are better.
 */
#ifndef KELPIE_CMD_EDITS_H
#define KELPIE_CMD_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/spec.h"

struct error;
struct edited;

struct wanted_edit {
	char *name, *was, *to; /* of a role, and its versions */
};

struct edits {
	struct wanted_edit *v;
	size_t n;
	struct specs specs; /* as the files are now, twins and all */
	struct edited *file; /* that have any of them */
	size_t files;
};

void edits_begin(struct edits *);
void edits_want(struct edits *, const char *name, const char *was,
    const char *to);

/*
 * Read the files once more and edit their text, in memory.  -1 with *err if
 * one of them cannot be read or edited at all.
 */
int edits_try(struct edits *, const char *file, struct error *);

/* Is there an entry of this name that cannot be edited?  Warns of it. */
bool edits_fail(const struct edits *, const char *name);

/* What would be written, with file and line. */
int edits_tell(const struct edits *);

/* Write the files.  -1 if something cannot be edited, or written. */
int edits_write(struct edits *, struct error *);
void edits_free(struct edits *);

#endif
