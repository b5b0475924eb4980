#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/galaxy.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct command *const commands[] = {&cmd_install, &cmd_lock,
    &cmd_update, &cmd_outdated, &cmd_download, &cmd_verify, &cmd_diff,
    &cmd_list, &cmd_info, &cmd_remove, &cmd_prune, &cmd_init, &cmd_cache,
    &cmd_bench, &cmd_run, &cmd_convert};

/* Behind the word role, as with ansible-galaxy. */
static const struct command *const role_commands[] = {&cmd_role_install,
    &cmd_list, &cmd_info, &cmd_remove, &cmd_init};

static const char usage[] =
    "usage: kelpie command [option ...] [argument ...]\n"
    "\n"
    "  kelpie install   install the roles of a requirements file\n"
    "  kelpie lock      write down what they are now, for everybody\n"
    "  kelpie update    bring what may move to where it is now\n"
    "  kelpie outdated  show for which there is something newer\n"
    "  kelpie download  put all that the lock file names into one directory\n"
    "  kelpie verify    find out whether roles are what was installed\n"
    "  kelpie diff      show what was changed in one, or what would\n"
    "  kelpie list      show the roles that are in place\n"
    "  kelpie info      show what is known of some of them\n"
    "  kelpie remove    remove roles\n"
    "  kelpie prune     remove what is no longer asked for\n"
    "  kelpie init      make the skeleton of a new role\n"
    "  kelpie cache     show or empty the cache of what was fetched\n"
    "  kelpie bench     find out how many workers are worth it\n"
    "  kelpie run       run a playbook with the roles of a kennel\n"
    "  kelpie convert   make a requirements file of a pupfile\n"
    "  kelpie help      this text; kelpie help install tells more\n"
    "\n"
    "kelpie role install is the same as kelpie install, without collections;\n"
    "kelpie role list, info, remove and init are list, info, remove and init.\n"
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
find(const struct command *const *table, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

/* The command that argv begins with; *words is how many say so. */
static const struct command *
find_command(int argc, char **argv, int *words)
{
	*words = 1;
	if (strcmp(argv[0], "role") != 0)
		return find(commands, COUNT(commands), argv[0]);
	if (argc < 2)
		return NULL;
	*words = 2;
	return find(role_commands, COUNT(role_commands), argv[1]);
}

static int
no_command(int argc, char **argv, int words, struct error *err)
{
	if (words == 2)
		(void)error_set(err, ERR_USAGE,
		    "there is no command 'role %s'; see kelpie --help",
		    argv[1]);
	else if (strcmp(argv[0], "role") == 0 && argc == 1)
		(void)error_set(err, ERR_USAGE,
		    "role needs a command behind it; see kelpie --help");
	else
		(void)error_set(err, ERR_USAGE,
		    "there is no command '%s'; see kelpie --help", argv[0]);
	return 2;
}

static int
help(int argc, char **argv, struct error *err)
{
	const struct command *c;
	int words;

	if (argc == 0) {
		(void)fputs(usage, stdout);
		return 0;
	}
	c = find_command(argc, argv, &words);
	if (c == NULL)
		return no_command(argc, argv, words, err);
	(void)fputs(c->help, stdout);
	return 0;
}

static int
dispatch(int argc, char **argv, struct error *err)
{
	const struct command *c;
	int words;

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
		return help(argc - 2, argv + 2, err);
	argc--;
	argv++;
	c = find_command(argc, argv, &words);
	if (c == NULL)
		return no_command(argc, argv, words, err);
	return c->run(argc - words + 1, argv + words - 1, err);
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
	/* What kelpie outdated found was not told either. */
	return status == 0 || status == 3 ? 1 : status;
}

/*
 * A shell's loop or make(1) goes on after an exit status of 130, and ends when
 * it sees that the signal did.
 */
static int
leave(int status)
{
	int signo = status - 128;

	if (signo == SIGINT || signo == SIGTERM || signo == SIGHUP) {
		(void)signal(signo, SIG_DFL);
		(void)raise(signo);
	}
	return status;
}

int
main(int argc, char **argv)
{
	struct error err = {0};
	bool galaxy = argc > 0 && galaxy_name(argv[0]);
	int status;

	open_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN); /* who reads no more is no error */
	(void)signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is one */
	status =
	    galaxy ? galaxy_main(argc, argv, &err) : dispatch(argc, argv, &err);
	return leave(conclude(status, &err));
}
