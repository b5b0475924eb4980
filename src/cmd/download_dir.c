#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/download.h"
#include "cmd/from.h"
#include "cmd/install_args.h"
#include "cmd/scratch.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/install.h"
#include "kelpie/lockfile.h"
#include "kelpie/mirror.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

#define USUAL_DIR "kelpie-mirror"

struct download {
	struct install_args *args;
	struct specs *specs;
	const struct lockfile *lock;
	const char *path;
	int dirfd;
	bool *missing; /* of each entry of the lock file */
	struct mirror_index before, now;
};

/* Where the entry's pack or archive lies; false if it can have none. */
static bool
name_of(char name[MIRROR_NAME_MAX], const struct locked *l)
{
	const char *id = locked_id(l);

	if (!locked_pins(l) || id == NULL)
		return false;
	mirror_name(name, id);
	return true;
}

/* ---- the directory ---- */

/* One writer at a time: what another one's temporary is, is litter. */
static int
take_turn(const struct download *d, struct error *err)
{
	/* A scratch directory is ours, and locked as such. */
	if (d->args->output != NULL || flock(d->dirfd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK) {
		ui_warn("another kelpie download is writing to '%s'; waiting "
			"for it",
		    d->path);
		if (flock(d->dirfd, LOCK_EX) == 0)
			return 0;
	}
	/* Some network file systems know no flock(2). */
	if (errno == ENOSYS || errno == EOPNOTSUPP || errno == ENOLCK)
		return 0;
	return error_errno(err, "lock '%s'", d->path);
}

static int
open_dir(struct download *d, struct error *err)
{
	if (mkdir(d->path, 0777) == -1 && errno != EEXIST)
		return error_errno(err, "make '%s'", d->path);
	d->dirfd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dirfd == -1)
		return error_errno(err, "open '%s'", d->path);
	return take_turn(d, err);
}

/* What it says is only used to leave out work. */
static void
read_index(struct download *d)
{
	struct buf text = {0};
	struct error why;

	if (mirror_read(&text, d->dirfd, MIRROR_INDEX, &why) == 0 &&
	    mirror_index_parse(&d->before, text.data != NULL ? text.data : "",
		text.len, &why) == -1)
		ui_note("%s: %s", d->path, why.msg);
	buf_free(&text);
}

static bool
is_there(struct download *d, const char *name)
{
	const struct mirror_file *was = mirror_index_find(&d->before, name);
	struct mirror_file is;

	if (mirror_index_find(&d->now, name) != NULL)
		return true;
	if (was == NULL || mirror_measure(&is, d->dirfd, name) == -1 ||
	    is.size != was->size || strcmp(is.sha256, was->sha256) != 0)
		return false;
	mirror_index_put(&d->now, &is);
	return true;
}

/* How many entries have to be fetched? */
static size_t
look(struct download *d)
{
	char name[MIRROR_NAME_MAX];
	size_t n = 0;

	d->missing = xcalloc(d->lock->n, sizeof(bool));
	for (size_t i = 0; i < d->lock->n; i++) {
		const struct locked *l = &d->lock->v[i];

		if (!name_of(name, l)) {
			ui_warn("%s: '%s' is a directory of this machine: it "
				"is left out",
			    l->name, l->src);
			continue;
		}
		d->missing[i] = !is_there(d, name);
		n += d->missing[i];
	}
	return n;
}

/* ---- fetching ---- */

/* As the file asks for them, with its passwords; else as they are locked. */
static void
ask_for_missing(struct download *d)
{
	struct specs *specs = d->specs;
	bool *keep = xcalloc(specs->n, sizeof(bool));
	bool *asked = xcalloc(d->lock->n, sizeof(bool));

	for (size_t i = 0; i < specs->n; i++) {
		const struct locked *l =
		    lockfile_find(d->lock, specs->v[i].name);

		keep[i] = l != NULL && d->missing[l - d->lock->v];
		if (keep[i])
			asked[l - d->lock->v] = true;
	}
	specs_keep(specs, keep);
	for (size_t i = 0; i < d->lock->n; i++)
		if (d->missing[i] && !asked[i])
			from_add_spec(specs, &d->lock->v[i], "the lock file");
	free(keep);
	free(asked);
}

/* An install into a directory of which nothing stays but the packs. */
static int
fetch(struct download *d, struct error *err)
{
	struct install_opts *opts = &d->args->opts;
	char *dir = scratch_make(err);
	int status = 1;

	ask_for_missing(d);
	opts->path = dir;
	opts->into = d->path;
	opts->no_sync = opts->no_deps = true;
	ui_set_shape(UI_DOWNLOAD, NULL);
	if (dir != NULL)
		status = install_run(opts, d->specs, err);
	scratch_remove(dir);
	return status;
}

