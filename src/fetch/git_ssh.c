#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/git.h"
#include "fetch/git_ssh.h"
#include "kelpie/clock.h"

#define LOOK 500 /* ms between two reports of progress */
#define LAST_WORDS 2000 /* ms to wait for them */
#define NOTES_MAX 20
#define PIECE 65536
#define GREETING_MAX 65536 /* of version 2 */
#define LEAVE "0000" /* a flush-pkt where a request could begin */

/* The conversation of one job. */
struct session {
	struct fetcher *fetcher;
	int link, words; /* words is -1 once it has ended */
	struct patience patience; /* with the server */
	uint64_t received; /* bytes of the answer */
	bool spoke; /* the server did */
	bool greeted; /* its greeting was read */
	bool over; /* the server's end is closed */
	bool left; /* the server was told that nothing follows */
	struct ssh_words said;
	char piece[PIECE];
};

/* ---- descriptors ---- */

static void
hear_words(struct session *s)
{
	char text[1024];
	ssize_t n;

	n = read(s->words, text, sizeof(text));
	if (n > 0)
		ssh_words_add(&s->said, text, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		s->words = -1;
}

static int
wait_for(struct session *s, short events, short *got, struct error *err)
{
	struct fetcher *f = s->fetcher;
	struct pollfd p[] = {{.fd = s->link, .events = events},
	    {.fd = s->words, .events = POLLIN}};

	*got = 0;
	/* What we did meanwhile is no pause. */
	s->patience.looked = clock_ms();
	for (;;) {
		worker_progress(f->worker, s->spoke ? f->phase : PHASE_CONNECT,
		    s->received, 0);
		if (patience_ends(&s->patience, f->opts.timeout))
			return patience_fail(&s->patience, f->opts.timeout,
			    err);
		p[1].fd = s->words;
		if (poll(p, 2, LOOK) == -1)
			p[0].revents = p[1].revents = 0;
		if (p[1].revents != 0)
			hear_words(s);
		*got = p[0].revents;
		if (*got != 0)
			return 0;
	}
}

/* A piece of what the server says; 0 at the end. */
static ssize_t
hear(struct session *s)
{
	ssize_t n = read(s->link, s->piece, sizeof(s->piece));

	if (n > 0) {
		patience_renew(&s->patience, (size_t)n);
		s->received += (size_t)n;
		s->spoke = true;
	} else if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return -1;
	else
		s->over = true;
	return n > 0 ? n : 0;
}

/*
 * The session has ended: ssh says why.  What was heard of an answer may be
 * all of it, which is its reader's to judge.
 */
static int
explain(struct session *s, struct error *err)
{
	uint64_t until = clock_ms() + LAST_WORDS, now;
	const char *url = s->fetcher->job->url;
	struct pollfd p = {.events = POLLIN};

	while (s->words != -1 && (now = clock_ms()) < until) {
		p.fd = s->words;
		if (poll(&p, 1, (int)(until - now)) == 1)
			hear_words(s);
	}
	if (!s->spoke)
		return ssh_words_error(&s->said, url, err);
	return ssh_words_known(&s->said, url, err) ? -1 : 0;
}

/* ---- the protocol ---- */

size_t
ssh_greeting(const char *data, size_t size)
{
	static const char first[] = "version 2";
	size_t at = 0, len;
	char head[5] = "";

	while (size - at >= 4) {
		memcpy(head, data + at, 4);
		if (strspn(head, "0123456789abcdef") != 4)
			return SIZE_MAX;
		len = strtoul(head, NULL, 16);
		if (len == 0 && at != 0)
			return at + 4;
		if (len < 4)
			return SIZE_MAX;
		if (size - at < len)
			break;
		if (at == 0 &&
		    (len < 4 + strlen(first) ||
			memcmp(data + 4, first, strlen(first)) != 0))
			return SIZE_MAX;
		at += len;
	}
	return size > GREETING_MAX ? SIZE_MAX : 0;
}

/*
 * A request went out before the greeting came, because this server spoke
 * version 2 before.  If it does not today, this session is lost.
 */
static int
skip_greeting(struct session *s, struct buf *got, const struct reader *reader,
    size_t n, struct error *err)
{
	size_t len;

	buf_add(got, s->piece, n);
	len = ssh_greeting(got->data, got->len);
	if (len == SIZE_MAX) {
		s->fetcher->known = false;
		return error_set(err, ERR_NETWORK,
		    "the server speaks another version of git's protocol than "
		    "a moment ago");
	}
	s->greeted = s->fetcher->greeted = len != 0;
	s->received = 0;
	if (len == 0 || len == got->len)
		return 0;
	return reader->feed(reader->ctx, got->data + len, got->len - len, err);
}

/* Send what is left of the request. */
static int
send_more(struct session *s, const struct buf *request, size_t *sent)
{
	ssize_t n;

	n = write(s->link, request->data + *sent, request->len - *sent);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n == -1)
		return -1;
	*sent += (size_t)n;
	patience_renew(&s->patience, (size_t)n);
	return 0;
}

