/*
 * http.h - one request at a time over a connection that is kept.
 *
 * libcurl behind a few functions: certificates, proxies, time limits,
 * answers in pieces.  Knows nothing of git.  Only workers use it.
 */
#ifndef KELPIE_HTTP_H
#define KELPIE_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct error;
struct settings;

struct http;

struct http_opts {
	const struct settings *settings; /* borrowed for life; NULL: none */
	unsigned
	    timeout; /* seconds without a byte; also to connect, at most 30 */
	/* Called at least once a second while a request runs. */
	void (*progress)(void *ctx, uint64_t received); /* or sent, before */
	void *ctx;
};

/* Takes a piece of the body of a 200 answer.  -1 with *err ends it. */
typedef int http_sink(void *ctx, const char *data, size_t len, struct error *);

struct http_request {
	const char *url;
	const char *user, *password; /* or NULL; sent before they are asked
					for, and only with this request */
	const char *const *headers; /* NULL ends */
	const char *body; /* of a POST; NULL: a GET */
	size_t len;
	http_sink *sink;
	void *ctx;
};

#define HTTP_LOCATION_MAX 2304 /* with the final NUL */

struct http_answer {
	long status; /* 0: none, or none that can be */
	char type[128]; /* Content-Type, lower case, without parameters */
	char location[HTTP_LOCATION_MAX]; /* of a redirect, made absolute if
					     it is an URL at all: check it; ""
					     if it is too long */
	char auth[64]; /* schemes of WWW-Authenticate: "Basic, Bearer" */
	uint32_t retry_after; /* seconds; 0: nothing is said */
	uint64_t received; /* bytes of the body */
};

/* Once a process, before any fork; the parent may do it. */
int http_init(struct error *);

/* The files and directories that certificate checks read; NULL ends. */
const char *const *http_trust(const char *ca_file);

/*
 * The port that libcurl connects to for a proxy's URL.  ERR_CONFIG if the
 * URL is none, or not http, https, socks4, socks4a, socks5, socks5h.
 */
int http_proxy_port(const char *proxy, uint16_t *port, struct error *);

/*
 * A copy of an URL without user and password, which are decoded into copies
 * of their own, NULL if it has none; both pointers may be NULL.
 */
char *http_bare(const char *url, char **user, char **password);

/* NULL: libcurl gives no handle. */
struct http *http_open(const struct http_opts *);

/*
 * Send a request.  Redirects are not followed.  Returns 0 when there was an
 * answer, whatever its status: bodies of other answers than 200 are thrown
 * away.  Status and type are known before the sink's first piece.
 *
 * ERR_NETWORK for whatever may pass, ERR_AUTH for certificates and what a
 * proxy forbids, ERR_INTEGRITY for an answer that breaks HTTP, and whatever
 * the sink set; messages do not repeat the URL.
 */
int http_send(struct http *, const struct http_request *, struct http_answer *,
    struct error *);
void http_close(struct http *);

#endif
