#include "kelpie/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "state_priv.h"

/* Where the name is, or would be. */
static size_t
position(const struct state *st, const char *name)
{
	size_t lo = 0, hi = st->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(st->v[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_at(const struct state *st, size_t i, const char *name)
{
	return i < st->n && strcmp(st->v[i].name, name) == 0;
}

const struct record *
state_find(const struct state *st, const char *name)
{
	size_t i = position(st, name);

	return is_at(st, i, name) ? &st->v[i] : NULL;
}

static struct record
copy(const struct record *r)
{
	struct record c = *r;

	c.name = xstrdup(r->name);
	c.src = xstrdup(r->src);
	c.version = xstrdup_null(r->version);
	c.ref = xstrdup(r->ref);
	c.commit = xstrdup(r->commit);
	c.path = xstrdup_null(r->path);
	c.archive = xstrdup_null(r->archive);
	c.got = xstrdup_null(r->got);
	c.needs = xstrdup_null(r->needs);
	c.url = xstrdup_null(r->url);
	c.tag = xstrdup_null(r->tag);
	c.signers = xstrdup_null(r->signers);
	return c;
}

void
state_put(struct state *st, const struct record *r)
{
	size_t i = position(st, r->name);
	struct record c = copy(r);

	if (is_at(st, i, r->name)) {
		record_free(&st->v[i]);
	} else {
		st->v = xreallocarray(st->v, st->n + 1, sizeof(*st->v));
		memmove(st->v + i + 1, st->v + i, (st->n - i) * sizeof(*st->v));
		st->n++;
	}
	st->v[i] = c;
}

void
state_drop(struct state *st, const char *name)
{
	size_t i = position(st, name);

	if (!is_at(st, i, name))
		return;
	record_free(&st->v[i]);
	st->n--;
	memmove(st->v + i, st->v + i + 1, (st->n - i) * sizeof(*st->v));
}

const char *
record_got(const struct record *r)
{
	return r->got != NULL ? r->got : r->version;
}

bool
record_is_link(const struct record *r)
{
	return strcmp(r->ref, REF_LINK) == 0;
}

void
record_free(struct record *r)
{
	free(r->name);
	free(r->src);
	free(r->version);
	free(r->ref);
	free(r->commit);
	free(r->path);
	free(r->archive);
	free(r->got);
	free(r->needs);
	free(r->url);
	free(r->tag);
	free(r->signers);
	*r = (struct record){0};
}

void
state_free(struct state *st)
{
	for (size_t i = 0; i < st->n; i++)
		record_free(&st->v[i]);
	free(st->v);
	*st = (struct state){0};
}

int
state_slurp(struct buf *b, int kelpiefd, const char *name, struct error *err)
{
	int fd, rc;

	fd = openat(kelpiefd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return error_errno(err, "open .kelpie/%s", name);
	rc = buf_read(b, fd, STATE_FILE_MAX, err);
	(void)close(fd);
	return rc == 0 ? 0 : error_wrap(err, ".kelpie/%s", name);
}

int
state_load(struct state *st, int kelpiefd, int rolesfd, struct error *err)
{
	struct intents journal = {0};
	struct buf b = {0};
	int rc = -1;

	*st = (struct state){0};
	if (kelpiefd == -1)
		return 0;
	/*
	 * The journal first: whoever saves the state between our two looks
	 * drops the journal then, and nothing is missed.
	 */
	if (intents_load(&journal, kelpiefd, err) == -1)
		goto out;
	if (state_slurp(&b, kelpiefd, "state", err) == -1)
		goto out;
	if (b.data != NULL && state_read(st, b.data, b.len, err) == -1)
		goto out;
	for (size_t i = 0; i < journal.n; i++)
		if (intent_is_true(&journal.v[i], rolesfd))
			state_put(st, &journal.v[i].record);
	rc = 0;
out:
	intents_free(&journal);
	buf_free(&b);
	return rc;
}

int
write_synced(int fd, const struct buf *b)
{
	return write_fully(fd, b->data, b->len) == 0 ? fsync(fd) : -1;
}

static int
write_new(int kelpiefd, const struct buf *b)
{
	int fd, rc, saved;

	if (unlinkat(kelpiefd, "state.new", 0) == -1 && errno != ENOENT)
		return -1;
	fd = openat(kelpiefd, "state.new",
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	rc = write_synced(fd, b);
	saved = errno;
	if (close(fd) == -1 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

int
state_save(const struct state *st, int kelpiefd, struct error *err)
{
	struct buf b = {0};
	int rc;

	state_write(&b, st);
	rc = write_new(kelpiefd, &b);
	buf_free(&b);
	if (rc == 0)
		rc = renameat(kelpiefd, "state.new", kelpiefd, "state");
	if (rc == -1) {
		(void)error_errno(err, "write .kelpie/state");
		(void)unlinkat(kelpiefd, "state.new", 0);
		return -1;
	}
	/* The journal may go only when the new state is sure to stay. */
	if (below_sync(kelpiefd) == -1)
		return error_errno(err, "write .kelpie/state");
	if (unlinkat(kelpiefd, "journal", 0) == -1 && errno != ENOENT)
		return error_errno(err, "remove .kelpie/journal");
	return 0;
}
