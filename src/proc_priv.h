/*
 * proc_priv.h - private to proc*.c: how a child says on a pipe, which closes
 * as the program begins, that it could not become it.
 */
#ifndef KELPIE_PROC_PRIV_H
#define KELPIE_PROC_PRIV_H

/* In the child: tell errno, and end. */
_Noreturn void proc_not_begun(int report);

/* In the parent: does the program run?  0, or -1 with the child's errno. */
int proc_begun(int report);

#endif
