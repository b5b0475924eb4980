#include "about_priv.h"

#include <stdlib.h>
#include <string.h>

#include "kelpie/about.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/yaml.h"

#define VALUE_MAX 4000 /* bytes of one value */
#define LIST_MAX 200 /* items of one list */

const char *const about_key[ABOUT_FIELDS] = {
    [ABOUT_AUTHOR] = "author",
    [ABOUT_COMPANY] = "company",
    [ABOUT_DESCRIPTION] = "description",
    [ABOUT_LICENSE] = "license",
    [ABOUT_MIN_ANSIBLE_VERSION] = "min_ansible_version",
};

void
about_say(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "%s\n", key);
	buf_add(out, value, strnlen(value, VALUE_MAX));
	buf_add(out, "", 1);
}

static size_t
few(size_t n)
{
	return n < LIST_MAX ? n : LIST_MAX;
}

static bool
has_text(const struct yaml *node)
{
	return node->kind == YAML_SCALAR && !yaml_is_null(node) &&
	    node->text[0] != '\0';
}

/* A text, or several: some roles have two authors. */
static void
say_field(struct buf *out, const char *key, const struct yaml *value)
{
	struct buf b = {0};
	size_t i;

	if (value != NULL && has_text(value))
		about_say(out, key, value->text);
	if (value == NULL || value->kind != YAML_LIST)
		return;
	for (i = 0; i < few(value->n); i++)
		if (has_text(value->item[i]))
			buf_printf(&b, "%s%s", b.len > 0 ? ", " : "",
			    value->item[i]->text);
	if (b.len > 0)
		about_say(out, key, b.data);
	buf_free(&b);
}

static void
say_platform(struct buf *out, const struct yaml *platform)
{
	const struct yaml *name = yaml_get(platform, "name");
	const struct yaml *versions = yaml_get(platform, "versions");
	size_t i;

	if (has_text(platform))
		about_say(out, SAY_PLATFORM, platform->text);
	if (name == NULL || !has_text(name))
		return;
	about_say(out, SAY_PLATFORM, name->text);
	if (versions == NULL)
		return;
	if (has_text(versions))
		about_say(out, SAY_VERSION, versions->text);
	for (i = 0; versions->kind == YAML_LIST && i < few(versions->n); i++)
		if (has_text(versions->item[i]))
			about_say(out, SAY_VERSION, versions->item[i]->text);
}

static void
say_info(struct buf *out, const struct yaml *info)
{
	const struct yaml *platforms = yaml_get(info, "platforms");
	size_t i;

	for (i = 0; i < ABOUT_FIELDS; i++)
		say_field(out, about_key[i], yaml_get(info, about_key[i]));
	if (platforms == NULL || platforms->kind != YAML_LIST)
		return;
	for (i = 0; i < few(platforms->n); i++)
		say_platform(out, platforms->item[i]);
}

static void
say_needs(struct buf *out, const struct specs *specs,
    const struct faults *faults)
{
	struct buf line = {0};
	size_t i;

	for (i = 0; i < specs->n; i++) {
		buf_clear(&line);
		spec_pack(&line, &specs->v[i]);
		about_say(out, SAY_NEED, line.data);
	}
	buf_free(&line);
	if (faults->n == 0)
		about_say(out, SAY_NEEDS, "");
	else
		about_say(out, SAY_FAULT, faults->v[0].msg);
}

static void
read_needs(struct specs *specs, struct faults *faults, const char *where,
    const struct buf *text)
{
	if (text->data != NULL)
		specs_meta(specs, where, text->data, text->len, faults);
}

void
about_describe(struct buf *out, const char *name, const struct buf *main,
    const struct buf *requirements)
{
	char *in_main = xasprintf("%s/meta/main.yml", name);
	char *in_requirements = xasprintf("%s/meta/requirements.yml", name);
	struct specs specs = {0};
	struct faults faults = {0};
	struct yaml *tree = NULL;
	struct error ignored; /* specs_meta() tells it, with its place */

	if (main->data != NULL &&
	    yaml_parse(&tree, main->data, main->len, &ignored) == 0)
		say_info(out, yaml_get(tree, "galaxy_info"));
	read_needs(&specs, &faults, in_main, main);
	read_needs(&specs, &faults, in_requirements, requirements);
	say_needs(out, &specs, &faults);
	yaml_free(tree);
	specs_free(&specs);
	faults_free(&faults);
	free(in_main);
	free(in_requirements);
}
