/* The grammar of entries: see the Ansible Galaxy user guide, "Installing
 * multiple roles from a file". */
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "spec_priv.h"

#define SPACE " \t\r\n\v\f"

static const char *const field_key[FIELDS] = {
    [SRC] = "src",
    [NAME] = "name",
    [VERSION] = "version",
    [SCM] = "scm",
    [ROLE] = "role",
    [INCLUDE] = "include",
    [SUBPATH] = "path",
    [COMMIT] = "commit",
    [CHECKSUM] = "checksum",
    [TYPE] = "type",
    [VERIFY] = "verify",
    [SIGNERS] = "signers",
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

void
entry_read_text(struct reading *r, const char *text, const struct yaml *at)
{
	static const enum field part[] = {SRC, VERSION, NAME};
	struct draft d = {.at = at};
	const char *all = text;
	size_t i, len;

	for (i = 0; i < FIELDS; i++)
		d.field_at[i] = at;
	for (i = 0; i < 3; i++) {
		len = strcspn(text, ",");
		draft_set(&d, part[i], trimmed(text, len));
		if (part[i] == VERSION)
			d.version_offset =
			    (size_t)(text - all) + strspn(text, SPACE);
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
		draft_finish(r, &d);
	}
	draft_free(&d);
}

/* The text of a field, or a fault. */
static void
take_field(struct reading *r, struct draft *d, enum field field,
    const struct yaml *value)
{
	bool null = yaml_is_null(value);
	/* These are what was written, even where YAML sees a number. */
	bool raw = field == VERSION || field == COMMIT || field == CHECKSUM;

	d->field_at[field] = value;
	if (yaml_is_text(value) ||
	    (raw && value->kind == YAML_SCALAR && !null)) {
		/* A name is kept as it is: name_check() judges its spaces. */
		draft_set(d, field,
		    field == NAME ? xstrdup(value->text) :
				    trimmed(value->text, strlen(value->text)));
		if (field == VERSION)
			d->version_offset = strspn(value->text, SPACE);
		if (field == VERSION && !r->meta && !yaml_is_text(value))
			reading_note(r, value,
			    "version '%s' is %s to YAML: taken as it is "
			    "written",
			    value->text, yaml_type(value));
		return;
	}
	if (null && field != SRC && field != NAME && field != ROLE &&
	    field != INCLUDE)
		return;
	draft_fault(r, d, field, "'%s' must be text, found %s",
	    field_key[field], yaml_type(value));
}

/* What only the user can say, and no role of what it depends on. */
static bool
is_users(enum field field)
{
	return field == INCLUDE || field == VERIFY || field == SIGNERS;
}

static void
take_pair(struct reading *r, struct draft *d, const struct yaml *key,
    const struct yaml *value)
{
	enum field i;

	if (key->twice && !r->meta)
		reading_note(r, key,
		    "'%s' is given more than once, the last one counts",
		    key->text);
	for (i = 0; i < FIELDS; i++)
		if (strcmp(key->text, field_key[i]) == 0)
			break;
	if (i < FIELDS && !(r->vars && i >= INCLUDE) &&
	    !(r->meta && is_users(i)))
		take_field(r, d, i, value);
	else if (!r->meta)
		reading_note(r, key, "unknown key '%s' is ignored", key->text);
}

/* The old key: a name beside src, else a source that wants no name. */
static void
take_role(struct reading *r, struct draft *d)
{
	char *role = d->field[ROLE];
	enum field to = d->field[SRC] != NULL ? NAME : SRC;

	if (strchr(role, ',') != NULL) {
		draft_fault(r, d, ROLE,
		    "a comma in 'role': use 'src', 'version' and 'name'");
		return;
	}
	if (d->field[NAME] != NULL &&
	    (to == NAME || strpbrk(role, "/:@+") == NULL)) {
		reading_note(r, d->field_at[NAME],
		    "'name' is ignored beside 'role'");
		draft_set(d, NAME, NULL);
	}
	d->field_at[to] = d->field_at[ROLE];
	d->field[ROLE] = NULL;
	draft_set(d, to, role);
}

static void
take_type(struct reading *r, struct draft *d)
{
	const char *type = d->field[TYPE];

	if (type == NULL || *type == '\0')
		return;
	if (strcmp(type, "link") == 0)
		d->link = true;
	else if (strcmp(type, "dir") == 0)
		d->dir = true;
	else if (strcmp(type, "git") == 0)
		d->git = true;
	else if (!r->meta)
		reading_note(r, d->field_at[TYPE],
		    "unknown type '%s' is ignored", type);
}

/* What the fields mean together. */
static void
join_fields(struct reading *r, struct draft *d)
{
	const char *scm = d->field[SCM];

	if (scm != NULL && strcmp(scm, "git") == 0)
		d->git = true;
	else if (scm != NULL && *scm != '\0')
		draft_refuse_scm(r, d, SCM, scm, strlen(scm));
	take_type(r, d);
	if (d->field[SRC] != NULL && strchr(d->field[SRC], ',') != NULL) {
		draft_fault(r, d, SRC,
		    "a comma in 'src': a version goes under 'version:'");
		draft_set(d, SRC, NULL);
	}
	if (d->field[ROLE] != NULL)
		take_role(r, d);
	if (d->bad || d->field[SRC] != NULL)
		return;
	if (d->field[NAME] != NULL) {
		d->name_only = true;
		d->field_at[SRC] = d->field_at[NAME];
		draft_set(d, SRC, xstrdup(d->field[NAME]));
		return;
	}
	reading_fault(r, d->at,
	    r->meta ? "a dependency needs 'role', 'src' or 'name'" :
		      "an entry needs 'src' or 'name'");
	d->bad = true;
}

static void
take_include(struct reading *r, struct draft *d)
{
	if (d->at->n > 1)
		reading_note(r, d->at,
		    "what stands beside 'include' is ignored");
	if (*d->field[INCLUDE] == '\0')
		draft_fault(r, d, INCLUDE,
		    "'include' needs the name of a file");
	else
		file_include(r, d->field_at[INCLUDE], d->field[INCLUDE]);
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
	if (d.field[INCLUDE] != NULL) {
		take_include(r, &d);
	} else if (d.field_at[INCLUDE] == map) {
		join_fields(r, &d);
		draft_finish(r, &d);
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
