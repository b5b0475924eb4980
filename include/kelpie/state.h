/*
 * state.h - what was installed here: one record a role.
 *
 * Kept in <roles>/.kelpie/state, with a journal beside it for roles that
 * were being committed when something ended us.  Knows the two files and
 * nothing of how roles are fetched or put in place.
 */
#ifndef KELPIE_STATE_H
#define KELPIE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "kelpie/walk.h"

struct error;

/* From 1970 to the last second that has a year of four digits. */
#define WHEN_MAX 253402300799

#define REF_LINK "link" /* a symbolic link to its source */

struct record {
	char *name;
	char *src; /* as url_kept() writes it */
	char *version; /* as asked for, or NULL */
	bool map; /* see struct spec */
	char *ref; /* refs/tags/v1, refs/heads/main, HEAD, REF_LINK or "" */
	char *commit; /* 40 hex digits; "": no git */
	char *path; /* inside the source, or NULL */
	char *archive; /* SHA-256 of the archive that it came from, or NULL */
	char *got; /* the version that its install info names, if that is not
		      the one asked for: of Galaxy roles; or NULL */
	char *needs; /* dependencies, a spec_pack() line each; NULL: nobody
			knows */
	char *url; /* where a Galaxy name led to, or NULL */
	char *tag; /* the id of the tag itself, where its signature counts, or
		      NULL */
	char *signers; /* who may have signed it when it was checked, as
			  signers_mark() has them, or NULL */
	char digest[DIGEST_MAX];
	time_t when; /* also the install_date of its install info */
	uint32_t took_ms;
};

struct state {
	struct record *v; /* sorted by name */
	size_t n;
};

/* A record that is about to become true. */
struct intent {
	struct record record;
	uint64_t inode; /* of the staged role: is it in place? */
	char trash[32]; /* where the old role goes, or "" */
};

/*
 * Load state and journal from kelpiefd, the open .kelpie directory; -1
 * means there is none, and the state is empty.  A record of the journal
 * counts if rolesfd/name has the inode that it names.  A damaged state file
 * is ERR_CONFIG with its line; a journal cut off in the middle is not
 * damage.  Reads only.
 */
int state_load(struct state *, int kelpiefd, int rolesfd, struct error *);

/* The record of a role, or NULL; borrowed from the state. */
const struct record *state_find(const struct state *, const char *name);

/*
 * Put a copy of the record in, in place of the one of that name.  Of its
 * strings only version, path, archive, got, needs, url, tag and
 * signers may be NULL.
 */
void state_put(struct state *, const struct record *);
void state_drop(struct state *, const char *name);

/* The version that its install info names, or NULL. */
const char *record_got(const struct record *);

/* The role is a symbolic link that kelpie made. */
bool record_is_link(const struct record *);

/*
 * Append intents to the journal and fsync it: after this a crash may come
 * between the renames.
 */
int state_journal(int kelpiefd, const struct intent *, size_t n,
    struct error *);

/*
 * After a crash, under the lock: for each intent in the journal whose role
 * is missing while the old one lies in trash, move the old one back.
 */
int state_recover(int kelpiefd, int rolesfd, struct error *);

/* Write the state by temporary, fsync and rename, then drop the journal. */
int state_save(const struct state *, int kelpiefd, struct error *);

void record_free(struct record *);
void state_free(struct state *);

#endif
