#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/list.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/jsonout.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

#define COMMIT_SHORT 7
#define COLUMNS 5

const char *
list_version(const struct present *p)
{
	const char *version = present_version(p);

	if (version != NULL)
		return version;
	if (p->in.found == FOUND_LINK)
		return "link";
	if (p->record == NULL)
		return "unknown version";
	/* An archive or a directory has none. */
	return p->record->commit[0] != '\0' ? "default branch" : "no version";
}

const char *
list_moment(char out[MOMENT_MAX], long long when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (when < 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(out, MOMENT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return out;
}

/* ---- lines ---- */

/* "" for what is not known. */
struct cells {
	char *v[COLUMNS];
};

static const char *
source(const struct present *p)
{
	if (p->target != NULL)
		return p->target;
	return p->record != NULL ? p->record->src : "";
}

static char *
match(const struct row *r)
{
	if (r->match == NULL)
		return xstrdup("");
	if (strcmp(r->match, "other version") != 0)
		return xstrdup(r->match);
	return xasprintf("%s (%s is asked for)", r->match,
	    r->spec->version != NULL ? r->spec->version : "no version");
}

static struct cells
cells_of(const struct row *r)
{
	struct cells c = {{xstrdup(r->name), NULL, NULL, match(r), NULL}};
	const struct record *record = r->p != NULL ? r->p->record : NULL;

	c.v[1] = xstrdup(r->p != NULL ? list_version(r->p) : "");
	c.v[2] = xasprintf("%.*s", COMMIT_SHORT,
	    record != NULL ? record->commit : "");
	c.v[4] = xstrdup(r->p != NULL ? source(r->p) : "");
	return c;
}

/* Characters, which is near enough to columns. */
static size_t
width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void
say_line(const struct cells *c, const size_t *widths)
{
	struct buf b = {0};
	size_t i, last = 0;

	for (i = 0; i < COLUMNS; i++)
		if (c->v[i][0] != '\0')
			last = i;
	for (i = 0; i <= last; i++) {
		/* A column in which nothing stands is left out. */
		if (widths[i] == 0)
			continue;
		buf_puts(&b, c->v[i][0] != '\0' ? c->v[i] : "-");
		if (i < last)
			buf_printf(&b, "%*s",
			    (int)(widths[i] + 2 -
				(c->v[i][0] != '\0' ? width(c->v[i]) : 1)),
			    "");
	}
	ui_info("%s", b.data);
	buf_free(&b);
}

void
list_lines(const struct rows *rows)
{
	struct cells *c = xcalloc(rows->n, sizeof(*c));
	size_t widths[COLUMNS] = {0}, i, k;

	for (i = 0; i < rows->n; i++) {
		c[i] = cells_of(&rows->v[i]);
		for (k = 0; k < COLUMNS; k++)
			if (width(c[i].v[k]) > widths[k])
				widths[k] = width(c[i].v[k]);
	}
	for (i = 0; i < rows->n; i++) {
		say_line(&c[i], widths);
		for (k = 0; k < COLUMNS; k++)
			free(c[i].v[k]);
	}
	free(c);
}

/* ---- JSON ---- */

static const char *
kind(const struct present *p)
{
	switch (p->in.found) {
	case FOUND_INSTALLED:
		return "installed";
	case FOUND_ROLE:
		return "plain";
	case FOUND_LINK:
		return "link";
	case FOUND_FOREIGN:
		return "no role";
	case FOUND_NOTHING:
		break;
	}
	return "missing";
}

/* What is empty in a record is not known. */
static void
put(struct jsonout *j, const char *key, const char *value)
{
	jsonout_string(j, key,
	    value != NULL && value[0] != '\0' ? value : NULL);
}

void
list_needs(struct jsonout *j, const char *key, const char *needs,
    const char *of)
{
	struct spec spec;
	struct error ignored;
	int rc;

	if (needs == NULL) {
		jsonout_string(j, key, NULL);
		return;
	}
	jsonout_begin(j, key, '[');
	while ((rc = spec_unpack_line(&spec, &needs, of, &ignored)) != 0) {
		if (rc == -1)
			continue;
		jsonout_string(j, NULL, spec.name);
		spec_free(&spec);
	}
	jsonout_end(j, ']');
}

static void
put_record(struct jsonout *j, const struct record *r)
{
	char *src = r != NULL ? url_redact(r->src) : NULL;

	put(j, "source", src);
	put(j, "source_path", r != NULL ? r->path : NULL);
	put(j, "ref", r != NULL ? r->ref : NULL);
	put(j, "commit", r != NULL ? r->commit : NULL);
	put(j, "archive_sha256", r != NULL ? r->archive : NULL);
	put(j, "digest", r != NULL ? r->digest : NULL);
	free(src);
}

void
list_facts(struct jsonout *j, const char *dir, const char *name,
    const struct present *p)
{
	static const struct present absent = {.in = {.found = FOUND_NOTHING}};
	char *path = xasprintf("%s/%s", dir, name);
	char moment[MOMENT_MAX];

	if (p == NULL)
		p = &absent;
	jsonout_string(j, "name", name);
	jsonout_string(j, "kind", kind(p));
	jsonout_string(j, "path", p != &absent ? path : NULL);
	put(j, "version", present_version(p));
	put_record(j, p->record);
	jsonout_string(j, "installed", list_moment(moment, present_when(p)));
	jsonout_string(j, "link", p->target);
	free(path);
}

static void
put_row(struct jsonout *j, const struct store *s, const struct row *r)
{
	const struct record *record = r->p != NULL ? r->p->record : NULL;

	jsonout_begin(j, NULL, '{');
	list_facts(j, s->path, r->name, r->p);
	list_needs(j, "dependencies", record != NULL ? record->needs : NULL,
	    r->name);
	jsonout_string(j, "requirement", r->match);
	put(j, "requirement_version",
	    r->spec != NULL ? r->spec->version : NULL);
	jsonout_end(j, '}');
}

void
list_object(struct jsonout *j, const struct store *s, const struct rows *rows)
{
	size_t i;

	jsonout_begin(j, NULL, '{');
	jsonout_string(j, "path", s->path);
	jsonout_bool(j, "exists", s->rolesfd != -1);
	jsonout_begin(j, "roles", '[');
	for (i = 0; i < rows->n; i++)
		put_row(j, s, &rows->v[i]);
	jsonout_end(j, ']');
	jsonout_end(j, '}');
}
