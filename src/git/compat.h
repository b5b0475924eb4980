/*
 * git/compat.h - where the versions of libgit2 differ.
 *
 * Private to the files that include <git2.h>.  Written for 1.5 to 1.9.
 */
#ifndef KELPIE_GIT_COMPAT_H
#define KELPIE_GIT_COMPAT_H

#include <git2.h>

#if LIBGIT2_VER_MAJOR != 1 || LIBGIT2_VER_MINOR < 5
#error "kelpie needs libgit2 1.5 or a later 1.x"
#endif
#if LIBGIT2_VER_MINOR >= 8
#include <git2/sys/errors.h> /* git_error_clear() */
#endif

/* Builds with support for SHA-256 take the type of the id as well. */
static inline int
oid_parse(git_oid *out, const char *hex)
{
#ifdef GIT_EXPERIMENTAL_SHA256
	return git_oid_fromstr(out, hex, GIT_OID_SHA1);
#else
	return git_oid_fromstr(out, hex);
#endif
}

/* The 20 bytes that a tree has. */
static inline int
oid_from_raw(git_oid *out, const void *raw)
{
#ifdef GIT_EXPERIMENTAL_SHA256
	return git_oid_fromraw(out, raw, GIT_OID_SHA1);
#else
	return git_oid_fromraw(out, raw);
#endif
}

#endif
