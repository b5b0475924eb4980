#include "kelpie/sandbox.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <unistd.h>

#include "kelpie/error.h"
#include "sandbox_priv.h"

#define ADDRESS_SPACE (2ull << 30)
#define DESCRIPTORS 256

static enum sandbox_mode chosen;

void
sandbox_choose(enum sandbox_mode mode)
{
	chosen = mode;
}

enum sandbox_mode
sandbox_chosen(void)
{
	return chosen;
}

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
#if defined(RLIMIT_AS) && !defined(KELPIE_SANITIZED)
	/* A sanitizer maps far more than it ever touches. */
	if (lower(RLIMIT_AS, ADDRESS_SPACE, "memory", err) == -1)
		return -1;
#endif
	return 0;
}

int
sandbox_enter(const struct sandbox *sb, struct error *err)
{
	int held;

	system_hide();
	if (lower_all(sb, err) == -1)
		return -1;
	if (chosen == SANDBOX_OFF)
		return 0;
	held = system_enter(sb, err);
	if (held == -1)
		return -1;
	if (chosen == SANDBOX_REQUIRE && !system_is_whole(held))
		return error_set(err, ERR_LOCAL,
		    "cannot be confined by %s, as --sandbox=require wants it",
		    system_wanted);
	return 0;
}

/*
 * What the kernel says that it has is not what it lets us have: a container
 * may forbid the calls, or have used up what can be stacked.
 */
static int
try_out(void)
{
	static const uint16_t ports[] = {0};
	static const char *const read[] = {NULL};
	const struct sandbox sb = {.write_dir = -1,
	    .read = read,
	    .ports = ports,
	    .network = true};
	struct error ignored;
	pid_t pid = fork();
	int status, held;

	if (pid == 0) {
		system_hide();
		held = system_enter(&sb, &ignored);
		_exit(held == -1 ? 0 : held);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return 0;
	return pid != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

const char *
sandbox_level(void)
{
	return system_level(chosen == SANDBOX_OFF ? 0 : try_out());
}

int
sandbox_check(struct error *err)
{
	int held;

	if (chosen != SANDBOX_REQUIRE)
		return 0;
	held = try_out();
	if (system_is_whole(held))
		return 0;
	return error_set(err, ERR_USAGE,
	    "--sandbox=require: workers are to be confined by %s, and here "
	    "there is %s; --sandbox=auto does with what there is",
	    system_wanted, system_level(held));
}
