/*
 * mirror.h - a directory of packs and archives, by what they are.
 *
 * <commit>.pack, <SHA-256>.archive, the lock file that they are for, and an
 * index of all of them.  The pack of a commit that a tag object leads to,
 * which may be signed and comes along, has the name of that.  Nothing in it
 * is believed: whoever reads a pack proves it.  Knows names and files; not
 * roles, nor how anything is fetched.  Only the parent uses it.
 */
#ifndef KELPIE_MIRROR_H
#define KELPIE_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct error;

#define MIRROR_LOCK "requirements.lock"
#define MIRROR_INDEX "index"
#define MIRROR_NAME_MAX 80 /* with the NUL: of every name that we make */
#define MIRROR_BYTES_MAX (16u << 20) /* of an index or a lock file */

/* ---- names ---- */

/* Where a pack or the archive with this SHA-256 lies. */
void mirror_name(char out[MIRROR_NAME_MAX], const char *id);
/* Is that such a name, or the one of the lock file? */
bool mirror_has_name(const char *name);
/* Something that was being written when it ended. */
bool mirror_is_litter(const char *name);

/* ---- the index ---- */

struct mirror_file {
	char name[MIRROR_NAME_MAX];
	char sha256[65];
	uint64_t size;
};

struct mirror_index {
	struct mirror_file *v; /* sorted by name, each once */
	size_t n;
};

/*
 * Text: "kelpie-mirror 1", then a line "SHA-256 size name" for each file.
 * ERR_INTEGRITY with the number of the line for whatever could not have been
 * written so.  The same index gives the same bytes.
 */
int mirror_index_parse(struct mirror_index *, const char *text, size_t len,
    struct error *);
void mirror_index_format(struct buf *, const struct mirror_index *);
const struct mirror_file *mirror_index_find(const struct mirror_index *,
    const char *name);
/* In place of the one of that name. */
void mirror_index_put(struct mirror_index *, const struct mirror_file *);
void mirror_index_free(struct mirror_index *);

/* ---- files; dirfd is the open directory ---- */

/* A regular file, to be read; no link.  -1 with errno. */
int mirror_open(int dirfd, const char *name);
/* Name, size and SHA-256 of one that is there; -1 with errno.  Reads it. */
int mirror_measure(struct mirror_file *, int dirfd, const char *name);
/* All of a small one; ERR_NOTFOUND: it is not there. */
int mirror_read(struct buf *, int dirfd, const char *name, struct error *);
/* Write it by a temporary and a rename, from a descriptor, wherever that
 * stands, or from memory.  ERR_LOCAL, and nothing is left. */
int mirror_copy(int dirfd, const char *name, int fd, struct error *);
int mirror_write(int dirfd, const char *name, const void *, size_t,
    struct error *);

#endif
