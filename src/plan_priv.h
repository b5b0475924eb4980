/*
 * plan_priv.h - the plan and its items.
 */
#ifndef KELPIE_PLAN_PRIV_H
#define KELPIE_PLAN_PRIV_H

struct error;
struct item;
struct plan_opts;
struct store;

/*
 * Decide about an item that has nothing but its spec.  -1 with *err if its
 * place cannot be looked at.
 */
int plan_item(struct item *, const struct store *, const struct plan_opts *,
    struct error *);

#endif
