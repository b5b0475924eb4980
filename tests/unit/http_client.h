/*
 * http_client.h - what the tests of http share: requests to http_server.h,
 * and what came of them.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "http_server.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/settings.h"

struct took {
	struct buf body;
	struct http_answer answer;
	bool refuse;
};

static inline int
sink(void *ctx, const char *data, size_t len, struct error *err)
{
	struct took *took = ctx;

	CHECK(len != 0);
	CHECK(took->answer.status == 200);
	if (took->refuse)
		return error_set(err, ERR_LOCAL, "no room");
	buf_add(&took->body, data, len);
	return 0;
}

static inline struct http *
open_with(unsigned timeout, const struct settings *settings)
{
	const struct http_opts opts = {.timeout = timeout,
	    .settings = settings};
	struct http *h = http_open(&opts);

	if (h == NULL)
		exit(1);
	return h;
}

static inline struct http *
open_http(unsigned timeout)
{
	return open_with(timeout, NULL);
}

/* POST "ping" to scheme and path of our server. */
static inline int
post(struct http *h, const char *scheme, const char *path, struct took *took,
    struct error *err)
{
	static const char *const headers[] = {"Content-Type: text/ping",
	    "Accept: text/pong", NULL};
	char *url = xasprintf("%s127.0.0.1:%u%s", scheme, port, path);
	const struct http_request q = {.url = url,
	    .headers = headers,
	    .body = "ping",
	    .len = 4,
	    .sink = sink,
	    .ctx = took};
	int rc;

	err->kind = ERR_NONE;
	err->msg[0] = '\0';
	rc = http_send(h, &q, &took->answer, err);
	free(url);
	return rc;
}

/* GET, or POST if there is a body, an URL as it is. */
static inline int
ask(struct http *h, struct http_request *q, struct took *took,
    struct error *err)
{
	static const char *const none[] = {NULL};

	*err = (struct error){.kind = ERR_NONE};
	buf_clear(&took->body);
	q->headers = none;
	q->len = q->body != NULL ? strlen(q->body) : 0;
	q->sink = sink;
	q->ctx = took;
	return http_send(h, q, &took->answer, err);
}

/* Where our server is, with a path. */
static inline char *
at(const char *scheme, const char *path)
{
	return xasprintf("%s127.0.0.1:%u%s", scheme, port, path);
}

static inline bool
said(const struct took *took, const char *words)
{
	return took->body.data != NULL &&
	    strstr(took->body.data, words) != NULL;
}

/* Start the server in a child, and run the tests against it. */
static inline int
with_server(void (*tests)(void))
{
	int listener = listen_somewhere();
	struct error err;
	pid_t server;

	(void)signal(SIGPIPE, SIG_IGN);
	if (http_init(&err) == -1)
		return 1;
	server = fork();
	if (server == 0)
		serve(listener);
	(void)close(listener);
	tests();
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	return check_done();
}

#endif
