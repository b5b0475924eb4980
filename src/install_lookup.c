/*
 * Names at Galaxy servers: which server is asked, with which token, and what
 * comes of the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "install_priv.h"
#include "kelpie/config.h"
#include "kelpie/gitconfig.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

/* A server's URL is no git repository: insteadOf does not hold for it. */
static void
ask_server(struct task *t, const struct galaxy_server *s)
{
	free(t->url);
	free(t->source);
	t->url = xstrdup(s->url);
	t->source = xstrdup(s->url);
}

void
lookup_begin(struct run *run, struct task *t)
{
	const char *version = t->item->spec->version;

	t->kind = JOB_LOOKUP;
	t->server = 0;
	free(t->version);
	t->version = xstrdup(version != NULL ? version : "");
	ask_server(t, &run->opts->server[0]);
}

/* "Authorization: Token ...", kept as long as the run. */
static const char *const *
header(struct run *run, size_t server)
{
	const char *token = run->opts->server[server].token;

	if (token == NULL)
		return NULL;
	if (run->header == NULL)
		run->header = xcalloc(run->opts->servers, sizeof(*run->header));
	if (run->header[server][0] == NULL)
		run->header[server][0] =
		    xasprintf("Authorization: Token %s", token);
	return (const char *const *)run->header[server];
}

void
lookup_settings(struct run *run, const struct task *t, struct settings *s)
{
	s->headers = header(run, t->server);
	s->insecure = s->insecure || run->opts->server[t->server].insecure;
}

/* Cut text at its first TAB; the rest, or NULL. */
static char *
cut(char *text)
{
	char *tab = strchr(text, '\t');

	if (tab != NULL)
		*tab++ = '\0';
	return tab;
}

/* Every word of a worker is checked again. */
static int
apply(struct run *run, struct task *t, char *kind, struct error *err)
{
	char *url = cut(kind), *version = url != NULL ? cut(url) : NULL;
	char *commit = version != NULL ? cut(version) : NULL;
	char *real = NULL;
	bool git = strcmp(kind, "git") == 0;
	enum scheme scheme;

	if (commit == NULL || (!git && strcmp(kind, "archive") != 0) ||
	    (*commit != '\0' && !is_commit_id(commit)))
		return error_set(err, ERR_INTEGRITY,
		    "the answer of the Galaxy server cannot be read");
	if (url_check(url, &scheme, err) == -1 ||
	    (*version != '\0' && version_check(version, err) == -1)) {
		err->kind = ERR_INTEGRITY;
		return error_wrap(err, "what the Galaxy server says");
	}
	if (scheme != SCHEME_HTTPS && scheme != SCHEME_HTTP)
		return error_set(err, ERR_INTEGRITY,
		    "the Galaxy server names '%s', which is no http URL", url);
	if (git)
		real = gitconfig_rewrite(run->config, url);
	task_set_source(t, git ? JOB_GIT : JOB_ARCHIVE, git ? real : url,
	    version);
	free(real);
	free(t->led);
	t->led = xstrdup(url);
	free(t->became);
	t->became = *version != '\0' ? xstrdup(version) : NULL;
	(void)memcpy(t->commit, commit, strlen(commit) + 1);
	return 0;
}

int
lookup_apply(struct run *run, struct task *t, const char *found,
    struct error *err)
{
	char *copy;
	int rc;

	if (found == NULL)
		return error_set(err, ERR_CHILD,
		    "the worker did not say what the name stands for");
	if (t->found == NULL)
		t->found = xstrdup(found);
	copy = xstrdup(found);
	t->tries = t->moves = 0;
	rc = apply(run, t, copy, err);
	free(copy);
	return rc;
}

bool
lookup_again(struct run *run, struct task *t, struct error *err)
{
	const struct galaxy_server *next,
	    *asked = &run->opts->server[t->server];

	/* It was asked without the token that it wants. */
	if (err->kind == ERR_AUTH && asked->refused != NULL) {
		t->unknown = true;
		error_append(err, "; %s", asked->refused);
	}
	if (!t->unknown && err->kind == ERR_NETWORK &&
	    wait_and_retry(run, t, err))
		return true;
	/* A server that answered others is to be believed. */
	if (!t->unknown && (err->kind != ERR_NETWORK || t->host->good))
		return false;
	if (t->server + 1 == run->opts->servers)
		return false;
	next = &run->opts->server[++t->server];
	ui_note("%s: %s; asking %s", t->item->spec->name, err->msg, next->name);
	t->tries = 0;
	t->not_before = 0;
	ask_server(t, next);
	queue_put_back(run, t);
	return true;
}

static void
wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
}

void
lookup_forget(struct run *run, const struct host *h)
{
	for (size_t i = 0; i < run->opts->servers; i++) {
		const struct galaxy_server *s = &run->opts->server[i];

		wipe(s->token);
		wipe(s->password);
		if (run->header != NULL &&
		    h->settings.headers != (const char *const *)run->header[i])
			wipe(run->header[i][0]);
	}
}

void
lookup_free(struct run *run)
{
	for (size_t i = 0; run->header != NULL && i < run->opts->servers; i++)
		free(run->header[i][0]);
	free(run->header);
}
