/*
 * cmd/cmd.h - the commands of kelpie, one file each.
 *
 * A command takes its own arguments (argv[0] is its name) and returns the
 * exit status; main.c prints *err if it is set.
 */
#ifndef KELPIE_CMD_H
#define KELPIE_CMD_H

struct config;
struct error;

struct command {
	const char *name;
	int (*run)(int argc, char **argv, struct error *);
	const char *help; /* what --help prints */
};

extern const struct command cmd_bench;
extern const struct command cmd_cache;
extern const struct command cmd_convert;
extern const struct command cmd_diff;
extern const struct command cmd_download;
extern const struct command cmd_info;
extern const struct command cmd_init;
extern const struct command cmd_install;
extern const struct command cmd_list;
extern const struct command cmd_lock;
extern const struct command cmd_outdated;
extern const struct command cmd_prune;
extern const struct command cmd_remove;
extern const struct command cmd_role_install;
extern const struct command cmd_run;
extern const struct command cmd_update;
extern const struct command cmd_verify;

/*
 * Say what is wrong with the option for which getopt_long(3) has just
 * returned c, '?' or ':'; argv[0] is the command.  ERR_USAGE, returns -1.
 */
int command_bad_option(int c, char **argv, struct error *);

/*
 * Confine the children of this command as the configuration says.  ERR_USAGE
 * if that is required and cannot be had here.
 */
int command_sandbox(const struct config *, struct error *);

#endif
