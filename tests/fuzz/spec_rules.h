/* spec_rules.h - what holds for every role that a file asks for. */
#ifndef SPEC_RULES_H
#define SPEC_RULES_H

#include <string.h>

#include "fuzz.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"

/* A source is absolute, an URL, or a name for a Galaxy server. */
static inline void
require_spec(const struct spec *s)
{
	struct error err;
	enum scheme scheme;

	require(name_check(s->name, &err) == 0);
	require(url_check(s->src, &scheme, &err) == 0);
	require(s->src[0] == '/' || scheme != SCHEME_NONE ||
	    (strchr(s->src, '/') == NULL && !s->git));
	require(s->version == NULL || version_check(s->version, &err) == 0);
}

/* Each fault begins with its place; the thousandth tells of the others. */
static inline void
require_places(const struct faults *f, const char *where)
{
	for (size_t i = 0; i < f->n; i++)
		require(f->v[i].kind == ERR_CONFIG &&
		    (i == 999 ||
			strncmp(f->v[i].msg, where, strlen(where)) == 0));
}

#endif
