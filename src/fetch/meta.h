/*
 * fetch/meta.h - what a role that was fetched says of itself.
 */
#ifndef KELPIE_FETCH_META_H
#define KELPIE_FETCH_META_H

struct error;
struct worker;

/*
 * Tell the parent what the role depends on: meta/main.yml and
 * meta/requirements.yml of the directory rolefd.  ERR_CONFIG if they cannot be
 * read as such.  A role without them is the parent's to judge.
 */
int meta_tell(struct worker *, int rolefd, struct error *);

#endif
