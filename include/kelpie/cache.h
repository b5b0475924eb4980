/*
 * cache.h - packs that were fetched before, and what refs pointed to.
 *
 * $XDG_CACHE_HOME/kelpie (~/.cache/kelpie): one pack a repository and
 * commit, as it came from the wire, archives by their SHA-256, and one small
 * file a ref.  Nothing in it is believed: a worker proves a pack against its
 * id as if it came from the network, so a damaged entry is only a miss.
 * Safe with many processes: files come by rename and are never changed.
 * Knows nothing of roles.  Only the parent uses it.
 */
#ifndef KELPIE_CACHE_H
#define KELPIE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

struct cache;
struct error;

struct cached_ref {
	char ref[300]; /* refs/tags/v1, refs/heads/main, HEAD */
	char commit[41];
	char tag[41]; /* the tag object that leads there, or "" */
};

/*
 * make: create what is missing.  NULL with *err set where there is no place
 * (no HOME), or (ERR_REFUSED) one that others could have written to: the
 * caller goes on without.  ERR_NOTFOUND: not there, and make is false.
 */
struct cache *cache_open(bool make, struct error *);
void cache_close(struct cache *);
const char *cache_path(const struct cache *);

/*
 * Open the pack of a commit of url, or the archive with this SHA-256; the
 * URL's user and password do not count.  Marks it as used.  -1: not there.
 */
int cache_pack(struct cache *, const char *url, const char *id);

/*
 * Move the one pack-*.pack of the directory dirfd in, or copy it from
 * another file system.  The directory may be a worker's: only a regular file
 * of ours with one link and at most 256 MiB is taken, whatever else lies
 * there.  Failures are not the caller's business: the cache stays as it was.
 */
void cache_put_pack(struct cache *, const char *url, const char *id, int dirfd);

/* Open that one pack of a worker's directory; -1. */
int cache_kept_pack(int dirfd);

/* A pack that proved to be damaged. */
void cache_drop_pack(struct cache *, const char *url, const char *id);

/* What version ("" for HEAD) of url was when it was last asked for. */
bool cache_ref(struct cache *, const char *url, const char *version,
    struct cached_ref *);
void cache_put_ref(struct cache *, const char *url, const char *version,
    const struct cached_ref *);

struct cache_usage {
	uint64_t repositories, packs, bytes;
};

/* Walk over it all.  ERR_LOCAL if it cannot be read. */
int cache_usage(struct cache *, struct cache_usage *, struct error *);

/*
 * Remove what was not used for older_s seconds (0: everything), and what
 * crashes left.  *freed tells what went.
 */
int cache_clean(struct cache *, uint64_t older_s, struct cache_usage *freed,
    struct error *);

#endif
