/*
 * fetch_bench.h - a worker without a parent: a fetcher with a job, and what
 * it tells.
 */
#ifndef FETCH_BENCH_H
#define FETCH_BENCH_H

#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fetch/git_http.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/msg.h"
#include "kelpie/worker.h"

/* A fetcher with a job, what it read, and what it told its parent. */
struct bench {
	struct fetcher f;
	struct worker worker;
	struct job job;
	int parent;
	struct buf got;
	char fact[MSG_MAX]; /* "key value", the last */
	struct error err;
};

static inline void
open_bench(struct bench *b, const char *url)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		exit(1);
	*b = (struct bench){.parent = pair[1]};
	b->worker.fd = pair[0];
	b->worker.origin = "unused";
	b->job = (struct job){.url = url,
	    .version = "",
	    .commit = "",
	    .have = "",
	    .user = "",
	    .password = ""};
	b->f.opts.timeout = 10;
	b->f.worker = &b->worker;
	b->f.job = &b->job;
	b->f.protocol = 2;
	git_http_begin(&b->f);
}

static inline void
read_facts(struct bench *b)
{
	struct buf in = {0};
	char piece[4096];
	struct msg m;
	ssize_t n;
	int used;
	size_t at = 0;

	while ((n = recv(b->parent, piece, sizeof(piece), MSG_DONTWAIT)) > 0)
		buf_add(&in, piece, (size_t)n);
	while (at < in.len &&
	    (used = msg_parse(&m, in.data + at, in.len - at)) > 0) {
		if (m.type == MSG_FACT)
			(void)snprintf(b->fact, sizeof(b->fact), "%s %s", m.key,
			    m.text);
		at += (size_t)used;
	}
	buf_free(&in);
}

static inline void
close_bench(struct bench *b)
{
	(void)close(b->parent);
	(void)close(b->worker.fd);
	http_close(b->f.http);
	buf_free(&b->got);
	free(b->f.way.base);
	free(b->f.way.user);
	free(b->f.way.password);
}

#endif
