#include <stdlib.h>
#include <string.h>

#include "fetch/galaxy_priv.h"
#include "kelpie/error.h"
#include "kelpie/json.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"
#include "kelpie/url.h"

static bool
is_usable(const char *name)
{
	struct error ignored;

	return version_check_name(name, &ignored) == 0;
}

/* What is missing is NULL. */
static void
add(struct galaxy_versions *list, const struct json *entry)
{
	const char *name = json_text(json_get(entry, "name"));
	const char *commit = json_text(json_get(entry, "commit_sha"));
	struct galaxy_version *v;

	list->seen++;
	if (name == NULL || !is_usable(name))
		return;
	list->v = xreallocarray(list->v, list->n + 1, sizeof(*list->v));
	v = &list->v[list->n++];
	*v = (struct galaxy_version){.name = xstrdup(name)};
	v->download = xstrdup_null(json_text(json_get(entry, "download_url")));
	v->source = xstrdup_null(json_text(json_get(entry, "source")));
	if (commit != NULL && is_commit_id(commit))
		v->commit = xstrdup(commit);
}

int
galaxy_page(struct galaxy_versions *list, const struct json *page,
    struct error *err)
{
	const struct json *results = json_get(page, "results");
	size_t i;

	if (!json_is_list(results))
		return error_set(err, ERR_INTEGRITY,
		    "the server's answer has no list 'results'");
	for (i = 0; i < json_count(results); i++)
		add(list, json_at(results, i));
	return 0;
}

void
galaxy_versions_free(struct galaxy_versions *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		free(list->v[i].name);
		free(list->v[i].download);
		free(list->v[i].source);
		free(list->v[i].commit);
	}
	free(list->v);
	*list = (struct galaxy_versions){0};
}

/* Where the path of an URL begins. */
static size_t
path_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host == NULL ?
	    0 :
	    (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");
}

int
galaxy_next(char **out, const char *base, const struct json *page,
    struct error *err)
{
	const char *link = json_text(json_get(page, "next_link"));
	enum scheme scheme;
	char *url;

	*out = NULL;
	if (link == NULL)
		return 0;
	/* "//host/path" is a path all the same. */
	url = link[0] == '/' ?
	    xasprintf("%.*s%s", (int)path_of(base), base, link) :
	    xstrdup(link);
	if (url_check(url, &scheme, err) == 0 &&
	    galaxy_same_origin(base, url)) {
		*out = url;
		return 0;
	}
	free(url);
	return error_set(err, ERR_INTEGRITY,
	    "the list goes on at a place that is not on this server");
}

/* ---- choosing ---- */

const struct galaxy_version *
galaxy_pick(const struct galaxy_versions *list, const char *wanted)
{
	const struct galaxy_version *v, *best = NULL;
	bool range = range_is(wanted);

	for (size_t i = 0; i < list->n; i++) {
		v = &list->v[i];
		if (range && !range_has(wanted, v->name))
			continue;
		if (range || *wanted == '\0') {
			if (best == NULL ||
			    semver_compare(v->name, best->name) > 0)
				best = v;
		} else if (strcmp(v->name, wanted) == 0) {
			return v;
		} else if (semver_same(v->name, wanted)) {
			best = v;
		}
	}
	return best;
}

const struct galaxy_version *
galaxy_newest(const struct galaxy_versions *list)
{
	const struct galaxy_version *v = galaxy_pick(list, "");

	/* Releases are newer than anything else. */
	return v != NULL && semver_rank(v->name) == SEMVER_RELEASE ? v : NULL;
}

void
galaxy_nearest(struct buf *b, const struct galaxy_versions *list,
    const char *wanted)
{
	const char **names = xcalloc(list->n, sizeof(*names));

	for (size_t i = 0; i < list->n; i++)
		names[i] = list->v[i].name;
	semver_nearest(b, names, list->n, wanted);
	free(names);
}
