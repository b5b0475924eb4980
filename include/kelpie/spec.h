/*
 * spec.h - what the user asked for: the requirements file as a list.
 *
 * Knows the grammar of entries that ansible-galaxy takes (a list, or a map
 * with roles:; strings "src[,version[,name]]" and maps).  Does not know how
 * anything is fetched, nor what is installed.
 */
#ifndef KELPIE_SPEC_H
#define KELPIE_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/error.h"

struct buf;

struct spec {
	char *name; /* of the role; passed name_check() */
	char *src; /* URL, absolute path, or Galaxy name; passed url_check() */
	char *version; /* as written, or NULL when none was given */
	char *path; /* of the role inside its source, "roles/x", or NULL */
	char *commit; /* 40 hex digits that the version must be, or NULL */
	char *checksum; /* SHA-256 of an archive, 64 hex digits, or NULL */
	char *verify; /* how it must be signed, "gpg" or "ssh"; or NULL */
	char *signers; /* by whom: an absolute path; or NULL */
	bool git; /* git+ in front, scm: git, or an URL that says so */
	/* These two have their path in src already, and no version. */
	bool dir; /* fs+ in front: a directory of this machine */
	bool link; /* type: link: to be a symbolic link to that directory */
	bool relative; /* src was, to the directory of its file */
	bool map; /* written as a map, or "src," with an empty version; tells
		     "version: ''" from "null" in the install info, as
		     ansible-galaxy does */
	unsigned again; /* so many entries more said the very same */
	char *where; /* "requirements.yml:3:5", or "command line" */
	char *file; /* that it stands in, or NULL */
	/* Where its version stands: a scalar of file, and the bytes before
	 * the version in its text; line 0 if there is none. */
	unsigned version_line, version_column;
	size_t version_offset;
	char *moving; /* the exact version that an update is to move on:
			 version is a range from there, and what it becomes
			 counts as asked for; or NULL */
};

struct specs {
	struct spec *v;
	size_t n;
	size_t collections; /* entries under collections: */
	char *collections_where; /* "file:line:column", or NULL */
	bool meta_empty; /* by specs_meta(): meta/main.yml says nothing */
	char **notes; /* for -v: unknown keys, keys given twice */
	size_t notes_n;
};

/* Faults of the user's files, all of them, each with its place. */
struct faults {
	struct error *v; /* ERR_CONFIG (or ERR_LOCAL: unreadable) */
	size_t n;
};

/*
 * Add the entries of the requirements file at path, or of standard input if
 * that is "-", and of all files that it includes.  "$NAME" and "~" in path
 * are expanded.  A relative local source is made absolute against the file's
 * directory, "~/" against HOME.  What is wrong is added to faults, every
 * fault of the files, each message beginning with "path:line:column: ";
 * nothing else says that it failed.  Reads the files, and looks whether a
 * bare name like x.tar is a file; runs in the parent.
 */
void specs_load(struct specs *, const char *path, struct faults *);

/* The same for a file at path whose bytes are given. */
void specs_parse(struct specs *, const char *path, const char *text, size_t len,
    struct faults *);

/* Add the spec "src[,version[,name]]" of the command line; paths are
 * relative to the current directory. */
void specs_add(struct specs *, const char *text, struct faults *);

/*
 * Add what a role depends on: the list dependencies: of its meta/main.yml,
 * or the list that is its meta/requirements.yml; where is that name, and its
 * last part tells which of them.  "requirements.yml" alone may also be a map
 * with roles:.  Roles that lie beside a playbook (no '.'
 * in name and source, no scm), roles of collections (three parts) and
 * directories of this machine are left out, with a note; a relative path is
 * a fault.  Keys that are no entry's are variables of the role, and stay
 * unnoted.  Runs in a worker, touches no file.
 */
void specs_meta(struct specs *, const char *where, const char *text, size_t len,
    struct faults *);

/*
 * A dependency as the value of a fact: one line of text, of less than 3000
 * bytes and its place.
 */
void spec_pack(struct buf *, const struct spec *);
/*
 * The other way round; every field is checked again, and " of role 'of'" is
 * put behind the place.  ERR_INTEGRITY if nothing can have been packed so.
 */
int spec_unpack(struct spec *, const char *text, const char *of,
    struct error *);
/*
 * The first of several lines, which *lines is behind then: 1, 0 if there are
 * no more, or -1 as spec_unpack().
 */
int spec_unpack_line(struct spec *, const char **lines, const char *of,
    struct error *);
void spec_free(struct spec *);

/* The name of a role at a Galaxy server, neither a path nor an URL. */
bool spec_is_name(const struct spec *);

/*
 * Can that be what came of it: a commit of git, an archive, or neither, which
 * is a directory?  A Galaxy name can be the first two.
 */
bool spec_can_be(const struct spec *, bool git, bool archive);

/*
 * After all files are loaded: the same role asked for twice with another
 * source or version, and a name inside another role ("a" and "a/b"), are
 * faults; the very same entry twice counts once.
 */
void specs_check(struct specs *, struct faults *);

/* Drop every spec i for which keep[i] is false. */
void specs_keep(struct specs *, const bool *keep);

void specs_free(struct specs *);
void faults_add(struct faults *, const struct error *);
void faults_free(struct faults *);

#endif
