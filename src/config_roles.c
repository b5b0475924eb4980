#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

static void
add(struct config *c, char *path)
{
	size_t n = 0;

	while (c->paths != NULL && c->paths[n] != NULL)
		n++;
	c->paths = xreallocarray(c->paths, n + 2, sizeof(*c->paths));
	c->paths[n] = path;
	c->paths[n + 1] = NULL;
}

/* The parts of "a:b" as seen from base. */
static void
add_list(struct config *c, const char *list, const char *base, const char *cwd)
{
	char *name;

	while ((name = config_next(&list, ": \t\n")) != NULL) {
		add(c, config_resolve(name, base, cwd));
		free(name);
	}
}

char *
config_home(const struct config_file *file, const char *cwd, struct error *err)
{
	char *home = config_place(file, SET_HOME, "ANSIBLE_HOME", cwd), *base;

	if (home != NULL)
		return home;
	base = path_home();
	if (base == NULL) {
		(void)error_set(err, ERR_CONFIG,
		    "no home directory: set HOME or name a roles path");
		return NULL;
	}
	home = path_join(base, ".ansible", true);
	free(base);
	return home;
}

/* The defaults of Ansible's setting DEFAULT_ROLES_PATH. */
static int
add_defaults(struct config *c, const struct config_file *file, const char *cwd,
    struct error *err)
{
	char *home = config_home(file, cwd, err);

	if (home == NULL)
		return -1;
	add(c, path_join(home, "roles", true));
	add(c, xstrdup("/usr/share/ansible/roles"));
	add(c, xstrdup("/etc/ansible/roles"));
	free(home);
	return 0;
}

static int
add_configured(struct config *c, const struct config_file *file,
    const char *cwd, struct error *err)
{
	const struct ini_want *set = &file->set[SET_ROLES_PATH];
	char *base;

	if (set->value == NULL)
		return 0;
	if (strpbrk(set->value, "\r\n") != NULL)
		return error_set(err, ERR_CONFIG,
		    "%s:%u: 'roles_path' has a line break in it", file->path,
		    set->line);
	base = path_dir(file->path);
	add_list(c, set->value, base, cwd);
	free(base);
	return 0;
}

int
config_roles(struct config *c, const struct config_file *file, const char *cwd,
    struct error *err)
{
	const char *env = config_env("ANSIBLE_ROLES_PATH");

	if (c->given_path != NULL) {
		add_list(c, c->given_path, cwd, cwd);
		if (c->paths == NULL)
			return error_set(err, ERR_CONFIG,
			    "the roles path is empty");
	} else if (env != NULL) {
		add_list(c, env, cwd, cwd);
	}
	if (c->paths == NULL && add_configured(c, file, cwd, err) == -1)
		return -1;
	if (c->paths == NULL && add_defaults(c, file, cwd, err) == -1)
		return -1;
	c->roles_path = xstrdup(c->paths[0]);
	return 0;
}

void
config_add_path(struct config *c, const char *list)
{
	char *joined = c->given_path == NULL ?
	    xstrdup(list) :
	    xasprintf("%s:%s", list, c->given_path);

	free(c->given);
	c->given = joined;
	c->given_path = joined;
}
