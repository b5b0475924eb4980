/*
 * kennel.h - a directory as sheepdoge has it: kennel.cfg and a pupfile.
 *
 * Knows the two files and what they say: settings, and specs, which are then
 * like any others.  Does not know how they are installed, nor what a
 * playbook is.
 */
#ifndef KELPIE_KENNEL_H
#define KELPIE_KENNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/spec.h"

struct buf;

/* Paths are absolute, but for the pupfile's. */
struct kennel {
	char *pupfile; /* as messages have it */
	char *playbook;
	char *roles;
	char *vault; /* the vault password file, or NULL */
};

/*
 * Read the section [kennel] of the file; what it does not say is as usual,
 * and paths in it are relative to its directory.  Without a file (NULL) all
 * is as usual in the current directory.  ERR_CONFIG or ERR_LOCAL, with the
 * file and, where there is one, the line.  Runs in the parent.
 */
int kennel_load(struct kennel *, const char *file, struct error *);
void kennel_free(struct kennel *);

struct pups {
	struct specs specs;
	char **given; /* of each: the place as written, bare */
	size_t n;
};

/*
 * Read a pupfile: a list of maps with name: and location:, which is
 * "fs+PATH", "git+URL[,version]" or "galaxy+OWNER.ROLE[,version]".  Paths
 * are relative to its directory, "~/" to HOME.  Every fault goes to faults
 * with its place; a key that is not known becomes a note.  Runs in the
 * parent.
 */
void pups_load(struct pups *, const char *path, struct faults *);
/* The same for a file at path whose bytes are given. */
void pups_parse(struct pups *, const char *path, const char *text, size_t len,
    struct faults *);
void pups_free(struct pups *);

/*
 * Write them as a requirements file, in their order: paths as they were
 * written, or absolute.  Before specs_check(), which may drop some.
 */
void pups_convert(struct buf *, const struct pups *, bool as_written);

/*
 * Split text into words as a shell does that expands nothing: at blanks,
 * with '...', "..." and '\'.  *out ends with NULL and is to be freed with
 * words_free(), also on failure: ERR_USAGE for a quote that is not closed.
 */
int words_split(char ***out, const char *text, struct error *);
void words_free(char **);

#endif
