/*
 * signature_priv.h - private to signature*.c: what happens in the child.
 */
#ifndef SIGNATURE_PRIV_H
#define SIGNATURE_PRIV_H

#include "kelpie/buf.h"
#include "kelpie/signature.h"

/* Files in its directory, which is the current one. */
#define PAYLOAD "payload"
#define SIGNATURE "signature"
#define KEYS "./keys"

struct trial {
	const struct signature_job *job;
	struct buf keys; /* the file of the signers */
	struct chain_found found;
	char *program; /* its path */
	struct buf who; /* signed it: filled by the two below */
};

/* 0: PAYLOAD has the SIGNATURE of one of the keys. */
int trial_gpg(struct trial *, struct error *);
int trial_ssh(struct trial *, struct error *);

/* The path of a program, or NULL; the caller frees it. */
char *trial_find(const char *name);

/* Write a file into the current directory. */
int trial_write(const char *name, const struct buf *, struct error *);

/*
 * Run it with the file named in as its input.  Its output is put into *out,
 * and its exit status returned; -1 if there is none.
 */
int trial_run(const char *const *argv, const char *in, struct buf *out,
    struct error *);

/* What it said last on standard error, or NULL; the caller frees it. */
char *trial_words(void);

/*
 * The lines that gpg writes to its --status-fd (doc/DETAILS of GnuPG), with
 * its exit status: 0 if they tell of one signature, and that is good.
 */
int gpg_status(const char *lines, int status, struct buf *who, struct error *);

#endif
