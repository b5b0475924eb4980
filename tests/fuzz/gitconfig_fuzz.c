/*
 * The first line is an URL, what follows a list of keys as a child sends it:
 * a normal form is its own normal form, and no setting is out of thin air.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "gitconfig_priv.h"
#include "kelpie/buf.h"
#include "kelpie/gitconfig.h"

static char *
written(const struct normal *n)
{
	return xasprintf("%s://%s%s%s%s%s%s", n->scheme,
	    n->user != NULL ? n->user : "", n->user != NULL ? "@" : "", n->host,
	    *n->port != '\0' ? ":" : "", n->port, n->path);
}

static void
check_normal(const char *url, bool pattern)
{
	struct normal once = {0}, twice = {0};
	char *a, *b;

	if (normal_parse(&once, url, pattern)) {
		struct fit fit;

		a = written(&once);
		require(normal_parse(&twice, a, pattern));
		b = written(&twice);
		require(strcmp(a, b) == 0);
		require(pattern || normal_fits(&once, &twice, &fit));
		free(a);
		free(b);
	}
	normal_free(&once);
	normal_free(&twice);
}

static void
check_list(const char *url, const char *list, size_t len)
{
	struct gitconfig *c = gitconfig_new(list, len);
	struct settings s;

	require(c->text.len <= 4 * len + 4);
	free(gitconfig_rewrite(c, url));
	gitconfig_settings(c, url, NULL, &s);
	require(s.proxy != NULL);
	require(s.headers == NULL || s.headers[0][0] != '\0');
	(void)gitconfig_has_helper(c, url);
	(void)gitconfig_use_path(c, url);
	gitconfig_forget(c, &s);
	require(gitconfig_get(c, "core.sshcommand") == NULL);
	gitconfig_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *newline = memchr(text, '\n', size);
	size_t len = newline != NULL ? (size_t)(newline - text) : size;
	char *url = xstrndup(text, len);

	check_normal(url, false);
	check_normal(url, true);
	if (newline != NULL)
		check_list(url, newline + 1, size - len - 1);
	free(url);
	return 0;
}
