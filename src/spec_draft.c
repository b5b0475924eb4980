#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "path.h"
#include "spec_priv.h"

void
draft_set(struct draft *d, enum field field, char *value)
{
	free(d->field[field]);
	d->field[field] = value;
}

void
draft_fault(struct reading *r, struct draft *d, enum field field,
    const char *fmt, ...)
{
	char text[ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	reading_fault(r, d->field_at[field], "%s", text);
	d->bad = true;
}

void
draft_refuse_scm(struct reading *r, struct draft *d, enum field field,
    const char *scm, size_t len)
{
	draft_fault(r, d, field,
	    "scm '%.*s' is not taken: only git is; export the role into an "
	    "archive or a directory and name that",
	    (int)len, scm);
}

void
draft_free(struct draft *d)
{
	int i;

	for (i = 0; i < FIELDS; i++)
		free(d->field[i]);
}

/* "git+" or "fs+" in front; any other scm there is refused. */
static int
take_prefix(struct reading *r, struct draft *d)
{
	const char *src = d->field[SRC];
	size_t len = 0;

	while (src[len] >= 'a' && src[len] <= 'z')
		len++;
	if (len == 0 || src[len] != '+')
		return 0;
	if (len == 3 && strncmp(src, "git", len) == 0) {
		d->git = true;
	} else if (len == 2 && strncmp(src, "fs", len) == 0) {
		d->dir = true;
	} else {
		draft_refuse_scm(r, d, SRC, src, len);
		return -1;
	}
	draft_set(d, SRC, xstrdup(src + len + 1));
	return 0;
}

/* A name for a role that was given none. */
static void
derive_name(struct reading *r, struct draft *d, enum scheme scheme, bool local)
{
	const char *path = d->field[SUBPATH], *slash;

	d->field_at[NAME] = d->field_at[path != NULL ? SUBPATH : SRC];
	if (path != NULL) {
		slash = strrchr(path, '/');
		draft_set(d, NAME, xstrdup(slash != NULL ? slash + 1 : path));
		return;
	}
	draft_set(d, NAME, src_name(d->field[SRC], scheme, local));
	if (d->field[NAME] == NULL)
		draft_fault(r, d, SRC,
		    "no role name can be made of the source: give it a name");
}

/* A path, as seen from the file that has it. */
static void
make_absolute(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;
	char *path;

	if (r->meta && d->field[SRC][0] != '/') {
		draft_fault(r, d, SRC,
		    "'%s' is a relative path, which leads nowhere from a role: "
		    "a dependency needs a URL or an absolute path",
		    d->field[SRC]);
		return;
	}
	d->relative = d->field[SRC][0] != '/' && d->field[SRC][0] != '~';
	path = src_absolute(d->field[SRC], r->base, &err);
	if (path != NULL)
		draft_set(d, SRC, path);
	/* A role inside a directory is a directory. */
	if (path != NULL && d->field[SUBPATH] != NULL && (d->dir || d->link)) {
		draft_set(d, SRC, path_join(path, d->field[SUBPATH], false));
		draft_set(d, SUBPATH, NULL);
	}
	if (path == NULL || url_check(d->field[SRC], &scheme, &err) == -1)
		draft_fault(r, d, SRC, "%s", err.msg);
}

/* A directory of this machine, copied or linked to. */
static void
check_directory(struct reading *r, struct draft *d, enum scheme scheme)
{
	const char *said = d->link ? "type: link" :
	    d->field[TYPE] != NULL ? "type: dir" :
				     "fs+";

	if (d->git)
		draft_fault(r, d, SRC,
		    "'%s' is for a directory, not for a git repository", said);
	else if (scheme != SCHEME_NONE)
		draft_fault(r, d, SRC, "'%s' needs a path, not a URL", said);
	else if (r->meta)
		draft_fault(r, d, SRC,
		    "'%s' is not taken from a role: what it depends on must "
		    "not be a directory of this machine",
		    said);
	if (d->field[VERSION] != NULL && *d->field[VERSION] != '\0')
		draft_fault(r, d, VERSION,
		    "a directory has no versions: leave 'version' out");
	if (d->field[CHECKSUM] != NULL)
		draft_fault(r, d, CHECKSUM,
		    "a directory has no checksum: 'checksum' is for archives");
	if (d->field[COMMIT] != NULL)
		draft_fault(r, d, COMMIT,
		    "a directory has no commits: 'commit' is for git sources");
	if (d->field[VERIFY] != NULL)
		draft_fault(r, d, VERIFY,
		    "a directory is not signed: 'verify' is for git sources");
}

/* Keys that this kind of source does not have. */
static void
check_keys(struct reading *r, struct draft *d, bool galaxy)
{
	if (galaxy && d->field[SUBPATH] != NULL)
		draft_fault(r, d, SUBPATH,
		    "'path' needs the URL or path of an archive or a git "
		    "repository in 'src'");
	if (d->field[CHECKSUM] != NULL && d->git)
		draft_fault(r, d, CHECKSUM,
		    "'checksum' is for archives: for a git source write "
		    "'commit'");
	else if (d->field[CHECKSUM] != NULL && galaxy)
		draft_fault(r, d, CHECKSUM,
		    "'checksum' needs the URL or path of an archive in 'src'");
	if (d->field[COMMIT] != NULL && !d->git)
		draft_fault(r, d, COMMIT,
		    galaxy ? "'commit' needs the URL of a git repository in "
			     "'src'" :
			     "'commit' is for git sources: for an archive "
			     "write 'checksum'");
	if (d->field[VERIFY] != NULL && !d->git)
		draft_fault(r, d, VERIFY,
		    galaxy ? "'verify' needs the URL of a git repository in "
			     "'src'" :
			     "'verify' is for git sources: for an archive "
			     "write 'checksum'");
}

/* What is neither a repository nor an archive would be a directory. */
static void
check_file(struct reading *r, struct draft *d)
{
	if (r->meta && !d->git && !src_is_archive(d->field[SRC]))
		draft_fault(r, d, SRC,
		    "'%s' is not taken from a role: what it depends on must "
		    "not be a directory of this machine",
		    d->field[SRC]);
}

static void
check_src(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;
	bool local, place;

	if (take_prefix(r, d) == -1)
		return;
	if (url_check(d->field[SRC], &scheme, &err) == -1) {
		draft_fault(r, d, SRC, "%s", err.msg);
		return;
	}
	if (strchr(d->field[SRC], '$') != NULL && !r->meta)
		reading_note(r, d->field_at[SRC],
		    "a '$' in the source stands for itself");
	place = d->dir || d->link;
	if (!place && src_is_git(d->field[SRC], scheme))
		d->git = true;
	local = scheme == SCHEME_NONE &&
	    (place || src_is_local(d->field[SRC], scheme, d->git) ||
		src_is_file(d->field[SRC], r->base));
	if (place)
		check_directory(r, d, scheme);
	else
		check_keys(r, d, !d->git && !local && scheme == SCHEME_NONE);
	if (d->field[NAME] == NULL)
		derive_name(r, d, scheme, local);
	if (scheme == SCHEME_FILE)
		check_file(r, d);
	if (local)
		make_absolute(r, d);
	else if (d->git)
		src_drop_slashes(d->field[SRC]);
}

static void
add(struct reading *r, struct draft *d)
{
	static const enum field taken[] = {NAME, SRC, VERSION, SUBPATH, COMMIT,
	    CHECKSUM, VERIFY, SIGNERS};
	const struct yaml *version =
	    d->field[VERSION] != NULL ? d->field_at[VERSION] : NULL;
	struct specs *s = r->specs;
	size_t i;

	if ((s->n & (s->n - 1)) == 0)
		s->v = xreallocarray(s->v, s->n != 0 ? 2 * s->n : 1,
		    sizeof(*s->v));
	s->v[s->n++] = (struct spec){
	    .name = d->field[NAME],
	    .src = d->field[SRC],
	    .version = d->field[VERSION],
	    .path = d->field[SUBPATH],
	    .commit = d->field[COMMIT],
	    .checksum = d->field[CHECKSUM],
	    .verify = d->field[VERIFY],
	    .signers = d->field[SIGNERS],
	    .git = d->git,
	    .dir = d->dir,
	    .link = d->link,
	    .relative = d->relative,
	    .map = d->map,
	    .where = reading_where(r, d->at),
	    .file = r->path != NULL ? xstrdup(r->path) : NULL,
	    .version_line = version != NULL ? version->line : 0,
	    .version_column = version != NULL ? version->column : 0,
	    .version_offset = d->version_offset,
	};
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		d->field[taken[i]] = NULL;
}

/* Directories of roles are the user's to lay out. */
static int
check_name(const struct reading *r, const char *name, struct error *err)
{
	return r->meta ? name_check_one(name, err) : name_check(name, err);
}

void
draft_finish(struct reading *r, struct draft *d)
{
	struct error err;
	const char *given = d->field[NAME];
	bool name_bad;

	if (r->meta && meta_leaves_out(r, d))
		return;
	name_bad = given != NULL && check_name(r, given, &err) == -1;
	if (name_bad)
		draft_fault(r, d, NAME, "%s", err.msg);
	pins_check(r, d);
	if (d->field[SRC] != NULL && !(name_bad && d->name_only))
		check_src(r, d);
	if (given == NULL && d->field[NAME] != NULL &&
	    check_name(r, d->field[NAME], &err) == -1)
		draft_fault(r, d, NAME, "%s", err.msg);
	if (!d->bad)
		add(r, d);
}
