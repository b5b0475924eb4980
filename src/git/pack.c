#include "kelpie/git/pack.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>

#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

#define PIECE 4096 /* no page is smaller */

struct pack {
	char *dir;
	git_indexer *indexer;
	git_indexer_progress stats; /* the indexer counts in it */
	git_odb *odb;
	struct pack_opts opts;
	uint64_t bytes;
	const char *keep; /* or NULL */
};

int
git_fail(struct error *err, int kind, const char *what)
{
	const git_error *e = git_error_last();

	if (e == NULL || e->message == NULL)
		return error_set(err, (enum error_kind)kind,
		    "%s: libgit2 does not say why", what);
	if (e->klass == GIT_ERROR_OS || e->klass == GIT_ERROR_NOMEMORY)
		kind = ERR_LOCAL;
	return error_set(err, (enum error_kind)kind, "%s: %s", what,
	    e->message);
}

/* Putting a history together may take longer than the parent waits for a
 * word; while bytes come others tell how many. */
static int
on_progress(const git_indexer_progress *stats, void *payload)
{
	const struct pack_opts *opts = payload;

	if (opts->progress != NULL &&
	    stats->received_objects == stats->total_objects)
		opts->progress(opts->ctx, stats->indexed_objects,
		    stats->total_objects);
	return 0;
}

static int
open_indexer(struct pack *p)
{
	git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;

	options.progress_cb = on_progress;
	options.progress_cb_payload = &p->opts;
	if (git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS,
		p->opts.max_objects) < 0)
		return -1;
	return git_indexer_new(&p->indexer, p->dir, 0600, NULL, &options);
}

struct pack *
pack_open(const struct pack_opts *opts, struct error *err)
{
	struct pack *p = xcalloc(1, sizeof(*p));

	p->dir = xstrdup(opts->dir);
	p->opts = *opts;
	git_error_clear();
	if (open_indexer(p) == 0)
		return p;
	(void)git_fail(err, ERR_LOCAL, "make a pack file");
	pack_free(p);
	return NULL;
}

/*
 * The indexer writes through a mapping, where a full disk would be SIGBUS.
 * It writes one byte in earnest at the end of each append, so with no more
 * than a page at a time the disk space is there, or there is an error.
 */
int
pack_write(struct pack *p, const char *data, size_t len, struct error *err)
{
	size_t n;

	if (len > p->opts.max_bytes - p->bytes)
		return error_set(err, ERR_INTEGRITY,
		    "the pack has more than %llu bytes; --max-bytes raises "
		    "the limit",
		    (unsigned long long)p->opts.max_bytes);
	p->bytes += len;
	git_error_clear();
	for (; len != 0; data += n, len -= n) {
		n = len < PIECE ? len : PIECE;
		if (git_indexer_append(p->indexer, data, n, &p->stats) < 0)
			return git_fail(err, ERR_INTEGRITY, "read the pack");
	}
	return 0;
}

/* The path of the index that the indexer has written. */
static char *
index_path(const struct pack *p)
{
	return xasprintf("%s/pack-%s.idx", p->dir,
	    git_indexer_name(p->indexer));
}

int
pack_objects(git_odb **out, struct pack *p, struct error *err)
{
	git_odb_backend *backend = NULL;
	char *index = NULL;
	int rc = -1;

	git_error_clear();
	if (git_indexer_commit(p->indexer, &p->stats) < 0)
		return git_fail(err, ERR_INTEGRITY, "check the pack");
	index = index_path(p);
	if (git_odb_new(&p->odb) < 0 ||
	    git_odb_backend_one_pack(&backend, index) < 0) {
		(void)git_fail(err, ERR_LOCAL, "open the pack");
		goto out;
	}
	if (git_odb_add_backend(p->odb, backend, 1) < 0) {
		backend->free(backend);
		(void)git_fail(err, ERR_LOCAL, "open the pack");
		goto out;
	}
	*out = p->odb;
	rc = 0;
out:
	free(index);
	return rc;
}

void
pack_keep(struct pack *p, const char *tail)
{
	p->keep = tail;
}

static bool
stays(const char *name, const char *keep)
{
	size_t len = strlen(name), tail = keep != NULL ? strlen(keep) : 0;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	return keep != NULL && len >= tail &&
	    strcmp(name + len - tail, keep) == 0;
}

/* The directory was given to us empty: whatever is in it is ours. */
static void
remove_files(const char *dir, const char *keep)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (!stays(e->d_name, keep))
			(void)unlinkat(dirfd(d), e->d_name, 0);
	(void)closedir(d);
}

void
pack_free(struct pack *p)
{
	if (p == NULL)
		return;
	git_odb_free(p->odb);
	git_indexer_free(p->indexer);
	remove_files(p->dir, p->keep);
	free(p->dir);
	free(p);
}
