/*
 * about.h - what a role that is in place says of itself.
 *
 * Reads meta/main.yml, and meta/requirements.yml beside it, in a confined
 * child, since strangers wrote them.  Knows galaxy_info and hands the
 * dependencies to spec.h; knows nothing of how the role came here.
 */
#ifndef KELPIE_ABOUT_H
#define KELPIE_ABOUT_H

#include <stdbool.h>
#include <stddef.h>

struct error;

enum about_field {
	ABOUT_AUTHOR,
	ABOUT_COMPANY,
	ABOUT_DESCRIPTION,
	ABOUT_LICENSE,
	ABOUT_MIN_ANSIBLE_VERSION,
	ABOUT_FIELDS
};

struct about_platform {
	char *name;
	char **version;
	size_t n;
};

struct about {
	char *field[ABOUT_FIELDS]; /* or NULL; a list is joined with ", " */
	struct about_platform *platform;
	size_t platforms;
	char *needs; /* a spec_pack() line for each dependency; NULL if they
			cannot be understood */
	char *fault; /* what is wrong with the files, or NULL */
};

/* "author", "company", ...: the keys of galaxy_info. */
extern const char *const about_key[ABOUT_FIELDS];

/*
 * Read what roles/name says.  follow: name may be a symbolic link; within a
 * role none is ever followed.  Files with faults are no error, but told in
 * fault; the strings hold whatever was written there, short of NUL.
 * ERR_CHILD or ERR_LOCAL if the child failed.  Runs in the parent, blocks,
 * ten seconds at most.
 */
int about_read(struct about *, const char *roles, const char *name, bool follow,
    struct error *);
void about_free(struct about *);

#endif
