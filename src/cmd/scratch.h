/*
 * cmd/scratch.h - a roles directory that nobody keeps.
 *
 * For what has to fetch roles only to look at them.
 */
#ifndef KELPIE_CMD_SCRATCH_H
#define KELPIE_CMD_SCRATCH_H

struct error;

/*
 * Make a private directory below TMPDIR (/tmp) and return its absolute path,
 * or NULL with ERR_LOCAL.
 */
char *scratch_make(struct error *);

/* Remove it and all below it, and free the path.  NULL is fine. */
void scratch_remove(char *path);

#endif
