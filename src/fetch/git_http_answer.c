#include "fetch/git_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kelpie/error.h"
#include "kelpie/url.h"

int
git_http_nowhere(const char *url, struct error *err)
{
	char *to = url_redact(url);

	(void)error_set(err, ERR_NOTFOUND,
	    "the server sends elsewhere, to '%s': not a git repository, or "
	    "one that wants credentials",
	    to);
	free(to);
	return -1;
}

/* The file info/refs as it lies on a disk: gitrepository-layout(5). */
static bool
is_dumb(const struct exchange *x)
{
	return x->head_len == sizeof(x->head) && x->head[OID_HEX] == '\t' &&
	    strspn(x->head, "0123456789abcdef") >= OID_HEX;
}

int
git_http_other(const struct exchange *x, struct error *err)
{
	const char *type = x->answer.type;

	if (is_dumb(x))
		return error_set(err, ERR_NOTFOUND,
		    "the server only gives out files (git's 'dumb http'), "
		    "which kelpie does not take; clone it with git and name "
		    "the clone by its path");
	if (strcmp(type, "text/html") == 0)
		return error_set(err, ERR_NOTFOUND,
		    "the server answers with an HTML page: not a git "
		    "repository");
	if (*type == '\0')
		type = "something without a type";
	return error_set(err, ERR_NOTFOUND,
	    "the server answers with '%s': not a git repository", type);
}

bool
git_http_has_credentials(const struct fetcher *f)
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
	    git_http_has_credentials(f) ?
		"the server refuses the user or the password" :
		"the server asks for a user and password; some do so for "
		"what does not exist");
}

int
git_http_busy(const struct fetcher *f, const struct http_answer *a,
    struct error *err)
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
git_http_status(const struct fetcher *f, const struct http_answer *a,
    struct error *err)
{
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
		    git_http_has_credentials(f) ?
			"not found, or not to be seen with this user" :
			"not found, or private and no credentials were given");
		return 1;
	case 408:
	case 429:
		return git_http_busy(f, a, err);
	case 500:
		/* Some that do not know version 2 stumble over it. */
		(void)git_http_busy(f, a, err);
		return f->known ? -1 : 1;
	}
	if (a->status >= 500 && a->status != 501)
		return git_http_busy(f, a, err);
	if (a->location[0] != '\0')
		(void)git_http_nowhere(a->location, err);
	else
		(void)error_set(err, ERR_NOTFOUND,
		    "the server answers with status %ld: not a git repository",
		    a->status);
	return 1;
}
