/*
 * git/export.h - a commit's tree as git archive would write it.
 *
 * Reads objects through libgit2's odb, asks attr.h and convert.h, writes
 * through tree.h.  Knows nothing of remotes.
 */
#ifndef KELPIE_GIT_EXPORT_H
#define KELPIE_GIT_EXPORT_H

#include <git2.h>
#include <stdint.h>

#include "kelpie/tree.h"

struct error;

struct export
{
	git_odb *odb;
	const char *commit; /* 40 hex digits */
	const char *path; /* of the directory to write; NULL or "": all */
	int dirfd; /* the empty directory to fill */
	const struct limits *limits;
	/*
	 * Called after each file, link and submodule; may be NULL.  total has
	 * those, too, that are ignored later, so done need not reach it.
	 */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	/*
	 * Something that -v should tell, not escaped: part of $Format$ left
	 * out, a filter or encoding not applied, an empty submodule, a
	 * .gitattributes that is too large.  May be NULL.
	 */
	void (*note)(void *ctx, const char *line);
	void *ctx;
};

/*
 * Write the tree: export-ignore, export-subst, line ends, links, modes;
 * submodules as empty directories; .git never.  Directories with no entry
 * but empty or ignored directories are left out.  Counts the entries before
 * it writes the first, and finds bad modes and duplicates then.
 * ERR_INTEGRITY if an object is missing, damaged or breaks a rule, ERR_LOCAL
 * for this machine.  Messages hold names as they are in the tree.  libgit2 is
 * to be initialised; ERR_NOTFOUND if there is no such path.  Runs in the
 * worker.
 */
int export_commit(const struct export *, struct error *);

#endif
