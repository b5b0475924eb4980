#include "kelpie/config.h"

#include <bsd/stdlib.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

#define UNSET (-1)

static const char *const sandbox_words[] = {"auto", "require", "off", NULL};

static const struct rule {
	const char *key, *env;
	int min, max; /* max 0: yes or no */
	int usual;
	bool is_auto; /* the word auto means 0 */
	const char *const *words; /* which mean 0, 1, ...; NULL ends */
} rules[CONFIG_KEYS] = {
    [CONFIG_JOBS] = {"jobs", "KELPIE_JOBS", 1, 256, 0, true, NULL},
    [CONFIG_PER_HOST] = {"per_host", "KELPIE_PER_HOST", 1, 256, 0, true, NULL},
    [CONFIG_TIMEOUT] = {"timeout", "KELPIE_TIMEOUT", 1, 86400, 60, false, NULL},
    [CONFIG_RETRIES] = {"retries", "KELPIE_RETRIES", 0, 20, 2, false, NULL},
    [CONFIG_LOCK_WAIT] = {"lock_wait", "KELPIE_LOCK_WAIT", 0, 86400, -1, false,
	NULL},
    [CONFIG_NO_CACHE] = {"no_cache", "KELPIE_NO_CACHE", 0, 0, 0, false, NULL},
    [CONFIG_OFFLINE] = {"offline", "KELPIE_OFFLINE", 0, 0, 0, false, NULL},
    [CONFIG_SANDBOX] = {"sandbox", "KELPIE_SANDBOX", 0, 0, 0, false,
	sandbox_words},
};

const char *
config_key_name(enum config_key key)
{
	return rules[key].key;
}

int
config_bool(const char *text)
{
	static const char *const words[][2] = {{"no", "yes"}, {"n", "y"},
	    {"off", "on"}, {"0", "1"}, {"false", "true"}, {"f", "t"}};
	size_t i;

	for (i = 0; i < 2 * sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i / 2][i % 2]) == 0)
			return (int)(i % 2);
	return -1;
}

const char *
config_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

void
config_warn(struct config *c, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (c->warning != NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	c->warning = xstrdup(line);
}

static const char *
read_value(int *out, const struct rule *r, const char *text)
{
	const char *why;

	for (*out = 0; r->words != NULL; (*out)++) {
		if (r->words[*out] == NULL)
			return "neither auto, require nor off";
		if (strcmp(text, r->words[*out]) == 0)
			return NULL;
	}
	if (r->max == 0) {
		*out = config_bool(text);
		return *out == -1 ? "neither yes nor no" : NULL;
	}
	*out = 0;
	if (r->is_auto && strcmp(text, "auto") == 0)
		return NULL;
	*out = (int)strtonum(text, r->min, r->max, &why);
	return why;
}

void
config_init(struct config *c)
{
	size_t i;

	*c = (struct config){0};
	for (i = 0; i < CONFIG_KEYS; i++)
		c->value[i] = UNSET;
}

void
config_free(struct config *c)
{
	size_t i;

	for (i = 0; c->paths != NULL && c->paths[i] != NULL; i++)
		free(c->paths[i]);
	free(c->paths);
	for (i = 0; i < c->servers; i++)
		config_server_free(&c->server[i]);
	free(c->server);
	free(c->given);
	free(c->roles_path);
	if (c->mirror != NULL)
		explicit_bzero(c->mirror, strlen(c->mirror));
	free(c->mirror);
	free(c->warning);
}

int
config_set(struct config *c, enum config_key key, const char *what,
    const char *text, struct error *err)
{
	const char *why = read_value(&c->value[key], &rules[key], text);

	if (why == NULL)
		return 0;
	return error_set(err, ERR_USAGE, "%s '%s' is %s", what, text, why);
}

/* A setting that no option gave. */
static int
look_up(struct config *c, enum config_key key, const struct config_file *file,
    struct error *err)
{
	const struct ini_want *set = &file->set[SET_KELPIE + key];
	const struct rule *r = &rules[key];
	const char *env = config_env(r->env);
	int rc = 0;

	if (env != NULL) {
		rc = config_set(c, key, r->env, env, err);
	} else if (set->value != NULL) {
		rc = config_set(c, key, r->key, set->value, err);
		if (rc == -1)
			(void)error_wrap(err, "%s:%u", file->path, set->line);
	} else {
		c->value[key] = r->usual;
	}
	if (rc == -1)
		err->kind = ERR_CONFIG;
	return rc;
}

static int
look_up_all(struct config *c, const struct config_file *file, struct error *err)
{
	enum config_key key;

	for (key = 0; key < CONFIG_KEYS; key++)
		if (c->value[key] == UNSET && look_up(c, key, file, err) == -1)
			return -1;
	if (c->value[CONFIG_OFFLINE] == 0 || c->value[CONFIG_NO_CACHE] == 0)
		return 0;
	return error_set(err, ERR_USAGE,
	    "offline there is only the cache, and --no-cache, KELPIE_NO_CACHE "
	    "or ansible.cfg forbids it");
}

/* Its place is told, but not what it is: it may hold a password. */
static int
look_up_mirror(struct config *c, const struct config_file *file,
    struct error *err)
{
	struct found f = config_find(&file->set[SET_MIRROR], "KELPIE_MIRROR");

	if (c->given_mirror != NULL)
		f = (struct found){.value = c->given_mirror};
	if (f.value == NULL || *f.value == '\0')
		return 0;
	if (config_check_server(f.value, err) == -1) {
		if (c->given_mirror == NULL) {
			(void)error_wrap(err, "mirror");
			return config_wrap(file, &f, err);
		}
		err->kind = ERR_USAGE;
		return error_wrap(err, "--mirror");
	}
	c->mirror = xstrdup(f.value);
	return 0;
}

int
config_load(struct config *c, struct error *err)
{
	struct config_file file = {0};
	char *cwd = path_cwd(err);
	int rc = -1;

	if (cwd == NULL)
		return -1;
	if (config_file_read(&file, cwd, &c->warning, err) == 0 &&
	    look_up_all(c, &file, err) == 0 &&
	    look_up_mirror(c, &file, err) == 0 &&
	    config_roles(c, &file, cwd, err) == 0)
		rc = config_galaxy(c, &file, cwd, err);
	config_file_free(&file);
	free(cwd);
	return rc;
}
