#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/clock.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

#define MOVES_MAX 5
#define FIRST_WAIT 500u /* ms, then twice as long each time */
#define WAIT_MAX 30000u
#define RETRY_AFTER_MAX 120u /* seconds that a server may ask for */

/* Another origin has it: does the way there keep what the first one had? */
static bool
follow(struct run *run, struct task *t, struct error *err)
{
	enum scheme from, to;
	struct error bad;
	char *url = t->moved;

	t->moved = NULL;
	if (url_check(url, &to, &bad) == -1 ||
	    url_check(t->url, &from, &bad) == -1 ||
	    (from != SCHEME_HTTPS && from != SCHEME_HTTP) ||
	    (to != SCHEME_HTTPS && (to != SCHEME_HTTP || to != from)) ||
	    url_reach(url) == REACH_LINK) {
		error_append(err, ", which is not followed");
		free(url);
		return false;
	}
	if (++t->moves > MOVES_MAX) {
		(void)error_set(err, ERR_NOTFOUND, "sent on more than %d times",
		    MOVES_MAX);
		free(url);
		return false;
	}
	ui_note("%s: %s", t->item->spec->name, err->msg);
	free(t->url);
	t->url = url;
	queue_put_back(run, t);
	return true;
}

/* The server asks who we are: is there somebody who knows? */
static bool
identify(struct run *run, struct task *t, struct error *err)
{
	const char *why;

	t->unauthorized = false;
	if (credentials_wanted(run->credentials, t->url, t->sent)) {
		queue_put_back(run, t);
		return true;
	}
	why = credentials_why(run->credentials, t->url);
	if (why != NULL)
		error_append(err, "; %s", why);
	return false;
}

/* A third more or less: what failed together shall not come back together. */
static uint64_t
wait_of(const struct task *t)
{
	uint32_t ms = FIRST_WAIT << (t->tries < 8 ? t->tries - 1 : 7);
	uint64_t asked = (uint64_t)t->retry_after * 1000;

	if (ms > WAIT_MAX)
		ms = WAIT_MAX;
	ms = ms - ms / 3 + arc4random_uniform(2 * ms / 3 + 1);
	return asked > ms ? asked + arc4random_uniform(FIRST_WAIT) : ms;
}

/* One line for the first of a host that has to try so often; -v has all. */
static void
tell_wait(struct task *t, uint64_t ms, unsigned tries, const struct error *err)
{
	const char *name = t->item->spec->name;

	if (t->tries > t->host->tried)
		ui_warn("%s: %s; trying again in %.1f s (%u of %u)", name,
		    err->msg, (double)ms / 1000, t->tries + 1, tries);
	else
		ui_note("%s: %s; trying again in %.1f s (%u of %u)", name,
		    err->msg, (double)ms / 1000, t->tries + 1, tries);
	if (t->tries > t->host->tried)
		t->host->tried = t->tries;
}

bool
wait_and_retry(struct run *run, struct task *t, struct error *err)
{
	unsigned tries = run->opts->retries + 1;
	struct host *h = t->host;
	uint64_t ms;

	if (t->retry_after > RETRY_AFTER_MAX) {
		error_append(err, "; it wants us to wait %u seconds",
		    t->retry_after);
		return false;
	}
	if (++t->tries >= tries || (h->down && !h->good)) {
		/* For the others one try each will do. */
		h->down = true;
		if (t->tries > 1)
			error_append(err, " (tried %u times)", t->tries);
		return false;
	}
	ms = wait_of(t);
	t->not_before = clock_ms() + ms;
	if (t->not_before > h->hold)
		h->hold = t->not_before;
	tell_wait(t, ms, tries, err);
	t->retry_after = 0;
	queue_put_back(run, t);
	return true;
}

bool
try_again(struct run *run, struct task *t, struct error *err)
{
	if (t->host->mirror) {
		if ((t->moved != NULL && follow(run, t, err)) ||
		    (t->unauthorized && identify(run, t, err)))
			return true;
		if (t->no_mirror)
			return false;
		mirror_leave(run, t, err);
		return true;
	}
	if (t->damaged && t->host->cache) {
		/* It is no longer there, so this time a server is asked. */
		queue_put_back(run, t);
		return true;
	}
	if (!t->host->network)
		return false;
	if (t->kind == JOB_LOOKUP)
		return lookup_again(run, t, err);
	/* Hosts lock out who comes back and back with a key they do not take. */
	if (t->host->ssh && err->kind == ERR_AUTH && !t->host->good)
		t->host->refused = *err;
	if (t->moved != NULL)
		return follow(run, t, err);
	if (t->unauthorized)
		return identify(run, t, err);
	if (err->kind == ERR_NETWORK)
		return wait_and_retry(run, t, err);
	return false;
}
