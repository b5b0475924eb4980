/*
 * path.h - paths as text: joined, cleaned, expanded, and where home is.
 *
 * Used by what reads the user's files.  Beyond asking for the current
 * directory, the environment and the password file it looks at nothing.
 */
#ifndef KELPIE_PATH_H
#define KELPIE_PATH_H

#include <stdbool.h>

struct error;

/* The user's home directory, absolute, or NULL.  The caller frees it. */
char *path_home(void);

/* The current directory, or NULL with ERR_LOCAL.  The caller frees it. */
char *path_cwd(struct error *);

/*
 * s with "$NAME" and "${NAME}" from the environment, then "~" and "~user"
 * at its beginning, as Ansible does.  What is not known stays as it is.  The
 * caller frees the result.
 */
char *path_expand(const char *s);

/* What is before the last '/' of path; "." if there is none. */
char *path_dir(const char *path);

/*
 * path as seen from the absolute directory base: absolute, without empty
 * parts and without ".".  "x/.." goes away if lexical, else it stays, since
 * x may be a symbolic link; ".." at the beginning of path is taken off base,
 * which must have no links in it for that.  The caller frees the result.
 */
char *path_join(const char *base, const char *path, bool lexical);

/*
 * The other way round: "./x" or "../x" for an absolute path, of which
 * path_join() makes the same again, or NULL.  The caller frees it.
 */
char *path_seen_from(const char *base, const char *path);

#endif
