/*
 * file.h - a file of the user's, written whole or not at all.
 *
 * Knows temporaries, links, fsync and rename; not what is in the file.
 */
#ifndef KELPIE_FILE_H
#define KELPIE_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;

/* What is to become the file at path. */
struct file_out {
	int fd; /* to be written to */
	char *path, *temporary; /* temporary is NULL: it is the file itself */
	bool held;
	sigset_t signals; /* of before, if they are held */
};

/*
 * Begin: of a symbolic link its target, which has to be there; with the mode and, where we may, the owner of the one that was there; into what
 * is no regular file, as a pipe.
 *
 * The temporary lies beside the file under a name of its own, so that the
 * next one finds what one left that was killed.  Two take turns.  With hold,
 * SIGHUP, SIGINT and SIGTERM wait from here to the end; else the caller sees to
 * it that they end nothing meanwhile.  -1: ERR_LOCAL, or ERR_REFUSED for a link
 * that leads nowhere.
 */
int file_begin(struct file_out *, const char *path, bool hold, struct error *);

/*
 * rc 0: put it into place, and onto the disk; -1: forget it, *err says why.
 * Returns that, or -1 with ERR_LOCAL; then the file is as it was.
 */
int file_end(struct file_out *, int rc, struct error *);

/* Let the file at path hold these bytes. */
int file_replace(const char *path, const struct buf *, struct error *);

#endif
