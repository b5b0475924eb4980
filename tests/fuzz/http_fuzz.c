/*
 * Any bytes as the answer of a web server, over a socket: a status, a
 * type, the place of a redirect and the seconds to wait are of the form that
 * http.h says, or there is an error of one of its kinds.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "http_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"

#define SEND_MAX (64u << 10) /* what a socket takes without a reader */

struct answer {
	const uint8_t *data;
	size_t size;
	int peer;
};

static bool
listen_at(int fd, const struct sockaddr_un *at, size_t len)
{
	socklen_t size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len);

	return bind(fd, (const struct sockaddr *)at, size) == 0 &&
	    listen(fd, 1) == 0;
}

/* A socket of no file system that all runs connect to. */
static int
listener(const char **name)
{
	static struct sockaddr_un at = {.sun_family = AF_UNIX};
	static int fd = -1;
	char *text = at.sun_path + 1;
	int n;

	*name = text;
	if (fd != -1)
		return fd;
	n = snprintf(text, sizeof(at.sun_path) - 1, "kelpie-fuzz-%ld",
	    (long)getpid());
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	require(fd != -1 && listen_at(fd, &at, (size_t)n));
	return fd;
}

/* The request is out: here is the answer to it. */
static int
on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *ctx)
{
	struct answer *a = ctx;
	const char *name;

	(void)easy, (void)data, (void)size;
	if (type != CURLINFO_HEADER_OUT || a->peer != -1)
		return 0;
	a->peer = accept4(listener(&name), NULL, NULL, SOCK_CLOEXEC);
	require(a->peer != -1);
	require(
	    send(a->peer, a->data, a->size, MSG_NOSIGNAL) == (ssize_t)a->size);
	require(shutdown(a->peer, SHUT_WR) == 0);
	return 0;
}

static int
on_data(void *ctx, const char *data, size_t len, struct error *err)
{
	uint64_t *sum = ctx;

	(void)data, (void)err;
	*sum += len;
	return 0;
}

static void
check_answer(const struct http_answer *a, uint64_t sum, size_t size)
{
	static const char auth[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789-, ";

	require(a->status >= 0 && a->status <= 999);
	require(sum <= size && a->received >= sum);
	require(a->status == 200 || sum == 0);
	for (const char *s = a->type; *s != '\0'; s++)
		require(!isupper((unsigned char)*s) && *s != ';' && *s != ' ');
	require(strlen(a->location) < HTTP_LOCATION_MAX);
	require(strpbrk(a->location, "\r\n") == NULL);
	require(a->auth[strspn(a->auth, auth)] == '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	struct http_opts opts = {.timeout = 2};
	struct answer a = {.data = data, .peer = -1};
	uint64_t sum = 0;
	struct http_request q = {.url = "http://127.0.0.1:1/a/b?c",
	    .sink = on_data,
	    .ctx = &sum};
	struct http_answer answer;
	struct error err = {.kind = ERR_NONE};
	const char *name;
	struct http *h;

	if (!begun)
		require(http_init(&err) == 0);
	begun = true;
	a.size = size < SEND_MAX ? size : SEND_MAX;
	h = http_open(&opts);
	require(h != NULL);
	(void)listener(&name);
	(void)curl_easy_setopt(h->easy, CURLOPT_ABSTRACT_UNIX_SOCKET, name);
	(void)curl_easy_setopt(h->easy, CURLOPT_VERBOSE, 1L);
	(void)curl_easy_setopt(h->easy, CURLOPT_DEBUGFUNCTION, on_debug);
	(void)curl_easy_setopt(h->easy, CURLOPT_DEBUGDATA, &a);
	if (http_send(h, &q, &answer, &err) == 0)
		check_answer(&answer, sum, size);
	else
		require(err.kind == ERR_NETWORK || err.kind == ERR_AUTH ||
		    err.kind == ERR_INTEGRITY);
	require(err.kind == ERR_NONE || strpbrk(err.msg, "\r\n") == NULL);
	http_close(h);
	if (a.peer != -1)
		(void)close(a.peer);
	return 0;
}
