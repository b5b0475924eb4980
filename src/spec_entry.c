/* The grammar of entries: see the Ansible Galaxy user guide, "Installing
 * multiple roles from a file". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "spec_priv.h"

#define SPACE " \t\r\n\v\f"

enum { SRC, NAME, VERSION, SCM, ROLE, INCLUDE, FIELDS };

static const char *const field_key[FIELDS] = {"src", "name", "version", "scm",
    "role", "include"};

/* An entry that is being understood. */
struct draft {
	const struct yaml *at; /* the entry */
	const struct yaml *field_at[FIELDS]; /* the value, or the entry */
	char *field[FIELDS]; /* trimmed; NULL: not given */
	bool git, map, bad;
	bool name_only; /* the name is the source too: one fault is enough */
};

static char *
trimmed(const char *s, size_t len)
{
	size_t skip = strspn(s, SPACE);

	if (skip >= len)
		return xstrdup("");
	while (strchr(SPACE, s[len - 1]) != NULL)
		len--;
	return xstrndup(s + skip, len - skip);
}

static void
set(struct draft *d, int field, char *value)
{
	free(d->field[field]);
	d->field[field] = value;
}

static void
draft_free(struct draft *d)
{
	int i;

	for (i = 0; i < FIELDS; i++)
		free(d->field[i]);
}

/* Pass on what a rule said about a field. */
static void
refuse(struct reading *r, struct draft *d, int field, const struct error *err)
{
	reading_fault(r, d->field_at[field], "%s", err->msg);
	d->bad = true;
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
		set(d, SRC, xstrdup(src + len + 1));
		return 0;
	}
	reading_fault(r, d->field_at[SRC],
	    "scm '%.*s' is not taken: only git is", (int)len, src);
	d->bad = true;
	return -1;
}

/* A name for a role that was given none. */
static void
derive_name(struct reading *r, struct draft *d, enum scheme scheme, bool local)
{
	set(d, NAME, src_name(d->field[SRC], scheme, local));
	if (d->field[NAME] != NULL)
		return;
	reading_fault(r, d->field_at[SRC],
	    "no role name can be made of the source: give it a name");
	d->bad = true;
}

static void
check_src(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;
	char *path;
	bool local;

	if (take_scm(r, d) == -1)
		return;
	if (url_check(d->field[SRC], &scheme, &err) == -1) {
		refuse(r, d, SRC, &err);
		return;
	}
	if (src_is_git(d->field[SRC], scheme))
		d->git = true;
	local = src_is_local(d->field[SRC], scheme, d->git);
	if (d->field[NAME] == NULL)
		derive_name(r, d, scheme, local);
	if (!local) {
		if (d->git)
			src_drop_slashes(d->field[SRC]);
		return;
	}
	path = src_absolute(d->field[SRC], r->base, &err);
	if (path != NULL)
		set(d, SRC, path);
	if (path == NULL || url_check(path, &scheme, &err) == -1)
		refuse(r, d, SRC, &err);
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
		set(d, VERSION, NULL);
		return;
	}
	if (strlen(version) == 40 &&
	    strspn(version, "0123456789abcdefABCDEF") == 40)
		for (i = 0; i < 40; i++)
			version[i] = (char)tolower((unsigned char)version[i]);
	if (version_check(version, &err) == -1)
		refuse(r, d, VERSION, &err);
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

/* Look at every field, so that all faults are told, and add the spec. */
static void
finish(struct reading *r, struct draft *d)
{
	struct error err;
	const char *given = d->field[NAME];
	bool name_bad = given != NULL && name_check(given, &err) == -1;

	if (name_bad)
		refuse(r, d, NAME, &err);
	if (d->field[SRC] != NULL && !(name_bad && d->name_only))
		check_src(r, d);
	if (given == NULL && d->field[NAME] != NULL &&
	    name_check(d->field[NAME], &err) == -1)
		refuse(r, d, SRC, &err);
	check_version(r, d);
	if (!d->bad)
		add(r, d);
}

void
entry_read_text(struct reading *r, const char *text, const struct yaml *at)
{
	static const int part[] = {SRC, VERSION, NAME};
	struct draft d = {.at = at};
	size_t i, len;

	for (i = 0; i < FIELDS; i++)
		d.field_at[i] = at;
	for (i = 0; i < 3; i++) {
		len = strcspn(text, ",");
		set(&d, part[i], trimmed(text, len));
		text += len;
		if (*text == '\0')
			break;
		text++;
	}
	if (i == 3)
		reading_fault(r, at,
		    "too many commas: expected 'src[,version[,name]]'");
	else if (*d.field[SRC] == '\0')
		reading_fault(r, at,
		    i == 0 ? "the entry is empty" : "no source before the ','");
	else {
		d.map = d.field[VERSION] != NULL && *d.field[VERSION] == '\0';
		finish(r, &d);
	}
	draft_free(&d);
}

