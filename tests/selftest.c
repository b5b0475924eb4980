/*
 * selftest.c - faults on purpose, so that the tests can be seen to find them:
 *
 *	selftest leak		memory that nobody has any more
 *	selftest heap		a child writes behind its memory
 *	selftest overflow	a child adds what does not fit
 *	selftest abort		a child calls abort(3)
 *	selftest none		a child does what it should
 *
 * The children are confined and silent, and the parent does not care for
 * how they end: it exits with 0.
 */
#include <sys/wait.h>

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/sandbox.h"

static _Noreturn void
child(const char *what)
{
	const struct sandbox sb = {.write_dir = -1, .file_max = 1 << 20};
	volatile int zero = 0, most = INT_MAX;
	volatile char *p = xmalloc(8);
	struct error err;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)dup2(null, STDERR_FILENO);
	if (null == -1 || sandbox_enter(&sb, &err) == -1)
		_exit(0);
	if (strcmp(what, "heap") == 0)
		p[8 + zero] = 1;
	if (strcmp(what, "overflow") == 0)
		most = most + 1;
	if (strcmp(what, "abort") == 0)
		abort();
	_exit(0);
}

static int
with_child(const char *what)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		child(what);
	return pid == -1 || waitpid(pid, &status, 0) == -1;
}

static char *lost;

int
main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (strcmp(argv[1], "leak") != 0)
		return with_child(argv[1]);
	lost = xstrdup("nobody will have this any more");
	/* Not even a register. */
	lost = xstrdup("");
	free(lost);
	lost = NULL;
	return 0;
}
