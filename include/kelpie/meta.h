/*
 * meta.h - the meta files of a role, on disk.
 *
 * Knows where they are and what they are called; what stands in them is
 * spec.h's.
 */
#ifndef KELPIE_META_H
#define KELPIE_META_H

#include <stdbool.h>

struct faults;
struct specs;

/*
 * Add what the role in the directory rolefd depends on: meta/main.yml and
 * meta/requirements.yml, or .yaml; of a pup also the requirements.yml at its
 * root.  What cannot be read is a fault; a file that is not there is none.
 * Reads strangers' files: runs in a confined process.
 */
void meta_needs(int rolefd, bool pup, struct specs *, struct faults *);

#endif
