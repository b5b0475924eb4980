#include "fetch/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/git.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/url.h"

/* ---- a connection ---- */

static void
on_progress(void *ctx, uint64_t received)
{
	struct fetcher *f = ctx;

	/* Bytes of refs count too: the parent sees that something comes. */
	worker_progress(f->worker, f->phase, received, 0);
}

struct http *
web_connection(struct fetcher *f, struct error *err)
{
	const struct http_opts opts = {.settings = &f->opts.settings,
	    .timeout = f->opts.timeout,
	    .progress = on_progress,
	    .ctx = f};

	if (f->http == NULL)
		f->http = http_open(&opts);
	if (f->http == NULL)
		(void)error_set(err, ERR_LOCAL, "libcurl does not start");
	return f->http;
}

void
web_begin(struct fetcher *f)
{
	struct way *way = &f->way;
	const struct job *job = f->job;

	free(way->base);
	free(way->user);
	free(way->password);
	*way = (struct way){.base = NULL};
	way->base = http_bare(job->url, &way->user, &way->password);
	/* Those in the URL come first. */
	if (way->password != NULL ||
	    (*job->user == '\0' && *job->password == '\0'))
		return;
	if (*job->user != '\0' || way->user == NULL) {
		free(way->user);
		way->user = xstrdup(job->user);
	}
	way->password = xstrdup(job->password);
}

/* ---- redirects ---- */

bool
web_is_redirect(const struct http_answer *a)
{
	switch (a->status) {
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return a->location[0] != '\0';
	default:
		return false;
	}
}

/*
 * Another origin has it.  This process has neither a way to it nor its
 * secrets, and must not give it ours: that is the parent's business.
 */
static int
elsewhere(const struct fetcher *f, bool worse, const char *to,
    struct error *err)
{
	char *shown = url_redact(to);

	if (worse)
		(void)error_set(err, ERR_NOTFOUND,
		    "the server sends from https to '%s', where nothing is "
		    "protected: that is refused",
		    shown);
	else {
		worker_fact(f->worker, "moved", to);
		(void)error_set(err, ERR_NOTFOUND, "moved to '%s'", shown);
	}
	free(shown);
	return -1;
}

int
web_moved(const struct fetcher *f, const char *from, const char *to,
    struct error *err)
{
	char *here = url_origin(from), *there = url_origin(to);
	int rc = 0;

	if (strcmp(here, there) != 0)
		rc = elsewhere(f,
		    strncmp(here, "https:", 6) == 0 &&
			strncmp(there, "https:", 6) != 0,
		    to, err);
	free(here);
	free(there);
	return rc;
}

int
web_too_often(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "the server sends elsewhere more than %d times", WEB_REDIRECTS_MAX);
}

/* ---- a status ---- */

bool
web_has_credentials(const struct fetcher *f)
{
	static const char name[] = "Authorization:";
	const char *const *header = f->opts.settings.headers;

	for (; header != NULL && *header != NULL; header++)
		if (strncasecmp(*header, name, sizeof(name) - 1) == 0)
			return true;
	return f->way.user != NULL;
}

static int
unauthorized(const struct fetcher *f, const char *schemes, struct error *err)
{
	if (*schemes == '\0')
		schemes = "Basic";
	worker_fact(f->worker, "auth", schemes);
	if (strcasestr(schemes, "Basic") == NULL)
		return error_set(err, ERR_AUTH,
		    "the server asks for credentials of a kind that kelpie "
		    "does not have ('%s'): it has users and passwords",
		    schemes);
	return error_set(err, ERR_AUTH,
	    web_has_credentials(f) ?
		"the server refuses the user or the password" :
		"the server asks for a user and password; some do so for "
		"what does not exist");
}

/* It may pass; the server may have said when. */
static int
busy(const struct fetcher *f, const struct http_answer *a, struct error *err)
{
	char seconds[16];

	if (a->retry_after != 0) {
		(void)snprintf(seconds, sizeof(seconds), "%u",
		    (unsigned)a->retry_after);
		worker_fact(f->worker, "retry-after", seconds);
	}
	return error_set(err, ERR_NETWORK, "the server answers with status %ld",
	    a->status);
}

int
web_status(const struct fetcher *f, const struct http_answer *a,
    struct error *err)
{
	/* A bucket says 403 of what is not there, if it lists nothing. */
	if (f->job->mirror && (a->status == 403 || a->status == 404))
		return error_set(err, ERR_NOTFOUND, "status %ld", a->status);
	switch (a->status) {
	case 401:
		return unauthorized(f, a->auth, err);
	case 403:
		return error_set(err, ERR_AUTH, "the server forbids it");
	case 407:
		return error_set(err, ERR_AUTH,
		    "the proxy asks for a user and password, or refuses them");
	case 404:
		(void)error_set(err, ERR_NOTFOUND,
		    web_has_credentials(f) ?
			"not found, or not to be seen with this user" :
			"not found, or private and no credentials were given");
		return 1;
	case 408:
	case 429:
		return busy(f, a, err);
	}
	if (a->status >= 500 && a->status != 501)
		return busy(f, a, err);
	return 0;
}

/* ---- a request ---- */

/* The URL behind a redirect, to be asked without user and password. */
static int
follow(struct fetcher *f, const struct http_answer *a, struct error *err)
{
	char *to = http_bare(a->location, NULL, NULL);
	enum scheme scheme;

	if (url_check(to, &scheme, err) == -1 ||
	    (scheme != SCHEME_HTTP && scheme != SCHEME_HTTPS)) {
		char *shown = url_redact(to);

		(void)error_set(err, ERR_NOTFOUND,
		    "the server sends elsewhere, to '%s', which is not "
		    "followed",
		    shown);
		free(shown);
		free(to);
		return -1;
	}
	if (web_moved(f, f->way.base, to, err) == -1) {
		free(to);
		return -1;
	}
	free(f->way.base);
	f->way.base = to;
	return 0;
}

int
web_get(struct fetcher *f, struct http_request *q, struct error *err)
{
	struct http *http = web_connection(f, err);
	struct http_answer a;

	if (http == NULL)
		return -1;
	for (int n = 0; n <= WEB_REDIRECTS_MAX; n++) {
		q->url = f->way.base;
		q->user = f->way.user;
		q->password = f->way.password;
		if (http_send(http, q, &a, err) == -1)
			return -1;
		if (a.status == 200)
			return 0;
		if (!web_is_redirect(&a)) {
			if (web_status(f, &a, err) == 0)
				(void)error_set(err, ERR_NOTFOUND,
				    "the server answers with status %ld",
				    a.status);
			return -1;
		}
		if (follow(f, &a, err) == -1)
			return -1;
	}
	return web_too_often(err);
}
