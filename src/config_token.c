#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/yaml.h"
#include "path.h"

#define TOKEN_BYTES_MAX (64u << 10)

static char *
token_path(const struct config_file *file, const char *cwd)
{
	char *path = config_place(file, SET_TOKEN_PATH,
	    "ANSIBLE_GALAXY_TOKEN_PATH", cwd);
	struct error ignored;
	char *home;

	if (path != NULL)
		return path;
	home = config_home(file, cwd, &ignored);
	if (home != NULL)
		path = path_join(home, "galaxy_token", true);
	free(home);
	return path;
}

/* The value of "token:"; none is no error. */
static int
parse(char **out, const struct buf *text, struct error *err)
{
	const struct yaml *token;
	struct yaml *y = NULL;
	int rc = 0;

	if (yaml_parse(&y, text->data, text->len, err) == -1)
		return -1;
	token = y != NULL ? yaml_get(y, "token") : NULL;
	if (y != NULL && y->kind != YAML_MAP && !yaml_is_null(y))
		rc = error_set(err, ERR_CONFIG, "not 'token: ...'");
	else if (token != NULL && token->kind != YAML_SCALAR)
		rc = error_set(err, ERR_CONFIG, "the token is not a text");
	else if (token != NULL && !yaml_is_null(token) && *token->text != '\0')
		*out = xstrdup(token->text);
	yaml_free(y);
	return rc;
}

char *
config_token(struct config *c, const struct config_file *file, const char *cwd)
{
	char *path = token_path(file, cwd), *token = NULL;
	struct buf text = {0};
	struct error err;
	int fd = -1;

	if (path != NULL)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1) {
		if (path != NULL && errno != ENOENT && errno != ENOTDIR)
			config_warn(c, "the token file '%s' is left out: %s",
			    path, strerror(errno));
		free(path);
		return NULL;
	}
	if (buf_read(&text, fd, TOKEN_BYTES_MAX, &err) == -1 ||
	    parse(&token, &text, &err) == -1)
		config_warn(c, "the token file '%s' is left out: %s", path,
		    err.msg);
	(void)close(fd);
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buf_free(&text);
	free(path);
	return token;
}
