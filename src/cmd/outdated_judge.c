/*
 * What the answer of a source means for the role that is in place.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/outdated.h"
#include "kelpie/buf.h"
#include "kelpie/install.h"
#include "kelpie/inventory.h"
#include "kelpie/lockfile.h"
#include "kelpie/range.h"
#include "kelpie/semver.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

#define TAGS "refs/tags/"

static struct release
release(const char *version, const char *commit)
{
	return (struct release){xstrdup_null(version),
	    commit != NULL && *commit != '\0' ? xstrdup(commit) : NULL};
}

/* The commit at which the server has the tag, or NULL. */
static char *
commit_of(const struct answer *a, const char *ref)
{
	const char *line = a->tags;
	size_t len = strlen(ref);

	for (; *line != '\0';
	     line += strcspn(line, "\n"), line += *line == '\n')
		if (strncmp(line, ref, len) == 0 && line[len] == '\t')
			return xstrndup(line + len + 1,
			    strcspn(line + len + 1, "\n"));
	return NULL;
}

static void
tell_moved(const struct old_role *r, const struct moved *m)
{
	struct error err;

	if (!m->locked) {
		ui_warn("%s: tag '%s' was commit %s when it was installed and "
			"is %s now: somebody has moved it",
		    r->name, m->tag, m->was, m->now);
		return;
	}
	(void)error_set(&err, ERR_INTEGRITY,
	    "%s: tag '%s' was commit %s when it was locked and is %s now: "
	    "somebody has moved it; kelpie update --moved-tags %s takes it",
	    r->name, m->tag, m->was, m->now, r->name);
	ui_error(&err);
}

/* The same tag of record and lock file is told once. */
static bool
is_told(const struct old_role *r, const char *tag)
{
	for (size_t i = 0; i < r->moved_n; i++)
		if (strcmp(r->moved[i].tag, tag) == 0)
			return true;
	return false;
}

/* now is taken over. */
static void
add_moved(struct old_role *r, const char *tag, const char *was, char *now,
    bool locked)
{
	if (is_told(r, tag) || strcmp(was, now) == 0) {
		free(now);
		return;
	}
	r->moved = xreallocarray(r->moved, r->moved_n + 1, sizeof(*r->moved));
	r->moved[r->moved_n] =
	    (struct moved){xstrdup(tag), xstrdup(was), now, locked};
	tell_moved(r, &r->moved[r->moved_n++]);
}

/* What record or lock file say. */
struct past {
	const char *src, *ref, *commit;
	bool locked;
};

/* Where was the tag, and where is it?  What is no tag may move. */
static void
look_at_tag(struct old_role *r, const struct answer *a, const struct past *was)
{
	char *now;

	if (was->ref == NULL || was->commit == NULL || *was->commit == '\0' ||
	    strncmp(was->ref, TAGS, sizeof(TAGS) - 1) != 0 ||
	    strcmp(was->src, r->src) != 0)
		return;
	now = commit_of(a, was->ref);
	if (now != NULL)
		add_moved(r, was->ref + sizeof(TAGS) - 1, was->commit, now,
		    was->locked);
}

/* A Galaxy that names a commit for each of its versions. */
static void
look_at_name(struct old_role *r, const struct answer *a,
    const struct record *record)
{
	if (record != NULL && a->ref == NULL && a->version != NULL &&
	    a->commit != NULL && record->commit[0] != '\0' &&
	    strcmp(record->src, r->src) == 0 &&
	    text_same(record_got(record), a->version))
		add_moved(r, a->version, record->commit, xstrdup(a->commit),
		    false);
}

/* A version that is none has to be known by its commit. */
static bool
is_known(const struct release *r)
{
	return r->commit != NULL ||
	    (r->version != NULL && semver_rank(r->version) != SEMVER_NONE);
}

static bool
is_newer(const struct release *a, const struct release *b)
{
	return (a->commit == NULL || !text_same(a->commit, b->commit)) &&
	    a->version != NULL && b->version != NULL &&
	    semver_rank(a->version) != SEMVER_NONE &&
	    semver_rank(b->version) != SEMVER_NONE &&
	    semver_order(a->version, b->version) > 0;
}

static bool
is_other(const struct release *a, const struct release *b)
{
	if (a->commit != NULL && b->commit != NULL)
		return strcmp(a->commit, b->commit) != 0;
	return a->version != NULL && b->version != NULL &&
	    strcmp(a->version, b->version) != 0;
}

static enum finding
judge(const struct old_role *r, const struct answer *a)
{
	if (r->err.kind != ERR_NONE)
		return FINDING_FAILED;
	if (r->moved_n > 0)
		return FINDING_MOVED;
	if (a->missing)
		return FINDING_MISSING;
	if (a->differs || is_other(&r->installed, &r->allowed))
		return FINDING_UPDATE;
	if (!a->asked || !is_known(&r->installed))
		return FINDING_UNKNOWN;
	return is_newer(&r->newest, &r->installed) ? FINDING_NEWER :
						     FINDING_CURRENT;
}

static void
look_at_tags(struct old_role *r, const struct answer *a,
    const struct record *record, const struct locked *l)
{
	if (l != NULL)
		look_at_tag(r, a,
		    &(struct past){l->src, l->ref, l->commit, true});
	if (record != NULL)
		look_at_tag(r, a,
		    &(struct past){record->src, record->ref, record->commit,
			false});
	look_at_name(r, a, record);
}

void
outdated_judge(struct old_role *r, const struct answer *a,
    const struct present *p, const struct locked *l)
{
	const struct spec *s = a->spec;

	*r = (struct old_role){.name = xstrdup(s->name),
	    .src = url_kept(s->src),
	    .asked = xstrdup_null(s->version),
	    .needed = a->needed,
	    .installed = release(present_version(p),
		p->record != NULL ? p->record->commit : NULL),
	    .newest = release(a->newest, a->newest_commit)};
	if (a->asked)
		r->allowed =
		    release(a->version != NULL ? a->version : s->version,
			a->commit);
	if (a->err != NULL)
		r->err = *a->err;
	look_at_tags(r, a, p->record, l);
	r->finding = judge(r, a);
	r->kept_back = r->asked != NULL && range_is(r->asked) &&
	    is_newer(&r->newest, &r->allowed);
}

void
old_role_free(struct old_role *r)
{
	char *const own[] = {r->name, r->src, r->asked, r->installed.version,
	    r->installed.commit, r->allowed.version, r->allowed.commit,
	    r->newest.version, r->newest.commit};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		free(own[i]);
	for (size_t i = 0; i < r->moved_n; i++) {
		free(r->moved[i].tag);
		free(r->moved[i].was);
		free(r->moved[i].now);
	}
	free(r->moved);
}
