#include "kelpie/spec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/url.h"
#include "kelpie/yaml.h"
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

bool
spec_can_be(const struct spec *s, bool git, bool archive)
{
	enum scheme scheme;
	struct error ignored;

	if (s->dir || s->link)
		return !git && !archive;
	if (s->git)
		return git;
	if (url_check(s->src, &scheme, &ignored) == -1)
		scheme = SCHEME_NONE;
	if (scheme == SCHEME_HTTPS || scheme == SCHEME_HTTP)
		return archive;
	/* Only the disk tells an archive from a directory. */
	if (scheme == SCHEME_FILE || s->src[0] == '/')
		return !git;
	return git || archive;
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
	free(s->verify);
	free(s->signers);
	free(s->where);
	free(s->file);
	free(s->moving);
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
