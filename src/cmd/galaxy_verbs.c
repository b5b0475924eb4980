/* ansible-galaxy role list and remove, in its words. */
#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "cmd/galaxy.h"
#include "cmd/install_args.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

/* Roles paths in the order to look: those of -p, then the configured ones. */
struct paths {
	struct config config; /* as if there were no -p */
	char **v; /* NULL ends */
};

static int
find_paths(struct paths *p, struct install_args *a, struct error *err)
{
	config_init(&p->config);
	if (config_load(&a->config, err) == -1 ||
	    config_load(&p->config, err) == -1)
		return -1;
	if (a->config.warning != NULL)
		ui_warn("%s", a->config.warning);
	p->v = verb_paths(&a->config, &p->config);
	return 0;
}

static void
free_paths(struct paths *p)
{
	config_free(&p->config);
	free(p->v);
}

static void
show(const struct present *p)
{
	const char *version = present_version(p);

	if (version == NULL || *version == '\0')
		version = "(unknown version)";
	ui_info("- %s, %s", p->name, version);
}

/* All roles of a directory. */
static int
show_all(const struct store *s, struct error *err)
{
	struct inventory inv = {0};
	size_t i;

	if (inventory_make(&inv, s, NULL, 0, err) == -1)
		return -1;
	ui_info("# %s", s->path);
	for (i = 0; i < inv.n; i++)
		if (present_is_role(&inv.v[i]))
			show(&inv.v[i]);
	inventory_free(&inv);
	return 0;
}

/* Returns 1 if the directory has the role. */
static int
show_one(const struct store *s, const char *name)
{
	struct present p;
	int found;

	present_look(&p, s, name);
	found = present_is_role(&p);
	if (found) {
		ui_info("# %s", s->path);
		show(&p);
	}
	present_free(&p);
	return found;
}

/* Returns 1 if nothing more is to be looked for. */
static int
list_path(const char *path, const char *name, struct error *err)
{
	struct error ignored;
	struct store s;
	int rc;

	if (store_open(&s, path, err) == -1)
		return -1;
	rc = name != NULL ? show_one(&s, name) : show_all(&s, err);
	(void)store_close(&s, &ignored);
	return rc;
}

/* Warnings come behind the roles, and none if the one role was found. */
static int
list_paths(const struct paths *p, const char *name, struct error *err)
{
	size_t i, n = 0, usable = 0;
	struct stat st;
	bool *there;
	int rc = 0;

	while (p->v[n] != NULL)
		n++;
	there = xcalloc(n, sizeof(*there));
	for (i = 0; i < n && rc == 0; i++) {
		there[i] = stat(p->v[i], &st) == 0 && S_ISDIR(st.st_mode);
		usable += there[i];
		if (there[i])
			rc = list_path(p->v[i], name, err);
	}
	for (i = 0; i < n && rc == 0; i++) {
		if (!there[i])
			ui_warn("- the configured path %s does not exist.",
			    p->v[i]);
		else if (name != NULL)
			ui_warn("- the role %s was not found", name);
	}
	free(there);
	if (rc == -1)
		return 1;
	return rc == 1 || usable > 0 ? 0 : galaxy_unusable(err);
}

int
galaxy_list(struct install_args *a, struct error *err)
{
	struct paths paths = {.v = NULL};
	int status = 1;

	if (find_paths(&paths, a, err) == 0)
		status = list_paths(&paths, a->names_n > 0 ? a->names[0] : NULL,
		    err);
	free_paths(&paths);
	return status;
}

/* What no tool installed goes too: this command line has nothing to say so. */
static int
remove_one(struct store *s, const char *name, int wait, struct error *err)
{
	struct present p;
	int status;

	present_look(&p, s, name);
	if (!present_is_role(&p)) {
		ui_info("- %s is not installed, skipping.", name);
		present_free(&p);
		return 0;
	}
	present_free(&p);
	status = verb_lock(s, wait, err);
	if (status == 0 && store_remove(s, name, err) == -1)
		status = 1;
	if (status == 0)
		ui_info("- successfully removed %s", name);
	else
		(void)error_wrap(err, "Failed to remove role %s", name);
	return status != 0;
}

int
galaxy_remove(struct install_args *a, struct error *err)
{
	struct paths paths = {.v = NULL};
	struct error late = {0};
	struct store s;
	int status = 1;
	size_t i;

	if (find_paths(&paths, a, err) == -1 ||
	    store_open(&s, paths.v[0], err) == -1)
		goto out;
	status = 0;
	for (i = 0; i < a->names_n && status == 0; i++)
		status = remove_one(&s, a->names[i],
		    a->config.value[CONFIG_LOCK_WAIT], err);
	if (store_close(&s, &late) == -1 && status == 0) {
		*err = late;
		status = 1;
	}
out:
	free_paths(&paths);
	return status;
}
