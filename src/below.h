/*
 * below.h - directories below a directory, following no link.
 */
#ifndef KELPIE_BELOW_H
#define KELPIE_BELOW_H

/*
 * Open the directory path, whose parts are divided by '/', below dirfd.
 * Returns a descriptor, or -1 with errno: ENOENT if a part is missing, ELOOP
 * if one is a symbolic link, ENOTDIR if one is something else.
 */
int below_open(int dirfd, const char *path);

/*
 * fsync a directory.  A file system that cannot do that to a directory
 * (EINVAL) is as good as one that did.
 */
int below_sync(int dirfd);

#endif
