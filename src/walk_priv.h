/*
 * walk_priv.h - reading directories, for the parts of walk.
 */
#ifndef WALK_PRIV_H
#define WALK_PRIV_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/buf.h"

/* The names in a directory, sorted by their bytes. */
struct names {
	const char **v; /* each behind one byte with its DT_ type */
	size_t n;
	struct buf mem;
};

/*
 * Read all of dir.  Returns 0; 1 when there are more than max; -1 with
 * errno.  names_free() in any case.
 */
int names_read(struct names *, DIR *dir, uint64_t max);
void names_free(struct names *);

/* The next entry but "." and ".."; NULL with errno 0 at the end. */
const struct dirent *dir_next(DIR *);

/* DT_DIR and so on, looked up where readdir(3) does not say; DT_UNKNOWN
 * with errno if that fails. */
unsigned char dir_type(DIR *, const struct dirent *);

/*
 * What a playbook run writes into a role, or its installer: path is that
 * from the root, and name its last part.
 */
bool walk_leaves_out(const char *path, const char *name, bool dir);

#endif
