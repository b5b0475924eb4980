/*
 * install.h - the engine: plan, pool, store.
 *
 * Brings what the specs ask for into the roles directory.  Knows all the
 * rooms below and lets each do its own.
 */
#ifndef KELPIE_INSTALL_H
#define KELPIE_INSTALL_H

#include <stdbool.h>

#include "kelpie/tree.h"

struct error;
struct specs;

struct install_opts {
	const char *path; /* the roles directory, absolute */
	unsigned jobs; /* 0: as many as fit */
	unsigned timeout; /* seconds */
	const char *ca_file;
	struct limits limits;
	bool force, dry_run, isolate;
};

/*
 * Returns the exit status: 0 all there, 1 some role failed, 2 the store
 * refused to be locked, 128 + n ended by signal n.  *err is set when there
 * is something to say beyond the roles, which the ui was told about.  Runs
 * in the parent, blocks.
 */
int install_run(const struct install_opts *, const struct specs *,
    struct error *);

#endif
