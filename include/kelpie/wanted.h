/*
 * wanted.h - the names that are asked for: by specs, and by what those
 * depend on.
 *
 * Follows dependencies through what is known of the roles in place, as far
 * as they lead.  Compares no versions, changes nothing.
 */
#ifndef KELPIE_WANTED_H
#define KELPIE_WANTED_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct inventory;
struct specs;

struct wanted {
	char **v; /* sorted */
	size_t n;
};

/*
 * roles NULL: roles whose dependencies nobody wrote down count as if they
 * had none, and nothing fails.  Else roles is the path of the inventory's
 * directory, where they are read (about.h), and it is an error if that
 * cannot be done, or if a role of specs is not in place: ERR_NOTFOUND,
 * ERR_CONFIG, ERR_CHILD, ERR_LOCAL.
 */
int wanted_make(struct wanted *, const struct specs *, const struct inventory *,
    const char *roles, struct error *);
bool wanted_has(const struct wanted *, const char *name);
void wanted_free(struct wanted *);

#endif
