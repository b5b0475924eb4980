/*
 * What a repository has, without any of it being fetched: the version that is
 * asked for, the newest release, and where tags are that were seen before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/git.h"

#define TAGS "refs/tags/"

/* The newest release, and the tags that the job names. */
static void
tell_tags(struct fetcher *f, const struct wire_ref *newest, char *seen)
{
	char *save = NULL, *line, *fact;

	if (newest->name[0] != '\0') {
		fact = xasprintf("%s\t%s", newest->name + sizeof(TAGS) - 1,
		    newest->commit);
		worker_fact(f->worker, "newest", fact);
		free(fact);
	}
	for (line = strtok_r(seen, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		worker_fact(f->worker, "tagged", line);
}

int
git_look(struct fetcher *f, struct error *err)
{
	struct target t = {.look = true};
	char nothing[] = "";
	int rc;

	f->commit[0] = '\0';
	revision_parse(&t.rev, f->job);
	worker_progress(f->worker, PHASE_CONNECT, 0, 0);
	rc = git_resolve(f, &t, err);
	tell_tags(f, &t.newest, t.seen.len != 0 ? t.seen.data : nothing);
	/* Where steps lead to is in the history alone. */
	if (rc == 0 && f->commit[0] != '\0' && *t.rev.steps == '\0')
		worker_fact(f->worker, "commit", f->commit);
	buf_free(&t.tips);
	buf_free(&t.tags);
	buf_free(&t.seen);
	return rc;
}

/* ---- on this machine ---- */

/* One that leads to no commit is none of ours. */
static void
consider(struct wire_search *s, git_repository *repo, const char *name)
{
	struct wire_ref ref;
	git_reference *found;
	git_object *object = NULL;

	if (snprintf(ref.name, sizeof(ref.name), TAGS "%s", name) >=
		(int)sizeof(ref.name) ||
	    git_reference_lookup(&found, repo, ref.name) < 0)
		return;
	if (git_reference_peel(&object, found, GIT_OBJECT_COMMIT) == 0) {
		(void)git_oid_tostr(ref.commit, sizeof(ref.commit),
		    git_object_id(object));
		memcpy(ref.id, ref.commit, sizeof(ref.id));
		wire_consider(s, &ref);
	}
	git_object_free(object);
	git_reference_free(found);
}

void
git_look_local(struct fetcher *f, git_repository *repo)
{
	struct wire_ref newest = {.name = ""};
	struct buf seen = {0};
	struct wire_search s = {.newest = &newest,
	    .watched = f->job->tags,
	    .seen = &seen};
	git_strarray names = {0};
	char nothing[] = "";

	if (git_tag_list(&names, repo) < 0)
		return;
	for (size_t i = 0; i < names.count; i++)
		consider(&s, repo, names.strings[i]);
	git_strarray_dispose(&names);
	tell_tags(f, &newest, seen.len != 0 ? seen.data : nothing);
	buf_free(&seen);
}
