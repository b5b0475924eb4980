#include "kelpie/kennel.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ini.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kennel_priv.h"
#include "path.h"

#define CONFIG_BYTES_MAX (256u << 10)

enum { PUPFILE, PLAYBOOK, ROLES, VAULT, SETS };

static const struct {
	const char *key, *usual;
} rules[SETS] = {
    [PUPFILE] = {"pupfile_path", "pupfile.yml"},
    [PLAYBOOK] = {"kennel_playbook_path", "kennel.yml"},
    [ROLES] = {"kennel_roles_path", ".kennel_roles"},
    [VAULT] = {"vault_password_file", NULL},
};

int
kennel_read(struct buf *b, const char *path, size_t max, struct error *err)
{
	/* A pipe without a writer must not hold us up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc;

	if (fd == -1) {
		(void)error_errno(err, "%s", path);
		return -1;
	}
	rc = buf_read(b, fd, max, err);
	if (rc == -1)
		(void)error_wrap(err, "%s", path);
	(void)close(fd);
	return rc;
}

static int
read_settings(struct ini_want *set, const char *file, struct error *err)
{
	struct buf b = {0};
	struct error why;
	const char *text;
	int rc = -1;

	if (kennel_read(&b, file, CONFIG_BYTES_MAX, err) == -1)
		goto out;
	if (memchr(b.data, '\0', b.len) != NULL) {
		(void)error_set(err, ERR_CONFIG, "%s: not a text file", file);
		goto out;
	}
	text = strncmp(b.data, "\xef\xbb\xbf", 3) == 0 ? b.data + 3 : b.data;
	rc = ini_read(set, SETS, text, &why);
	if (rc == -1)
		(void)error_set(err, why.kind, "%s:%s", file, why.msg);
out:
	buf_free(&b);
	return rc;
}

char *
kennel_path(const char *base, const char *path, struct error *err)
{
	char *home, *text, *found;

	if (strcmp(path, "~") != 0 && strncmp(path, "~/", 2) != 0)
		return path_join(base, path, false);
	home = path_home();
	if (home == NULL) {
		(void)error_set(err, ERR_CONFIG, "no home directory for '~'");
		return NULL;
	}
	/* In one piece: home may be a link, so "~/.." is left as it is. */
	text = xasprintf("%s/%s", home, path + 1);
	found = path_join("/", text, false);
	free(text);
	free(home);
	return found;
}

char *
kennel_base(const char *path, struct error *err)
{
	char *dir = path_dir(path), *base = realpath(dir, NULL);

	if (base == NULL)
		(void)error_errno(err, "%s", dir);
	free(dir);
	return base;
}

/* What is set, or usual; NULL with *err if it is no path. */
static const char *
value_of(const struct ini_want *set, int which, const char *file,
    struct error *err)
{
	const char *value = set[which].value;

	if (value == NULL)
		return rules[which].usual;
	if (*value != '\0' && strpbrk(value, "\r\n") == NULL)
		return value;
	(void)error_set(err, ERR_CONFIG, "%s:%u: '%s' %s", file,
	    set[which].line, rules[which].key,
	    *value == '\0' ? "is empty" : "has a line break in it");
	return NULL;
}

/* For messages a path is best left short. */
static char *
shown(const char *file, const char *path, const char *base, struct error *err)
{
	char *dir, *found;

	if (path[0] == '/' || path[0] == '~')
		return kennel_path(base, path, err);
	if (file == NULL || strchr(file, '/') == NULL)
		return xstrdup(path);
	dir = path_dir(file);
	found = xasprintf("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, path);
	free(dir);
	return found;
}

static int
take(struct kennel *k, const struct ini_want *set, const char *file,
    struct error *err)
{
	char **const out[SETS] = {&k->pupfile, &k->playbook, &k->roles,
	    &k->vault};
	char *base = kennel_base(file != NULL ? file : ".", err);
	const char *value;
	int i, rc = base != NULL ? 0 : -1;

	for (i = 0; i < SETS && rc == 0; i++) {
		/* An empty one is none, as where it is looked for. */
		if (i == VAULT &&
		    (set[i].value == NULL || *set[i].value == '\0'))
			continue;
		value = value_of(set, i, file, err);
		if (value == NULL)
			rc = -1;
		else if (i == PUPFILE)
			*out[i] = shown(file, value, base, err);
		else
			*out[i] = kennel_path(base, value, err);
		rc = *out[i] == NULL ? -1 : rc;
	}
	free(base);
	return rc;
}

int
kennel_load(struct kennel *k, const char *file, struct error *err)
{
	struct ini_want set[SETS];
	int i, rc = 0;

	*k = (struct kennel){0};
	for (i = 0; i < SETS; i++)
		set[i] = (struct ini_want){.section = "kennel",
		    .key = rules[i].key,
		    .all = true};
	if (file != NULL)
		rc = read_settings(set, file, err);
	if (rc == 0)
		rc = take(k, set, file, err);
	for (i = 0; i < SETS; i++)
		free(set[i].value);
	return rc;
}

void
kennel_free(struct kennel *k)
{
	free(k->pupfile);
	free(k->playbook);
	free(k->roles);
	free(k->vault);
	*k = (struct kennel){0};
}
