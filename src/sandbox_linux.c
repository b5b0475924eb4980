#include <sys/prctl.h>

#include "sandbox_priv.h"

const char system_wanted[] = "landlock and seccomp";

void
system_hide(void)
{
#ifndef KELPIE_SANITIZED
	(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
	/* Without it the rest is refused, and that is noticed. */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
}

/* The ABI of Landlock, twice, and one more with seccomp. */
int
system_enter(const struct sandbox *sb, struct error *err)
{
	int abi = landlock_enter(sb, err), filter;

	if (abi == -1)
		return -1;
	/* Last: the filter denies much of what came before. */
	filter = seccomp_enter(sb, err);
	return filter == -1 ? -1 : 2 * abi + filter;
}

bool
system_is_whole(int held)
{
	return held / 2 > 0 && held % 2 == 1;
}

const char *
system_level(int held)
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
	    {"landlock 8", "landlock 8, seccomp"},
	    {"landlock 9", "landlock 9, seccomp"},
	};

	if (held < 0 || held / 2 > LANDLOCK_ABI_MAX)
		held = 0;
	return levels[held / 2][held % 2];
}
