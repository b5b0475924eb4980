#include "cmd/remake.h"

#include <stdlib.h>
#include <string.h>

#include <bsd/string.h>

#include "cmd/scratch.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/install.h"
#include "kelpie/state.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

static char *
or_null(const char *s)
{
	return s != NULL && *s != '\0' ? xstrdup(s) : NULL;
}

/* A copy of a directory, which nothing names the content of. */
static bool
is_copy(const struct record *r)
{
	return r->commit[0] == '\0' && r->archive == NULL;
}

static int
check(const struct record *r, const struct spec *s, const char *version,
    struct error *err)
{
	const char *what = is_copy(r) ? "a directory" : "an archive";

	if (record_is_link(r))
		return error_set(err, ERR_REFUSED,
		    "it is a link to '%s', and what is there is the source "
		    "itself",
		    r->src);
	if (version == NULL || spec_is_name(s) ||
	    (r->archive == NULL && !is_copy(r)))
		return 0;
	return error_set(err, ERR_REFUSED,
	    "it comes from %s, which has no versions", what);
}

/* The engine takes what a lock file says for nothing else. */
static void
pin(struct remake *m, const struct record *r)
{
	struct locked l = {.name = xstrdup(r->name),
	    .src = url_kept(r->src),
	    .path = or_null(r->path),
	    .asked = or_null(r->version),
	    .became = or_null(r->got),
	    .url = or_null(r->url),
	    .ref = or_null(r->ref),
	    .tag = or_null(r->tag),
	    .commit = or_null(r->commit),
	    .sha256 = or_null(r->archive)};

	(void)strlcpy(l.digest, r->digest, sizeof(l.digest));
	lockfile_put(&m->lock, &l);
}

int
remake_add(struct remake *m, const struct record *r, const char *version,
    struct error *err)
{
	struct spec s = {.name = xstrdup(r->name),
	    .src = xstrdup(r->src),
	    .version = or_null(version != NULL ? version : r->version),
	    .path = or_null(r->path),
	    .dir = is_copy(r),
	    .map = true,
	    .where = xstrdup("the state file")};

	s.git = r->commit[0] != '\0' && !spec_is_name(&s);
	if (check(r, &s, version, err) == -1) {
		spec_free(&s);
		return -1;
	}
	if (version == NULL && !is_copy(r))
		pin(m, r);
	m->specs.v = xreallocarray(m->specs.v, m->specs.n + 1, sizeof(s));
	m->specs.v[m->specs.n++] = s;
	return 0;
}

int
remake_run(struct remake *m, const struct install_opts *how, struct error *err)
{
	struct install_opts opts = *how;
	int status;

	m->dir = scratch_make(err);
	if (m->dir == NULL)
		return 0;
	opts.path = m->dir;
	opts.lock = &m->lock;
	opts.no_deps = opts.no_sync = true;
	opts.kennel = true; /* a role need not have a meta directory */
	ui_set_shape(UI_ASIDE, NULL);
	status = install_run(&opts, &m->specs, err);
	ui_set_shape(UI_OWN, NULL);
	if (status > 128 && err->kind == ERR_CANCELLED)
		err->kind = ERR_NONE;
	return status > 128 ? status - 128 : 0;
}

void
remake_free(struct remake *m)
{
	specs_free(&m->specs);
	lockfile_free(&m->lock);
	scratch_remove(m->dir);
	m->dir = NULL;
}
