/*
 * The questions of the API, version 1, in the order in which ansible-galaxy
 * asks them: where it is, the role, its versions.  See the "Galaxy Developer
 * Guide" of Ansible's documentation.
 */
#include "fetch/galaxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/galaxy_priv.h"
#include "fetch/git_http.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/json.h"
#include "kelpie/url.h"

/* The one server that needs not be asked where its API is. */
#define DEFAULT_SERVER "https://galaxy.ansible.com"
#define DEFAULT_ROOT DEFAULT_SERVER "/api/v1/"

#define PAGES_MAX 200
#define ID_MAX 64 /* of a role */

/* ---- where the API is ---- */

/* "v1/" as it may stand in an URL. */
static bool
is_part(const char *s)
{
	return s != NULL && strlen(s) <= 100 && strstr(s, "..") == NULL &&
	    strspn(s,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-_./") == strlen(s);
}

/* This server is none for roles; another may be. */
static int
unknown(const struct lookup *l)
{
	worker_fact(l->f->worker, "unknown", l->role);
	return -1;
}

/* Without slashes at its ends, as the parts of an URL are joined.  1: this
 * is not where the API is. */
static int
take_root(struct lookup *l, const char *base, const struct json *answer,
    char **root, struct error *err)
{
	const struct json *versions = json_get(answer, "available_versions");
	const char *v1 = json_text(json_get(versions, "v1"));
	size_t len;

	l->absent = v1 == NULL;
	if (!json_is_map(versions)) {
		(void)error_set(err, ERR_NOTFOUND,
		    "no Galaxy: the answer names no versions of an API");
		return 1;
	}
	if (v1 == NULL)
		return error_set(err, ERR_NOTFOUND,
		    "the server has no API for roles (v1)");
	if (!is_part(v1))
		return error_set(err, ERR_INTEGRITY,
		    "the server's answer names no path of its API");
	v1 += strspn(v1, "/");
	len = strlen(v1);
	while (len != 0 && v1[len - 1] == '/')
		len--;
	*root = xasprintf("%s/%.*s/", base, (int)len, v1);
	return 0;
}

static bool
ends_in_api(const char *url)
{
	size_t len = strlen(url);

	return len > 4 && strcmp(url + len - 4, "/api") == 0;
}

/* 1: it may lie elsewhere. */
static int
ask_root(struct lookup *l, const char *url, const char *base, char **root,
    struct error *err)
{
	struct json *answer = galaxy_get(l, url, err);
	int rc = 1;

	l->absent = l->status == 404;
	if (answer != NULL)
		rc = take_root(l, base, answer, root, err);
	json_free(answer);
	return rc;
}

/* At the address itself, or below it. */
static int
discover(struct lookup *l, char **root, struct error *err)
{
	const char *base = l->f->way.base;
	struct error first, second;
	char *below;
	int rc = ask_root(l, l->server, base, root, &first);
	bool absent = l->absent;

	if (rc == 1 && l->status != 0 && !ends_in_api(base)) {
		below = xasprintf("%s/api", base);
		rc = ask_root(l, below, below, root, &second);
		/* Nothing there: what the address itself said counts. */
		if (l->status != 404 || absent)
			first = second;
		absent = rc == -1 ? l->absent : absent && l->absent;
		free(below);
	}
	if (rc == 0)
		return 0;
	*err = first;
	return absent ? unknown(l) : -1;
}

void
galaxy_forget(struct fetcher *f)
{
	if (f->galaxy == NULL)
		return;
	free(f->galaxy->server);
	free(f->galaxy->root);
	free(f->galaxy);
	f->galaxy = NULL;
}

/* Asked once a worker. */
static const char *
api_root(struct lookup *l, struct error *err)
{
	struct fetcher *f = l->f;
	const char *server = f->way.base;
	char *root = NULL;

	if (f->galaxy != NULL && strcmp(f->galaxy->server, server) == 0)
		return f->galaxy->root;
	galaxy_forget(f);
	if (strcmp(server, DEFAULT_SERVER) == 0)
		root = xstrdup(DEFAULT_ROOT);
	else if (discover(l, &root, err) == -1)
		return NULL;
	f->galaxy = xcalloc(1, sizeof(*f->galaxy));
	f->galaxy->server = xstrdup(server);
	f->galaxy->root = root;
	return root;
}

/* ---- the role ---- */

/* RFC 3986, section 2. */
static void
encode(struct buf *b, const char *s, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-_.~";

	for (; len != 0; len--, s++)
		if (*s != '\0' && strchr(plain, *s) != NULL)
			buf_add(b, s, 1);
		else
			buf_printf(b, "%%%02X", (unsigned)(unsigned char)*s);
}

/* The owner is all but the last part. */
static struct json *
ask_role(struct lookup *l, const char *root, struct error *err)
{
	const char *dot = strrchr(l->role, '.');
	struct json *answer = NULL;
	struct buf url = {0};

	if (dot == NULL || dot == l->role || dot[1] == '\0') {
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is no Galaxy name: they are owner.role", l->role);
		return NULL;
	}
	buf_printf(&url, "%sroles/?owner__username=", root);
	encode(&url, l->role, (size_t)(dot - l->role));
	buf_puts(&url, "&name=");
	encode(&url, dot + 1, strlen(dot + 1));
	answer = galaxy_get(l, url.data, err);
	buf_free(&url);
	if (answer == NULL && l->status == 404) {
		(void)error_set(err, ERR_NOTFOUND,
		    "the server has no API for roles (v1)");
		(void)unknown(l);
	}
	return answer;
}

/* The first of the answer, as ansible-galaxy has it. */
static const struct json *
first_role(const struct lookup *l, const struct json *answer, struct error *err)
{
	const struct json *results = json_get(answer, "results");
	const struct json *role = json_at(results, 0);

	if (!json_is_list(results) ||
	    (json_count(results) != 0 && !json_is_map(role))) {
		(void)error_set(err, ERR_INTEGRITY,
		    "the server's answer has no list 'results'");
		return NULL;
	}
	if (role != NULL)
		return role;
	(void)error_set(err, ERR_NOTFOUND, "role '%s' is not known to %s",
	    l->role, l->shown);
	(void)unknown(l);
	return NULL;
}

/* ---- its versions ---- */

/* A number, or something else that can stand in a path. */
static int
id_of(const struct json *role, char id[ID_MAX + 1], struct error *err)
{
	const struct json *value = json_get(role, "id");
	const char *text = json_text(value);
	long long number;

	if (json_number(value, &number)) {
		(void)snprintf(id, ID_MAX + 1, "%lld", number);
		return 0;
	}
	if (text == NULL || strlen(text) > ID_MAX || !is_part(text) ||
	    strpbrk(text, "/.") != NULL)
		return error_set(err, ERR_INTEGRITY,
		    "the server's answer names no id of the role");
	(void)snprintf(id, ID_MAX + 1, "%s", text);
	return 0;
}

/* One page after the other; what fails in between fails it all. */
static int
ask_versions(struct lookup *l, const char *root, const struct json *role,
    struct galaxy_versions *list, struct error *err)
{
	char id[ID_MAX + 1], *url, *next = NULL;
	struct json *page;
	int rc = id_of(role, id, err), n;

	if (rc == -1)
		return -1;
	url = xasprintf("%sroles/%s/versions/?page_size=50", root, id);
	for (n = 0; rc == 0 && url != NULL && n < PAGES_MAX; n++) {
		page = galaxy_get(l, url, err);
		rc = page == NULL ? -1 : galaxy_page(list, page, err);
		if (rc == 0)
			rc = galaxy_next(&next, l->f->way.base, page, err);
		json_free(page);
		free(url);
		url = rc == 0 ? next : NULL;
	}
	if (rc == 0 && url != NULL)
		rc = error_set(err, ERR_INTEGRITY,
		    "the list has more than %d pages", PAGES_MAX);
	free(url);
	return rc == 0 ? 0 : error_wrap(err, "versions of role '%s'", l->role);
}

/* ---- a job ---- */

static void
tell_newest(const struct lookup *l, const struct galaxy_versions *list)
{
	const struct galaxy_version *v = galaxy_newest(list);
	char *fact;

	if (!l->f->job->refs || v == NULL)
		return;
	fact = xasprintf("%s\t%s", v->name, v->commit != NULL ? v->commit : "");
	worker_fact(l->f->worker, "newest", fact);
	free(fact);
}

static int
find(struct lookup *l, struct error *err)
{
	struct galaxy_versions list = {0};
	const char *root = api_root(l, err);
	const struct json *role = NULL;
	struct json *answer = NULL;
	struct buf fact = {0};
	int rc = -1;

	if (root != NULL)
		answer = ask_role(l, root, err);
	if (answer != NULL)
		role = first_role(l, answer, err);
	if (role != NULL && ask_versions(l, root, role, &list, err) == 0) {
		tell_newest(l, &list);
		rc = galaxy_found(&fact, l, role, &list, err);
	}
	if (rc == 0) {
		worker_note(l->f->worker, "%s has %zu versions of role '%s'",
		    l->shown, list.seen, l->role);
		worker_fact(l->f->worker, "found", fact.data);
	}
	buf_free(&fact);
	galaxy_versions_free(&list);
	json_free(answer);
	return rc;
}

int
galaxy_lookup(struct fetcher *f, struct error *err)
{
	struct lookup l = {.f = f,
	    .role = f->job->role,
	    .wanted = f->job->version};
	int rc;

	f->phase = PHASE_RESOLVE;
	worker_progress(f->worker, f->phase, 0, 0);
	git_http_begin(f);
	l.server = http_bare(f->job->url, NULL, NULL);
	l.secure = strncasecmp(l.server, "https:", 6) == 0;
	l.shown = url_redact(f->way.base);
	rc = find(&l, err);
	/* Words about the role alone would not say who said so. */
	if (rc == -1 && strstr(err->msg, l.shown) == NULL)
		(void)error_wrap(err, "%s", l.shown);
	free(l.server);
	free(l.shown);
	return rc;
}
