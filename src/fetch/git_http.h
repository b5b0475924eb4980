/*
 * fetch/git_http.h - one request of git's protocol over http, and what its
 * answer comes to.
 *
 * Private to git_http*.c.
 */
#ifndef KELPIE_FETCH_GIT_HTTP_H
#define KELPIE_FETCH_GIT_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/git.h"
#include "kelpie/http.h"

/* One request, and who reads its answer. */
struct exchange {
	struct fetcher *fetcher;
	const struct reader *reader;
	const char *type; /* what the answer has to be */
	struct http_answer answer;
	bool other; /* it is something else, which begins so: */
	char head[OID_HEX + 1];
	size_t head_len;
};

/* An answer with a body that is none of git's: say what it is.  -1. */
int git_http_other(const struct exchange *, struct error *);

/* A status that is not 200: 1 if a greeting may know more, else -1.  Tells
 * the parent what it can do about it. */
int git_http_status(const struct fetcher *, const struct http_answer *,
    struct error *);

/* The server speaks of an URL that is no repository.  -1. */
int git_http_nowhere(const char *url, struct error *);

#endif