/*
 * Send a request, which may be none, and feed the answer to its reader.  The
 * server may say something before it has read all.
 */
static int
converse(struct session *s, const struct buf *request,
    const struct reader *reader, struct error *err)
{
	struct buf greeting = {0};
	size_t sent = 0;
	short events, got;
	ssize_t n;
	int rc = 0;

	patience_begin(&s->patience);
	s->received = 0;
	while (rc == 0 && !s->over && !*reader->ended) {
		events = sent < request->len ? POLLIN | POLLOUT : POLLIN;
		rc = wait_for(s, events, &got, err);
		if (rc == -1)
			break;
		if ((got & POLLOUT) != 0 && send_more(s, request, &sent) == -1)
			sent = request->len; /* the reason is there to read */
		if ((got & ~POLLOUT) == 0 || (n = hear(s)) <= 0)
			continue;
		if (s->greeted)
			rc =
			    reader->feed(reader->ctx, s->piece, (size_t)n, err);
		else
			rc =
			    skip_greeting(s, &greeting, reader, (size_t)n, err);
	}
	buf_free(&greeting);
	return rc == 0 && !*reader->ended ? explain(s, err) : rc;
}

static int
greet(struct fetcher *f, const struct reader *reader, struct error *err)
{
	const struct buf nothing = {0};

	f->session->greeted = true;
	return converse(f->session, &nothing, reader, err);
}

/*
 * A server of version 2 waits for more until it is told that there is none.
 * With the last request it is told beforehand, and has gone by the time its
 * answer is here.
 */
static int
ask(struct fetcher *f, const struct buf *request, const struct reader *reader,
    struct error *err)
{
	struct buf last = {0};
	int rc;

	if (f->phase != PHASE_RECEIVE || f->protocol != 2)
		return converse(f->session, request, reader, err);
	buf_add(&last, request->data, request->len);
	buf_puts(&last, LEAVE);
	f->session->left = true;
	rc = converse(f->session, &last, reader, err);
	buf_free(&last);
	return rc;
}

const struct carrier carrier_ssh = {.greet = greet, .ask = ask};

/* ---- a job ---- */

/* For those who asked for -v. */
static void
tell_words(struct session *s)
{
	char *line, *rest = s->said.text;
	unsigned n = 0;

	if (s->words != -1)
		hear_words(s);
	while ((line = strsep(&rest, "\r\n")) != NULL)
		if (*line != '\0' && n++ < NOTES_MAX)
			worker_note(s->fetcher->worker, "ssh says: %s", line);
}

static void
take_leave(struct session *s)
{
	if (!s->left)
		(void)!write(s->link, LEAVE, strlen(LEAVE));
}

int
git_fetch_ssh(struct fetcher *f, struct error *err)
{
	struct session *s;
	int rc;

	f->carrier = &carrier_ssh;
	if (f->job->link == -1 || f->job->words == -1)
		return git_fetch(f, err);
	s = xcalloc(1, sizeof(*s));
	s->fetcher = f;
	s->link = f->job->link;
	s->words = f->job->words;
	(void)fcntl(s->link, F_SETFL, O_NONBLOCK);
	(void)fcntl(s->words, F_SETFL, O_NONBLOCK);
	f->session = s;
	rc = git_fetch(f, err);
	take_leave(s);
	tell_words(s);
	f->session = NULL;
	free(s);
	return rc;
}
