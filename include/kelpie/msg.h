/*
 * msg.h - the records that parent and workers send each other.
 *
 * One record is one write(2) of at most MSG_MAX bytes.  Neither side
 * believes a length, a type or a string before it has checked it; what the
 * strings mean is the reader's business.
 */
#ifndef KELPIE_MSG_H
#define KELPIE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kelpie/error.h"

enum msg_type {
	/* down */
	MSG_JOB = 1, /* all of struct job, with its descriptors */
	/* up */
	MSG_PROGRESS, /* phase, done, total */
	MSG_NOTE, /* a line for -v */
	MSG_FACT, /* key and value, see below */
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

/* What is at the URL of a job. */
enum job_kind {
	JOB_GIT, /* also on this machine */
	JOB_ARCHIVE,
	JOB_DIRECTORY,
	JOB_LOOKUP, /* a Galaxy server that may know a role: what is it? */
	JOB_LINK, /* no job: the parent makes it */
	JOB_KIND_LAST = JOB_LINK
};

/*
 * Facts that a worker tells:
 *
 *	commit, ref	what the version is: 40 hex digits; refs/tags/v1
 *	newest		of a job with refs: the highest release, TAB, its commit or ""
 *	tagged		of a job with refs: one of its tags, TAB, its commit
 *	tag		the id of the tag object that leads there, if one does
 *	auth		the server wants credentials; the value says how
 *	moved		the URL at which another origin has the repository
 *	retry-after	seconds that the server wants us to wait
 *	cache		"damaged": the pack that came with the job; "lacking":
 *			it has no tag object, and is good else
 *	pack		"kept": <id>/pack has the one pack that came
 *	sha256		of the archive that came, 64 hex digits
 *	since		commits from that one on: "12", "-3" back, "0" neither,
 *			"many"
 *	meta		"empty": its meta/main.yml says nothing
 *	dependency	a spec of the role's meta, as spec_pack() writes it
 *
 * And of a LOOKUP, which leaves no role behind:
 *
 *	found		"git" or "archive", its URL, the version, and the commit
 *			or "", divided by TABs: what the name stands for
 *	unknown		the server knows no such role, or speaks no API for
 *			roles: the RESULT says which, another may know it
 */

/* What a worker is to fetch.  A string that is NULL
 * arrives as "". */
struct job {
	uint32_t id; /* the directory of this job in the worker's stage */
	enum job_kind kind;
	const char *url; /* with its password, if it has one */
	const char *version; /* "": the remote's HEAD */
	const char *commit; /* "": not known beforehand */
	const char *have; /* the commit whose pack comes along or, of a
			     mirror, is to be got; or "" */
	const char *user, *password; /* for the http server, or "" */
	const char *path; /* of the role inside the source, or "" */
	const char *checksum; /* the SHA-256 of an archive, or "" */
	const char *role; /* of a LOOKUP: "owner.role" */
	const char *since; /* a commit: how far is it from there?  Or "" */
	const char *tags; /* of a job with refs, or "": the full names of
			     tags whose commits are wanted too, spaces
			     between */
	const char *tag; /* the id of the tag object to ask for, or "" */
	bool verify; /* leave what is signed in <id>/signed (signed.h) */
	bool offline; /* there is only what comes along */
	bool pup; /* its own requirements.yml tells of needs, too */
	bool keep; /* leave the pack that was received for the cache */
	bool make; /* and one of what has not come as a pack */
	bool mirror; /* at the URL lies just what have says: no repository */
	bool refs; /* fetch nothing: what are the version, and the newest? */
	/* Descriptors, or -1: the pack of have; a socket to a program that
	 * speaks with the server, and the words it says besides. */
	int pack, link, words;
};
#define JOB_FDS 3
#define JOB_NO_FDS .pack = -1, .link = -1, .words = -1
/* Of a JOB that was parsed, until msg_take_fds(): it comes along. */
#define JOB_FD_COMES (-2)

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
 * Write one record to a socket, a JOB with copies of its descriptors.
 * Returns 0, or -1 if nobody reads or it is too long (EMSGSIZE).
 */
int msg_send(int fd, const struct msg *);

/*
 * Decode the record at the start of buf.  Returns its length, 0 if more
 * bytes are needed, -1 if no record can start like this.  Strings in *m
 * point into buf and are NUL-terminated.
 */
int msg_parse(struct msg *m, const char *buf, size_t len);

/* Descriptors that have come with records, to be taken by the next JOB. */
struct msg_fds {
	int v[JOB_FDS];
	size_t n;
};

/*
 * read(2) for the worker's side: also takes the descriptors that come along.
 * More than a JOB can have are closed.
 */
ssize_t msg_read(int fd, void *buf, size_t len, struct msg_fds *);

/* Give a parsed JOB its descriptors; -1 if there are fewer than it says. */
int msg_take_fds(struct job *, struct msg_fds *);

/* Close the descriptors of a job. */
void job_close(struct job *);

#endif
