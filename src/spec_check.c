#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"

/* A spec among the others. */
struct seen {
	const struct spec *spec;
	size_t at; /* its place in the order of the files */
	const struct seen *other; /* the one that it collides with, or NULL */
	bool drop; /* says nothing that the first does not */
	const struct seen *first; /* of its name */
};

/* '/' before all else: what lies inside "a" follows "a" at once. */
static int
compare_names(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b || *a == '\0' || *b == '\0')
		return (*a != '\0') - (*b != '\0');
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

static int
by_name(const void *a, const void *b)
{
	const struct seen *p = a, *q = b;
	int c = compare_names(p->spec->name, q->spec->name);

	if (c != 0)
		return c;
	return p->at < q->at ? -1 : 1;
}

static bool
same_source(const struct spec *a, const struct spec *b)
{
	return a->git == b->git && a->dir == b->dir && a->link == b->link &&
	    text_same(a->src, b->src) && text_same(a->path, b->path);
}

static bool
same_pins(const struct spec *a, const struct spec *b)
{
	return text_same(a->commit, b->commit) &&
	    text_same(a->checksum, b->checksum);
}

static bool
same_signers(const struct spec *a, const struct spec *b)
{
	return text_same(a->verify, b->verify) &&
	    text_same(a->signers, b->signers);
}

static bool
is_inside(const char *name, const char *outer)
{
	size_t len = strlen(outer);

	return strncmp(name, outer, len) == 0 && name[len] == '/';
}

/* v is sorted by name: find out who collides with whom. */
static void
compare(struct seen *v, size_t n)
{
	const struct seen *first = NULL, *outer = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct spec *s = v[i].spec;

		if (first != NULL && strcmp(first->spec->name, s->name) == 0) {
			v[i].drop = same_source(first->spec, s) &&
			    text_same(first->spec->version, s->version) &&
			    same_pins(first->spec, s) &&
			    same_signers(first->spec, s);
			v[i].other = v[i].drop ? NULL : first;
			v[i].first = first;
			continue;
		}
		first = &v[i];
		if (outer != NULL && is_inside(s->name, outer->spec->name))
			v[i].other = outer;
		else
			outer = &v[i];
	}
}

/* A version for a message. */
static char *
shown_version(const struct spec *s)
{
	return s->version != NULL ? xasprintf("version '%s'", s->version) :
				    xstrdup("no version");
}

static char *
shown_source(const struct spec *s)
{
	char *src = url_redact(s->src), *shown;
	const char *kind = s->git ? "git " :
	    s->link               ? "link " :
	    s->dir                ? "directory " :
				    "";

	shown = s->path == NULL ?
	    xasprintf("from %s'%s'", kind, src) :
	    xasprintf("from '%s' in %s'%s'", s->path, kind, src);
	free(src);
	return shown;
}

static void
complain(const struct spec *s, const struct spec *other, struct faults *faults)
{
	struct error err;
	char *here, *there;

	if (strcmp(s->name, other->name) != 0) {
		(void)error_set(&err, ERR_CONFIG,
		    "%s: role '%s' lies inside role '%s' of %s", s->where,
		    s->name, other->name, other->where);
		faults_add(faults, &err);
		return;
	}
	if (!same_source(s, other)) {
		here = shown_source(s);
		there = shown_source(other);
	} else if (!text_same(s->version, other->version)) {
		here = shown_version(s);
		there = shown_version(other);
	} else if (!same_signers(s, other)) {
		here = xstrdup("signed by some");
		there = xstrdup("by others, or none,");
	} else {
		here = xstrdup("one commit or checksum");
		there = xstrdup("another");
	}
	(void)error_set(&err, ERR_CONFIG,
	    "%s: role '%s' is asked for twice: %s here, %s in %s", s->where,
	    s->name, here, there, other->where);
	free(here);
	free(there);
	faults_add(faults, &err);
}

void
specs_check(struct specs *s, struct faults *faults)
{
	struct seen *v = xcalloc(s->n, sizeof(*v));
	const struct seen **placed = xcalloc(s->n, sizeof(struct seen *));
	bool *keep = xcalloc(s->n, sizeof(*keep));
	size_t i;

	for (i = 0; i < s->n; i++)
		v[i] = (struct seen){.spec = &s->v[i], .at = i};
	qsort(v, s->n, sizeof(*v), by_name);
	compare(v, s->n);
	for (i = 0; i < s->n; i++)
		placed[v[i].at] = &v[i];
	for (i = 0; i < s->n; i++) {
		keep[i] = !placed[i]->drop;
		if (placed[i]->drop)
			s->v[placed[i]->first->at].again++;
		if (placed[i]->other != NULL)
			complain(placed[i]->spec, placed[i]->other->spec,
			    faults);
	}
	specs_keep(s, keep);
	free(keep);
	free(v);
	free(placed);
}
