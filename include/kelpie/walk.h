/*
 * walk.h - look at a finished tree again, believing nothing.
 *
 * The parent's own pass over what a worker left, by the rules of rules.h
 * and the limits of tree.h, and the digest of what is there.  Also holds
 * two trees against each other, and removes trees.  Follows no link and takes
 * every step from an open directory; a walk holds one descriptor for each
 * level of the tree, comparing and removing two.
 */
#ifndef KELPIE_WALK_H
#define KELPIE_WALK_H

#include <stdint.h>

struct error;
struct limits;

#define DIGEST_MAX 65 /* 64 hex digits of SHA-256 and the NUL */

struct walked {
	char digest[DIGEST_MAX];
	uint64_t files, bytes; /* files and links; directories not */
};

/*
 * Check the tree below dirfd: only directories, regular files with one link
 * and symbolic links; names, link targets and limits; modes are made 0755
 * and 0644 or 0755 (by the owner's x), less the umask.  Runs in the parent,
 * reads every file.  ERR_INTEGRITY for what must not be there, ERR_LOCAL
 * for this machine.
 */
int walk_check(int dirfd, const struct limits *, struct walked *,
    struct error *);

/*
 * The digest alone, changing nothing: SHA-256 over the sorted paths with
 * type, executable bit and content.  Leaves out meta/.galaxy_install_info,
 * directories named __pycache__ and *.pyc files, which a playbook run
 * writes, and directories that hold nothing else.  Takes any tree.
 */
int walk_digest(int dirfd, struct walked *, struct error *);

/* What stands at a path in one of two trees. */
struct walk_side {
	char type; /* 'f', 'x', 'l' or 'o' as in the digest; 0: nothing */
	int dirfd; /* of the directory in which it stands */
	const char *name; /* in there */
	uint64_t size; /* bytes of a file or of a link's target */
};

/* Who is told of them. */
struct walk_told {
	int (*differs)(void *ctx, const char *path, const struct walk_side *a,
	    const struct walk_side *b, struct error *);
	void *ctx;
};

/*
 * Hold two trees against each other as walk_digest() sees them, and tell of
 * each path that differs in type, executable bit or content, in the order of
 * the paths' parts; a side without it has type 0.  Stops with -1 when
 * differs() says so.  Changes nothing.  ERR_LOCAL for this machine.
 */
int walk_compare(int a, int b, const struct walk_told *, struct error *);

/*
 * Remove name below dirfd, whatever it is, at any depth; a name that is not
 * there is no error.  A directory without permissions is made writable
 * first.  Never follows a link.
 */
int walk_remove(int dirfd, const char *name, struct error *);

#endif
