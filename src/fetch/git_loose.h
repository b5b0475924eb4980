/*
 * fetch/git_loose.h - objects of a repository that are not whole.
 *
 * Private to fetch/.  After a crash a repository on this machine may have
 * objects in files of their own of which a part is missing.  Knows the
 * outside of such a file only (zlib); what is in it libgit2 reads and proves.
 */
#ifndef KELPIE_FETCH_GIT_LOOSE_H
#define KELPIE_FETCH_GIT_LOOSE_H

#include <git2.h>

struct error;

/*
 * From now on reading an object of this odb, which is that of the
 * repository, fails at once if its file is cut off, damaged or has not the
 * size that it says, whatever libgit2 would do with it; also for what the
 * repository borrows from others.  Runs in the worker; ERR_LOCAL.
 */
int loose_watch(git_repository *, git_odb *, struct error *);

#endif
