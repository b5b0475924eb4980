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

struct spec;
struct specs;
struct store;

enum action { ACT_KEEP, ACT_INSTALL, ACT_UPDATE, ACT_REFUSE };

struct item {
	const struct spec *spec; /* borrowed */
	enum action action;
	char *installed; /* the version that is there, or NULL */
	char *info; /* the bytes of its install info, or NULL */
	bool asked_again; /* UPDATE only if the branch has moved */
	struct error err; /* of ACT_REFUSE: why */
};

struct plan_opts {
	bool force; /* what is in place is fetched again */
	bool refresh; /* a branch in place is asked for again */
};

struct plan {
	struct item *v;
	size_t n;
	size_t todo; /* items to install or update */
};

/*
 * Look at every role's directory and install info, nothing else.  Runs in
 * the parent.  ERR_LOCAL if the roles directory cannot be read.
 */
int plan_make(struct plan *, const struct specs *, const struct store *,
    const struct plan_opts *, struct error *);
void plan_free(struct plan *);

#endif
