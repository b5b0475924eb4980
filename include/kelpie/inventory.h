/*
 * inventory.h - what lies in a roles directory, and what is known of it.
 *
 * Looks at names, install info, links and the state; reads nothing that a
 * role brought, and changes nothing.  Does not know what was asked for.
 */
#ifndef KELPIE_INVENTORY_H
#define KELPIE_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/error.h"
#include "kelpie/installinfo.h"

struct record;
struct store;

struct present {
	char *name;
	struct installed in;
	const struct record *record; /* the store's; NULL if none, or if
					another tool was here since */
	char *target; /* of a symbolic link, or NULL */
	bool link_to_role; /* it leads to a role */
	struct error err; /* of a name that could not be looked at */
};

struct inventory {
	struct present *v; /* sorted by name */
	size_t n;
};

/* Look at one name.  Runs in the parent; nothing of it fails but err. */
void present_look(struct present *, const struct store *, const char *name);
void present_free(struct present *);

/* A role, installed or not, or a link to one. */
bool present_is_role(const struct present *);

/* The version that its install info or its record names, or NULL. */
const char *present_version(const struct present *);

/* When it was installed, in seconds; -1: nobody knows. */
long long present_when(const struct present *);

/*
 * Everything in the directory but what begins with '.', and the names of
 * several parts that the state or more (sorted, or NULL) know.  The store
 * has to outlive it.  ERR_LOCAL if the directory cannot be read; one that
 * does not exist is empty.
 */
int inventory_make(struct inventory *, const struct store *,
    const char *const *more, size_t n, struct error *);
const struct present *inventory_find(const struct inventory *,
    const char *name);
void inventory_free(struct inventory *);

#endif
