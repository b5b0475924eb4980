/*
 * http_server.h - a web server of a few lines that answers word for word.
 *
 * listen_somewhere() in the tester, serve() in a child of it.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"

enum then { KEEP, CLOSE, HANG, FLOOD };

/* What is sent for a path, word for word, and what happens then.  FLOOD
 * sends the last 8 bytes for as long as they are taken. */
struct canned {
	const char *path, *answer;
	enum then then;
};

static const struct canned http_answers[] = {
#define OK_TEXT "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    {"/length", OK_TEXT "Content-Length: 5\r\n\r\nhello", KEEP},
    {"/once", OK_TEXT "Content-Length: 5\r\n\r\nhello", CLOSE},
    {"/chunks",
	OK_TEXT "Transfer-Encoding: chunked\r\n\r\n"
		"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
	KEEP},
    {"/close", "HTTP/1.0 200 OK\r\n\r\nhello", CLOSE},
    {"/empty", OK_TEXT "Content-Length: 0\r\n\r\n", KEEP},
    {"/type",
	"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML ; charset=x\r\n"
	"Content-Length: 5\r\n\r\nhello",
	KEEP},
    {"/busy", "HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
	KEEP},
    {"/later",
	"HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"
	"Content-Length: 0\r\n\r\n",
	KEEP},
    {"/past",
	"HTTP/1.1 503 No\r\nRetry-After: Sat, 01 Jan 2000 00:00:00 GMT\r\n"
	"Content-Length: 0\r\n\r\n",
	KEEP},
    {"/auth",
	"HTTP/1.1 401 No\r\nwww-authenticate: Basic realm=\"a, b\"\r\n"
	"WWW-Authenticate:\tNegotiate\r\nWWW-Authenticate: \x1b[1mBad\r\n"
	"Content-Length: 0\r\n\r\n",
	KEEP},
    {"/elsewhere",
	"HTTP/1.1 302 Moved\r\nLocation: file:///etc/passwd\r\n"
	"Content-Length: 0\r\n\r\n",
	KEEP},
    {"/404", "HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nsorry", KEEP},
    {"/204", "HTTP/1.1 204 No\r\n\r\n", KEEP},
    {"/moved",
	"HTTP/1.1 301 Moved\r\nLocation: /length?x\r\n"
	"Content-Length: 5\r\n\r\nthere",
	KEEP},
    {"/long404",
	"HTTP/1.1 404 No\r\nContent-Length: 9999999999\r\n\r\n"
	"01234567",
	FLOOD},
    {"/cut", OK_TEXT "Content-Length: 50\r\n\r\nhello", CLOSE},
    {"/cutchunk",
	OK_TEXT "Transfer-Encoding: chunked\r\n\r\n"
		"5\r\nhello\r\n",
	CLOSE},
    {"/nothing", "", CLOSE},
    {"/silent", "", HANG},
    {"/stops", OK_TEXT "Content-Length: 50\r\n\r\nhello", HANG},
    {"/nohttp", "SSH-2.0-OpenSSH_9.2\r\n", CLOSE},
    {"/headers", "HTTP/1.1 200 OK\r\nX-1: 89\r\n", FLOOD},
    {"/header", "HTTP/1.1 200 OK\r\nX-1: 89012345", FLOOD},
};

/* A test may have others. */
static const struct canned *answers = http_answers;
static size_t answers_len = sizeof(http_answers) / sizeof(http_answers[0]);

static uint16_t port;

static void
reply(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len != 0; data += n, len -= (size_t)n)
		if ((n = write(fd, data, len)) <= 0)
			_exit(0);
}

/* What a git server would say that it is. */
static const char *
echo_type(const char *request)
{
	const char *line = request + strcspn(request, "\r");

	if (memmem(request, (size_t)(line - request), "/info/refs?", 11))
		return "application/x-git-upload-pack-advertisement";
	if (memmem(request, (size_t)(line - request), "/git-upload-pack ", 17))
		return "application/x-git-upload-pack-result";
	return "text/plain";
}