/* The text of a field, or a fault. */
static void
take_field(struct reading *r, struct draft *d, int field,
    const struct yaml *value)
{
	bool null = yaml_is_null(value);

	d->field_at[field] = value;
	/* A version is what was written, even where YAML sees a number. */
	if (yaml_is_text(value) ||
	    (field == VERSION && value->kind == YAML_SCALAR && !null)) {
		/* A name is kept as it is: name_check() judges its spaces. */
		set(d, field,
		    field == NAME ? xstrdup(value->text) :
				    trimmed(value->text, strlen(value->text)));
		return;
	}
	if (null && (field == VERSION || field == SCM))
		return;
	reading_fault(r, value, "'%s' must be text, found %s", field_key[field],
	    yaml_type(value));
	d->bad = true;
}

static void
take_pair(struct reading *r, struct draft *d, const struct yaml *key,
    const struct yaml *value)
{
	int i;

	if (key->twice)
		reading_note(r, key,
		    "'%s' is given more than once, the last one counts",
		    key->text);
	for (i = 0; i < FIELDS; i++)
		if (strcmp(key->text, field_key[i]) == 0)
			break;
	if (i == FIELDS) {
		reading_note(r, key, "unknown key '%s' is ignored", key->text);
	} else if (i == INCLUDE) {
		reading_fault(r, key, "include is not taken yet");
		d->field_at[INCLUDE] = value;
		d->bad = true;
	} else {
		take_field(r, d, i, value);
	}
}

/* The old key: a name beside src, else a source that wants no name. */
static void
take_role(struct reading *r, struct draft *d)
{
	char *role = d->field[ROLE];
	int to = d->field[SRC] != NULL ? NAME : SRC;

	if (strchr(role, ',') != NULL) {
		reading_fault(r, d->field_at[ROLE],
		    "a comma in 'role': use 'src', 'version' and 'name'");
		d->bad = true;
		return;
	}
	if (d->field[NAME] != NULL &&
	    (to == NAME || strpbrk(role, "/:@+") == NULL)) {
		reading_note(r, d->field_at[NAME],
		    "'name' is ignored beside 'role'");
		set(d, NAME, NULL);
	}
	d->field_at[to] = d->field_at[ROLE];
	d->field[ROLE] = NULL;
	set(d, to, role);
}

/* What the fields mean together. */
static void
join_fields(struct reading *r, struct draft *d)
{
	const char *scm = d->field[SCM];

	if (scm != NULL && strcmp(scm, "git") == 0) {
		d->git = true;
	} else if (scm != NULL && *scm != '\0') {
		reading_fault(r, d->field_at[SCM],
		    "scm '%s' is not taken: only git is", scm);
		d->bad = true;
	}
	if (d->field[SRC] != NULL && strchr(d->field[SRC], ',') != NULL) {
		reading_fault(r, d->field_at[SRC],
		    "a comma in 'src': a version goes under 'version:'");
		d->bad = true;
		set(d, SRC, NULL);
	}
	if (d->field[ROLE] != NULL)
		take_role(r, d);
	if (d->bad || d->field[SRC] != NULL)
		return;
	if (d->field[NAME] != NULL) {
		d->name_only = true;
		d->field_at[SRC] = d->field_at[NAME];
		set(d, SRC, xstrdup(d->field[NAME]));
		return;
	}
	reading_fault(r, d->at, "an entry needs 'src' or 'name'");
	d->bad = true;
}

static void
read_map(struct reading *r, const struct yaml *map)
{
	struct draft d = {.at = map, .map = true};
	size_t i;

	for (i = 0; i < FIELDS; i++)
		d.field_at[i] = map;
	for (i = 0; i < map->n; i++)
		take_pair(r, &d, map->item[2 * i], map->item[2 * i + 1]);
	if (d.field_at[INCLUDE] == map) {
		join_fields(r, &d);
		finish(r, &d);
	}
	draft_free(&d);
}

void
entry_read(struct reading *r, const struct yaml *node)
{
	if (node->kind == YAML_MAP)
		read_map(r, node);
	else if (yaml_is_text(node))
		entry_read_text(r, node->text, node);
	else
		reading_fault(r, node,
		    "an entry must be text or a map, "
		    "found %s",
		    yaml_type(node));
}
