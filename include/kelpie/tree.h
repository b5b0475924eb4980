/*
 * tree.h - the one writer for everything of a role that lands on disk.
 *
 * Creates files, directories and symbolic links below one directory, never
 * through a link, never over something that is there, with two modes and
 * within limits.  Knows the rules of rules.h; knows neither git nor
 * archives.
 */
#ifndef KELPIE_TREE_H
#define KELPIE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct limits {
	uint64_t files; /* files, links and directories of a role */
	uint64_t bytes; /* of a role */
	uint64_t file_bytes; /* of one file */
	unsigned depth; /* directories below each other */
};
#define LIMITS_DEFAULT                                                       \
	{                                                                    \
		.files = 20000, .bytes = 1u << 30, .file_bytes = 256u << 20, \
		.depth = 32                                                  \
	}

struct tree;

/*
 * Life cycle: tree_open(), then tree_dir(), tree_file(), tree_link() as one
 * likes, then tree_finish(), in which the links are made, then tree_free().
 * Paths are relative to dirfd, parts divided by '/', missing directories on
 * the way are made.  Everything runs in the worker and touches the disk.
 *
 * Errors are ERR_INTEGRITY for what the role does (a bad name or link, the
 * same path twice, a limit: the message names the limit and its option) and
 * ERR_LOCAL for this machine.  After an error only tree_free() is allowed;
 * what was written stays and is the stage's owner's to remove.
 */
struct tree *tree_open(int dirfd, const struct limits *);
int tree_dir(struct tree *, const char *path, struct error *);
int tree_file(struct tree *, const char *path, bool executable,
    const void *data, size_t len, struct error *);
int tree_link(struct tree *, const char *path, const char *target, size_t len,
    struct error *);
int tree_finish(struct tree *, struct error *);
void tree_free(struct tree *);

#endif
