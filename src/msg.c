#include "kelpie/msg.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "msg_priv.h"

const char *
phase_word(enum phase phase)
{
	static const char *const word[] = {
	    [PHASE_CONNECT] = "connecting",
	    [PHASE_RESOLVE] = "resolving",
	    [PHASE_RECEIVE] = "receiving",
	    [PHASE_UNPACK] = "unpacking",
	};

	return word[phase];
}

/* Both ends are one program on one machine: native byte order. */
struct head {
	uint16_t len; /* of the whole record */
	uint8_t type;
	uint8_t arg; /* phase, or error kind */
};

struct out {
	char buf[MSG_MAX];
	size_t len;
	bool full;
};

static void
put(struct out *o, const void *data, size_t len)
{
	if (o->full || len > sizeof(o->buf) - o->len) {
		o->full = true;
		return;
	}
	memcpy(o->buf + o->len, data, len);
	o->len += len;
}

static void
put_string(struct out *o, const char *s)
{
	if (s == NULL)
		s = "";
	put(o, s, strlen(s) + 1);
}

enum {
	OFFLINE = 1 << 0,
	KEEP = 1 << 1,
	PUP = 1 << 2,
	MIRROR = 1 << 3,
	MAKE = 1 << 4,
	REFS = 1 << 5,
	VERIFY = 1 << 6,
	FLAGS_END = 1 << 7,
};

static uint8_t
flags_of(const struct job *job)
{
	return (uint8_t)((job->offline ? OFFLINE : 0) | (job->keep ? KEEP : 0) |
	    (job->pup ? PUP : 0) | (job->mirror ? MIRROR : 0) |
	    (job->make ? MAKE : 0) | (job->refs ? REFS : 0) |
	    (job->verify ? VERIFY : 0));
}

static void
take_flags(struct job *job, unsigned flags)
{
	job->offline = (flags & OFFLINE) != 0;
	job->keep = (flags & KEEP) != 0;
	job->pup = (flags & PUP) != 0;
	job->mirror = (flags & MIRROR) != 0;
	job->make = (flags & MAKE) != 0;
	job->refs = (flags & REFS) != 0;
	job->verify = (flags & VERIFY) != 0;
}

static void
put_job(struct out *o, const struct job *job, uint8_t *descriptors)
{
	const int fd[JOB_FDS] = {job->pack, job->link, job->words};
	const uint8_t kind = (uint8_t)job->kind, flags = flags_of(job);

	put(o, &job->id, sizeof(job->id));
	put(o, &kind, sizeof(kind));
	put(o, &flags, sizeof(flags));
	put_string(o, job->url);
	put_string(o, job->version);
	put_string(o, job->commit);
	put_string(o, job->have);
	put_string(o, job->user);
	put_string(o, job->password);
	put_string(o, job->path);
	put_string(o, job->checksum);
	put_string(o, job->role);
	put_string(o, job->since);
	put_string(o, job->tags);
	put_string(o, job->tag);
	for (unsigned i = 0; i < JOB_FDS; i++)
		if (fd[i] != -1)
			*descriptors |= (uint8_t)(1u << i);
}

int
msg_send(int fd, const struct msg *m)
{
	struct out o = {.len = sizeof(struct head)};
	struct head h = {.type = (uint8_t)m->type};
	ssize_t n;

	switch (m->type) {
	case MSG_JOB:
		put_job(&o, &m->job, &h.arg);
		break;
	case MSG_PROGRESS:
		h.arg = (uint8_t)m->phase;
		put(&o, &m->done, sizeof(m->done));
		put(&o, &m->total, sizeof(m->total));
		break;
	case MSG_FACT:
		put_string(&o, m->key);
		put_string(&o, m->text);
		break;
	case MSG_NOTE:
		put_string(&o, m->text);
		break;
	case MSG_RESULT:
		h.arg = (uint8_t)m->result.kind;
		put(&o, &m->job.id, sizeof(m->job.id));
		put_string(&o, m->result.msg);
		break;
	}
	if (o.full) {
		errno = EMSGSIZE;
		return -1;
	}
	h.len = (uint16_t)o.len;
	memcpy(o.buf, &h, sizeof(h));
	n = m->type == MSG_JOB ? fds_send(fd, o.buf, o.len, &m->job) :
				 fds_send(fd, o.buf, o.len, NULL);
	if (m->type == MSG_JOB) /* it may hold a password */
		explicit_bzero(o.buf, sizeof(o.buf));
	return n == (ssize_t)o.len ? 0 : -1;
}

