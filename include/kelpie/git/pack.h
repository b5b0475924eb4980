/*
 * git/pack.h - a pack on its way from the wire to readable objects.
 *
 * libgit2's indexer checks and indexes what streams in; its object database
 * reads it back.  Knows nothing of where the bytes come from.
 */
#ifndef KELPIE_GIT_PACK_H
#define KELPIE_GIT_PACK_H

#include <git2.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct pack;

/*
 * Life cycle: pack_open() with an empty directory, pack_write() as the bytes
 * come, pack_objects() once at the end, pack_free(), which removes its
 * files.  Runs in the worker, touches the disk.  ERR_INTEGRITY for a pack
 * that is damaged or over its limits.
 */
struct pack *pack_open(const char *dir, uint64_t max_bytes, struct error *);
int pack_write(struct pack *, const char *, size_t, struct error *);
/* Borrowed until pack_free(). */
int pack_objects(git_odb **out, struct pack *, struct error *);
void pack_free(struct pack *);

/* What libgit2 last complained about, in *err; returns -1. */
int git_fail(struct error *, int kind, const char *what);

#endif