/* The request itself as the body, and the number of the connection. */
static void
echo(int fd, const struct buf *request, int number)
{
	struct buf b = {0};

	buf_printf(&b,
	    "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n%d %s",
	    echo_type(request->data), request->len + 2, number, request->data);
	reply(fd, b.data, b.len);
	buf_free(&b);
}

/* Say nothing more; end when the other side has had enough. */
static _Noreturn void
wait_for_goodbye(int fd)
{
	char c;

	while (read(fd, &c, 1) > 0)
		;
	_exit(0);
}

static void
respond(int fd, const struct buf *request, int number)
{
	size_t len, path = strcspn(request->data, " ") + 1;
	const char *answer;

	for (size_t i = 0; i < answers_len; i++) {
		len = strlen(answers[i].path);
		if (strncmp(request->data + path, answers[i].path, len) != 0 ||
		    request->data[path + len] != ' ')
			continue;
		answer = answers[i].answer;
		len = strlen(answer);
		reply(fd, answer, len);
		while (answers[i].then == FLOOD)
			reply(fd, answer + len - 8, 8);
		if (answers[i].then == HANG)
			wait_for_goodbye(fd);
		if (answers[i].then == CLOSE)
			_exit(0);
		return;
	}
	echo(fd, request, number);
}

/* Is the request there to its end?  A GET ends with its headers, and the
 * body of a POST is "ping". */
static int
is_whole(const struct buf *b)
{
	const char *end =
	    strncmp(b->data, "POST ", 5) == 0 ? "ping" : "\r\n\r\n";

	return b->len >= 4 && strcmp(b->data + b->len - strlen(end), end) == 0;
}

/*
 * The server as a SOCKS proxy of version 5 (RFC 1928 and 1929) for me:s3crt
 * and whatever host, which it then plays itself.  Connections are too short
 * for messages to come in pieces.
 */
static void
be_socks(int fd)
{
	char in[512];

	reply(fd, "\5\2", 2);
	if (read(fd, in, sizeof(in)) < 10 ||
	    memcmp(in, "\1\2me\5s3crt", 10) != 0) {
		reply(fd, "\1\1", 2);
		_exit(0);
	}
	reply(fd, "\1\0", 2);
	if (read(fd, in, sizeof(in)) < 10 || in[3] != 3)
		_exit(0);
	reply(fd, "\5\0\0\1\0\0\0\0\0\0", 10);
}

/* The requests of one connection. */
static _Noreturn void
converse(int fd, int number)
{
	struct buf request = {0};
	char piece[4096];
	unsigned served = 0;
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		buf_add(&request, piece, (size_t)n);
		/* Somebody wants TLS and gets what a web server says then. */
		if (request.data[0] == 0x16) {
			reply(fd, "HTTP/1.1 400 Bad\r\n\r\n", 20);
			_exit(0);
		}
		if (request.data[0] == 5) {
			be_socks(fd);
			buf_clear(&request);
			continue;
		}
		if (!is_whole(&request))
			continue;
		if (strncmp(request.data, "CONNECT ", 8) == 0) {
			reply(fd, "HTTP/1.1 407 No\r\n\r\n", 19);
			_exit(0);
		}
		/* As a server does whose patience ended a moment ago. */
		if (served++ != 0 && strstr(request.data, "/first") != NULL)
			_exit(0);
		respond(fd, &request, number);
		buf_clear(&request);
	}
	_exit(0);
}

static _Noreturn void
serve(int listener)
{
	/* A tester that dies must not leave this behind. */
	(void)alarm(120);
	(void)signal(SIGCHLD, SIG_IGN);
	for (int number = 1;; number = number % 9 + 1) {
		int fd = accept(listener, NULL, NULL);

		if (fd == -1)
			_exit(1);
		if (fork() == 0) {
			(void)alarm(60);
			converse(fd, number);
		}
		(void)close(fd);
	}
}

static int
listen_somewhere(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&a, len) == -1 ||
	    listen(fd, 16) == -1 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) == -1)
		exit(1);
	port = ntohs(a.sin_port);
	return fd;
}

#endif
