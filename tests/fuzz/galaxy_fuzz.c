/*
 * What a Galaxy server may answer: the version that is wanted, the role and
 * a page of its versions, a line each.  What is found has passed the rules.
 */
#include <stdlib.h>
#include <string.h>

#include "fetch/galaxy_priv.h"
#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/json.h"
#include "kelpie/rules.h"
#include "kelpie/url.h"

/* "git" or "archive", URL, version, commit. */
static void
check_fact(const char *text, bool secure)
{
	char *fact = xstrdup(text), *rest = fact;
	const char *kind = strsep(&rest, "\t"), *url = strsep(&rest, "\t");
	const char *version = strsep(&rest, "\t"), *commit = rest;
	enum scheme scheme;
	struct error err;

	require(commit != NULL && strchr(commit, '\t') == NULL);
	require(strcmp(kind, "git") == 0 || strcmp(kind, "archive") == 0);
	require(url_check(url, &scheme, &err) == 0);
	require(scheme == SCHEME_HTTPS || (!secure && scheme == SCHEME_HTTP));
	require(*version == '\0' || version_check(version, &err) == 0);
	require(*commit == '\0' || is_commit_id(commit));
	free(fact);
}

static void
look_up(const char *wanted, const struct json *role, const struct json *page,
    bool secure)
{
	const struct lookup l = {.role = "me.one",
	    .wanted = wanted,
	    .secure = secure};
	const char *base = "https://galaxy.example/x";
	struct galaxy_versions list = {0};
	struct error err = {.kind = ERR_NONE};
	struct buf fact = {0};
	char *next = NULL;

	if (galaxy_next(&next, base, page, &err) == 0 && next != NULL)
		require(galaxy_same_origin(next, base));
	if (galaxy_page(&list, page, &err) == 0 &&
	    galaxy_found(&fact, &l, role, &list, &err) == 0)
		check_fact(fact.data, secure);
	else
		require(err.kind == ERR_INTEGRITY || err.kind == ERR_NOTFOUND ||
		    err.kind == ERR_CONFIG);
	galaxy_versions_free(&list);
	buf_free(&fact);
	free(next);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xstrndup((const char *)data, len), *rest = text;
	const char *wanted = strsep(&rest, "\n");
	const char *role = rest != NULL ? strsep(&rest, "\n") : "";
	const char *page = rest != NULL ? rest : "";
	struct error ignored;
	struct json *r = json_parse(role, strlen(role), &ignored);
	struct json *p = json_parse(page, strlen(page), &ignored);

	look_up(wanted, r, p, true);
	look_up("", r, p, false);
	json_free(r);
	json_free(p);
	free(text);
	return 0;
}
