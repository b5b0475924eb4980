#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

static const struct command *const commands[] = {&cmd_install, &cmd_cache,
    &cmd_bench};

static const char usage[] =
    "usage: kelpie command [option ...] [argument ...]\n"
    "\n"
    "  kelpie install   install the roles of a requirements file\n"
    "  kelpie cache     show or empty the cache of what was fetched\n"
    "  kelpie bench     find out how many workers are worth it\n"
    "  kelpie help      this text; kelpie help install tells more\n"
    "\n"
    "      --version    the version of kelpie\n"
    "  -h, --help       this text\n";

/*
 * With one of the three standard descriptors closed, the next file opened
 * would take its number, and messages would go into that file.
 */
static void
open_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd != -1 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

static const struct command *
find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int
help(int argc, char **argv, struct error *err)
{
	const struct command *c = argc > 1 ? find(argv[1]) : NULL;

	if (argc > 1 && c == NULL) {
		(void)error_set(err, ERR_USAGE, "there is no command '%s'",
		    argv[1]);
		return 2;
	}
	(void)fputs(c != NULL ? c->help : usage, stdout);
	return 0;
}

static int
dispatch(int argc, char **argv, struct error *err)
{
	const struct command *c;

	if (argc < 2) {
		(void)fputs(usage, stderr);
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("kelpie " KELPIE_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return help(argc - 1, argv + 1, err);
	c = find(argv[1]);
	if (c == NULL) {
		(void)error_set(err, ERR_USAGE,
		    "there is no command '%s'; see kelpie --help", argv[1]);
		return 2;
	}
	return c->run(argc - 1, argv + 1, err);
}

/* Say what went wrong; a success that could not be told is none. */
static int
conclude(int status, struct error *err)
{
	struct error late = {0};

	if (err->kind != ERR_NONE)
		ui_error(err);
	if (fflush(stdout) == EOF && errno != EPIPE)
		(void)error_errno(&late, "write to standard output");
	if (ui_close(&late) == 0 && late.kind == ERR_NONE)
		return status;
	ui_error(&late);
	return status == 0 ? 1 : status;
}

int
main(int argc, char **argv)
{
	struct error err = {0};

	open_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN); /* who reads no more is no error */
	return conclude(dispatch(argc, argv, &err), &err);
}
