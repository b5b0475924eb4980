/*
 * signature.h - has somebody signed it who may?
 *
 * One child a question, confined and without a network, which proves the
 * chain of objects that a worker has left (signed.h) and has gpgv or
 * ssh-keygen look at the signature.  Knows nothing of roles.  Only the
 * parent uses it.
 */
#ifndef KELPIE_SIGNATURE_H
#define KELPIE_SIGNATURE_H

#include "kelpie/signed.h"

struct error;
struct signature;

struct signature_job {
	int chain; /* the file, which may be anything; open */
	int dir; /* an empty directory of ours, for the child to work in */
	const char *how; /* "gpg" or "ssh" */
	const char *signers; /* the path of the file with their keys */
	struct chain_wish wish;
};

/*
 * Ask.  The descriptors stay the caller's.  NULL with ERR_LOCAL if there can
 * be no child.
 */
struct signature *signature_begin(const struct signature_job *, struct error *);

/*
 * Is there an answer?  0: not yet.  1: it is good.  -1: ERR_REFUSED if nobody
 * has signed it who may, ERR_INTEGRITY if it is not what it is said to be,
 * ERR_CONFIG for the file of the signers, ERR_LOCAL for this machine, also
 * where the program is missing.  Does not block.
 */
int signature_look(struct signature *, struct error *);

/* Of a good one: who signed what, and with which file it was checked. */
const char *signature_who(const struct signature *);
const char *signature_mark(const struct signature *);

/* Ends the child if there still is one. */
void signature_free(struct signature *);

#endif
