#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/url.h"

enum {
	KEY_URL,
	KEY_TOKEN,
	KEY_USER,
	KEY_PASSWORD,
	KEY_CERTS,
	KEY_AUTH_URL,
	KEYS
};

static const char *const keys[KEYS] = {"url", "token", "username", "password",
    "validate_certs", "auth_url"};

/* [galaxy_server.NAME] and the variables in its place. */
struct section {
	const char *name;
	char *title;
	char *env[KEYS];
	struct ini_want want[KEYS];
	struct found at[KEYS];
};

struct found
config_find(const struct ini_want *w, const char *env)
{
	const char *value = config_env(env);

	if (value != NULL)
		return (struct found){.value = value, .env = env};
	value = w->value != NULL && *w->value != '\0' ? w->value : NULL;
	return (struct found){.value = value, .line = w->line};
}

int
config_wrap(const struct config_file *file, const struct found *f,
    struct error *err)
{
	err->kind = ERR_CONFIG;
	if (f->env != NULL)
		return error_wrap(err, "%s", f->env);
	if (f->line != 0)
		return error_wrap(err, "%s:%u", file->path, f->line);
	return -1;
}

/* ---- checks; what is refused is never shown: it may be a secret ---- */

int
config_check_server(const char *url, struct error *err)
{
	enum scheme scheme;

	if (url_check(url, &scheme, err) == -1)
		return -1;
	if (scheme != SCHEME_HTTPS && scheme != SCHEME_HTTP)
		return error_set(err, ERR_CONFIG,
		    "the server is no http or https url");
	if (strpbrk(url, "?#") != NULL)
		return error_set(err, ERR_CONFIG,
		    "the url of a server has no '?' or '#' in it");
	return 0;
}

/* It becomes part of a header: RFC 9110, section 5.5. */
int
config_check_token(const char *token, struct error *err)
{
	for (; *token != '\0'; token++)
		if (!isgraph((unsigned char)*token))
			return error_set(err, ERR_CONFIG,
			    "the token has a blank, a control byte or one "
			    "beyond ASCII in it");
	return 0;
}

static int
check_login(const char *text, struct error *err)
{
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return error_set(err, ERR_CONFIG,
			    "a user or password has a control byte in it");
	return 0;
}

/* ---- servers ---- */

void
config_server_free(struct galaxy_server *s)
{
	if (s->token != NULL)
		explicit_bzero(s->token, strlen(s->token));
	if (s->password != NULL)
		explicit_bzero(s->password, strlen(s->password));
	free(s->name);
	free(s->url);
	free(s->token);
	free(s->user);
	free(s->password);
	free(s->refused);
}

struct galaxy_server *
config_server_new(struct config *c)
{
	struct galaxy_server *s;

	c->server = xreallocarray(c->server, c->servers + 1, sizeof(*s));
	s = &c->server[c->servers++];
	*s = (struct galaxy_server){.insecure = c->ignore_certs};
	return s;
}

static void
section_read(struct section *s, const char *name)
{
	size_t i;
	char *p;

	*s = (struct section){.name = name,
	    .title = xasprintf("galaxy_server.%s", name)};
	for (i = 0; i < KEYS; i++) {
		s->want[i] =
		    (struct ini_want){.section = s->title, .key = keys[i]};
		s->env[i] =
		    xasprintf("ANSIBLE_GALAXY_SERVER_%s_%s", name, keys[i]);
		for (p = s->env[i]; *p != '\0'; p++)
			*p = (char)toupper((unsigned char)*p);
	}
}

static void
section_free(struct section *s)
{
	size_t i;

	for (i = 0; i < KEYS; i++) {
		free(s->env[i]);
		if (s->want[i].value != NULL)
			explicit_bzero(s->want[i].value,
			    strlen(s->want[i].value));
		free(s->want[i].value);
	}
	free(s->title);
}

static int
check_certs(const char *text, struct error *err)
{
	if (config_bool(text) != -1)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "validate_certs '%s' is neither yes nor no", text);
}

static int
check_section(const struct config_file *file, const struct section *s,
    struct error *err)
{
	static int (*const check[KEYS])(const char *, struct error *) = {
	    [KEY_URL] = config_check_server,
	    [KEY_TOKEN] = config_check_token,
	    [KEY_USER] = check_login,
	    [KEY_PASSWORD] = check_login,
	    [KEY_CERTS] = check_certs,
	};
	size_t i;

	if (s->at[KEY_URL].value == NULL)
		return error_set(err, ERR_CONFIG,
		    "server '%s' of server_list has no url: set 'url' in "
		    "[%s] of ansible.cfg, or %s",
		    s->name, s->title, s->env[KEY_URL]);
	for (i = 0; i < KEYS; i++)
		if (check[i] != NULL && s->at[i].value != NULL &&
		    check[i](s->at[i].value, err) == -1)
			return config_wrap(file, &s->at[i], err);
	return 0;
}

/*
 * A user comes before a token.  With auth_url the token is one that another
 * server, of OpenID Connect, changes into the one to send.
 */
static void
take_section(struct config *c, const struct section *from)
{
	const struct found *at = from->at;
	struct galaxy_server *s = config_server_new(c);

	s->name = xstrdup(from->name);
	s->url = xstrdup(at[KEY_URL].value);
	if (at[KEY_CERTS].value != NULL)
		s->insecure = config_bool(at[KEY_CERTS].value) == 0;
	if (at[KEY_USER].value != NULL) {
		s->user = xstrdup(at[KEY_USER].value);
		s->password = xstrdup_null(at[KEY_PASSWORD].value);
	} else if (at[KEY_TOKEN].value == NULL) {
		return;
	} else if (at[KEY_AUTH_URL].value == NULL) {
		s->token = xstrdup(at[KEY_TOKEN].value);
	} else {
		s->refused = xasprintf(
		    "server '%s' has an auth_url, and kelpie gets no tokens "
		    "from such",
		    from->name);
	}
}

int
config_server_add(struct config *c, const struct config_file *file,
    const char *name, struct error *err)
{
	struct section s;
	size_t i;
	int rc;

	section_read(&s, name);
	rc = config_file_more(file, s.want, KEYS, err);
	for (i = 0; i < KEYS; i++)
		s.at[i] = config_find(&s.want[i], s.env[i]);
	if (rc == 0)
		rc = check_section(file, &s, err);
	if (rc == 0)
		take_section(c, &s);
	section_free(&s);
	return rc;
}
