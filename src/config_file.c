#include <sys/stat.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

#define CONFIG_BYTES_MAX (256u << 10)

/* Whether path can be read; if so config takes it over. */
static bool
try_open(struct config_file *c, int *fd, char *path)
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
	path = config_resolve(given, cwd, cwd);
	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		return path;
	file = path_join(path, "ansible.cfg", true);
	free(path);
	return file;
}

/* Open the first file that there is; -1 if there is none. */
static int
config_open(struct config_file *c, const char *cwd, char **warning)
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

static void
want(struct config_file *c)
{
	static const char *const names[SET_KELPIE][2] = {
	    [SET_ROLES_PATH] = {"defaults", "roles_path"},
	    [SET_HOME] = {"defaults", "home"},
	    [SET_SERVER] = {"galaxy", "server"},
	    [SET_SERVER_LIST] = {"galaxy", "server_list"},
	    [SET_TOKEN_PATH] = {"galaxy", "token_path"},
	    [SET_IGNORE_CERTS] = {"galaxy", "ignore_certs"},
	    [SET_MIRROR] = {"kelpie", "mirror"},
	};
	size_t i;

	for (i = 0; i < SET_KELPIE; i++)
		c->set[i] = (struct ini_want){.section = names[i][0],
		    .key = names[i][1]};
	for (i = 0; i < CONFIG_KEYS; i++)
		c->set[SET_KELPIE + i] = (struct ini_want){.section = "kelpie",
		    .key = config_key_name((enum config_key)i),
		    .all = true};
}

int
config_file_more(const struct config_file *c, struct ini_want *w, size_t n,
    struct error *err)
{
	struct error inner;

	if (c->text.data == NULL || ini_read(w, n, c->text.data, err) == 0)
		return 0;
	inner = *err;
	return error_set(err, inner.kind, "%s:%s", c->path, inner.msg);
}

int
config_file_read(struct config_file *c, const char *cwd, char **warning,
    struct error *err)
{
	int fd, rc = -1;

	want(c);
	fd = config_open(c, cwd, warning);
	if (fd == -1)
		return 0;
	if (buf_read(&c->text, fd, CONFIG_BYTES_MAX, err) == -1) {
		err->kind = ERR_CONFIG;
		(void)error_wrap(err, "%s", c->path);
	} else if (memchr(c->text.data, '\0', c->text.len) != NULL) {
		(void)error_set(err, ERR_CONFIG, "%s: not a text file",
		    c->path);
	} else {
		rc = config_file_more(c, c->set, SETS, err);
	}
	(void)close(fd);
	return rc;
}

void
config_file_free(struct config_file *c)
{
	size_t i;

	for (i = 0; i < SETS; i++) {
		if (c->set[i].value != NULL)
			explicit_bzero(c->set[i].value,
			    strlen(c->set[i].value));
		free(c->set[i].value);
	}
	/* There may be tokens in it. */
	if (c->text.data != NULL)
		explicit_bzero(c->text.data, c->text.len);
	buf_free(&c->text);
	free(c->path);
}
