#include "fetch/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "git/compat.h"
#include "kelpie/git/pack.h"
#include "kelpie/range.h"
#include "kelpie/semver.h"

#define HEX "0123456789abcdefABCDEF"
#define BRIEF_MIN 4 /* as git has it */
/* Whoever goes back further needs no less than everything. */
#define DEPTH_MAX 1000000u

/*
 * One step of "~2^1": how often, and to which parent.  "~N" is N times to the
 * first, "^N" is once to the Nth, and "^0" stays.
 */
struct step {
	unsigned times, parent;
};

static const char *
next_step(const char *s, struct step *out)
{
	char kind = *s++, *end = NULL;
	unsigned long n = 1;

	if (*s >= '0' && *s <= '9')
		n = strtoul(s, &end, 10);
	if (n > DEPTH_MAX)
		n = DEPTH_MAX;
	out->times = kind == '~' ? (unsigned)n : n != 0;
	out->parent = kind == '~' ? 1 : (unsigned)n;
	return end != NULL ? end : s;
}

static unsigned
depth_of(const char *steps)
{
	unsigned long depth = 1;
	struct step step;

	while (*steps != '\0') {
		steps = next_step(steps, &step);
		depth += step.times;
	}
	return depth < DEPTH_MAX ? (unsigned)depth : 0;
}

void
revision_parse(struct revision *r, const struct job *job)
{
	bool pinned = *job->commit != '\0';
	const char *version = pinned ? job->commit : job->version;
	size_t len =
	    range_is(version) ? strlen(version) : strcspn(version, "~^");

	*r = (struct revision){.steps = version + len};
	(void)snprintf(r->base, sizeof(r->base), "%.*s", (int)len, version);
	r->depth = depth_of(r->steps);
	r->id = is_commit_id(r->base);
	r->brief =
	    len >= BRIEF_MIN && len < OID_HEX && strspn(r->base, HEX) == len;
}

/* ---- what may be meant ---- */

/* An array of the lines, which are cut apart. */
static const char **
names_of(char *lines, size_t *n)
{
	const char **names = NULL;
	char *save = NULL, *name;

	*n = 0;
	for (name = strtok_r(lines, "\n", &save); name != NULL;
	     name = strtok_r(NULL, "\n", &save)) {
		if ((*n & (*n - 1)) == 0)
			names = xreallocarray(names, *n != 0 ? 2 * *n : 1,
			    sizeof(*names));
		names[(*n)++] = name;
	}
	return names;
}

int
revision_missing(const struct revision *r, const struct buf *tags,
    struct error *err)
{
	char *lines = xstrndup(tags->len != 0 ? tags->data : "", tags->len);
	size_t n, i = 0;
	const char **names = names_of(lines, &n);
	struct buf near = {0};

	while (i < n && !semver_same(names[i], r->base))
		i++;
	semver_nearest(&near, names, n, r->base);
	if (i < n)
		error_append(err, "; did you mean '%.60s'?", names[i]);
	else if (n == 0)
		error_append(err, "; it has no tags");
	else
		error_append(err, "; %s %s",
		    n == 1 ? "its only tag is" : "the nearest tags are",
		    near.data);
	buf_free(&near);
	free(names);
	free(lines);
	return -1;
}

/* ---- short ids ---- */

struct matches {
	char prefix[OID_HEX + 1]; /* in lower case */
	struct buf ids; /* of any type, OID_HEX digits each */
};

/* The object database must not be asked from here. */
static int
on_object(const git_oid *oid, void *ctx)
{
	struct matches *m = ctx;
	char hex[OID_HEX + 1];

	(void)git_oid_tostr(hex, sizeof(hex), oid);
	if (strncmp(hex, m->prefix, strlen(m->prefix)) == 0)
		buf_add(&m->ids, hex, OID_HEX);
	return 0;
}

static bool
is_commit(git_odb *odb, const char *hex)
{
	git_oid oid;
	git_object_t type;
	size_t len;

	return oid_parse(&oid, hex) == 0 &&
	    git_odb_read_header(&len, &type, odb, &oid) == 0 &&
	    type == GIT_OBJECT_COMMIT;
}

