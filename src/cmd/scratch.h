/*
 * cmd/scratch.h - a roles directory that nobody keeps.
 *
 * For what has to fetch roles only to look at them.
 */
#ifndef KELPIE_CMD_SCRATCH_H
#define KELPIE_CMD_SCRATCH_H

#include <signal.h>

struct error;

/* So many at a time, and the last one made is removed first. */
#define SCRATCH_MAX 2

/*
 * Make a private directory below TMPDIR (/tmp) and return its absolute path,
 * or NULL with ERR_LOCAL.  From here on SIGHUP, SIGINT and SIGTERM wait until
 * all are gone.  What was left there by one that was killed is removed.
 */
char *scratch_make(struct error *);

/* The signal that waits, or 0; it changes at any moment. */
extern volatile sig_atomic_t scratch_signal;

/*
 * Remove it and all below it, and free the path; NULL is fine.  A signal that
 * came meanwhile, and that no install_run() has answered, is sent to us again
 * with the last one, and mostly ends us.
 */
void scratch_remove(char *path);

#endif