/* ---- the end ---- */

static int
add_fetched(struct download *d, struct error *err)
{
	char name[MIRROR_NAME_MAX];
	struct mirror_file is;

	for (size_t i = 0; i < d->lock->n; i++) {
		if (!d->missing[i])
			continue;
		(void)name_of(name, &d->lock->v[i]);
		if (mirror_measure(&is, d->dirfd, name) == -1)
			return error_errno(err, "read '%s/%s'", d->path, name);
		mirror_index_put(&d->now, &is);
	}
	return 0;
}

/* Only if it is another one. */
static int
write_text(const struct download *d, const char *name, const struct buf *text,
    struct error *err)
{
	struct buf old = {0};
	struct error ignored;
	bool same = mirror_read(&old, d->dirfd, name, &ignored) == 0 &&
	    old.len == text->len && memcmp(old.data, text->data, old.len) == 0;

	buf_free(&old);
	if (same ||
	    mirror_write(d->dirfd, name, text->data, text->len, err) == 0)
		return 0;
	return error_wrap(err, "%s", d->path);
}

/* The index says that all is there, so it comes last. */
static int
write_lists(struct download *d, struct error *err)
{
	struct buf lock = {0}, index = {0};
	struct mirror_file is;
	int rc = -1;

	lockfile_format(&lock, d->lock);
	if (write_text(d, MIRROR_LOCK, &lock, err) == -1)
		goto out;
	if (mirror_measure(&is, d->dirfd, MIRROR_LOCK) == -1) {
		(void)error_errno(err, "read '%s/" MIRROR_LOCK "'", d->path);
		goto out;
	}
	mirror_index_put(&d->now, &is);
	mirror_index_format(&index, &d->now);
	rc = write_text(d, MIRROR_INDEX, &index, err);
out:
	buf_free(&lock);
	buf_free(&index);
	return rc;
}

/* What else lies there: only what was written by us is ever removed. */
static void
sweep(const struct download *d)
{
	int fd = openat(d->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	size_t others = 0, removed = 0;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (mirror_is_litter(e->d_name)) {
			(void)unlinkat(d->dirfd, e->d_name, 0);
			continue;
		}
		if (!mirror_has_name(e->d_name) ||
		    mirror_index_find(&d->now, e->d_name) != NULL)
			continue;
		if (d->args->prune && unlinkat(d->dirfd, e->d_name, 0) == 0)
			removed++;
		else
			others++;
	}
	if (dir != NULL)
		(void)closedir(dir);
	else if (fd != -1)
		(void)close(fd);
	if (removed > 0)
		ui_info("%s: %zu pack%s of other lock files removed", d->path,
		    removed, removed == 1 ? "" : "s");
	if (others > 0)
		ui_info("%s: %zu pack%s of other lock files stay%s; --prune "
			"removes them",
		    d->path, others, others == 1 ? "" : "s",
		    others == 1 ? "s" : "");
}

static void
tell(const struct download *d, const char *where)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < d->now.n; i++)
		bytes += d->now.v[i].size;
	ui_info("%s: %zu role%s, %zu files, %" PRIu64 " bytes", where,
	    d->lock->n, d->lock->n == 1 ? "" : "s", d->now.n + 1, bytes);
}

static int
fill(struct download *d, struct error *err)
{
	int status = 0;

	if (open_dir(d, err) == -1 ||
	    download_check(d->path, d->dirfd, d->lock, err) == -1)
		return 1;
	read_index(d);
	if (look(d) > 0)
		status = fetch(d, err);
	if (status != 0)
		return status;
	if (add_fetched(d, err) == -1 || write_lists(d, err) == -1)
		return 1;
	sweep(d);
	return 0;
}

static int
fill_tar(struct download *d, const char *output, struct error *err)
{
	char *dir = scratch_make(err);
	int status = 1;

	d->path = dir;
	if (dir != NULL)
		status = fill(d, err);
	if (status == 0 && download_tar(output, d->dirfd, &d->now, err) == -1)
		status = 1;
	if (status == 0)
		tell(d, output);
	scratch_remove(dir);
	return status;
}

int
download_roles(struct install_args *a, struct specs *specs,
    const struct lockfile *lock, struct error *err)
{
	struct download d = {.args = a,
	    .specs = specs,
	    .lock = lock,
	    .path = a->dir != NULL ? a->dir : USUAL_DIR,
	    .dirfd = -1};
	int status;

	if (a->output != NULL) {
		status = fill_tar(&d, a->output, err);
	} else {
		status = fill(&d, err);
		if (status == 0)
			tell(&d, d.path);
	}
	if (d.dirfd != -1)
		(void)close(d.dirfd);
	free(d.missing);
	mirror_index_free(&d.before);
	mirror_index_free(&d.now);
	return status;
}
