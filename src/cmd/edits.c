#include "cmd/edits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"
#include "kelpie/yaml.h"
#include "kelpie/yaml_edit.h"

/* One file, and what is to be changed in it. */
struct edited {
	const char *path; /* borrowed from a spec */
	struct yaml_changes change;
	const struct spec **spec; /* of each */
	struct buf was, now;
};

void
edits_begin(struct edits *e)
{
	*e = (struct edits){0};
}

void
edits_want(struct edits *e, const char *name, const char *was, const char *to)
{
	e->v = xreallocarray(e->v, e->n + 1, sizeof(*e->v));
	e->v[e->n++] =
	    (struct wanted_edit){xstrdup(name), xstrdup(was), xstrdup(to)};
}

static const struct wanted_edit *
wanted(const struct edits *e, const struct spec *s)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->v[i].name, s->name) == 0)
			return &e->v[i];
	return NULL;
}

static struct edited *
file_of(struct edits *e, const char *path)
{
	for (size_t i = 0; i < e->files; i++)
		if (strcmp(e->file[i].path, path) == 0)
			return &e->file[i];
	e->file = xreallocarray(e->file, e->files + 1, sizeof(*e->file));
	e->file[e->files] = (struct edited){.path = path};
	return &e->file[e->files++];
}

static bool
is_at(const struct yaml_change *c, const struct spec *s)
{
	return c->line == s->version_line && c->column == s->version_column;
}

/* A file that is included twice has each of its places once. */
static bool
has_place(const struct edited *f, const struct spec *s)
{
	for (size_t i = 0; i < f->change.n; i++)
		if (is_at(&f->change.v[i], s))
			return true;
	return false;
}

static void
add(struct edits *e, const struct spec *s, const struct wanted_edit *w)
{
	struct edited *f = file_of(e, s->file);

	if (has_place(f, s))
		return;
	f->change.v =
	    xreallocarray(f->change.v, f->change.n + 1, sizeof(*f->change.v));
	f->spec =
	    xreallocarray(f->spec, f->change.n + 1, sizeof(struct spec *));
	f->change.v[f->change.n] = (struct yaml_change){.line = s->version_line,
	    .column = s->version_column,
	    .offset = s->version_offset,
	    .was = w->was,
	    .to = w->to};
	f->spec[f->change.n++] = s;
}

static int
load(struct edits *e, const char *file, struct error *err)
{
	struct faults faults = {0};
	int rc = 0;

	specs_load(&e->specs, file, &faults);
	if (faults.n > 0) {
		*err = faults.v[0];
		rc = -1;
	}
	faults_free(&faults);
	return rc;
}

static int
edit(struct edited *f, struct error *err)
{
	int fd = open(f->path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	int rc;

	if (fd == -1)
		return error_errno(err, "%s", f->path);
	rc = buf_read(&f->was, fd, YAML_BYTES_MAX, err);
	(void)close(fd);
	if (rc == 0)
		rc = yaml_edit(&f->now, f->was.data, f->was.len, &f->change,
		    err);
	return rc == 0 ? 0 : error_wrap(err, "%s", f->path);
}

int
edits_try(struct edits *e, const char *file, struct error *err)
{
	int rc = 0;

	if (e->n == 0)
		return 0;
	if (load(e, file, err) == -1)
		return -1;
	for (size_t i = 0; i < e->specs.n; i++) {
		const struct spec *s = &e->specs.v[i];
		const struct wanted_edit *w = wanted(e, s);

		if (w != NULL)
			add(e, s, w);
	}
	for (size_t i = 0; rc == 0 && i < e->files; i++)
		rc = edit(&e->file[i], err);
	return rc;
}

/* Where its version stands, which may be another's place, too: "<<: *a". */
static const struct yaml_change *
change_of(const struct edits *e, const struct spec *s)
{
	for (size_t i = 0; i < e->files; i++)
		for (size_t j = 0; j < e->file[i].change.n; j++) {
			const struct yaml_change *c = &e->file[i].change.v[j];

			if (strcmp(e->file[i].path, s->file) == 0 &&
			    is_at(c, s))
				return c;
		}
	return NULL;
}

bool
edits_fail(const struct edits *e, const char *name)
{
	const struct yaml_change *told = NULL;

	for (size_t i = 0; i < e->specs.n; i++) {
		const struct spec *s = &e->specs.v[i];
		const struct yaml_change *c =
		    strcmp(s->name, name) == 0 ? change_of(e, s) : NULL;

		if (c == NULL || c->err.kind == ERR_NONE || c == told)
			continue;
		told = c;
		ui_warn("%s:%u:%u: the version of role '%s' stays: %s", s->file,
		    c->line, c->column, name, c->err.msg);
	}
	return told != NULL;
}

int
edits_tell(const struct edits *e)
{
	for (size_t i = 0; i < e->files; i++)
		for (size_t j = 0; j < e->file[i].change.n; j++)
			ui_info("%s:%u: %s: %s -> %s", e->file[i].path,
			    e->file[i].change.v[j].line,
			    e->file[i].spec[j]->name,
			    e->file[i].change.v[j].was,
			    e->file[i].change.v[j].to);
	return 0;
}

static bool
has_place_for(const struct edits *e, const char *name)
{
	for (size_t i = 0; i < e->specs.n; i++)
		if (strcmp(e->specs.v[i].name, name) == 0 &&
		    change_of(e, &e->specs.v[i]) != NULL)
			return true;
	return false;
}

static int
check(const struct edits *e, struct error *err)
{
	for (size_t i = 0; i < e->n; i++)
		if (!has_place_for(e, e->v[i].name))
			return error_set(err, ERR_CONFIG,
			    "role '%s' is not in the requirements file any "
			    "more",
			    e->v[i].name);
	for (size_t i = 0; i < e->files; i++)
		for (size_t j = 0; j < e->file[i].change.n; j++) {
			const struct yaml_change *c = &e->file[i].change.v[j];

			if (c->err.kind == ERR_NONE)
				continue;
			*err = c->err;
			/* It could be edited when we began. */
			error_append(err,
			    "; somebody has changed the file meanwhile, run "
			    "it again");
			return error_wrap(err, "%s:%u:%u", e->file[i].path,
			    c->line, c->column);
		}
	return 0;
}

/* The first n files are as they were. */
static void
undo(const struct edits *e, size_t n)
{
	struct error err;

	while (n-- > 0)
		if (file_replace(e->file[n].path, &e->file[n].was, &err) == -1)
			ui_error(&err);
}

int
edits_write(struct edits *e, struct error *err)
{
	if (check(e, err) == -1)
		return -1;
	for (size_t i = 0; i < e->files; i++) {
		if (file_replace(e->file[i].path, &e->file[i].now, err) == -1) {
			undo(e, i);
			return -1;
		}
	}
	for (size_t i = 0; i < e->files; i++)
		ui_info("%s: %zu version%s", e->file[i].path,
		    e->file[i].change.n, e->file[i].change.n == 1 ? "" : "s");
	return 0;
}

void
edits_free(struct edits *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->v[i].name);
		free(e->v[i].was);
		free(e->v[i].to);
	}
	for (size_t i = 0; i < e->files; i++) {
		free(e->file[i].change.v);
		free(e->file[i].spec);
		buf_free(&e->file[i].was);
		buf_free(&e->file[i].now);
	}
	free(e->v);
	free(e->file);
	specs_free(&e->specs);
}
