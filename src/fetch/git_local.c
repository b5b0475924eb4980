#include "fetch/git.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/git_loose.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"
#include "kelpie/url.h"

/* libgit2 has no error code of its own for another kind of object id. */
static bool
is_sha256(void)
{
	const git_error *e = git_error_last();

	return e != NULL && e->message != NULL &&
	    (strstr(e->message, "objectformat") != NULL ||
		strstr(e->message, "object format") != NULL ||
		strstr(e->message, "sha256") != NULL);
}

/* The path itself or, as git does it, with ".git" behind. */
static int
open_repository(git_repository **out, const char *path, struct error *err)
{
	char *suffixed;
	int rc;

	git_error_clear();
	rc = git_repository_open_ext(out, path, GIT_REPOSITORY_OPEN_NO_SEARCH,
	    NULL);
	if (rc == GIT_ENOTFOUND) {
		suffixed = xasprintf("%s.git", path);
		rc = git_repository_open_ext(out, suffixed,
		    GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
		free(suffixed);
	}
	if (rc == GIT_ENOTFOUND)
		return error_set(err, ERR_NOTFOUND, "no git repository at '%s'",
		    path);
	if (rc < 0 && is_sha256())
		return error_set(err, ERR_NOTFOUND,
		    "a SHA-256 repository, which kelpie does not take yet");
	return rc < 0 ? git_fail(err, ERR_LOCAL, "open the repository") : 0;
}

/* The commit that a ref points to, through tags.  Frees the ref. */
static int
peel(struct fetcher *f, git_reference *ref, struct error *err)
{
	git_object *object = NULL;
	int rc = git_reference_peel(&object, ref, GIT_OBJECT_COMMIT);
	git_reference *direct = NULL;
	const git_oid *oid;

	if (rc < 0)
		rc = error_set(err, ERR_NOTFOUND,
		    "'%s' does not lead to a commit",
		    git_reference_shorthand(ref));
	else
		(void)git_oid_tostr(f->commit, sizeof(f->commit),
		    git_object_id(object));
	if (rc == 0 && git_reference_resolve(&direct, ref) == 0 &&
	    (oid = git_reference_target(direct)) != NULL &&
	    !git_oid_equal(oid, git_object_id(object)))
		(void)git_oid_tostr(f->tag, sizeof(f->tag), oid);
	git_reference_free(direct);
	git_object_free(object);
	git_reference_free(ref);
	return rc;
}

static int
find_head(struct fetcher *f, git_repository *repo, struct error *err)
{
	git_reference *ref;
	int rc = git_repository_head(&ref, repo);

	if (rc == GIT_EUNBORNBRANCH || rc == GIT_ENOTFOUND)
		return error_set(err, ERR_NOTFOUND,
		    "the repository is empty, or its HEAD is a branch that "
		    "it does not have");
	if (rc < 0)
		return git_fail(err, ERR_LOCAL, "read HEAD");
	if (peel(f, ref, err) == -1)
		return -1;
	worker_fact(f->worker, "ref", "HEAD");
	return 0;
}

/* A full name, or that of a tag, or of a branch.  Returns as libgit2 does. */
static int
look_up(struct fetcher *f, git_repository *repo, const char *version,
    git_reference **ref)
{
	static const char *const where[] = {"refs/tags/", "refs/heads/", NULL};
	static const char *const nowhere[] = {"", NULL};
	const char *const *prefix =
	    strncmp(version, "refs/", 5) == 0 ? nowhere : where;
	char *name;
	int rc = GIT_ENOTFOUND;

	for (; *prefix != NULL && rc == GIT_ENOTFOUND; prefix++) {
		name = xasprintf("%s%s", *prefix, version);
		rc = git_reference_lookup(ref, repo, name);
		if (rc == 0)
			worker_fact(f->worker, "ref", name);
		free(name);
	}
	if (rc == GIT_ENOTFOUND && *wire_tracked(version) != '\0')
		return look_up(f, repo, wire_tracked(version), ref);
	return rc == GIT_EINVALIDSPEC ? GIT_ENOTFOUND : rc;
}

/* The names of all tags, a line each. */
static void
list_tags(git_repository *repo, struct buf *tags)
{
	git_strarray names = {0};

	if (git_tag_list(&names, repo) < 0)
		return;
	for (size_t i = 0; i < names.count; i++)
		buf_printf(tags, "%s\n", names.strings[i]);
	git_strarray_dispose(&names);
}

/* The full name of the highest tag in a range; NULL if there is none. */
static char *
highest(const char *range, const struct buf *tags)
{
	char *lines = xstrndup(tags->len != 0 ? tags->data : "", tags->len);
	char *save = NULL, *name, *best = NULL, *full = NULL;

	for (name = strtok_r(lines, "\n", &save); name != NULL;
	     name = strtok_r(NULL, "\n", &save))
		if (range_has(range, name) &&
		    (best == NULL || semver_compare(name, best) > 0))
			best = name;
	if (best != NULL)
		full = xasprintf("refs/tags/%s", best);
	free(lines);
	return full;
}

static int
find_ref(struct fetcher *f, const struct revision *rev, git_repository *repo,
    git_reference **ref)
{
	struct buf tags = {0};
	char *name;
	int rc = GIT_ENOTFOUND;

	if (!range_is(rev->base))
		return look_up(f, repo, rev->base, ref);
	list_tags(repo, &tags);
	name = highest(rev->base, &tags);
	if (name != NULL)
		rc = look_up(f, repo, name, ref);
	free(name);
	buf_free(&tags);
	return rc;
}

static int
missing(const struct revision *rev, git_repository *repo, struct error *err)
{
	struct buf tags = {0};

	list_tags(repo, &tags);
	(void)wire_missing(rev->base, err);
	(void)revision_missing(rev, &tags, err);
	buf_free(&tags);
	return -1;
}

/* The commit from which the steps go on. */
static int
find_base(struct fetcher *f, const struct revision *rev, git_repository *repo,
    git_odb *odb, struct error *err)
{
	git_reference *ref;
	int rc;

	if (rev->id) {
		memcpy(f->commit, rev->base, sizeof(f->commit));
		if (job_tag(f))
			memcpy(f->tag, f->job->tag, sizeof(f->tag));
		return 0;
	}
	if (*rev->base == '\0' || strcmp(rev->base, "HEAD") == 0)
		return find_head(f, repo, err);
	rc = find_ref(f, rev, repo, &ref);
	if (rc == 0)
		return peel(f, ref, err);
	if (rc != GIT_ENOTFOUND)
		return git_fail(err, ERR_LOCAL, "read the refs");
	return rev->brief ? revision_expand(rev, odb, f->commit, err) :
			    missing(rev, repo, err);
}

int
git_fetch_local(struct fetcher *f, struct error *err)
{
	char *path = url_path(f->job->url);
	git_repository *repo = NULL;
	git_odb *odb = NULL;
	struct revision rev;
	int rc = -1;

	worker_progress(f->worker, PHASE_RESOLVE, 0, 0);
	f->tag[0] = '\0';
	revision_parse(&rev, f->job);
	if (open_repository(&repo, path, err) == -1)
		goto out;
	if (git_repository_odb(&odb, repo) < 0) {
		(void)git_fail(err, ERR_LOCAL, "open the objects");
		goto out;
	}
	git_error_clear();
	if (f->job->refs)
		git_look_local(f, repo);
	rc = loose_watch(repo, odb, err);
	if (rc == 0)
		rc = find_base(f, &rev, repo, odb, err);
	/* What it was signed for is the commit without steps. */
	if (*rev.steps != '\0')
		f->tag[0] = '\0';
	if (rc == 0)
		rc = revision_walk(&rev, odb, f->commit, ERR_NOTFOUND, err);
	if (rc == 0 && f->job->refs)
		worker_fact(f->worker, "commit", f->commit);
	else if (rc == 0)
		rc = git_finish(f, odb, ERR_NOTFOUND, err);
	if (rc == 0)
		git_since_local(f, repo);
	if (rc == 0 && f->job->make)
		rc = git_make(f, odb, err);
out:
	git_odb_free(odb);
	git_repository_free(repo);
	free(path);
	return rc;
}
