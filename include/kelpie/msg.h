/*
 * msg.h - the records that parent and workers send each other.
 *
 * One record is one write(2) of at most MSG_MAX bytes.  Neither side
 * believes a length, a type or a string before it has checked it; what the
 * strings mean is the reader's business.
 */
#ifndef KELPIE_MSG_H
#define KELPIE_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "kelpie/error.h"

enum msg_type {
	/* down */
	MSG_JOB = 1, /* id, url, version, commit */
	/* up */
	MSG_PROGRESS, /* phase, done, total */
	MSG_NOTE, /* a line for -v */
	MSG_FACT, /* key and value: commit, ref */
	MSG_RESULT, /* id, kind and message; once for each job, last */
};

enum phase {
	PHASE_CONNECT, /* nothing heard yet */
	PHASE_RESOLVE, /* asking what a tag or branch is */
	PHASE_RECEIVE, /* done: bytes */
	PHASE_UNPACK, /* done and total: files */
	PHASE_LAST = PHASE_UNPACK
};

#define MSG_MAX 4096

/* What a worker is to fetch. */
struct job {
	uint32_t id; /* the directory of this job in the worker's stage */
	const char *url; /* with its password, if it has one */
	const char *version; /* "": the remote's HEAD */
	const char *commit; /* "": not known beforehand */
};

struct msg {
	enum msg_type type;
	struct job job; /* JOB; RESULT has only its id */
	enum phase phase; /* PROGRESS */
	uint64_t done, total; /* PROGRESS; total 0: not known */
	const char *key, *text; /* FACT; NOTE has only text */
	struct error result; /* RESULT; ERR_NONE is success */
};

/* "connecting", "resolving", "receiving", "unpacking". */
const char *phase_word(enum phase);

/*
 * Write one record to a socket.  Returns 0, or -1 if nobody reads or it is
 * too long (EMSGSIZE).
 */
int msg_send(int fd, const struct msg *);

/*
 * Decode the record at the start of buf.  Returns its length, 0 if more
 * bytes are needed, -1 if no record can start like this.  Strings in *m
 * point into buf and are NUL-terminated.
 */
int msg_parse(struct msg *m, const char *buf, size_t len);

#endif
