/*
 * proc_priv.h - private to proc*.c: how a child says on a pipe, which closes
 * as the program begins, that it could not become it; and its end.
 */
#ifndef KELPIE_PROC_PRIV_H
#define KELPIE_PROC_PRIV_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

/* In the child: tell errno, and end. */
_Noreturn void proc_not_begun(int report);

/* In the parent: does the program run?  0, or -1 with the child's errno. */
int proc_begun(int report);

/* Wait for its end until the moment, and not a millisecond longer; it is not
 * reaped yet. */
bool proc_ends_by(pid_t, uint64_t moment);

/* Wait for its end and collect its status. */
void proc_reap(pid_t, int *status);

#endif
