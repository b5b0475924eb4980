/*
 * proc_priv.h - private to proc*.c: how a child says on a pipe, which closes
 * as the program begins, that it could not become it; and how one ends.
 */
#ifndef KELPIE_PROC_PRIV_H
#define KELPIE_PROC_PRIV_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

struct error;

/* In the child: tell errno, and end. */
_Noreturn void proc_not_begun(int report);

/* In the parent: does the program run?  0, or -1 with the child's errno. */
int proc_begun(int report);

/* Wait for its end until the moment, and not a millisecond longer; it is not
 * reaped yet. */
bool proc_ends_by(pid_t, uint64_t moment);

/* Wait for its end, through signals that are caught. */
void proc_reap(pid_t, int *status);

/* Was that a good end?  ERR_CHILD if not. */
int proc_judge(int status, struct error *);

#endif
