#include "fetch/git_http.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/web.h"
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

int
git_http_status(const struct fetcher *f, const struct http_answer *a,
    struct error *err)
{
	int rc = web_status(f, a, err);

	/* Some that do not know version 2 stumble over it. */
	if (a->status == 500 && !f->known)
		return 1;
	if (rc != 0)
		return rc;
	if (a->location[0] != '\0')
		(void)git_http_nowhere(a->location, err);
	else
		(void)error_set(err, ERR_NOTFOUND,
		    "the server answers with status %ld: not a git repository",
		    a->status);
	return 1;
}
