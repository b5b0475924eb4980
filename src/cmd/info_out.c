#include <stdlib.h>
#include <string.h>

#include "cmd/info.h"
#include "cmd/list.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/jsonout.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/ui.h"

/* ---- lines ---- */

/* White space becomes a blank: one fact is one line. */
static void
say(const char *key, const char *value)
{
	struct buf b = {0};
	size_t len;

	if (value == NULL)
		return;
	while (*(value += strspn(value, " \t\r\n")) != '\0') {
		len = strcspn(value, " \t\r\n");
		if (b.len > 0)
			buf_puts(&b, " ");
		buf_add(&b, value, len);
		value += len;
	}
	if (b.len > 0)
		ui_info("  %s: %s", key, b.data);
	buf_free(&b);
}

static void
say_record(const struct record *r)
{
	if (r == NULL)
		return;
	say("source", r->src);
	say("path in the source", r->path);
	say("ref", r->ref);
	say("commit", r->commit);
	say("archive sha256", r->archive);
	say("digest", r->digest);
}

static void
say_edited(const struct facts *f)
{
	static const char *const words[] = {"not known", "no", "yes"};

	if (f->p->in.found == FOUND_INSTALLED)
		say("edited", words[f->edited + 1]);
}

static void
say_needs(const char *needs, const char *of)
{
	struct buf b = {0};
	struct error ignored;
	struct spec spec;
	int rc;

	while ((rc = spec_unpack_line(&spec, &needs, of, &ignored)) != 0) {
		if (rc == -1)
			continue;
		buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", spec.name);
		if (spec.version != NULL)
			buf_printf(&b, " %s", spec.version);
		spec_free(&spec);
	}
	say("depends on", b.len > 0 ? b.data : "nothing");
	buf_free(&b);
}

static void
say_platforms(const struct about *a)
{
	struct buf b = {0};
	size_t i, j;

	for (i = 0; i < a->platforms; i++) {
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", a->platform[i].name);
		for (j = 0; j < a->platform[i].n; j++)
			buf_printf(&b, "%s%s", j > 0 ? ", " : " (",
			    a->platform[i].version[j]);
		if (j > 0)
			buf_puts(&b, ")");
	}
	say("platforms", b.data);
	buf_free(&b);
}

void
info_lines(const struct facts *f)
{
	const struct present *p = f->p;
	char *path = xasprintf("%s/%s", f->dir, p->name);
	char moment[MOMENT_MAX];
	size_t i;

	ui_info("%s", p->name);
	say("path", path);
	say("link to", p->target);
	if (p->target == NULL)
		say("version", list_version(p));
	say_record(p->record);
	say("installed", list_moment(moment, present_when(p)));
	say_edited(f);
	if (f->needs != NULL)
		say_needs(f->needs, p->name);
	else
		say("depends on", "not known");
	for (i = 0; i < ABOUT_FIELDS; i++)
		say(about_key[i], f->about.field[i]);
	say_platforms(&f->about);
	free(path);
}

/* ---- JSON ---- */

static void
put_platforms(struct jsonout *j, const struct about *a)
{
	size_t i, k;

	jsonout_begin(j, "platforms", '[');
	for (i = 0; i < a->platforms; i++) {
		jsonout_begin(j, NULL, '{');
		jsonout_string(j, "name", a->platform[i].name);
		jsonout_begin(j, "versions", '[');
		for (k = 0; k < a->platform[i].n; k++)
			jsonout_string(j, NULL, a->platform[i].version[k]);
		jsonout_end(j, ']');
		jsonout_end(j, '}');
	}
	jsonout_end(j, ']');
}

void
info_object(struct jsonout *j, const struct facts *f)
{
	size_t i;

	jsonout_begin(j, NULL, '{');
	list_facts(j, f->dir, f->p->name, f->p);
	if (f->edited == -1)
		jsonout_string(j, "edited", NULL);
	else
		jsonout_bool(j, "edited", f->edited == 1);
	list_needs(j, "dependencies", f->needs, f->p->name);
	jsonout_begin(j, "galaxy_info", '{');
	for (i = 0; i < ABOUT_FIELDS; i++)
		jsonout_string(j, about_key[i], f->about.field[i]);
	put_platforms(j, &f->about);
	jsonout_end(j, '}');
	jsonout_end(j, '}');
}
