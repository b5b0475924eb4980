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
 * Objects of one commit: files and directories; of a history: those of the
 * largest ones there are.  An object takes some 200 bytes of memory while
 * the pack is indexed, and a worker has 2 GiB.
 */
#define PACK_TREE ((size_t)200000)
#define PACK_HISTORY ((size_t)2000000)

struct pack_opts {
	const char *dir; /* an empty one to work in */
	uint64_t max_bytes;
	size_t max_objects;
	/* While what has come is put together: objects.  May be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/*
 * Life cycle: pack_open(), pack_write() as the bytes come, pack_objects()
 * once at the end, pack_free(), which removes its files.  Runs in the
 * worker, touches the disk.  ERR_INTEGRITY for a pack that is damaged or
 * over its limits.  libgit2 has one limit of objects for the process, so
 * there is one pack at a time.
 */
struct pack *pack_open(const struct pack_opts *, struct error *);
int pack_write(struct pack *, const char *, size_t, struct error *);
/* Borrowed until pack_free(). */
int pack_objects(git_odb **out, struct pack *, struct error *);
/* pack_free() is to leave the files whose names end so: ".pack" is the pack
 * itself.  A literal. */
void pack_keep(struct pack *, const char *tail);
void pack_free(struct pack *);

/* What libgit2 last complained about, in *err; returns -1. */
int git_fail(struct error *, int kind, const char *what);

#endif
