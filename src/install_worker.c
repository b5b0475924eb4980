/*
 * What the workers do.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/unistd.h>

#include "install_priv.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/spec.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MIRROR_TIMEOUT 10 /* seconds */

/*
 * Move the socket to 3 and the stage to 4 and close whatever else came with
 * the fork: the lock above all, which would outlive the parent here.
 */
static int
keep_two(int *sock, int *stage, struct error *err)
{
	int a = fcntl(*sock, F_DUPFD_CLOEXEC, 10);
	int b = fcntl(*stage, F_DUPFD_CLOEXEC, 10);

	if (a == -1 || b == -1 || dup2(a, 3) == -1 || dup2(b, 4) == -1)
		return error_errno(err, "descriptors of the worker");
	closefrom(5);
	*sock = 3;
	*stage = 4;
	return 0;
}

/* What follows "NAME=" of a variable that may hold a secret, or NULL. */
static char *
secret_of(char *variable)
{
	static const char *const names[] = {"GIT_CONFIG_VALUE_",
	    "GIT_CONFIG_PARAMETERS", "KELPIE_MIRROR", "http_proxy",
	    "https_proxy", "all_proxy"};
	char *value = strchr(variable, '=');

	for (size_t i = 0; i < COUNT(names); i++)
		if (strncasecmp(variable, names[i], strlen(names[i])) == 0)
			return value != NULL ? value + 1 : NULL;
	return NULL;
}

static void
wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
}

static void
forget_task(struct task *t)
{
	wipe(t->url);
	wipe(t->home);
	wipe(t->source);
	wipe(t->moved);
	wipe(t->found);
	wipe(t->led);
	wipe(t->needs.data);
	if (t->wish != NULL)
		wipe(t->wish->src);
}

/*
 * A worker comes into the world with all that we know.  Passwords of other
 * hosts are not for it; what its own jobs need comes with them.
 */
static void
forget(struct run *run, const struct host *h)
{
	for (char **v = environ; *v != NULL; v++)
		wipe(secret_of(*v));
	for (size_t i = 0; i < run->plan.n; i++) {
		wipe(run->plan.v[i]->spec->src);
		wipe(run->plan.v[i]->needs);
	}
	for (size_t i = 0; i < run->n; i++)
		forget_task(run->task[i]);
	wipe(run->opts->mirror);
	lookup_forget(run, h);
	gitconfig_forget(run->config, &h->settings);
}

/* There is another way to what a mirror has. */
static unsigned
timeout_of(const struct run *run, const struct host *h)
{
	return h->mirror && run->opts->timeout > MIRROR_TIMEOUT ?
	    MIRROR_TIMEOUT :
	    run->opts->timeout;
}

int
worker_enter(struct worker *w, void *ctx, struct error *err)
{
	struct run *run = ctx;
	const struct host *h = host_find(run, w->origin);
	const struct fetch_opts opts = {.limits = run->opts->limits,
	    .settings = h->settings,
	    .timeout = timeout_of(run, h),
	    .sandbox = sandbox_chosen()};
	int stage = store_stage(&run->store, w->number, err);

	forget(run, h);
	if (stage == -1 || keep_two(&w->fd, &stage, err) == -1)
		return -1;
	return run->module->enter(w, stage, &opts, err);
}

int
worker_fetch(struct worker *w, void *ctx, const struct job *job,
    struct error *err)
{
	const struct run *run = ctx;

	return run->module->run(w, job, err);
}
