#include "kelpie/sandbox.h"

#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "kelpie/error.h"
#include "sandbox_priv.h"

#define ADDRESS_SPACE (2ull << 30)
#define DESCRIPTORS 256

/* Lower a limit for good; one that is lower already stays. */
static int
lower(unsigned resource, rlim_t value, const char *what, struct error *err)
{
	struct rlimit r;

	if (getrlimit(resource, &r) == -1)
		return error_errno(err, "cannot read the limit of %s", what);
	if (r.rlim_max == RLIM_INFINITY || r.rlim_max > value)
		r.rlim_max = value;
	if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > value)
		r.rlim_cur = value;
	if (setrlimit(resource, &r) == -1)
		return error_errno(err, "cannot limit %s", what);
	return 0;
}

static int
lower_all(const struct sandbox *sb, struct error *err)
{
	if (lower(RLIMIT_CORE, 0, "core files", err) == -1 ||
	    lower(RLIMIT_FSIZE, sb->file_max, "file sizes", err) == -1 ||
	    lower(RLIMIT_NOFILE, DESCRIPTORS, "descriptors", err) == -1)
		return -1;
#ifndef KELPIE_SANITIZED
	/* A sanitizer maps far more than it ever touches. */
	if (lower(RLIMIT_AS, ADDRESS_SPACE, "memory", err) == -1)
		return -1;
#endif
	return 0;
}

/* Gain nothing by running a program, and be nobody's to look into. */
static int
give_up_privileges(struct error *err)
{
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == -1)
		return error_errno(err, "cannot give up new privileges");
#ifndef KELPIE_SANITIZED
	if (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == -1)
		return error_errno(err, "cannot hide the worker's memory");
#endif
#else
	(void)err;
#endif
	return 0;
}

int
sandbox_enter(const struct sandbox *sb, struct error *err)
{
	if (lower_all(sb, err) == -1 || give_up_privileges(err) == -1 ||
	    landlock_enter(sb, err) == -1)
		return -1;
	/* Last: the filter denies much of what came before. */
	return seccomp_enter(sb->network, err);
}

const char *
sandbox_level(void)
{
	static const char *const levels[LANDLOCK_ABI_MAX + 1][2] = {
	    {"none", "seccomp"},
	    {"landlock 1", "landlock 1, seccomp"},
	    {"landlock 2", "landlock 2, seccomp"},
	    {"landlock 3", "landlock 3, seccomp"},
	    {"landlock 4", "landlock 4, seccomp"},
	    {"landlock 5", "landlock 5, seccomp"},
	    {"landlock 6", "landlock 6, seccomp"},
	    {"landlock 7", "landlock 7, seccomp"},
	};

	return levels[landlock_abi()][seccomp_available() ? 1 : 0];
}
