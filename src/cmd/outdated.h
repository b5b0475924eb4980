/*
 * cmd/outdated.h - a role that was asked about, as outdated tells it.
 *
 * outdated.c asks, outdated_judge.c says what the answers mean,
 * outdated_out.c writes it, for people and as JSON.
 */
#ifndef KELPIE_OUTDATED_H
#define KELPIE_OUTDATED_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/error.h"

struct answer;
struct locked;
struct present;

enum finding {
	FINDING_CURRENT,
	FINDING_UNKNOWN, /* nobody has versions of it: a directory, a link */
	FINDING_UPDATE, /* what is asked for is another thing now */
	FINDING_NEWER, /* there is a newer release, not asked for */
	FINDING_MISSING, /* it is not in place */
	FINDING_MOVED, /* a tag is not where it was */
	FINDING_FAILED, /* its source did not answer */
};

/* A tag that was moved. */
struct moved {
	char *tag, *was, *now;
	bool locked; /* the lock file says where it was */
};

/* A version, and the commit where one is known; NULL for what is not. */
struct release {
	char *version, *commit;
};

struct old_role {
	char *name, *src, *asked; /* src without password */
	bool needed; /* only other roles ask for it */
	struct release installed, allowed, newest;
	enum finding finding;
	bool kept_back; /* newest, by a range that does not have it */
	struct moved *moved;
	size_t moved_n;
	struct error err; /* of FAILED */
};

struct old_roles {
	struct old_role *v; /* sorted by name */
	size_t n;
};

/*
 * What is said of a role; p is what is in place, l what the lock file has, or
 * NULL.  Tags that were moved are told.
 */
void outdated_judge(struct old_role *, const struct answer *,
    const struct present *p, const struct locked *l);
void old_role_free(struct old_role *);

void outdated_lines(const struct old_roles *);
void outdated_json(const struct old_roles *);

#endif
