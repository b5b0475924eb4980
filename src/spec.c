#include "kelpie/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "path.h"
#include "spec_priv.h"

/* Nobody reads more, and a file of 4 MiB could hold half a million. */
#define FAULTS_MAX 1000

void
faults_add(struct faults *f, const struct error *err)
{
	if (f->n == FAULTS_MAX)
		return;
	if ((f->n & (f->n - 1)) == 0)
		f->v = xreallocarray(f->v, f->n != 0 ? 2 * f->n : 1,
		    sizeof(*f->v));
	f->v[f->n++] = *err;
	if (f->n == FAULTS_MAX)
		(void)error_set(&f->v[f->n - 1], ERR_CONFIG,
		    "more faults than can be told");
}

void
faults_free(struct faults *f)
{
	free(f->v);
	*f = (struct faults){0};
}

char *
reading_where(const struct reading *r, const struct yaml *at)
{
	if (r->path == NULL)
		return xstrdup("command line");
	return xasprintf("%s:%u:%u", r->path, at->line, at->column);
}

void
reading_fault(struct reading *r, const struct yaml *at, const char *fmt, ...)
{
	struct error err;
	char *where = reading_where(r, at), *text;
	va_list ap;

	err.kind = ERR_CONFIG;
	va_start(ap, fmt);
	(void)vsnprintf(err.msg, sizeof(err.msg), fmt, ap);
	va_end(ap);
	if (r->path == NULL) {
		text = url_redact(r->text);
		(void)error_wrap(&err, "'%s'", text);
		free(text);
	}
	(void)error_wrap(&err, "%s", where);
	free(where);
	faults_add(r->faults, &err);
}

void
reading_note(struct reading *r, const struct yaml *at, const char *fmt, ...)
{
	struct specs *s = r->specs;
	char *where = reading_where(r, at);
	struct buf b = {0};
	char text[ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(&b, "%s: %s", where, text);
	free(where);
	if ((s->notes_n & (s->notes_n - 1)) == 0)
		s->notes = xreallocarray(s->notes,
		    s->notes_n != 0 ? 2 * s->notes_n : 1, sizeof(*s->notes));
	s->notes[s->notes_n++] = b.data;
}

/* A list, or nothing; anything else is a fault and NULL. */
static const struct yaml *
list_under(struct reading *r, const struct yaml *top, const char *key)
{
	const struct yaml *list = yaml_get(top, key);

	if (list == NULL || list->kind == YAML_LIST || yaml_is_null(list))
		return list;
	reading_fault(r, list, "'%s' must be a list, found %s", key,
	    yaml_type(list));
	return NULL;
}

static int
by_text(const void *a, const void *b)
{
	const struct yaml *const *p = a, *const *q = b;

	return strcmp((*p)->text, (*q)->text);
}

/* Keys that must not be at the top: one fault names them all. */
static void
check_top(struct reading *r, const struct yaml *top)
{
	const struct yaml **bad = xcalloc(top->n, sizeof(struct yaml *)),
			  *first = NULL;
	struct buf b = {0};
	size_t i, n = 0;

	for (i = 0; i < top->n; i++) {
		const struct yaml *key = top->item[2 * i];

		if (key->twice)
			reading_note(r, key,
			    "'%s' is given more than once, the last one counts",
			    key->text);
		if (strcmp(key->text, "roles") != 0 &&
		    strcmp(key->text, "collections") != 0)
			bad[n++] = key;
	}
	if (n > 0) {
		first = bad[0];
		qsort(bad, n, sizeof(struct yaml *), by_text);
		for (i = 0; i < n; i++)
			buf_printf(&b, "%s'%s'", i > 0 ? ", " : "",
			    bad[i]->text);
		reading_fault(r, first,
		    "expected only 'roles' and 'collections' at the top, "
		    "found %s",
		    b.data);
	}
	buf_free(&b);
	free(bad);
}

static void
read_list(struct reading *r, const struct yaml *list)
{
	size_t i;

	if (list == NULL || list->kind != YAML_LIST)
		return;
	for (i = 0; i < list->n; i++)
		entry_read(r, list->item[i]);
}

static void
read_top(struct reading *r, const struct yaml *top)
{
	const struct yaml *list;

	if (top->kind == YAML_LIST) {
		read_list(r, top);
		return;
	}
	if (top->kind != YAML_MAP) {
		reading_fault(r, top, "expected a list or a map, found %s",
		    yaml_type(top));
		return;
	}
	check_top(r, top);
	read_list(r, list_under(r, top, "roles"));
	list = list_under(r, top, "collections");
	if (list == NULL || list->n == 0)
		return;
	r->specs->collections += list->n;
	if (r->specs->collections_where == NULL)
		r->specs->collections_where = reading_where(r, list);
}

/* The directory of path with its links resolved. */
static char *
base_of(const char *path)
{
	char *dir = path_dir(path), *base;

	base = realpath(dir, NULL);
	free(dir);
	return base;
}

void
specs_parse(struct specs *specs, const char *path, const char *text, size_t len,
    struct faults *faults)
{
	struct reading r = {.specs = specs, .faults = faults, .path = path};
	const struct yaml start = {.line = 1, .column = 1};
	struct yaml *top;
	struct error err, inner;

	if (yaml_parse(&top, text, len, &inner) == -1) {
		(void)error_set(&err, inner.kind, "%s:%s", path, inner.msg);
		faults_add(faults, &err);
		return;
	}
	if (top == NULL || yaml_is_null(top)) {
		reading_fault(&r, &start, "no requirements found");
	} else {
		r.base = base_of(path);
		read_top(&r, top);
		free(r.base);
	}
	yaml_free(top);
}

void
specs_load(struct specs *specs, const char *path, struct faults *faults)
{
	struct buf b = {0};
	struct error err;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		(void)error_errno(&err, "%s", path);
		faults_add(faults, &err);
		return;
	}
	errno = 0;
	if (buf_read(&b, fd, YAML_BYTES_MAX, &err) == -1) {
		if (errno == EISDIR)
			(void)error_set(&err, ERR_LOCAL, "is a directory");
		(void)error_wrap(&err, "%s", path);
		faults_add(faults, &err);
	} else {
		specs_parse(specs, path, b.data, b.len, faults);
	}
	(void)close(fd);
	buf_free(&b);
}

void
specs_add(struct specs *specs, const char *text, struct faults *faults)
{
	struct reading r = {.specs = specs, .faults = faults, .text = text};

	r.base = realpath(".", NULL);
	entry_read_text(&r, text, NULL);
	free(r.base);
}

bool
spec_is_name(const struct spec *s)
{
	return !s->git && !s->dir && strpbrk(s->src, "/:") == NULL;
}

void
spec_free(struct spec *s)
{
	free(s->name);
	free(s->src);
	free(s->version);
	free(s->path);
	free(s->commit);
	free(s->checksum);
	free(s->where);
}

void
specs_keep(struct specs *specs, const bool *keep)
{
	size_t i, n = 0;

	for (i = 0; i < specs->n; i++) {
		if (keep[i])
			specs->v[n++] = specs->v[i];
		else
			spec_free(&specs->v[i]);
	}
	specs->n = n;
}

void
specs_free(struct specs *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		spec_free(&s->v[i]);
	for (i = 0; i < s->notes_n; i++)
		free(s->notes[i]);
	free(s->v);
	free(s->notes);
	free(s->collections_where);
	*s = (struct specs){0};
}
