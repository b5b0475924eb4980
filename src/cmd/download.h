/*
 * cmd/download.h - what a lock file names, in one directory or one file.
 */
#ifndef KELPIE_CMD_DOWNLOAD_H
#define KELPIE_CMD_DOWNLOAD_H

struct error;
struct install_args;
struct lockfile;
struct mirror_index;
struct specs;

/*
 * Fill the directory, or the tar, that the command line names; specs is what
 * the requirements file asks for, of which only those stay that had to be
 * fetched.  The exit status; *err is set if there is something to say.
 */
int download_roles(struct install_args *, struct specs *,
    const struct lockfile *, struct error *);

/*
 * Files in the open directory that have the names of the index or the lock
 * file, and that are not of a download, are not to be replaced: ERR_REFUSED.
 */
int download_check(const char *path, int dirfd, const struct lockfile *,
    struct error *);

/*
 * Write the files of the index, and the index, which come from the open
 * directory, to a tar (POSIX.1-1988, ustar) at path, by a rename.  The same
 * files give the same bytes.  ERR_LOCAL, or ERR_CANCELLED for a signal that waits
 * (cmd/scratch.h); nothing is left then.
 */
int download_tar(const char *path, int dirfd, const struct mirror_index *,
    struct error *);

#endif
