/*
 * store.h - the roles directory, and the only thing that moves a stage into
 * place.
 *
 * Knows the layout of <roles>/.kelpie, its lock, and how to replace a
 * directory so that nobody ever finds half a role.  Does not know what a
 * spec is, nor who filled the stage.
 */
#ifndef KELPIE_STORE_H
#define KELPIE_STORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/error.h"
#include "kelpie/state.h"
#include "kelpie/walk.h"

struct limits;

struct store {
	char *path; /* absolute */
	int rolesfd; /* -1: the directory does not exist */
	int kelpiefd; /* <roles>/.kelpie, or -1 */
	int lockfd; /* -1: not locked */
	bool foreign; /* .kelpie is there, and not ours alone to write */
	bool no_sync; /* set by the caller: a power cut may cost roles */
	bool changed; /* store_close() has something to save */
	struct state state;
};

/*
 * Life cycle: store_open() looks and changes nothing.  store_lock() before
 * anything is written: makes the directories, waits for the lock, sweeps
 * what a crash left and loads the state anew.  Then store_stage() in
 * workers and store_check(), store_commit() in the parent, then
 * store_close(), which saves the state and empties stage and trash.
 */
int store_open(struct store *, const char *path, struct error *);

/* How to wait while another process has the lock. */
struct store_wait {
	int seconds; /* then give up; -1: never */
	/* Once, before it waits; holder is who has the lock, or 0. */
	void (*tell)(void *ctx, long holder);
	void *ctx;
	const sigset_t *mask; /* what is blocked meanwhile; NULL: as it is */
};

/*
 * The wait may be NULL: without a word, for ever.
 * ERR_LOCAL, naming the path and its owner, if nothing can be written here;
 * ERR_USAGE if .kelpie is not ours alone (a link, another owner, writable
 * by others), or the lock is not to be had in time; ERR_CANCELLED if a signal
 * handler ran while it waited.  The state is loaded anew: records borrowed
 * before are gone.
 */
int store_lock(struct store *, const struct store_wait *, struct error *);

/* Root works where everybody may put roles, and replace what is there. */
bool store_is_exposed(const struct store *);

/* A crash left something that a locked run would sweep. */
bool store_has_litter(const struct store *);

/* store_lock() if nobody else has the lock; else -1, and nothing happened. */
int store_trylock(struct store *);

/* Make and open stage/<worker>, 0700.  Runs in the worker. */
int store_stage(const struct store *, unsigned worker, struct error *);

/* A finished role on its way from stage/<worker>/<id>/role to its place. */
struct commit {
	unsigned worker;
	uint32_t id;
	struct record record; /* all by the caller; digest by
				 store_check() */
	uint64_t inode; /* by store_check() */
	struct error err; /* by store_commit(): what became of it */
	char trash[32]; /* by store_commit(): where the old role is */
	bool replace; /* there is an old role */
	bool over_link; /* the old role is a link that kelpie made */
	bool bare; /* set by the caller: no meta/main.yml is needed */
	bool keep_old; /* leave the old tree in trash until the next run */
	bool gap; /* by store_commit(): the old role could not be moved, and
		     for a moment there was half of it */
};

/*
 * Look over a stage and make it ready: walk_check(), there must be a
 * meta/main.yml or .yaml (else ERR_NOTFOUND; of a bare one, tasks or another
 * directory that roles have), install info is written.  Runs
 * in the parent.
 */
int store_check(const struct store *, struct commit *, const struct limits *,
    struct walked *, struct error *);

/*
 * Make a stage that is a symbolic link to target, in place of
 * store_check().  Runs in the parent.
 */
int store_check_link(const struct store *, struct commit *, const char *target,
    struct error *);

/*
 * Put n checked roles into place: journal, one syncfs, a rename each, one
 * fsync.  After it each one's err says whether it is there (then it is in
 * the state too) or why not (then the old role is).  Never half, but for the
 * moment in which an old role in a lower layer of an overlay is replaced;
 * ended there, the next store_lock() puts the new one in.  Only if
 * the very last fsync fails is the role in place and in the state although
 * err is set: it says that the role may not outlive a power cut.
 */
void store_commit(struct store *, struct commit *, size_t n);

/*
 * Open the directory in which a worker may have left a job's pack: nothing in
 * it is to be believed.  -1: there is none.
 */
int store_open_pack(const struct store *, unsigned worker, uint32_t id);

/*
 * Make and open a directory in the stage of a number that no worker has, and
 * to which none can write.  store_discard() removes it.
 */
int store_desk(const struct store *, unsigned number, uint32_t id,
    struct error *);

/*
 * Open the file that a worker may have left of what is signed: it may be
 * anything.  -1: there is none.
 */
int store_open_signed(const struct store *, unsigned worker, uint32_t id);

/* Remove what a failed job left in its stage. */
void store_discard(const struct store *, unsigned worker, uint32_t id);

/*
 * Was the role changed since kelpie installed it?  Reads every file of it.
 * 0 no, 1 yes, -1 not known: no record, or other install info than ours.
 */
int store_edited(const struct store *, const char *name, const char *info);

/* Is the install info exactly what the record's install wrote? */
bool record_matches(const struct record *, const char *info);

/* Where the symbolic link roles/name leads, or NULL.  The caller frees it. */
char *store_link_target(const struct store *, const char *name);

/* roles/name is a symbolic link that kelpie made, and still leads there. */
bool store_made_link(const struct store *, const char *name);

/*
 * Remove a role, or a link that kelpie made, never what it leads to: one
 * rename into trash, then its record, which store_close() saves.  Under the
 * lock; whether it was edited is the caller's to ask.  ERR_NOTFOUND if there
 * is no such name, ERR_REFUSED for what is no role and for other links,
 * ERR_CONFIG for what can be no name.  Ended in between, it leaves a record
 * without a role, which counts for nothing.
 */
int store_remove(struct store *, const char *name, struct error *);

/*
 * Save the state, if locked, and let go of everything.  ERR_LOCAL if the
 * state cannot be written; the roles are in place all the same.
 */
int store_close(struct store *, struct error *);

#endif
