/*
 * subst_priv.h - a commit object and what is shown of it, for subst.c only.
 *
 * Every piece points into the raw object, which need not end in a NUL, and
 * is empty where a damaged commit has none.  Knows no placeholders but the
 * letters of a person's.
 */
#ifndef SUBST_PRIV_H
#define SUBST_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct subst;

struct piece {
	const char *s;
	size_t len;
};

struct commit {
	struct piece tree; /* 40 hex digits */
	struct piece parents; /* lines of "parent ", 40 digits and '\n' */
	struct piece author, committer, encoding;
	struct piece message; /* begins with the empty line before it */
	struct piece subject; /* the first paragraph */
	struct piece body; /* what comes behind it */
	bool is_signed;
};
#define ID_HEX 40
#define PARENT_LINE (7 + ID_HEX + 1)

void commit_parse(struct commit *, const char *raw, size_t len);

/* The white space of git: no \v and no \f. */
bool git_space(char);

/* The subject's lines joined by spaces. */
void subject_add(struct buf *, const struct commit *);
/* Its first line with nothing but letters, digits, '.', '_' and '-'. */
void subject_add_name(struct buf *, const struct commit *);

/*
 * Add a part of "name <mail> seconds zone": n e l t d D i I s and their
 * kin.  Returns how much of the placeholder is used up: 2, or 0 where git
 * takes it for no placeholder at all.  Sets left_out for r and h, which need
 * to know what time it is.
 */
size_t person_add(struct buf *, struct piece, char part, bool *left_out);

/*
 * The placeholders that are known but not done: %C %w %< %> %( at s, behind
 * the '%'.  Returns the length, 0 if git takes it for no placeholder; sets
 * left_out where git would have written something.
 */
size_t subst_skip(struct subst *, const char *s);

#endif
