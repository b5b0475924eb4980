#include <stdlib.h>
#include <string.h>

#include "cmd/outdated.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/jsonout.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"
#include "kelpie/ui.h"

#define COLUMNS 5
#define OWN (COLUMNS - 1) /* cells that are made for a role */
#define ID_SHORT 7

static const struct {
	const char *said, *json;
} words[] = {
    [FINDING_CURRENT] = {"", "current"},
    [FINDING_UNKNOWN] = {"", "unknown"},
    [FINDING_UPDATE] = {"update", "update"},
    [FINDING_NEWER] = {"newer release", "newer"},
    [FINDING_MISSING] = {"not installed", "missing"},
    [FINDING_MOVED] = {"tag was moved", "moved"},
    [FINDING_FAILED] = {"failed", "failed"},
};

/* "v1.2", "main (3f2c1ab)", "HEAD (3f2c1ab)", "3f2c1ab", "-". */
static char *
shown(const struct release *r)
{
	const char *version = r->version, *commit = r->commit;

	if (version == NULL && commit == NULL)
		return xstrdup("-");
	if (version != NULL && is_commit_id(version))
		return xstrndup(version, ID_SHORT);
	if (commit == NULL ||
	    (version != NULL && strncmp(version, commit, strlen(version)) == 0))
		return xstrdup(version);
	if (version != NULL && semver_rank(version) != SEMVER_NONE)
		return xstrdup(version);
	return xasprintf("%s (%.*s)", version != NULL ? version : "HEAD",
	    ID_SHORT, commit);
}

/* What is to be known of it, and what keeps it where it is. */
static char *
remark(const struct old_role *r)
{
	if (r->kept_back && r->finding == FINDING_NEWER)
		return xasprintf("kept back by %s", r->asked);
	if (r->kept_back && r->finding == FINDING_UPDATE)
		return xasprintf("update, newest kept back by %s", r->asked);
	return xstrdup(words[r->finding].said);
}

void
outdated_lines(const struct old_roles *roles)
{
	static const char *const heading[COLUMNS] = {"role", "installed",
	    "allowed", "newest", ""};
	size_t i, k, rows = roles->n + 1;
	const char **cells = xcalloc(rows * COLUMNS, sizeof(*cells));
	char **own = xcalloc(rows * OWN, sizeof(*own));

	memcpy(cells, heading, sizeof(heading));
	for (i = 1; i < rows; i++) {
		const struct old_role *r = &roles->v[i - 1];
		const struct release *three[] = {&r->installed, &r->allowed,
		    &r->newest};
		const char **row = cells + i * COLUMNS;

		row[0] = r->name;
		for (k = 0; k < 3; k++)
			row[k + 1] = own[OWN * i + k] = shown(three[k]);
		row[4] = own[OWN * i + 3] = remark(r);
	}
	if (roles->n > 0)
		ui_table(cells, rows, COLUMNS);
	for (i = 0; i < OWN * rows; i++)
		free(own[i]);
	free(own);
	free(cells);
}

static void
put_release(struct jsonout *j, const char *key, const struct release *r)
{
	char *commit = xasprintf("%s_commit", key);

	jsonout_string(j, key, r->version);
	jsonout_string(j, commit, r->commit);
	free(commit);
}

static void
put_role(struct jsonout *j, const struct old_role *r)
{
	jsonout_begin(j, NULL, '{');
	jsonout_string(j, "name", r->name);
	jsonout_string(j, "source", r->src);
	jsonout_string(j, "asked", r->asked);
	jsonout_bool(j, "dependency", r->needed);
	put_release(j, "installed", &r->installed);
	put_release(j, "allowed", &r->allowed);
	put_release(j, "newest", &r->newest);
	jsonout_string(j, "state", words[r->finding].json);
	jsonout_bool(j, "kept_back", r->kept_back);
	jsonout_begin(j, "moved_tags", '[');
	for (size_t i = 0; i < r->moved_n; i++) {
		const struct moved *m = &r->moved[i];

		jsonout_begin(j, NULL, '{');
		jsonout_string(j, "tag", m->tag);
		jsonout_string(j, "was", m->was);
		jsonout_string(j, "now", m->now);
		jsonout_bool(j, "locked", m->locked);
		jsonout_end(j, '}');
	}
	jsonout_end(j, ']');
	jsonout_string(j, "error", r->err.kind != ERR_NONE ? r->err.msg : NULL);
	jsonout_end(j, '}');
}

void
outdated_json(const struct old_roles *roles)
{
	struct jsonout j = {0};

	jsonout_begin(&j, NULL, '{');
	jsonout_begin(&j, "roles", '[');
	for (size_t i = 0; i < roles->n; i++)
		put_role(&j, &roles->v[i]);
	jsonout_end(&j, ']');
	jsonout_end(&j, '}');
	verb_write(&j);
}