struct in {
	const char *at, *end;
};

/* The next string of the body, or NULL if it does not end in it. */
static const char *
get_string(struct in *in)
{
	const char *s = in->at;
	const char *nul = memchr(s, '\0', (size_t)(in->end - s));

	if (nul == NULL)
		return NULL;
	in->at = nul + 1;
	return s;
}

static bool
get(struct in *in, void *out, size_t len)
{
	if ((size_t)(in->end - in->at) < len)
		return false;
	memcpy(out, in->at, len);
	in->at += len;
	return true;
}

static bool
get_job(struct in *in, unsigned descriptors, struct job *job)
{
	int *const fd[JOB_FDS] = {&job->pack, &job->link, &job->words};
	uint8_t kind = 0, flags = 0;

	if (descriptors >= 1u << JOB_FDS)
		return false;
	for (unsigned i = 0; i < JOB_FDS; i++)
		*fd[i] = (descriptors & 1u << i) != 0 ? JOB_FD_COMES : -1;
	if (!get(in, &job->id, sizeof(job->id)) ||
	    !get(in, &kind, sizeof(kind)) || kind > JOB_KIND_LAST ||
	    !get(in, &flags, sizeof(flags)) || flags >= FLAGS_END)
		return false;
	take_flags(job, flags);
	job->kind = (enum job_kind)kind;
	return (job->url = get_string(in)) != NULL &&
	    (job->version = get_string(in)) != NULL &&
	    (job->commit = get_string(in)) != NULL &&
	    (job->have = get_string(in)) != NULL &&
	    (job->user = get_string(in)) != NULL &&
	    (job->password = get_string(in)) != NULL &&
	    (job->path = get_string(in)) != NULL &&
	    (job->checksum = get_string(in)) != NULL &&
	    (job->role = get_string(in)) != NULL &&
	    (job->since = get_string(in)) != NULL &&
	    (job->tags = get_string(in)) != NULL &&
	    (job->tag = get_string(in)) != NULL;
}

static bool
get_result(struct in *in, uint8_t kind, struct msg *m)
{
	struct error *result = &m->result;
	const char *s = NULL;

	if (get(in, &m->job.id, sizeof(m->job.id)))
		s = get_string(in);
	if (s == NULL || kind > ERR_CANCELLED || strlen(s) >= ERROR_MAX)
		return false;
	result->kind = (enum error_kind)kind;
	memcpy(result->msg, s, strlen(s) + 1);
	return true;
}

static bool
parse_body(struct msg *m, struct in *in, uint8_t arg)
{
	switch (m->type) {
	case MSG_JOB:
		return get_job(in, arg, &m->job);
	case MSG_PROGRESS:
		m->phase = (enum phase)arg;
		return arg <= PHASE_LAST &&
		    get(in, &m->done, sizeof(m->done)) &&
		    get(in, &m->total, sizeof(m->total));
	case MSG_FACT:
		return (m->key = get_string(in)) != NULL &&
		    (m->text = get_string(in)) != NULL;
	case MSG_NOTE:
		return (m->text = get_string(in)) != NULL;
	case MSG_RESULT:
		return get_result(in, arg, m);
	}
	return false;
}

int
msg_parse(struct msg *m, const char *buf, size_t len)
{
	struct head h;
	struct in in;

	if (len < sizeof(h))
		return 0;
	memcpy(&h, buf, sizeof(h));
	if (h.len < sizeof(h) || h.len > MSG_MAX)
		return -1;
	if (len < h.len)
		return 0;
	memset(m, 0, sizeof(*m));
	m->type = (enum msg_type)h.type;
	in = (struct in){buf + sizeof(h), buf + h.len};
	if (!parse_body(m, &in, h.arg) || in.at != in.end)
		return -1;
	return h.len;
}
