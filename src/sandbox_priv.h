/*
 * sandbox_priv.h - the two kinds of confinement that only Linux has.
 *
 * Both are absent, and say so, in a portable build.
 */
#ifndef SANDBOX_PRIV_H
#define SANDBOX_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/sandbox.h"

/* The newest ABI of Landlock whose rights we know. */
#define LANDLOCK_ABI_MAX 7

/* The ABI that will be used, 0 for none. */
unsigned landlock_abi(void);

/* Confine files, ports and signals; nothing where Landlock is absent. */
int landlock_enter(const struct sandbox *, struct error *);

bool seccomp_available(void);

/* Deny system calls; nothing where filters are absent. */
int seccomp_enter(bool network, struct error *);

#if defined(__linux__) && !defined(KELPIE_PORTABLE) && \
    (defined(__x86_64__) || defined(__AARCH64EL__))
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
#endif

#endif
