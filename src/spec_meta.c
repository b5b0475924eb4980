/* What a role depends on: see "Using role dependencies" and "Installing
 * roles and collections" in Ansible's documentation. */
#include <string.h>

#include "kelpie/yaml.h"
#include "spec_priv.h"

/* More than any role has, and few enough to be told one by one. */
#define DEPENDENCIES_MAX 1000

static size_t
dots(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == '.';
	return n;
}

bool
meta_leaves_out(struct reading *r, const struct draft *d)
{
	const char *src = d->field[SRC], *name = d->field[NAME];
	struct error ignored;
	enum scheme scheme;
	bool plain;

	/* What is no source at all is told as a fault, not left out. */
	if (d->bad || d->git || d->dir || d->link || src == NULL ||
	    url_check(src, &scheme, &ignored) == -1)
		return false;
	plain = strpbrk(src, "/:@+") == NULL &&
	    !src_is_local(src, SCHEME_NONE, false);
	if (plain && dots(src) == 0 && (name == NULL || dots(name) == 0))
		reading_note(r, d->at,
		    "'%s' is taken for a role beside the playbook: not fetched",
		    src);
	else if (plain && dots(src) > 1)
		reading_note(r, d->at,
		    "'%s' is taken for a role of a collection: not fetched",
		    src);
	else if (src[0] == '/' && !src_is_git(src, SCHEME_NONE) &&
	    !src_is_archive(src))
		reading_note(r, d->at,
		    "'%s' is taken for a directory of this machine: not "
		    "fetched",
		    src);
	else
		return false;
	return true;
}

static void
read_list(struct reading *r, const struct yaml *list)
{
	size_t i;

	if (list->n > DEPENDENCIES_MAX) {
		reading_fault(r, list, "%zu dependencies, more than %d",
		    list->n, DEPENDENCIES_MAX);
		return;
	}
	for (i = 0; i < list->n; i++)
		entry_read(r, list->item[i]);
}

/* What YAML has for nothing, all of which ansible-galaxy takes for it. */
static bool
is_nothing(const struct yaml *node)
{
	if (node->kind == YAML_SCALAR)
		return yaml_is_null(node) || node->text[0] == '\0';
	return node->n == 0;
}

static void
read_main(struct reading *r, const struct yaml *top)
{
	const struct yaml *list;

	if (top->kind != YAML_MAP) {
		reading_fault(r, top, "expected a map, found %s",
		    yaml_type(top));
		return;
	}
	list = yaml_get(top, "dependencies");
	if (list == NULL || is_nothing(list))
		return;
	if (list->kind == YAML_LIST)
		read_list(r, list);
	else
		reading_fault(r, list,
		    "'dependencies' must be a list, found %s", yaml_type(list));
}

/* A requirements file of its own, which may have other things as well. */
static void
read_roles(struct reading *r, const struct yaml *top)
{
	const struct yaml *list = yaml_get(top, "roles");
	const struct yaml *collections = yaml_get(top, "collections");

	if (list != NULL && list->kind == YAML_LIST)
		read_list(r, list);
	else if (list != NULL && !is_nothing(list))
		reading_fault(r, list, "'roles' must be a list, found %s",
		    yaml_type(list));
	if (collections != NULL && !is_nothing(collections))
		reading_note(r, collections,
		    "collections that a role asks for are not fetched");
}

void
specs_meta(struct specs *specs, const char *where, const char *text, size_t len,
    struct faults *faults)
{
	struct reading r = {.specs = specs,
	    .faults = faults,
	    .path = where,
	    .meta = true};
	const char *slash = strrchr(where, '/');
	const char *name = slash != NULL ? slash + 1 : where;
	struct yaml *top;
	struct error err, inner;

	r.vars = strncmp(name, "requirements.", 13) != 0;
	if (yaml_parse(&top, text, len, &inner) == -1) {
		(void)error_set(&err, inner.kind, "%s:%s", where, inner.msg);
		faults_add(faults, &err);
		return;
	}
	if (top == NULL || is_nothing(top))
		specs->meta_empty = specs->meta_empty || r.vars;
	else if (r.vars)
		read_main(&r, top);
	else if (top->kind == YAML_LIST)
		read_list(&r, top);
	else if (top->kind == YAML_MAP && name == where)
		read_roles(&r, top);
	else
		reading_fault(&r, top, "expected a list, found %s",
		    yaml_type(top));
	yaml_free(top);
}
