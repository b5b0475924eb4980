#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "spec_priv.h"

#define SUBPATH_MAX 255

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
draft_free(struct draft *d)
{
	int i;

	for (i = 0; i < FIELDS; i++)
		free(d->field[i]);
}

/* "git+" in front; any other scm there is refused. */
static int
take_scm(struct reading *r, struct draft *d)
{
	const char *src = d->field[SRC];
	size_t len = 0;

	while (src[len] >= 'a' && src[len] <= 'z')
		len++;
	if (len == 0 || src[len] != '+')
		return 0;
	if (len == 3 && strncmp(src, "git", len) == 0) {
		d->git = true;
		draft_set(d, SRC, xstrdup(src + len + 1));
		return 0;
	}
	draft_fault(r, d, SRC, "scm '%.*s' is not taken: only git is", (int)len,
	    src);
	return -1;
}

/* A name for a role that was given none. */
static void
derive_name(struct reading *r, struct draft *d, enum scheme scheme, bool local)
{
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
	path = src_absolute(d->field[SRC], r->base, &err);
	if (path != NULL)
		draft_set(d, SRC, path);
	if (path == NULL || url_check(path, &scheme, &err) == -1)
		draft_fault(r, d, SRC, "%s", err.msg);
}

static void
check_src(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;
	bool local;

	if (take_scm(r, d) == -1)
		return;
	if (url_check(d->field[SRC], &scheme, &err) == -1) {
		draft_fault(r, d, SRC, "%s", err.msg);
		return;
	}
	if (src_is_git(d->field[SRC], scheme))
		d->git = true;
	local = src_is_local(d->field[SRC], scheme, d->git);
	if (d->field[NAME] == NULL)
		derive_name(r, d, scheme, local);
	if (local)
		make_absolute(r, d);
	else if (d->git)
		src_drop_slashes(d->field[SRC]);
}

static void
check_version(struct reading *r, struct draft *d)
{
	char *version = d->field[VERSION];
	struct error err;
	size_t i;

	if (version == NULL)
		return;
	if (*version == '\0') {
		draft_set(d, VERSION, NULL);
		return;
	}
	if (strlen(version) == 40 &&
	    strspn(version, "0123456789abcdefABCDEF") == 40)
		for (i = 0; i < 40; i++)
			version[i] = (char)tolower((unsigned char)version[i]);
	if (version_check(version, &err) == -1)
		draft_fault(r, d, VERSION, "%s", err.msg);
}

int
subpath_check(const char *path, struct error *err)
{
	size_t len;

	if (strlen(path) > SUBPATH_MAX)
		return error_set(err, ERR_CONFIG,
		    "the path is longer than %d bytes", SUBPATH_MAX);
	if (path[0] == '/')
		return error_set(err, ERR_CONFIG,
		    "path '%s' is not inside the source: it begins with '/'",
		    path);
	for (;;) {
		len = strcspn(path, "/");
		if (!entry_ok(path, len))
			return error_set(err, ERR_CONFIG,
			    "the path has a part that no role may have: '%.*s'",
			    (int)len, path);
		if (path[len] == '\0')
			return 0;
		path += len + 1;
	}
}

static void
add(struct reading *r, struct draft *d)
{
	struct specs *s = r->specs;

	if ((s->n & (s->n - 1)) == 0)
		s->v = xreallocarray(s->v, s->n != 0 ? 2 * s->n : 1,
		    sizeof(*s->v));
	s->v[s->n++] = (struct spec){
	    .name = d->field[NAME],
	    .src = d->field[SRC],
	    .version = d->field[VERSION],
	    .git = d->git,
	    .map = d->map,
	    .where = reading_where(r, d->at),
	};
	d->field[NAME] = d->field[SRC] = d->field[VERSION] = NULL;
}

void
draft_finish(struct reading *r, struct draft *d)
{
	struct error err;
	const char *given = d->field[NAME];
	bool name_bad;

	if (r->meta && meta_leaves_out(r, d))
		return;
	name_bad = given != NULL && name_check(given, &err) == -1;
	if (name_bad)
		draft_fault(r, d, NAME, "%s", err.msg);
	if (d->field[SRC] != NULL && !(name_bad && d->name_only))
		check_src(r, d);
	if (given == NULL && d->field[NAME] != NULL &&
	    name_check(d->field[NAME], &err) == -1)
		draft_fault(r, d, SRC, "%s", err.msg);
	check_version(r, d);
	if (!d->bad)
		add(r, d);
}
