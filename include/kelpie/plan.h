/*
 * plan.h - what will be done about every spec: keep, install, update, refuse.
 *
 * Holds the specs against what lies in the store.  Decides; fetches and
 * writes nothing.
 */
#ifndef KELPIE_PLAN_H
#define KELPIE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/error.h"
#include "kelpie/signed.h"

struct locked;
struct lockfile;
struct spec;
struct specs;
struct store;

enum action { ACT_KEEP, ACT_INSTALL, ACT_UPDATE, ACT_REFUSE };

struct item {
	const struct spec *spec; /* borrowed, or own */
	struct spec *own; /* of a dependency: the item's; else NULL */
	size_t order; /* its place in the plan */
	enum action action;
	char *installed; /* the version that is there, or NULL */
	char *info; /* the bytes of its install info, or NULL */
	char *needs; /* a spec_pack() line for each role that the one in place
			depends on; NULL: nobody knows */
	bool asked_again; /* UPDATE only if the branch has moved, or the
			     directory changed */
	bool over_link; /* UPDATE of a link that kelpie made */
	const struct locked *locked; /* the commit or archive that it must be,
				       borrowed; or NULL */
	char signers[SIGNERS_MARK_MAX]; /* who may have signed it, as
					   signers_mark() has them; or "" */
	struct error err; /* of ACT_REFUSE: why */
};

struct plan_opts {
	bool force; /* what is in place is fetched again */
	bool refresh; /* a branch in place is asked for again */
	bool moved_tags; /* and a tag */
	bool archives; /* and an archive that no checksum names */
	bool copy; /* a directory in place is copied again */
	const struct lockfile *lock; /* or NULL */
	bool check_refs; /* a tag that lock has is asked for again */
	bool known; /* what no record tells of, or not of this source, is
		       fetched again */
};

struct plan {
	struct item **v;
	size_t n;
	void *names; /* of plan_find(): a tree of tsearch(3) */
};

/*
 * Look at every role's directory and install info, nothing else.  Runs in
 * the parent.  ERR_LOCAL if the roles directory cannot be read.
 */
int plan_make(struct plan *, const struct specs *, const struct store *,
    const struct plan_opts *, struct error *);

/*
 * One more item, for what a role depends on.  The spec's strings are taken
 * over.  A dependency without a version, commit and checksum is
 * content with any.  NULL with
 * *err, as plan_make().
 */
struct item *plan_add(struct plan *, struct spec *, const struct store *,
    const struct plan_opts *, struct error *);

/* A dependency's item is for this spec from now on, which is taken over. */
int plan_change(struct item *, struct spec *, const struct store *,
    const struct plan_opts *, struct error *);

/* Is it to be installed or updated? */
bool item_to_do(const struct item *);
/* How many are? */
size_t plan_todo(const struct plan *);

/* The item of this name, or NULL. */
struct item *plan_find(struct plan *, const char *name);
void plan_free(struct plan *);

#endif
