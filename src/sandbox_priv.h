/*
 * sandbox_priv.h - what a system has to confine a process with.
 *
 * One of sandbox_linux.c, sandbox_openbsd.c and sandbox_none.c is compiled;
 * Landlock and seccomp are the two halves of the first.
 */
#ifndef SANDBOX_PRIV_H
#define SANDBOX_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/sandbox.h"

/* Be nobody's to look into, and gain nothing by running a program.  Without
 * the latter only root may confine itself. */
void system_hide(void);

/*
 * Confine the calling process.  Returns a small number for what holds then,
 * 0 for nothing; -1 only for what should not be: that a system has less, or
 * lets us have less, is no error.
 */
int system_enter(const struct sandbox *, struct error *);

/* All that the name of the system stands for. */
bool system_is_whole(int held);
const char *system_level(int held);
extern const char system_wanted[];

/* The newest ABI of Landlock whose rights we know. */
#define LANDLOCK_ABI_MAX 9

/* Confine files, ports and signals.  Returns the ABI; 0: not to be had. */
int landlock_enter(const struct sandbox *, struct error *);

/* Deny system calls.  Returns 1; 0: not to be had. */
int seccomp_enter(const struct sandbox *, struct error *);

#if defined(__x86_64__) || defined(__AARCH64EL__)
#define SANDBOX_SECCOMP

#define FILTER_MAX 512 /* instructions */
#define SETID_BITS 06000 /* of a file's mode */

enum test {
	DENY_IF_ANY, /* of these bits is set */
	DENY_IF_NONE,
	DENY_IF_EQUAL,
	DENY_UNLESS_EQUAL,
};

struct deny_rule {
	int nr;
	unsigned arg;
	enum test test;
	uint32_t value;
};

/* Denied whatever the arguments are, and for what is in one of them. */
extern const int deny_calls[];
extern const size_t deny_calls_n;
extern const struct deny_rule deny_rules[];
extern const size_t deny_rules_n;
/* Kinds of ioctl(2): the second byte of their numbers. */
extern const uint8_t deny_ioctls[];
extern const size_t deny_ioctls_n;
#endif

#endif
