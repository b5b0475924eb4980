/*
 * cmd/install_args.h - the command line of an install.
 *
 * Knows options and what values they take, kelpie's own and those of
 * ansible-galaxy; not what is done with them.
 */
#ifndef KELPIE_INSTALL_ARGS_H
#define KELPIE_INSTALL_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/kennel.h"
#include "kelpie/config.h"
#include "kelpie/install.h"

struct asked;
struct error;
struct option;

struct install_args {
	struct install_opts opts; /* but for what config says */
	struct config config; /* the options only: not loaded yet */
	const char **files; /* -r */
	size_t files_n;
	char **names;
	size_t names_n;
	int level;
	bool help;
	bool role; /* "role install": collections are not meant */
	bool ignore_errors; /* -i */
	bool keep_scm; /* -g */
	bool galaxy; /* called by that name */
	bool only_lock; /* and install nothing */
	bool is_update; /* roles of the lock file move on: */
	char **update; /* these, or all */
	size_t update_n;
	bool write; /* exact versions too, in the requirements file */
	bool dry_update; /* say what would change, and change nothing */
	bool check; /* say whether the lock file would change, and no more */
	bool lock; /* write a lock file, also where there is none */
	bool frozen; /* as opts.locked, and it decides about versions */
	bool download; /* into dir or output, and install nothing */
	const char *dir, *output; /* or NULL */
	bool prune; /* dir of what the lock file does not name */
	const char *from; /* a directory or tar that was downloaded, or NULL */
	/* What is done about the roles instead of installing them; or NULL. */
	int (*act)(struct install_args *, struct asked *, struct error *);
	bool json; /* what is told is told so */
	bool exit_zero; /* also if roles are outdated */
	const char *timeout; /* as written, or NULL */
	const char **extra; /* for collections alone, as written */
	size_t extra_n;
	struct kennel_args kennel;
};

/* Options that have no letter, and those for collections alone. */
enum install_option {
	OPT_DRY_RUN = 256,
	OPT_TIMEOUT,
	OPT_CA_FILE,
	OPT_ISOLATE,
	OPT_MAX_FILES,
	OPT_MAX_BYTES,
	OPT_MAX_FILE_BYTES,
	OPT_MAX_DEPTH,
	OPT_PER_HOST,
	OPT_RETRIES,
	OPT_NO_CACHE,
	OPT_OFFLINE,
	OPT_REFRESH,
	OPT_ASK,
	OPT_SYNC,
	OPT_TOKEN,
	OPT_FORCE_DEPS,
	OPT_EXTRA,
	OPT_CONFIG_FILE,
	OPT_NO_PIP,
	OPT_PARALLEL,
	OPT_NO_PARALLEL,
	OPT_SANDBOX,
	OPT_LOCK,
	OPT_LOCKED,
	OPT_FROZEN,
	OPT_CHECK_REFS,
	OPT_CHECK,
	OPT_MOVED_TAGS,
	OPT_LOCK_WAIT,
	OPT_WRITE,
	OPT_FROM,
	OPT_MIRROR,
	OPT_PRUNE,
	OPT_JSON,
	OPT_EXIT_ZERO,
};

/* A way to write them: getopt_long(3)'s, and the words for what is wrong. */
struct install_grammar {
	const char *brief;
	const struct option *options;
	int (*bad)(const struct option *, int c, char **argv, struct error *);
	bool dash_is_option; /* "-x" is never the value of an option */
};

extern const struct install_grammar install_own, install_galaxy;
extern const struct install_grammar list_galaxy; /* and remove */

/* What --help prints. */
extern const char install_help[];

/*
 * Read argv into *out, whose strings stay argv's; argv[0] is what the command
 * was called.  ERR_USAGE names the option that is wrong.  The caller frees
 * what came of it either way.
 */
int install_args(struct install_args *, const struct install_grammar *,
    int argc, char **argv, struct error *);
void install_args_free(struct install_args *);

/* Is this role one that an update is about? */
bool install_names(const struct install_args *, const char *name);

/* The requirements file of the current directory, or NULL. */
const char *install_default_file(void);

#endif
