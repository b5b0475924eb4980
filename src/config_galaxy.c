/* The Galaxy servers, as the Ansible Galaxy user guide, "Configuring the
 * ansible-galaxy client", tells. */
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/url.h"

#define DEFAULT_SERVER "https://galaxy.ansible.com"

/* One that has no section: of the option, of 'server', or the default. */
static int
add_url(struct config *c, const struct config_file *file,
    const struct found *url, const char *cwd, struct error *err)
{
	struct galaxy_server *s;
	char *token;

	if (config_check_server(url->value, err) == -1)
		return config_wrap(file, url, err);
	token = c->given_token != NULL ? xstrdup(c->given_token) :
					 config_token(c, file, cwd);
	s = config_server_new(c);
	s->name = url_redact(url->value);
	s->url = xstrdup(url->value);
	s->token = token;
	if (token != NULL && config_check_token(token, err) == -1)
		return error_wrap(err, "%s",
		    c->given_token != NULL ? "--token" : "the token file");
	return 0;
}

/* All servers of the list, or the one that the option names. */
static int
add_list(struct config *c, const struct config_file *file, const char *list,
    struct error *err)
{
	const char *only = c->given_server;
	char *name;
	int rc = 0;

	while (rc == 0 && (name = config_next(&list, ", \t\r\n\f\v")) != NULL) {
		if (only == NULL || strcmp(only, name) == 0)
			rc = config_server_add(c, file, name, err);
		free(name);
		if (only != NULL && c->servers != 0)
			break;
	}
	return rc;
}

/* The option names a server of the list: it may also say who we are. */
static int
add_token(struct config *c, struct error *err)
{
	struct galaxy_server *s = &c->server[0];

	if (s->refused != NULL && c->given_token == NULL)
		return error_set(err, ERR_CONFIG,
		    "%s; name another token with --token", s->refused);
	if (c->given_token == NULL)
		return 0;
	if (config_check_token(c->given_token, err) == -1)
		return error_wrap(err, "--token");
	free(s->token);
	free(s->refused);
	s->token = xstrdup(c->given_token);
	s->refused = NULL;
	return 0;
}

static int
add_servers(struct config *c, const struct config_file *file, const char *cwd,
    struct error *err)
{
	const char *list = getenv("ANSIBLE_GALAXY_SERVER_LIST");
	struct found url = {.value = c->given_server};

	/* Here an empty variable is an empty list, as for Ansible. */
	if (list == NULL)
		list = file->set[SET_SERVER_LIST].value;
	if (list != NULL && add_list(c, file, list, err) == -1)
		return -1;
	if (c->servers != 0 && c->given_server != NULL)
		return add_token(c, err);
	if (c->servers != 0) {
		if (c->given_token != NULL)
			config_warn(c,
			    "--token is left out: name the server that it is "
			    "for with --server");
		return 0;
	}
	if (url.value == NULL)
		url = config_find(&file->set[SET_SERVER],
		    "ANSIBLE_GALAXY_SERVER");
	if (url.value == NULL)
		url.value = DEFAULT_SERVER;
	if (add_url(c, file, &url, cwd, err) == 0)
		return 0;
	if (c->given_server != NULL && c->servers == 0)
		return error_wrap(err,
		    "--server is neither in server_list nor an url to take");
	return -1;
}

int
config_galaxy(struct config *c, const struct config_file *file, const char *cwd,
    struct error *err)
{
	struct found f =
	    config_find(&file->set[SET_IGNORE_CERTS], "ANSIBLE_GALAXY_IGNORE");

	if (f.value != NULL && config_bool(f.value) == -1) {
		(void)error_set(err, ERR_CONFIG,
		    "ignore_certs '%s' is neither yes nor no", f.value);
		return config_wrap(file, &f, err);
	}
	if (f.value != NULL && config_bool(f.value) == 1)
		c->ignore_certs = true;
	return add_servers(c, file, cwd, err);
}
