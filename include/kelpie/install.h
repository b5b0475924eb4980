/*
 * install.h - the engine: plan, pool, store.
 *
 * Brings what the specs ask for into the roles directory.  Knows all the
 * rooms below and lets each do its own.
 */
#ifndef KELPIE_INSTALL_H
#define KELPIE_INSTALL_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/tree.h"

struct answer;
struct error;
struct galaxy_server;
struct gitconfig;
struct lockfile;
struct refs;
struct spec;
struct specs;

struct install_opts {
	const char *path; /* the roles directory, absolute */
	unsigned jobs; /* 0: as many as fit */
	unsigned per_host; /* workers of one host; 0: as its scheme suggests */
	unsigned timeout; /* seconds */
	unsigned retries; /* tries after the first */
	int lock_wait; /* seconds; -1: for ever */
	const char *ca_file;
	bool ignore_certs; /* any certificate of a server will do */
	struct gitconfig *config; /* install_config(), or NULL: not read yet */
	struct limits limits;
	bool force, dry_run, isolate;
	bool over_edits; /* what was edited by hand may be replaced, too */
	bool refresh; /* ask what branches are, also of roles in place */
	bool no_cache, offline; /* never both */
	const char *from; /* a mirror's directory, in place of cache and
			     servers (then it is offline); or NULL */
	const char *into; /* one that gets the pack of every role that is
			     fetched, or NULL */
	char *mirror; /* the URL of one that is asked first; or NULL.  May
			 have a password, and is wiped in workers */
	bool no_deps; /* what roles depend on is left out */
	bool kennel; /* a spec's own requirements.yml says what it depends on,
			too */
	bool force_deps; /* as force, for what they depend on */
	const struct galaxy_server *server; /* for Galaxy names, in order */
	size_t servers;
	bool ask; /* for credentials, on the terminal, before the start */
	bool no_sync; /* no syncfs before the renames */
	const struct lockfile *lock; /* what it has for a spec is taken; or
					NULL */
	const struct lockfile *before; /* its tags must not have moved; or
					  NULL */
	struct lockfile *became; /* what all roles are after a run without
				    failures; or NULL: nobody asks */
	bool locked; /* what a role depends on and lock has not is refused */
	bool check_refs; /* ask what the tags in lock are now */
	bool tell_since; /* how far the roles of became are from before */
	bool take_moved; /* a tag that has moved since before is taken */
	const struct refs *refs; /* install nothing, only ask; or NULL */
};

/*
 * What the sources of roles have, one request each, and nothing is fetched.
 * The roles directory is read and not even locked; what lock says does not
 * hold, but the roles that it has for others are asked about too.
 */
struct refs {
	const char *scratch; /* an empty directory, which workers need */
	char *const *names; /* only these; none: all */
	size_t names_n;
	/* Once for each role at the end of a run that came to its end, in
	 * the order of the plan. */
	void (*tell)(void *ctx, const struct answer *);
	void *ctx;
};

/* What is not known is NULL; all is borrowed. */
struct answer {
	const struct spec *spec;
	bool needed; /* only other roles ask for it */
	bool missing; /* it is not in place */
	bool differs; /* what is in place is not what was asked for */
	bool asked; /* its source has answered */
	const char *version; /* of a Galaxy name, or a range: what it is now */
	const char *ref, *commit;
	const char *newest, *newest_commit; /* release, whatever is asked for */
	const char *tags; /* those that record and lock file name, and that are
			     there: "name TAB commit", a line each */
	const struct error *err; /* its source was asked in vain: why */
};

/*
 * Have a child read the user's git configuration.  NULL with *err set when
 * that fails, also for a configuration that git would not take.
 */
struct gitconfig *install_config(struct error *);

/*
 * Returns the exit status: 0 all there, 1 some role failed, 2 the store
 * refused to be locked, 128 + n ended by signal n.  *err is set when there
 * is something to say beyond the roles, which the ui was told about.  Runs
 * in the parent, blocks.
 */
int install_run(const struct install_opts *, const struct specs *,
    struct error *);

#endif
