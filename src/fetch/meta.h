/*
 * fetch/meta.h - what a role that was fetched says of itself.
 */
#ifndef KELPIE_FETCH_META_H
#define KELPIE_FETCH_META_H

#include <stdbool.h>

struct error;
struct worker;

/*
 * Tell the parent what the role depends on: meta/main.yml and
 * meta/requirements.yml of the directory rolefd, and of a pup also its
 * requirements.yml.  ERR_CONFIG if they cannot be read as such.  A role
 * without them is the parent's to judge.
 */
int meta_tell(struct worker *, int rolefd, bool pup, struct error *);

#endif
