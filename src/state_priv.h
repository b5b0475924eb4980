/*
 * state_priv.h - the lines of the state file and of its journal.
 *
 * A record is one line, its fields divided by TABs; '\', TAB, LF and other
 * control bytes stand as \xNN.
 */
#ifndef KELPIE_STATE_PRIV_H
#define KELPIE_STATE_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;
struct intent;
struct record;
struct state;

#define STATE_FILE_MAX (64u << 20)

void record_write(struct buf *, const struct record *);
void intent_write(struct buf *, const struct intent *);

/*
 * Read one line, without its LF; the line is written over.  Returns what is
 * wrong with it, or NULL, and then the record is the caller's.
 */
const char *record_read(struct record *, char *line);
const char *intent_read(struct intent *, char *line);

/*
 * Read a whole state file; the data is written over.  ERR_CONFIG if it is
 * damaged, and the state is empty then.
 */
int state_read(struct state *, char *data, size_t len, struct error *);
void state_write(struct buf *, const struct state *);

/*
 * Add a file of the .kelpie directory to the buffer; one that is not there
 * is empty.
 */
int state_slurp(struct buf *, int kelpiefd, const char *name, struct error *);

/* Write all of it and fsync.  -1 with errno. */
int write_synced(int fd, const struct buf *);

struct intents {
	struct intent *v;
	size_t n;
};

/* What the journal says.  A line that is not whole is no intent. */
int intents_load(struct intents *, int kelpiefd, struct error *);
void intents_free(struct intents *);

/* The role is in place: roles/name is the directory of this intent. */
bool intent_is_true(const struct intent *, int rolesfd);

#endif
