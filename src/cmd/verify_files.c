#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "cmd/install.h"
#include "cmd/remake.h"
#include "cmd/scratch.h"
#include "cmd/verify.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/install.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static void
add(struct paths *paths, const char *path)
{
	if ((paths->n & (paths->n - 1)) == 0)
		paths->v = xreallocarray(paths->v,
		    paths->n != 0 ? 2 * paths->n : 1, sizeof(*paths->v));
	paths->v[paths->n++] = xstrdup(path);
}

static int
differs(void *ctx, const char *path, const struct walk_side *a,
    const struct walk_side *b, struct error *err)
{
	struct checked *c = ctx;

	(void)err;
	add(a->type == 0     ? &c->added :
		b->type == 0 ? &c->gone :
			       &c->changed,
	    path);
	return 0;
}

/* Was it made again as it was?  Then hold the two against each other. */
static void
compare(const struct verify *v, struct checked *c, int made)
{
	const struct walk_told told = {differs, c};
	int was = below_open(made, c->name);
	int is = below_open(v->store->rolesfd, c->name);
	struct walked walked;
	struct error err;

	if (was != -1 && is != -1 && walk_digest(was, &walked, &err) == 0 &&
	    strcmp(walked.digest, c->record->digest) == 0)
		c->told = walk_compare(was, is, &told, &err) == 0;
	if (was != -1)
		(void)close(was);
	if (is != -1)
		(void)close(is);
}

static bool
is_wanted(const struct checked *c)
{
	return (c->found & VERIFY_CHANGED) != 0 && c->why == NULL;
}

int
verify_files(struct verify *v, const struct config *config)
{
	struct install_opts opts = {.limits = LIMITS_DEFAULT};
	struct remake m = {0};
	struct error err = {.kind = ERR_NONE};
	int made, signo = 0;

	for (size_t i = 0; i < v->n; i++)
		if (is_wanted(&v->v[i]))
			(void)remake_add(&m, v->v[i].record, NULL, &err);
	if (m.specs.n == 0)
		return 0;
	err.kind = ERR_NONE;
	install_take_config(&opts, config);
	opts.offline = true;
	opts.no_cache = false;
	signo = remake_run(&m, &opts, &err);
	if (err.kind != ERR_NONE)
		ui_warn("%s", err.msg);
	made = m.dir != NULL ? open(m.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
			       -1;
	for (size_t i = 0;
	     made != -1 && signo == 0 && scratch_signal == 0 && i < v->n; i++)
		if (is_wanted(&v->v[i]))
			compare(v, &v->v[i], made);
	if (made != -1)
		(void)close(made);
	remake_free(&m);
	return signo;
}
