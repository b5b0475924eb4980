#include "kelpie/config.h"

#include <sys/stat.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ini.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

#define CONFIG_BYTES_MAX (256u << 10)

enum { ROLES_PATH, HOME, SETTINGS };

/* What the one ansible.cfg says. */
struct config {
	char *path; /* of the file, absolute; NULL if there is none */
	struct ini_want set[SETTINGS];
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "$NAME" and "${NAME}"; a variable that is not set stays as written. */
static size_t
expand_var(struct buf *b, const char *s)
{
	const char *name = s + 1, *value;
	size_t len = 0, whole;
	char *copy;

	if (*name == '{') {
		name++;
		len = strcspn(name, "}");
		whole = name[len] == '}' ? len + 3 : 0;
	} else {
		while (is_word(name[len]))
			len++;
		whole = len + 1;
	}
	copy = xstrndup(name, len);
	value = whole != 0 ? getenv(copy) : NULL;
	free(copy);
	if (value == NULL) {
		buf_add(b, s, 1);
		return 1;
	}
	buf_puts(b, value);
	return whole;
}

/* "~" and "~user" at the beginning; an unknown user stays as written. */
static size_t
expand_home(struct buf *b, const char *s)
{
	size_t len = strcspn(s, "/");
	const struct passwd *pw;
	char *home;

	if (s[0] != '~')
		return 0;
	if (len == 1) {
		home = path_home();
	} else {
		home = xstrndup(s + 1, len - 1);
		pw = getpwnam(home);
		free(home);
		home = pw != NULL ? xstrdup(pw->pw_dir) : NULL;
	}
	if (home == NULL)
		return 0;
	buf_puts(b, home);
	free(home);
	return len;
}

/* First the variables, then "~", as Ansible does. */
static char *
expand(const char *s)
{
	struct buf vars = {0}, b = {0};

	buf_puts(&vars, "");
	while (*s != '\0') {
		if (*s == '$') {
			s += expand_var(&vars, s);
			continue;
		}
		buf_add(&vars, s++, 1);
	}
	buf_puts(&b, vars.data + expand_home(&b, vars.data));
	buf_free(&vars);
	return b.data;
}

/* Put cwd in for each "{{CWD}}". */
static char *
expand_cwd(const char *s, const char *cwd)
{
	static const char macro[] = "{{CWD}}";
	struct buf b = {0};
	const char *at;

	while ((at = strstr(s, macro)) != NULL) {
		buf_add(&b, s, (size_t)(at - s));
		buf_puts(&b, cwd);
		s = at + sizeof(macro) - 1;
	}
	buf_puts(&b, s);
	return b.data;
}

/* The first of "a:b" that is not empty, or NULL. */
static char *
first(const char *list)
{
	size_t len;

	for (; *list != '\0'; list += len) {
		list += strspn(list, ": \t\n");
		len = strcspn(list, ":");
		while (len > 0 && isspace((unsigned char)list[len - 1]))
			len--;
		if (len > 0)
			return xstrndup(list, len);
	}
	return NULL;
}

static char *
resolve(const char *text, const char *base, const char *cwd)
{
	char *s = expand_cwd(text, cwd);
	char *expanded = expand(s);
	/* Ansible takes "x/.." away as text, whatever x is. */
	char *path = path_join(base, expanded, true);

	free(s);
	free(expanded);
	return path;
}

/* Whether path can be read; if so config takes it over. */
static bool
try_open(struct config *c, int *fd, char *path)
{
	/* A pipe without a writer must not hold us up. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd == -1) {
		free(path);
		return false;
	}
	c->path = path;
	return true;
}

static char *
path_from_env(const char *cwd)
{
	const char *given = getenv("ANSIBLE_CONFIG");
	struct stat st;
	char *path, *file;

	if (given == NULL || *given == '\0')
		return NULL;
	path = resolve(given, cwd, cwd);
	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		return path;
	file = path_join(path, "ansible.cfg", true);
	free(path);
	return file;
}

/* Open the first file that there is; -1 if there is none. */
static int
config_open(struct config *c, const char *cwd, char **warning)
{
	char *path = path_from_env(cwd);
	char *here = path_join(cwd, "ansible.cfg", true);
	struct stat st;
	int fd = -1;

	if (path != NULL && try_open(c, &fd, path)) {
		free(here);
		return fd;
	}
	if (stat(cwd, &st) == -1 || (st.st_mode & S_IWOTH) == 0) {
		if (try_open(c, &fd, here))
			return fd;
	} else {
		if (stat(here, &st) == 0)
			*warning = xasprintf(
			    "everybody may write to '%s': its ansible.cfg is "
			    "ignored",
			    cwd);
		free(here);
	}
	path = path_home();
	if (path != NULL) {
		here = path_join(path, ".ansible.cfg", true);
		free(path);
		if (try_open(c, &fd, here))
			return fd;
	}
	(void)try_open(c, &fd, xstrdup("/etc/ansible/ansible.cfg"));
	return fd;
}

/* Read the settings, if there is a file. */
static int
config_read(struct config *c, const char *cwd, char **warning,
    struct error *err)
{
	struct buf b = {0};
	int fd, rc = -1;

	c->set[ROLES_PATH] =
	    (struct ini_want){.section = "defaults", .key = "roles_path"};
	c->set[HOME] = (struct ini_want){.section = "defaults", .key = "home"};
	fd = config_open(c, cwd, warning);
	if (fd == -1)
		return 0;
	if (buf_read(&b, fd, CONFIG_BYTES_MAX, err) == -1) {
		err->kind = ERR_CONFIG;
		(void)error_wrap(err, "%s", c->path);
		goto out;
	}
	if (memchr(b.data, '\0', b.len) != NULL) {
		(void)error_set(err, ERR_CONFIG, "%s: not a text file",
		    c->path);
		goto out;
	}
	rc = ini_read(c->set, SETTINGS, b.data, err);
	if (rc == -1) {
		struct error inner = *err;

		(void)error_set(err, inner.kind, "%s:%s", c->path, inner.msg);
	}
out:
	(void)close(fd);
	buf_free(&b);
	return rc;
}

/* The directory of Ansible's own things; "roles" lies in it. */
static char *
default_path(const struct config *c, const char *cwd, struct error *err)
{
	const char *env = getenv("ANSIBLE_HOME");
	char *home, *base, *path;

	if (env != NULL && *env != '\0') {
		home = resolve(env, cwd, cwd);
	} else if (c->set[HOME].value != NULL && *c->set[HOME].value != '\0') {
		base = path_dir(c->path);
		home = resolve(c->set[HOME].value, base, cwd);
		free(base);
	} else {
		base = path_home();
		if (base == NULL) {
			(void)error_set(err, ERR_CONFIG,
			    "no home directory: set HOME or name a roles "
			    "path");
			return NULL;
		}
		home = path_join(base, ".ansible", true);
		free(base);
	}
	path = path_join(home, "roles", true);
	free(home);
	return path;
}

/* What ansible.cfg says, or where roles go if it says nothing. */
static char *
configured_path(const char *cwd, char **warning, struct error *err)
{
	struct config c = {0};
	char *name = NULL, *base, *path = NULL;

	if (config_read(&c, cwd, warning, err) == -1)
		goto out;
	if (c.set[ROLES_PATH].value != NULL)
		name = first(c.set[ROLES_PATH].value);
	if (name == NULL) {
		path = default_path(&c, cwd, err);
		goto out;
	}
	if (strpbrk(name, "\r\n") != NULL) {
		(void)error_set(err, ERR_CONFIG,
		    "%s:%u: 'roles_path' has a line break in it", c.path,
		    c.set[ROLES_PATH].line);
		goto out;
	}
	base = path_dir(c.path);
	path = resolve(name, base, cwd);
	free(base);
out:
	free(name);
	free(c.path);
	free(c.set[ROLES_PATH].value);
	free(c.set[HOME].value);
	return path;
}

int
config_roles_path(char **out, const char *given, char **warning,
    struct error *err)
{
	const char *env = getenv("ANSIBLE_ROLES_PATH");
	char *name = NULL, *cwd;

	*out = NULL;
	*warning = NULL;
	cwd = path_cwd(err);
	if (cwd == NULL)
		return -1;
	if (given != NULL) {
		name = first(given);
		if (name == NULL)
			(void)error_set(err, ERR_CONFIG,
			    "the roles path is empty");
		else
			*out = resolve(name, cwd, cwd);
	} else if (env != NULL && (name = first(env)) != NULL) {
		*out = resolve(name, cwd, cwd);
	} else {
		*out = configured_path(cwd, warning, err);
	}
	free(name);
	free(cwd);
	return *out != NULL ? 0 : -1;
}