/* The one commit among them; an object may come twice. */
static int
choose(const struct matches *m, git_odb *odb, char commit[OID_HEX + 1],
    struct error *err)
{
	char hex[OID_HEX + 1];

	commit[0] = '\0';
	for (size_t at = 0; at < m->ids.len; at += OID_HEX) {
		(void)snprintf(hex, sizeof(hex), "%.*s", OID_HEX,
		    m->ids.data + at);
		if (!is_commit(odb, hex) || strcmp(hex, commit) == 0)
			continue;
		if (commit[0] != '\0')
			return error_set(err, ERR_NOTFOUND,
			    "'%s' may be commit %s or %s: write more of it",
			    m->prefix, commit, hex);
		memcpy(commit, hex, sizeof(hex));
	}
	if (commit[0] != '\0')
		return 0;
	return error_set(err, ERR_NOTFOUND,
	    m->ids.len == 0 ? "no tag, branch or commit '%s'" :
			      "'%s' is not a tag, a branch or a commit",
	    m->prefix);
}

int
revision_expand(const struct revision *r, git_odb *odb,
    char commit[OID_HEX + 1], struct error *err)
{
	struct matches m = {.ids = {0}};
	int rc = -1;

	for (size_t i = 0; i < OID_HEX && r->base[i] != '\0'; i++) {
		char c = r->base[i];

		m.prefix[i] = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	}
	git_error_clear();
	if (git_odb_foreach(odb, on_object, &m) < 0)
		(void)git_fail(err, ERR_INTEGRITY, "list the objects");
	else
		rc = choose(&m, odb, commit, err);
	buf_free(&m.ids);
	return rc;
}

/* ---- ancestors ---- */

/* The id of the nth parent in a raw commit, or NULL: "tree ID", then a line
 * "parent ID" for each. */
static const char *
parent_of(const char *raw, size_t len, unsigned n)
{
	static const char word[] = "parent ";
	const size_t first = sizeof("tree ") - 1 + OID_HEX + 1,
		     line = sizeof(word) - 1 + OID_HEX + 1;
	const char *s = raw + first;

	for (size_t left = len; left >= first + line; left -= line) {
		if (strncmp(s, word, sizeof(word) - 1) != 0)
			return NULL;
		if (--n == 0)
			return s + sizeof(word) - 1;
		s += line;
	}
	return NULL;
}

/* Replace the commit by a parent. */
static int
to_parent(git_odb *odb, char commit[OID_HEX + 1], unsigned n,
    enum error_kind absent, struct error *err)
{
	git_odb_object *object = NULL;
	const char *parent = NULL;
	git_oid oid;
	int rc;

	git_error_clear();
	if (oid_parse(&oid, commit) < 0)
		return git_fail(err, ERR_INTEGRITY, "commit id");
	rc = git_odb_read(&object, odb, &oid);
	if (rc == GIT_ENOTFOUND)
		return error_set(err, absent, "commit '%s' is not in the %s",
		    commit, absent == ERR_INTEGRITY ? "pack" : "repository");
	if (rc < 0)
		return git_fail(err, ERR_INTEGRITY, "read the commit");
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT)
		parent = parent_of(git_odb_object_data(object),
		    git_odb_object_size(object), n);
	if (parent == NULL)
		rc = error_set(err, ERR_NOTFOUND,
		    n == 1 ? "commit '%s' has no parent" :
			     "commit '%s' has no parent number %u",
		    commit, n);
	else
		(void)snprintf(commit, OID_HEX + 1, "%.*s", OID_HEX, parent);
	git_odb_object_free(object);
	return rc;
}

int
revision_walk(const struct revision *r, git_odb *odb, char commit[OID_HEX + 1],
    enum error_kind absent, struct error *err)
{
	const char *s = r->steps;
	struct step step;
	int rc = 0;

	while (rc == 0 && *s != '\0') {
		s = next_step(s, &step);
		for (; rc == 0 && step.times != 0; step.times--)
			rc = to_parent(odb, commit, step.parent, absent, err);
	}
	return rc == 0 ? 0 : error_wrap(err, "'%s%s'", r->base, r->steps);
}
