/*
 * file.h - a file of the user's, written whole or not at all.
 *
 * Knows temporaries, fsync and rename; not what is in the file.
 */
#ifndef KELPIE_FILE_H
#define KELPIE_FILE_H

#include <stddef.h>

struct buf;
struct error;

/*
 * Let the file at path hold these bytes: by a temporary beside it, fsync and
 * rename, with the mode of the one that was there.
 * Of a symbolic link the target is replaced.  What is no regular file, as a
 * pipe, is written into.  -1: ERR_LOCAL, and the file is as it was.
 */
int file_replace(const char *path, const struct buf *, struct error *);

#endif
