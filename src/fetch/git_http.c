#include "fetch/git_http.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/web.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/url.h"

/* The two URLs of a repository: gitprotocol-http(5). */
#define REFS "/info/refs"
#define GREETING REFS "?service=git-upload-pack"
#define SERVICE "/git-upload-pack"
#define TYPE "application/x-git-upload-pack"

#define OTHER_MAX ((uint64_t)64 << 10) /* of a body that is not git's */

/* Some hosts look for "git/". */
#define AGENT "User-Agent: git/2.0 (kelpie " KELPIE_VERSION ")"
#define VERSION_2 "Git-Protocol: version=2"

/* ---- a request ---- */

/* Remember how it begins; its end is waited for, if that is near, because
 * the connection is worth keeping. */
static int
on_other(struct exchange *x, const char *data, size_t len, struct error *err)
{
	size_t room = sizeof(x->head) - x->head_len;

	x->other = true;
	if (len < room)
		room = len;
	memcpy(x->head + x->head_len, data, room);
	x->head_len += room;
	return x->answer.received <= OTHER_MAX ? 0 : git_http_other(x, err);
}

static int
on_answer(void *ctx, const char *data, size_t len, struct error *err)
{
	struct exchange *x = ctx;

	if (strcmp(x->answer.type, x->type) != 0)
		return on_other(x, data, len, err);
	/* The parent sees where we are even if the answer comes at once. */
	worker_progress(x->fetcher->worker, x->fetcher->phase,
	    x->answer.received, 0);
	return x->reader->feed(x->reader->ctx, data, len, err);
}

/*
 * Send a request to the job's repository, or to what the server takes for
 * it, and feed the answer to the reader.  1: it is not one of git's.
 */
static int
converse(struct exchange *x, struct http_request *q, struct error *err)
{
	struct fetcher *f = x->fetcher;
	struct http *http = web_connection(f, err);
	int rc;

	if (http == NULL)
		return -1;
	q->user = f->way.user;
	q->password = f->way.password;
	q->sink = on_answer;
	q->ctx = x;
	rc = http_send(http, q, &x->answer, err);
	if (x->other) {
		(void)git_http_other(x, err);
		return 1;
	}
	if (rc == -1)
		return -1;
	if (x->answer.status != 200)
		return git_http_status(f, &x->answer, err);
	if (x->answer.received != 0)
		return 0;
	(void)error_set(err, ERR_NOTFOUND, "the server answers with nothing");
	return 1;
}

static int
http_ask(struct fetcher *f, const struct buf *body, const struct reader *reader,
    struct error *err)
{
	const char *const headers[] = {"Content-Type: " TYPE "-request",
	    "Accept: " TYPE "-result", AGENT,
	    f->protocol == 2 ? VERSION_2 : NULL, NULL};
	struct exchange x = {.fetcher = f,
	    .reader = reader,
	    .type = TYPE "-result"};
	char *url = xasprintf("%s" SERVICE, f->way.base);
	struct http_request q = {.url = url,
	    .headers = headers,
	    .body = body->data,
	    .len = body->len};
	int rc = converse(&x, &q, err);

	free(url);
	/* Nobody knows more than the server has said already. */
	if (rc == 1 && (f->protocol != 2 || f->greeted))
		rc = -1;
	return rc;
}

/* ---- the greeting ---- */

static int
get(struct exchange *x, const char *base, struct error *err)
{
	static const char *const headers[] = {AGENT, VERSION_2, NULL};
	char *url = xasprintf("%s" GREETING, base);
	struct http_request q = {.url = url, .headers = headers};
	int rc;

	rc = converse(x, &q, err);
	free(url);
	return rc;
}

/* The base behind a location, without user and password; or NULL, and the
 * server speaks of something that is not a repository. */
static char *
base_of(const char *location, struct error *err)
{
	enum scheme scheme;
	char *base = http_bare(location, NULL, NULL);
	size_t len = strcspn(base, "?#"), tail = strlen(REFS);

	if (len > tail && strncmp(base + len - tail, REFS, tail) == 0) {
		base[len - tail] = '\0';
		if (url_check(base, &scheme, err) == 0 &&
		    (scheme == SCHEME_HTTP || scheme == SCHEME_HTTPS))
			return base;
	}
	free(base);
	(void)git_http_nowhere(location, err);
	return NULL;
}

/* Go where the answer sends: *base is replaced. */
static int
follow(const struct fetcher *f, const struct http_answer *a, char **base,
    struct error *err)
{
	char *to = base_of(a->location, err);
	int rc;

	if (to == NULL)
		return -1;
	rc = web_moved(f, *base, to, err);
	free(*base);
	*base = to;
	return rc;
}

/* GET, and follow where that leads.  1 as converse(), and *status. */
static int
visit(struct fetcher *f, char **base, const struct reader *reader, long *status,
    struct error *err)
{
	struct exchange x;
	int rc;

	for (int n = 0; n <= WEB_REDIRECTS_MAX; n++) {
		x = (struct exchange){.fetcher = f,
		    .reader = reader,
		    .type = TYPE "-advertisement"};
		rc = get(&x, *base, err);
		*status = x.answer.status;
		if (rc != 1 || !web_is_redirect(&x.answer))
			return rc;
		if (follow(f, &x.answer, base, err) == -1)
			return -1;
	}
	return web_too_often(err);
}

/* With ".git" if it was without, and the other way round. */
static char *
other_name(const char *base)
{
	size_t len = strlen(base);

	if (len > 4 && strcmp(base + len - 4, ".git") == 0)
		return xstrndup(base, len - 4);
	return xasprintf("%s.git", base);
}

static int
http_greet(struct fetcher *f, const struct reader *reader, struct error *err)
{
	struct way *way = &f->way;
	char *base = xstrdup(way->base);
	long status;
	int rc = visit(f, &base, reader, &status, err);

	if (rc == 1 && status == 404) {
		free(base);
		base = other_name(way->base);
		rc = visit(f, &base, reader, &status, err);
	}
	if (rc == 0 && strcmp(base, way->base) != 0)
		worker_note(f->worker, "the server has it at '%s'", base);
	if (rc == 0) {
		free(way->base);
		way->base = base;
		return 0;
	}
	free(base);
	return -1;
}

/* ---- a job ---- */

void
git_http_begin(struct fetcher *f)
{
	size_t len;

	web_begin(f);
	len = strlen(f->way.base);
	while (len != 0 && f->way.base[len - 1] == '/')
		f->way.base[--len] = '\0';
}

const struct carrier carrier_http = {.greet = http_greet,
    .ask = http_ask,
    .bold = true};
