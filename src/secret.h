/*
 * secret.h - memory for passwords.
 *
 * Pages that a child made by fork(2) sees as zeros and that no core dump
 * holds, where the system can do that; plain memory elsewhere.
 */
#ifndef KELPIE_SECRET_H
#define KELPIE_SECRET_H

#include <stddef.h>

/* Zeroed memory of that many bytes, or the process ends. */
char *secret_new(size_t size);

/* Wipes it first.  NULL is nothing. */
void secret_free(char *, size_t size);

#endif
