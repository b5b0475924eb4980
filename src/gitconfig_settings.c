#include <stdlib.h>
#include <string.h>

#include "gitconfig_priv.h"
#include "path.h"

/* The value of http.<name> that holds for the URL; false if there is none. */
static bool
find(const struct gitconfig *c, const struct normal *url, const char *name,
    const char **value)
{
	struct fit fit, best = {0};
	bool found = false;

	for (size_t i = 0; i < c->n; i++) {
		if (!entry_fits(&c->v[i], "http", name, url, &fit) ||
		    fit_compare(&fit, &best) < 0)
			continue;
		best = fit;
		*value = c->v[i].value;
		found = true;
	}
	return found;
}

/*
 * As git has it: an entry counts if none before it fits better, and an empty
 * one takes all before it away.
 */
static const char *const *
headers(struct gitconfig *c, const struct normal *url)
{
	const char **list =
	    gitconfig_keep(c, xcalloc(c->n + 1, sizeof(*list)), false);
	struct fit fit, best = {0};
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct entry *e = &c->v[i];

		if (!entry_fits(e, "http", "extraheader", url, &fit) ||
		    fit_compare(&fit, &best) < 0 || e->value == NULL)
			continue;
		best = fit;
		if (e->value[0] == '\0')
			n = 0;
		else
			list[n++] = gitconfig_keep(c, xstrdup(e->value), true);
	}
	list[n] = NULL;
	return n != 0 ? list : NULL;
}

/* A path of the user's, absolute, since a worker stands elsewhere. */
static const char *
absolute(struct gitconfig *c, const char *path)
{
	struct error ignored;
	char *base, *whole;

	if (path == NULL || *path == '\0')
		return NULL;
	if (strncmp(path, "~/", 2) == 0) {
		base = path_home();
		path += 2;
	} else {
		base = path_cwd(&ignored);
	}
	whole = path_join(base != NULL ? base : "/", path, false);
	free(base);
	return gitconfig_keep(c, whole, false);
}

/* The environment wins over the configuration. */
static const char *
file(struct gitconfig *c, const struct normal *url, const char *variable,
    const char *name)
{
	const char *value = getenv(variable);

	if (value == NULL && (url == NULL || !find(c, url, name, &value)))
		return NULL;
	return absolute(c, value);
}

static const char *
proxy(struct gitconfig *c, const struct normal *url)
{
	const char *value = NULL;

	if (!find(c, url, "proxy", &value) || value == NULL)
		value = proxy_of_environment(url->scheme);
	if (value == NULL || *value == '\0' || proxy_unwanted(url->host))
		return "";
	return gitconfig_keep(c, xstrdup(value), true);
}

void
gitconfig_settings(struct gitconfig *c, const char *url, const char *ca_file,
    struct settings *out)
{
	const char *verify = NULL;
	struct normal n;

	*out = (struct settings){.ca_file = ca_file, .proxy = ""};
	if (!normal_parse(&n, url, false))
		goto out;
	if (ca_file == NULL)
		out->ca_file = file(c, &n, "GIT_SSL_CAINFO", "sslcainfo");
	out->cert = file(c, &n, "GIT_SSL_CERT", "sslcert");
	out->key = file(c, &n, "GIT_SSL_KEY", "sslkey");
	out->proxy = proxy(c, &n);
	out->headers = headers(c, &n);
	out->insecure = getenv("GIT_SSL_NO_VERIFY") != NULL ||
	    (find(c, &n, "sslverify", &verify) &&
		!gitconfig_bool(verify, true));
out:
	normal_free(&n);
}
