#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/galaxy_priv.h"
#include "kelpie/error.h"
#include "kelpie/json.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"
#include "kelpie/url.h"

#define GITHUB "https://github.com/"
#define GITHUB_NAME_MAX 100

/* What is to be fetched. */
struct thing {
	const char *version; /* "": what the remote calls HEAD */
	const struct galaxy_version *entry; /* NULL: it stands in no list */
	char *repository; /* the URL of the one on GitHub, or NULL */
	const char *kind, *url; /* "git" or "archive", and where */
};

/* ---- GitHub ---- */

/* A user or a repository; "." and ".." would change the path. */
static bool
is_github_name(const char *s)
{
	size_t len = strlen(s);

	return len <= GITHUB_NAME_MAX && s[0] != '.' && s[0] != '-' &&
	    strspn(s,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-_.") == len;
}

static int
find_repository(char **out, const struct json *role, struct error *err)
{
	const char *user = json_text(json_get(role, "github_user"));
	const char *repo = json_text(json_get(role, "github_repo"));

	*out = NULL;
	if (user == NULL || repo == NULL)
		return 0;
	if (!is_github_name(user) || !is_github_name(repo))
		return error_set(err, ERR_INTEGRITY,
		    "'%.60s/%.60s' cannot be a repository on GitHub", user,
		    repo);
	*out = xasprintf(GITHUB "%s/%s.git", user, repo);
	return 0;
}

/* Skip a word at s, whatever its case. */
static bool
skip(const char **s, const char *word, size_t len)
{
	if (strncasecmp(*s, word, len) != 0)
		return false;
	*s += len;
	return true;
}

/*
 * Is it what GitHub itself packs of this version of the repository?  The
 * repository has the same files then, and proves them by their hash.
 */
static bool
is_own_archive(const char *url, const struct thing *t)
{
	static const char *const ends[] = {".tar.gz", ".tgz", ".zip"};
	size_t len = strlen(t->repository) - strlen(".git");
	size_t version = strlen(t->version);

	if (!skip(&url, t->repository, len) ||
	    !skip(&url, "/archive/", strlen("/archive/")))
		return false;
	(void)skip(&url, "refs/tags/", strlen("refs/tags/"));
	if (strncmp(url, t->version, version) != 0)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(url + version, ends[i]) == 0)
			return true;
	return false;
}

/* ---- versions ---- */

/* A word that is no version, or a commit id, may be short. */
static bool
is_ref(const char *wanted)
{
	size_t len = strlen(wanted), hex;

	if (range_is(wanted))
		return false;
	hex = strspn(wanted, "0123456789abcdefABCDEF");
	if (hex == len && len >= 7 && len <= 40 &&
	    strpbrk(wanted, "abcdefABCDEF") != NULL)
		return true;
	return is_commit_id(wanted) || strpbrk(wanted, "~^") != NULL ||
	    semver_rank(wanted) == SEMVER_NONE;
}

/* There is no list, or it does not have it. */
static int
without_list(struct thing *t, const struct lookup *l, const struct json *role,
    struct error *err)
{
	const char *branch = json_text(json_get(role, "github_branch"));

	t->version = l->wanted;
	if (range_is(l->wanted))
		return error_set(err, ERR_NOTFOUND,
		    "role '%s' has no versions at this server, and so none "
		    "in '%s'",
		    l->role, l->wanted);
	if (*l->wanted != '\0')
		return version_check(l->wanted, err);
	if (branch == NULL)
		return 0;
	t->version = branch;
	if (version_check_name(branch, err) == 0)
		return 0;
	err->kind = ERR_INTEGRITY;
	return error_wrap(err, "the branch of role '%s'", l->role);
}

static int
choose(struct thing *t, const struct lookup *l, const struct json *role,
    const struct galaxy_versions *list, struct error *err)
{
	struct buf near = {0};

	t->entry = galaxy_pick(list, l->wanted);
	if (t->entry != NULL) {
		t->version = t->entry->name;
		return 0;
	}
	if (*l->wanted == '\0' && list->seen != 0)
		return error_set(err, ERR_INTEGRITY,
		    "none of the %zu versions of role '%s' has a name that "
		    "git would take",
		    list->seen, l->role);
	if (list->seen == 0 || (t->repository != NULL && is_ref(l->wanted)))
		return without_list(t, l, role, err);
	galaxy_nearest(&near, list, l->wanted);
	(void)error_set(err, ERR_NOTFOUND,
	    "role '%s' has no version %s'%s'; %s %s", l->role,
	    range_is(l->wanted) ? "in " : "", l->wanted,
	    list->n > 1 ? "the nearest are" : "there is",
	    near.data != NULL ? near.data : "none that can be used");
	buf_free(&near);
	return -1;
}

/* ---- places ---- */

static bool
ends_in_git(const char *url)
{
	size_t len = strlen(url);

	return len > 4 && strcmp(url + len - 4, ".git") == 0;
}

static int
check_place(const char *url, bool secure, struct error *err)
{
	enum scheme scheme;
	char *shown;

	if (url_check(url, &scheme, err) == -1) {
		err->kind = ERR_INTEGRITY;
		return error_wrap(err, "what the server names to fetch");
	}
	if (scheme != SCHEME_HTTPS && scheme != SCHEME_HTTP)
		return error_set(err, ERR_INTEGRITY,
		    "what the server names to fetch is no http or https url");
	if (url_reach(url) == REACH_LINK)
		return error_set(err, ERR_INTEGRITY,
		    "what the server names to fetch has a link-local address");
	if (!secure || scheme == SCHEME_HTTPS)
		return 0;
	shown = url_redact(url);
	(void)error_set(err, ERR_INTEGRITY,
	    "the server sends from https to '%s', where nothing is protected: "
	    "that is refused",
	    shown);
	free(shown);
	return -1;
}

/* The order of ansible-galaxy, but for GitHub's own archives. */
static void
choose_place(struct thing *t)
{
	const char *download = t->entry != NULL ? t->entry->download : NULL;
	const char *source = t->entry != NULL ? t->entry->source : NULL;

	t->kind = "archive";
	if (download != NULL &&
	    (t->repository == NULL || !is_own_archive(download, t))) {
		t->url = download;
	} else if (t->repository != NULL) {
		t->kind = "git";
		t->url = t->repository;
	} else if (source != NULL) {
		t->url = strncmp(source, "git+", 4) == 0 ? source + 4 : source;
		if (ends_in_git(t->url))
			t->kind = "git";
	}
}

static void
tell(struct buf *fact, const struct thing *t)
{
	const char *commit = "";

	if (strcmp(t->kind, "git") == 0 && t->entry != NULL &&
	    t->entry->commit != NULL)
		commit = t->entry->commit;
	buf_clear(fact);
	buf_printf(fact, "%s\t%s\t%s\t%s", t->kind, t->url, t->version, commit);
}

int
galaxy_found(struct buf *fact, const struct lookup *l, const struct json *role,
    const struct galaxy_versions *list, struct error *err)
{
	struct thing t = {.version = ""};
	int rc = -1;

	if (find_repository(&t.repository, role, err) == -1 ||
	    choose(&t, l, role, list, err) == -1)
		goto out;
	choose_place(&t);
	if (t.url == NULL)
		(void)error_set(err, ERR_INTEGRITY,
		    "the server does not say where role '%s' is to be fetched",
		    l->role);
	else
		rc = check_place(t.url, l->secure, err);
	if (rc == 0)
		tell(fact, &t);
out:
	free(t.repository);
	return rc;
}
