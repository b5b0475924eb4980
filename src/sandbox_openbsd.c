/*
 * pledge(2) and unveil(2).  Ports are not theirs to tell apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kelpie/error.h"
#include "sandbox_priv.h"

const char system_wanted[] = "pledge and unveil";

/* What pledge takes away covers it. */
void
system_hide(void)
{
}

/* A directory is known by its descriptor, and unveil wants a path. */
static int
show_directory(int dir)
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = -1, saved;

	if (fchdir(dir) == 0)
		rc = unveil(".", "rwc");
	saved = errno;
	if (here != -1) {
		if (rc == 0)
			rc = fchdir(here);
		(void)close(here);
		errno = saved;
	}
	return rc;
}

/* The first that is shown hides all the others. */
static int
show(const struct sandbox *sb, struct error *err)
{
	const char *const *path = sb->read;
	size_t n = 0;

	if (sb->write_dir != -1) {
		if (show_directory(sb->write_dir) == -1)
			return error_errno(err, "cannot confine to the stage");
		n++;
	}
	for (; path != NULL && *path != NULL; path++) {
		if (unveil(*path, sb->programs ? "rx" : "r") == -1 &&
		    errno != ENOENT)
			return error_errno(err, "cannot confine to '%s'",
			    *path);
		n++;
	}
	if (sb->programs && unveil("/dev/null", "rw") == -1)
		return error_errno(err, "cannot confine to '/dev/null'");
	if (n == 0 && unveil("/", "") == -1)
		return error_errno(err, "cannot confine to nothing");
	if (unveil(NULL, NULL) == -1)
		return error_errno(err, "cannot lock what is shown");
	return 0;
}

/*
 * Jobs bring descriptors.  "error" because what a library tries in vain is
 * no reason to end, there as little as with the filter of Linux.
 */
int
system_enter(const struct sandbox *sb, struct error *err)
{
	char promises[64];

	(void)snprintf(promises, sizeof(promises),
	    "error stdio rpath recvfd%s%s%s",
	    sb->write_dir != -1 ? " wpath cpath" : "",
	    sb->network ? " inet dns" : "", sb->programs ? " proc exec" : "");
	if (show(sb, err) == -1)
		return -1;
	/* A program has to find its libraries. */
	if (pledge(promises,
		sb->programs ? "error stdio rpath wpath cpath prot_exec" :
			       NULL) == -1)
		return error_errno(err, "cannot pledge '%s'", promises);
	return 1;
}

bool
system_is_whole(int held)
{
	return held == 1;
}

const char *
system_level(int held)
{
	return held == 1 ? "pledge, unveil" : "none";
}
