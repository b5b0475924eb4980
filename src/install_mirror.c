/*
 * Packs and archives that are known by what they are may come from
 * anywhere: a directory that was made elsewhere, or a web server that has
 * one.  The worker proves them as it does those of the cache.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/mirror.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

/* ---- directories ---- */

static int
open_directory(int *fd, const char *path, struct error *err)
{
	if (path == NULL)
		return 0;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd != -1 ? 0 : error_errno(err, "open '%s'", path);
}

int
mirror_begin(struct run *run, struct error *err)
{
	if (open_directory(&run->from, run->opts->from, err) == -1)
		return -1;
	return open_directory(&run->into, run->opts->into, err);
}

void
mirror_end(struct run *run)
{
	if (run->from != -1)
		(void)close(run->from);
	if (run->into != -1)
		(void)close(run->into);
}

const char *
mirror_id(const struct task *t)
{
	return t->kind == JOB_GIT  ? t->commit :
	    t->kind == JOB_ARCHIVE ? t->archive :
				     "";
}

/*
 * The name of what a mirror has for the task.  A pack that has a tag object,
 * too, is known by that: another lock file may have the same commit without.
 */
static void
name_for(char name[MIRROR_NAME_MAX], const struct task *t)
{
	const struct locked *l = t->item->locked;

	mirror_name(name, l != NULL ? locked_id(l) : mirror_id(t));
}

int
task_pack(const struct run *run, const struct task *t)
{
	char name[MIRROR_NAME_MAX];

	if (t->have[0] == '\0')
		return -1;
	if (run->opts->from == NULL)
		return run->cache != NULL ?
		    cache_pack(run->cache, t->source, t->have) :
		    -1;
	name_for(name, t);
	return mirror_open(run->from, name);
}

int
mirror_lacks(const struct run *run, const struct task *t, struct error *err)
{
	char name[MIRROR_NAME_MAX];

	if (*mirror_id(t) == '\0')
		return error_set(err, ERR_REFUSED,
		    "the lock file does not say what it is, so it cannot come "
		    "from '%s'",
		    run->opts->from);
	name_for(name, t);
	if (t->lacking)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' in '%s' has no such tag object; kelpie download makes "
		    "it again",
		    name, run->opts->from);
	if (t->damaged)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' in '%s' is damaged or another file; kelpie download "
		    "makes it again",
		    name, run->opts->from);
	return error_set(err, ERR_NOTFOUND,
	    "there is no '%s' in '%s'; kelpie download puts it there", name,
	    run->opts->from);
}

/* What the worker has left, or what it was given. */
static int
open_delivery(const struct run *run, const struct task *t, unsigned worker)
{
	int dirfd, fd;

	if (!t->kept_pack)
		return task_pack(run, t);
	dirfd = store_open_pack(&run->store, worker, t->id);
	if (dirfd == -1)
		return -1;
	fd = cache_kept_pack(dirfd);
	(void)close(dirfd);
	return fd;
}

int
mirror_deliver(const struct run *run, const struct task *t, unsigned worker,
    struct error *err)
{
	char name[MIRROR_NAME_MAX];
	int fd, rc;

	if (run->into == -1 || (t->kind != JOB_GIT && t->kind != JOB_ARCHIVE))
		return 0;
	fd = open_delivery(run, t, worker);
	if (fd == -1)
		return error_set(err, ERR_CHILD,
		    "the worker left no pack of what it fetched");
	if (t->item->locked != NULL)
		name_for(name, t);
	else
		mirror_name(name, t->kind == JOB_GIT ? t->commit : t->sha256);
	rc = mirror_copy(run->into, name, fd, err);
	(void)close(fd);
	return rc == 0 ? 0 : error_wrap(err, "%s", run->opts->into);
}

/* ---- a web server ---- */

/* What lies on this machine is nearer than any mirror. */
static bool
is_far(const char *url)
{
	enum scheme scheme;
	struct error ignored;

	return url_check(url, &scheme, &ignored) == 0 &&
	    scheme != SCHEME_NONE && scheme != SCHEME_FILE;
}

static bool
is_wanted(const struct run *run, const struct task *t)
{
	return run->opts->mirror != NULL && !run->opts->offline &&
	    !run->mirror_down && !t->no_mirror && !t->complete &&
	    *mirror_id(t) != '\0' && is_far(t->home != NULL ? t->home : t->url);
}

void
mirror_forget(struct task *t)
{
	free(t->home);
	t->home = NULL;
	t->no_mirror = false;
}

void
mirror_route(struct run *run, struct task *t)
{
	bool wanted = is_wanted(run, t);
	const char *base = run->opts->mirror;
	char name[MIRROR_NAME_MAX];

	if (wanted && t->home == NULL) {
		size_t len = strlen(base);

		while (len > 0 && base[len - 1] == '/')
			len--;
		name_for(name, t);
		t->home = t->url;
		t->url = xasprintf("%.*s/%s", (int)len, base, name);
	} else if (!wanted && t->home != NULL) {
		free(t->url);
		t->url = t->home;
		t->home = NULL;
	}
}

/* Nobody waits for it a second time: those in its queue go home. */
static void
give_up(struct run *run, const struct error *err)
{
	char *base = url_redact(run->opts->mirror);

	if (!run->mirror_down)
		ui_warn("the mirror %s: %s; going on without it", base,
		    err->msg);
	free(base);
	run->mirror_down = true;
	for (size_t i = 0; i < run->n; i++) {
		struct task *t = run->task[i];

		if (t->progress != WAITING || !t->host->mirror)
			continue;
		queue_remove(t);
		queue_put(run, t);
	}
}

void
mirror_leave(struct run *run, struct task *t, const struct error *err)
{
	const char *name = t->item->spec->name;

	t->no_mirror = true;
	t->moves = 0;
	if (err->kind == ERR_NETWORK || err->kind == ERR_AUTH)
		give_up(run, err);
	else if (err->kind == ERR_NOTFOUND)
		ui_note("%s: the mirror: %s", name, err->msg);
	else
		ui_warn("%s: the mirror's is of no use: %s", name, err->msg);
	queue_put_back(run, t);
}
