/*
 * cache_priv.h - what the files of the cache share.
 *
 * Layout, below $XDG_CACHE_HOME/kelpie/v1:
 *
 *	<key of the URL>/url		for people
 *	<key of the URL>/<commit>.pack
 *	<key of the URL>/<SHA-256>.pack		an archive, as it came
 *	<key of the URL>/ref-<key of the version>
 *	<key of the URL>/tmp-*		on its way to one of these names
 *
 * A key is the first half of a SHA-256 in hex.
 */
#ifndef KELPIE_CACHE_PRIV_H
#define KELPIE_CACHE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_LEN 32 /* hex digits */
#define TMP "tmp-"
#define REF "ref-"
#define PACK ".pack"
#define URL "url"

struct cache {
	char *path; /* $XDG_CACHE_HOME/kelpie */
	int fd; /* v1 in it */
};

#define CACHE_NAME_MAX 80 /* with the NUL: of every name that we make */

void cache_key(char out[KEY_LEN + 1], const char *);

/* A fresh name for something that is being written. */
void cache_tmp(char name[CACHE_NAME_MAX]);

/* Give it its name, in place of whatever has it. */
int cache_rename(int dirfd, const char *tmp, const char *name);

/*
 * Write a file of this name below dirfd, by a rename.  -1 with nothing left
 * behind.  No fsync: what a power cut tears proves damaged when it is read.
 */
int cache_write(int dirfd, const char *name, const void *, size_t);

/* Open the directory of url; -1 if it is not there and make is not set. */
int cache_repository(const struct cache *, const char *url, bool make);

/* Open a regular file of ours; -1. */
int cache_open_file(int dirfd, const char *name);

#endif
