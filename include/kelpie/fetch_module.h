/*
 * fetch_module.h - the part of kelpie that knows libgit2 and libcurl.
 *
 * A private loadable module, so that a run with nothing to fetch does not
 * map those libraries.  It exports one symbol, FETCH_MODULE_SYMBOL, a
 * struct fetch_module.
 */
#ifndef KELPIE_FETCH_MODULE_H
#define KELPIE_FETCH_MODULE_H

#include "kelpie/sandbox.h"
#include "kelpie/settings.h"
#include "kelpie/tree.h"

struct error;
struct job;
struct worker;

#define FETCH_MODULE_SYMBOL "kelpie_fetch_module"
#define FETCH_MODULE_VERSION 4

struct fetch_opts {
	struct limits limits;
	struct settings settings; /* of the worker's origin */
	unsigned timeout; /* seconds without a byte */
	enum sandbox_mode sandbox; /* the module's own sandbox_choose() */
};

/* A role in two roles directories. */
struct fetch_trees {
	const char *from, *to; /* absolute */
	const char *name;
	enum sandbox_mode sandbox; /* as in fetch_opts */
};

/* The path of a tar that may be a stranger's, and that of the empty
 * directory for its files. */
struct untar {
	const char *tar, *dir;
	enum sandbox_mode sandbox;
};

struct fetch_module {
	int version;
	/*
	 * In the parent, once, before the first fork: initialise the
	 * libraries, which is cheaper once than in every worker.  Reads
	 * nothing from outside, opens no connection, starts no thread.
	 */
	int (*prepare)(struct error *);
	/*
	 * In a child of its own: write the user's git configuration to fd, as
	 * "git config --null --list" does.  Returns the exit status.  Files:
	 * those of git-config(1) but no repository's, and the environment's
	 * GIT_CONFIG_*.
	 */
	int (*config)(int fd, void *unused);
	/*
	 * In a child of its own, which is confined first: write to fd what
	 * differs between the struct fetch_trees, a line each as
	 * fetch/diff.h has them.  A last line behind '!' says why there is no
	 * more.  Returns the exit status.
	 */
	int (*diff)(int fd, void *trees);
	/*
	 * In the worker, once: confine it to stagefd, its own directory,
	 * which also becomes its current directory.
	 */
	int (*enter)(struct worker *, int stagefd, const struct fetch_opts *,
	    struct error *);
	/*
	 * In the worker: fill <id>/role below the current directory, and
	 * leave nothing else there.  With job->refs: leave it empty, and
	 * tell what there is.  Blocks, touches network and disk.
	 */
	int (*run)(struct worker *, const struct job *, struct error *);
	/*
	 * In a child of its own: confine it, and write the files of a mirror
	 * (mirror.h) that are in a struct untar, and no others.  Writes to fd
	 * why that cannot be, or nothing.  Returns the exit status.
	 */
	int (*untar)(int fd, void *untar);
};

/*
 * Load the module: beside the program, else where it was installed.  Runs in
 * the parent.  Stays loaded for the life of the process.  ERR_LOCAL if it is
 * missing or not of this version.
 */
const struct fetch_module *fetch_load(struct error *);

#endif
