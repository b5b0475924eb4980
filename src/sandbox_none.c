/*
 * A system whose means we do not know, and the portable build: rlimits alone.
 */
#include "sandbox_priv.h"

const char system_wanted[] = "landlock and seccomp";

void
system_hide(void)
{
}

int
system_enter(const struct sandbox *sb, struct error *err)
{
	(void)sb;
	(void)err;
	return 0;
}

bool
system_is_whole(int held)
{
	(void)held;
	return false;
}

const char *
system_level(int held)
{
	(void)held;
	return "none";
}
