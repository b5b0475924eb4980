/*
 * http.h - one request at a time over a connection that is kept.
 *
 * libcurl behind four functions: certificates, time limits, answers in
 * pieces.  Knows nothing of git.  Only workers use it.
 */
#ifndef KELPIE_HTTP_H
#define KELPIE_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct error;

struct http;

struct http_opts {
	const char *ca_file; /* or NULL */
	unsigned
	    timeout; /* seconds without a byte; also to connect, at most 30 */
	/* Called at least once a second while a request runs. */
	void (*progress)(void *ctx, uint64_t received);
	void *ctx;
};

/* Takes a piece of the body of a 200 answer.  -1 with *err ends it. */
typedef int http_sink(void *ctx, const char *data, size_t len, struct error *);

struct http_request {
	const char *url;
	const char *const *headers; /* NULL ends */
	const char *body;
	size_t len;
	http_sink *sink;
	void *ctx;
};

struct http_answer {
	long status;
	char type[128]; /* Content-Type, lower case, without parameters */
	char location[1024]; /* of a redirect, made absolute, or "" */
	uint64_t received; /* bytes of the body */
};

/* Once a process, before any fork; the parent may do it. */
int http_init(struct error *);

/* The files and directories that certificate checks read; NULL ends. */
const char *const *http_trust(const char *ca_file);

/* NULL: libcurl gives no handle. */
struct http *http_open(const struct http_opts *);

/*
 * Send a POST.  Redirects are not followed.  Returns 0 when there was an
 * answer, whatever its status: bodies of other answers than 200 are thrown
 * away.  Status and type are known before the sink's first piece.
 *
 * ERR_NETWORK for whatever may pass, ERR_AUTH for certificates,
 * ERR_INTEGRITY for an answer that breaks HTTP, and whatever the sink set;
 * messages do not repeat the URL.
 */
int http_post(struct http *, const struct http_request *, struct http_answer *,
    struct error *);
void http_close(struct http *);

#endif
