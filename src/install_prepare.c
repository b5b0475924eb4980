/*
 * What a run needs before its first task: git's configuration, credentials,
 * the cache, the queues.
 */
#include <string.h>

#include "install_priv.h"
#include "kelpie/cache.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

/* Without one the run goes on, unless there is nothing else. */
static int
open_cache(struct run *run, struct error *err)
{
	struct error why;

	if (run->opts->no_cache || run->opts->from != NULL)
		return 0;
	run->cache = cache_open(true, &why);
	if (run->cache != NULL)
		return 0;
	if (!run->opts->offline) {
		if (why.kind == ERR_REFUSED)
			ui_warn("the cache is not used: %s", why.msg);
		else
			ui_note("no cache: %s", why.msg);
		return 0;
	}
	*err = why;
	return error_wrap(err, "--offline needs the cache");
}

/* Where it is when the mirror has it not. */
static const char *
home_of(const struct task *t)
{
	return t->home != NULL ? t->home : t->url;
}

static bool
asks(const struct task *t)
{
	return !t->complete && t->kind != JOB_LOOKUP && t->kind != JOB_LINK &&
	    strncmp(home_of(t), "http", 4) == 0;
}

/* Ask for the hosts of the roles that are to be fetched. */
static int
ask(struct run *run, struct error *err)
{
	size_t i;
	int rc = 0;

	if (!run->opts->ask || run->opts->offline)
		return 0;
	/* Who is asked may press Ctrl-C. */
	pool_let_go(&run->mask);
	for (i = 0; rc == 0 && i < run->n; i++)
		if (asks(run->task[i]))
			rc = credentials_ask(run->credentials,
			    home_of(run->task[i]), err);
	pool_hold(&run->mask);
	return rc;
}

int
run_prepare(struct run *run, struct error *err)
{
	unsigned one = 1;

	if (fit_descriptors(run, &one, err) == -1)
		return -1;
	run->config = run->opts->config;
	if (run->config == NULL)
		run->config = run->own_config = install_config(err);
	if (run->config == NULL)
		return -1;
	run->credentials = credentials_new(run->config);
	if (open_cache(run, err) == -1 || mirror_begin(run, err) == -1)
		return -1;
	queue_make(run);
	return ask(run, err);
}
