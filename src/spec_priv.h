/*
 * spec_priv.h - private to spec*.c: reading one file, or the command line.
 */
#ifndef KELPIE_SPEC_PRIV_H
#define KELPIE_SPEC_PRIV_H

#include <sys/types.h>

#include "kelpie/spec.h"
#include "kelpie/url.h"

struct yaml;

struct reading {
	struct specs *specs;
	struct faults *faults;
	const char *path; /* as the user gave it; NULL: the command line */
	const char *text; /* the argument of the command line */
	char *base; /* where relative sources begin, without links, or NULL */
	struct reading *from; /* the file that includes this one, or NULL */
	dev_t dev; /* of the file, if it is one */
	ino_t ino;
	unsigned included; /* by this file and all that it includes */
	bool meta; /* what a role depends on, written by a stranger */
	bool vars; /* keys that ansible-galaxy does not read are variables */
};

/* at is the node that is to blame, NULL on the command line. */
void reading_fault(struct reading *, const struct yaml *at, const char *, ...)
    PRINTF_LIKE(3, 4);
void reading_note(struct reading *, const struct yaml *at, const char *, ...)
    PRINTF_LIKE(3, 4);
/* "file:line:column" or "command line"; the caller frees it. */
char *reading_where(const struct reading *, const struct yaml *at);

/* spec_file.c: the entries of another file.  at is its name. */
void file_include(struct reading *, const struct yaml *at, const char *name);

/* spec_entry.c: add the spec that an entry asks for, or its faults. */
void entry_read(struct reading *, const struct yaml *);
void entry_read_text(struct reading *, const char *text, const struct yaml *at);

enum field {
	SRC,
	NAME,
	VERSION,
	SCM,
	ROLE,
	INCLUDE, /* from here on, keys that only kelpie's own files have */
	SUBPATH,
	COMMIT,
	CHECKSUM,
	TYPE,
	VERIFY,
	SIGNERS,
	FIELDS
};

/* An entry that is being understood. */
struct draft {
	const struct yaml *at; /* the entry */
	const struct yaml *field_at[FIELDS]; /* the value, or the entry */
	char *field[FIELDS]; /* trimmed; NULL: not given */
	size_t version_offset; /* what was trimmed, or stands before it */
	bool git, dir, link, relative, map, bad;
	bool name_only; /* the name is the source too: one fault is enough */
};

/* spec_draft.c: value is the draft's from now on. */
void draft_set(struct draft *, enum field, char *value);
void draft_fault(struct reading *, struct draft *, enum field, const char *,
    ...) PRINTF_LIKE(4, 5);
/* An scm that is not git. */
void draft_refuse_scm(struct reading *, struct draft *, enum field,
    const char *scm, size_t len);
/* Look at every field, so that all faults are told, and add the spec. */
void draft_finish(struct reading *, struct draft *);
void draft_free(struct draft *);

/* spec_pin.c: version, path, commit, checksum and signers of a draft. */
void pins_check(struct reading *, struct draft *);
/* A directory inside a source: "roles/x". */
int subpath_check(const char *path, struct error *);

/* spec_meta.c: whether a dependency is none of ours; says so in a note. */
bool meta_leaves_out(struct reading *, const struct draft *);

/* spec_src.c: what a source tells.  src has passed url_check(). */
bool src_is_local(const char *src, enum scheme, bool git);
/* Whether it is a git repository although nobody said so. */
bool src_is_git(const char *src, enum scheme);
/* Whether its end says that it is an archive. */
bool src_is_archive(const char *src);
/* A bare name that is a file beside the requirements file. */
bool src_is_file(const char *src, const char *base);
/* The role's name, or NULL if none can be made of it. */
char *src_name(const char *src, enum scheme, bool local);
/* A '/' at the end means nothing to git, but another URL to a server. */
void src_drop_slashes(char *src);
/* A local source as an absolute path, or NULL with *err. */
char *src_absolute(const char *src, const char *base, struct error *err);

#endif
