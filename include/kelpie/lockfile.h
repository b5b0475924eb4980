/*
 * lockfile.h - what each role became, for everybody who asks for the same.
 *
 * requirements.lock beside requirements.yml: YAML, sorted by name, one block
 * a role.  Knows the file and its grammar; not how roles are fetched, nor
 * whether what it says is so.
 */
#ifndef KELPIE_LOCKFILE_H
#define KELPIE_LOCKFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/walk.h"

struct buf;
struct error;
struct spec;

#define LOCKFILE_VERSION 1
#define LOCKFILE_BYTES_MAX (4u << 20)

/* What is not there is NULL, or "" for the digest. */
struct locked {
	char *name;
	char *src; /* as asked for, as url_kept() writes it */
	bool relative; /* src is a path that the file tells as seen from its
			  own directory */
	char *path; /* of the role inside its source */
	char *asked; /* the version as asked for: a tag, a branch, a range */
	char *became; /* the version that was taken, if that is another */
	char *url; /* of a Galaxy name: where it led */
	char *ref; /* refs/tags/v1, refs/heads/main, HEAD */
	char *tag; /* the id of the tag itself, where a signature counts */
	char *commit; /* 40 hex digits; NULL: no git */
	char *sha256; /* of the archive, or NULL */
	char digest[DIGEST_MAX]; /* of the tree, as walk_digest() has it */
	char since[40]; /* how far that is from before, in words, or ""; of an
			   update, and not in the file */
	bool settled; /* nobody asks where its tag is now; of an update, and not
			 in the file */
	char **needed_by; /* names of roles, sorted, each once */
	size_t needed_n;
};

struct lockfile {
	struct locked *v; /* sorted by name, each once */
	size_t n;
};

/* "X.lock" for "X.yml" and "X.yaml", else "X.lock" for "X".  The caller
 * frees it. */
char *lockfile_path(const char *requirements);

/*
 * Read the file at path.  ERR_NOTFOUND: there is none.  ERR_CONFIG with
 * "path:line:column: " in front for what is not understood: other keys,
 * other types, a name twice, the marks of a merge, a newer version.  Runs in
 * the parent.
 */
int lockfile_load(struct lockfile *, const char *path, struct error *);

/* The same for bytes; messages begin with "line:column: ".  A relative path
 * stays one: nobody says from where. */
int lockfile_parse(struct lockfile *, const char *text, size_t len,
    struct error *);

/* The same content gives the same bytes; paths stand as they are. */
void lockfile_format(struct buf *, const struct lockfile *);

/*
 * Write the file by temporary, fsync and rename, and only if its bytes are
 * others.  1: written, 0: it was so already, -1: ERR_LOCAL.
 */
int lockfile_save(const struct lockfile *, const char *path, struct error *);

/* The entry of that name, or NULL; borrowed. */
const struct locked *lockfile_find(const struct lockfile *, const char *name);

/* Take over a filled entry, in place of the one of that name. */
void lockfile_put(struct lockfile *, struct locked *);

/* Another role needs this one. */
void locked_needed_by(struct locked *, const char *name);
/* The same for the entry of a name, if there is one. */
void lockfile_needed_by(struct lockfile *, const char *name, const char *by);

/*
 * The lock file of a run that was about some roles only gets back what was
 * there of the n others that are asked for, and of what these need.
 */
void lockfile_put_back(struct lockfile *, const struct lockfile *was,
    char *const *asked, size_t n);

/* A commit or an archive, and what its tree is: it can be nothing else. */
bool locked_pins(const struct locked *);
/* What is to be fetched is known by: the tag object, which brings its commit
 * along, the commit, or the archive.  NULL: nothing is; borrowed. */
const char *locked_id(const struct locked *);
/* It is at a tag, which should stay where it is. */
bool locked_is_tag(const struct locked *);

/*
 * Is that what the spec asks for: its source, as git, archive or directory,
 * its version and path, and the commit or checksum that it names?
 */
bool locked_is_for(const struct locked *, const struct spec *);

struct locked locked_copy(const struct locked *);
void locked_free(struct locked *);
void lockfile_free(struct lockfile *);

#endif
