/*
 * git:// without anything between git's protocol and TCP: gitprotocol-pack(5),
 * "Git Transport".  One connection a job.
 */
#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/git.h"
#include "kelpie/clock.h"
#include "kelpie/url.h"

#define PIECE 65536
#define PORT "9418"
#define CONNECT_MAX 30 /* seconds */
#define LOOK 1000 /* ms after which to look whether anybody still wants it */

/* ---- the socket ---- */

/*
 * Wait until the socket is ready.  What a server sends byte by byte is
 * progress too; a silent one ends here, before the parent loses patience.
 */
static int
wait_ready(struct fetcher *f, short events, unsigned seconds, struct error *err)
{
	struct pollfd p = {.fd = f->socket, .events = events};
	int n;

	/* What we did meanwhile was not his silence. */
	patience_renew(&f->patience, 0);
	for (;;) {
		if (patience_ends(&f->patience, seconds))
			return patience_fail(&f->patience, seconds, err);
		n = poll(&p, 1, LOOK);
		if (n > 0)
			return 0;
		if (n == -1 && errno != EINTR)
			return error_errno(err, "wait for the server");
		worker_progress(f->worker, f->phase, f->received, 0);
	}
}

static int
connect_to(struct fetcher *f, const struct addrinfo *a, unsigned seconds,
    struct error *err)
{
	int failed = 0;
	socklen_t len = sizeof(failed);

	patience_begin(&f->patience);
	f->socket = socket(a->ai_family,
	    a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
	if (f->socket == -1)
		return error_errno(err, "make a socket");
	if (connect(f->socket, a->ai_addr, a->ai_addrlen) == -1)
		failed = errno;
	if (failed == EINPROGRESS) {
		if (wait_ready(f, POLLOUT, seconds, err) == -1)
			return -1;
		if (getsockopt(f->socket, SOL_SOCKET, SO_ERROR, &failed,
			&len) == -1)
			return error_errno(err, "connect");
	}
	if (failed == 0)
		return 0;
	return error_set(err, ERR_NETWORK, "cannot connect: %s",
	    strerror(failed));
}

static void
hang_up(struct fetcher *f)
{
	if (f->socket != -1)
		(void)close(f->socket);
	f->socket = -1;
}

/* host:port behind the scheme of an origin; brackets belong to neither. */
static void
split(char *authority, char **host, char **port)
{
	char *colon = strrchr(authority, ':');

	*host = authority;
	*port = colon + 1;
	*colon = '\0';
	if (**host == '[') {
		(*host)++;
		colon[-1] = '\0';
	}
}

/* All addresses together get the time of one: the parent waits no longer. */
static unsigned
seconds_each(const struct fetcher *f, const struct addrinfo *a)
{
	unsigned n = 1, all = f->opts.timeout;

	if (all > CONNECT_MAX)
		all = CONNECT_MAX;
	while ((a = a->ai_next) != NULL)
		n++;
	return all > n ? all / n : 1;
}

static int
call(struct fetcher *f, const char *authority, struct error *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found, *a;
	char *copy = xstrdup(authority), *host, *port;
	int rc;

	split(copy, &host, &port);
	rc = getaddrinfo(host, port, &hints, &found);
	if (rc != 0)
		rc = error_set(err, ERR_NETWORK, "cannot find '%s': %s", host,
		    gai_strerror(rc));
	else {
		rc = -1;
		for (a = found; a != NULL && rc == -1; a = a->ai_next) {
			hang_up(f);
			rc = connect_to(f, a, seconds_each(f, found), err);
		}
		freeaddrinfo(found);
	}
	free(copy);
	return rc;
}

static int
send_all(struct fetcher *f, const char *data, size_t len, struct error *err)
{
	ssize_t n;

	while (len != 0) {
		n = send(f->socket, data, len, MSG_NOSIGNAL);
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN || errno == EINTR) {
			if (wait_ready(f, POLLOUT, f->opts.timeout, err) == -1)
				return -1;
		} else
			return error_set(err, ERR_NETWORK,
			    "cannot send to the server: %s", strerror(errno));
	}
	return 0;
}

/* Until the reader has all, or there is no more: then it knows why. */
static int
read_on(struct fetcher *f, const struct reader *reader, struct error *err)
{
	char *piece = xmalloc(PIECE);
	ssize_t n = 1;
	int rc = 0;

	patience_begin(&f->patience);
	f->received = 0;
	while (rc == 0 && n != 0 && !*reader->ended) {
		n = recv(f->socket, piece, PIECE, 0);
		if (n > 0) {
			f->received += (size_t)n;
			patience_renew(&f->patience, (size_t)n);
			worker_progress(f->worker, f->phase, f->received, 0);
			rc = reader->feed(reader->ctx, piece, (size_t)n, err);
		} else if (n == -1 && (errno == EAGAIN || errno == EINTR))
			rc = wait_ready(f, POLLIN, f->opts.timeout, err);
		else if (n == -1)
			rc = error_set(err, ERR_NETWORK,
			    "the connection breaks: %s", strerror(errno));
	}
	free(piece);
	return rc;
}

/* ---- the carrier ---- */

/* The path as git sends it, without what is percent-encoded in an URL. */
static char *
path_of(const char *url)
{
	const char *path = strstr(url, "://") + 3;
	char *as_file, *decoded;

	path += strcspn(path, "/");
	as_file = xasprintf("file://%s", path);
	decoded = url_path(as_file);
	free(as_file);
	if (decoded[0] == '/' && decoded[1] == '~')
		memmove(decoded, decoded + 1, strlen(decoded));
	return decoded;
}

/* "git-upload-pack PATH", NUL, "host=HOST", NUL, NUL, "version=2", NUL. */
static int
greet(struct fetcher *f, const struct reader *reader, struct error *err)
{
	const char *authority = strstr(f->worker->origin, "://") + 3;
	char *path = path_of(f->job->url);
	struct buf text = {0}, b = {0};
	size_t host;
	int rc;

	host = strlen(authority);
	if (host > sizeof(PORT) &&
	    strcmp(authority + host - sizeof(PORT), ":" PORT) == 0)
		host -= sizeof(PORT);
	buf_printf(&text, "git-upload-pack %s", path);
	buf_add(&text, "", 1);
	buf_printf(&text, "host=%.*s", (int)host, authority);
	buf_add(&text, "\0\0version=2", sizeof("\0\0version=2"));
	buf_printf(&b, "%04x", (unsigned)text.len + 4);
	buf_add(&b, text.data, text.len);
	rc = call(f, authority, err);
	if (rc == 0)
		rc = send_all(f, b.data, b.len, err);
	if (rc == 0)
		rc = read_on(f, reader, err);
	buf_free(&text);
	buf_free(&b);
	free(path);
	return rc;
}

static int
ask(struct fetcher *f, const struct buf *request, const struct reader *reader,
    struct error *err)
{
	if (send_all(f, request->data, request->len, err) == -1)
		return -1;
	return read_on(f, reader, err);
}

const struct carrier carrier_daemon = {.greet = greet, .ask = ask};

int
git_fetch_daemon(struct fetcher *f, struct error *err)
{
	int rc;

	f->carrier = &carrier_daemon;
	/* A connection begins with a greeting, so nothing is won by knowing
	 * the server. */
	f->known = false;
	rc = git_fetch(f, err);
	hang_up(f);
	return rc;
}
