#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/kennel.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "kennel_priv.h"

static char *
where(const struct reading *r, const struct yaml *at)
{
	return xasprintf("%s:%u:%u", r->path, at->line, at->column);
}

void
pups_fault(struct reading *r, const struct yaml *at, const char *fmt, ...)
{
	struct error err = {.kind = ERR_CONFIG};
	char *place = where(r, at);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(err.msg, sizeof(err.msg), fmt, ap);
	va_end(ap);
	(void)error_wrap(&err, "%s", place);
	free(place);
	faults_add(r->faults, &err);
}

/* The array has room for a power of 2 things. */
static void *
grown(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	return xreallocarray(v, n != 0 ? 2 * n : 1, size);
}

static void
note_key(struct reading *r, const struct yaml *key, const char *what)
{
	struct specs *s = &r->pups->specs;
	char *place = where(r, key);

	s->notes = grown(s->notes, s->notes_n, sizeof(*s->notes));
	s->notes[s->notes_n++] =
	    xasprintf("%s: '%s' %s", place, key->text, what);
	free(place);
}

/* The text of a value, or NULL and a fault. */
static char *
text_of(struct reading *r, struct draft *d, const char *key,
    const struct yaml *value)
{
	if (yaml_is_text(value))
		return xstrdup(value->text);
	pups_fault(r, value, "'%s' must be text, found %s", key,
	    yaml_type(value));
	d->bad = true;
	return NULL;
}

static void
take_pair(struct reading *r, struct draft *d, const struct yaml *key,
    const struct yaml *value)
{
	if (key->twice)
		note_key(r, key,
		    "is given more than once, the last one counts");
	if (strcmp(key->text, "name") == 0)
		d->name_at = value;
	else if (strcmp(key->text, "location") == 0)
		d->location_at = value;
	else
		note_key(r, key, "is no key of a pup and is ignored");
}

static void
add(struct reading *r, struct draft *d, const struct yaml *at)
{
	struct pups *p = r->pups;
	struct specs *s = &p->specs;

	d->spec.map = true;
	d->spec.where = where(r, at);
	s->v = grown(s->v, s->n, sizeof(*s->v));
	s->v[s->n++] = d->spec;
	p->given = grown(p->given, p->n, sizeof(*p->given));
	p->given[p->n++] = d->given;
	d->spec = (struct spec){0};
	d->given = NULL;
}

static void
read_pup(struct reading *r, const struct yaml *map)
{
	struct draft d = {0};
	struct error err;
	char *location;
	size_t i;

	for (i = 0; i < map->n; i++)
		take_pair(r, &d, map->item[2 * i], map->item[2 * i + 1]);
	if (d.name_at != NULL)
		d.spec.name = text_of(r, &d, "name", d.name_at);
	if (d.spec.name != NULL && name_check(d.spec.name, &err) == -1) {
		pups_fault(r, d.name_at, "%s", err.msg);
		d.bad = true;
	}
	if (d.location_at != NULL) {
		location = text_of(r, &d, "location", d.location_at);
		if (location != NULL)
			pups_location(r, &d, location);
		free(location);
	}
	if (d.name_at == NULL || d.location_at == NULL) {
		pups_fault(r, map, "a pup needs 'name' and 'location'");
		d.bad = true;
	}
	if (!d.bad)
		add(r, &d, map);
	spec_free(&d.spec);
	free(d.given);
}

static void
read_top(struct reading *r, const struct yaml *top)
{
	size_t i;

	if (top->kind != YAML_LIST) {
		pups_fault(r, top, "expected a list of pups, found %s",
		    yaml_type(top));
		return;
	}
	for (i = 0; i < top->n; i++) {
		if (top->item[i]->kind == YAML_MAP)
			read_pup(r, top->item[i]);
		else
			pups_fault(r, top->item[i],
			    "a pup is a map with 'name' and 'location', "
			    "found %s",
			    yaml_type(top->item[i]));
	}
}

void
pups_parse(struct pups *pups, const char *path, const char *text, size_t len,
    struct faults *faults)
{
	struct reading r = {.pups = pups, .faults = faults, .path = path};
	const struct yaml start = {.line = 1, .column = 1};
	struct yaml *top;
	struct error err, inner;
	char *base = kennel_base(path, &inner);

	r.base = base;
	if (yaml_parse(&top, text, len, &inner) == -1) {
		(void)error_set(&err, inner.kind, "%s:%s", path, inner.msg);
		faults_add(faults, &err);
	} else {
		if (top == NULL || yaml_is_null(top))
			pups_fault(&r, &start, "no pups found");
		else
			read_top(&r, top);
		yaml_free(top);
	}
	free(base);
}

void
pups_load(struct pups *pups, const char *path, struct faults *faults)
{
	struct buf b = {0};
	struct error err;

	if (kennel_read(&b, path, YAML_BYTES_MAX, &err) == -1)
		faults_add(faults, &err);
	else
		pups_parse(pups, path, b.data, b.len, faults);
	buf_free(&b);
}

void
pups_free(struct pups *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free(p->given[i]);
	free(p->given);
	specs_free(&p->specs);
	*p = (struct pups){0};
}
