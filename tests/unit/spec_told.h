/* spec_told.h - what a requirements file comes to, as text to compare. */
#ifndef SPEC_TOLD_H
#define SPEC_TOLD_H

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "texts.h"

static inline void
tell_more(struct buf *b, const char *key, const char *value)
{
	if (value != NULL)
		buf_printf(b, " %s=%s", key, value);
}

/* All that came out, a line each: specs, then "!" faults, then "?" notes. */
static inline char *
told(struct specs *s, struct faults *f)
{
	struct buf b = {0};
	const struct spec *p;
	size_t i;

	buf_puts(&b, "");
	for (i = 0; i < s->n; i++) {
		p = &s->v[i];
		buf_printf(&b, "%s %s %s%s%s%s%s", p->name, p->src,
		    p->version != NULL ? p->version : "-", p->git ? " git" : "",
		    p->dir ? " dir" : "", p->link ? " link" : "",
		    p->map ? " map" : "");
		tell_more(&b, "path", p->path);
		tell_more(&b, "commit", p->commit);
		tell_more(&b, "checksum", p->checksum);
		buf_puts(&b, "\n");
	}
	for (i = 0; i < f->n; i++) {
		CHECK(f->v[i].kind == ERR_CONFIG);
		buf_printf(&b, "! %s\n", f->v[i].msg);
	}
	for (i = 0; i < s->notes_n; i++)
		buf_printf(&b, "? %s\n", s->notes[i]);
	specs_free(s);
	faults_free(f);
	return b.data;
}

static inline char *
parse(const char *text)
{
	struct specs s = {0};
	struct faults f = {0};

	specs_parse(&s, "r.yml", text, strlen(text), &f);
	specs_check(&s, &f);
	return told(&s, &f);
}

#endif
