#include "fetch/diff.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "fetch/module.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/sandbox.h"
#include "kelpie/walk.h"

#define ENOUGH ((size_t)64 << 10) /* for one write */

struct diffing {
	int fd;
	struct buf out;
};

/* The content of one side, which goes into room. */
static int
load(struct diff_side *s, struct buf *room, const struct walk_side *w,
    struct error *err)
{
	const int flags =
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd, rc;
	ssize_t n;

	*s = (struct diff_side){.type = w->type, .data = ""};
	if (w->type == 0 || w->type == 'o')
		return 0;
	if (w->size > DIFF_FILE_MAX) {
		s->data = NULL;
		return 0;
	}
	buf_puts(room, "");
	if (w->type == 'l') {
		char target[4096];

		n = readlinkat(w->dirfd, w->name, target, sizeof(target));
		if (n == -1)
			return error_errno(err, "read");
		buf_add(room, target, (size_t)n);
	} else {
		fd = openat(w->dirfd, w->name, flags);
		if (fd == -1)
			return error_errno(err, "open");
		rc = buf_read(room, fd, DIFF_FILE_MAX, err);
		(void)close(fd);
		if (rc == -1)
			return -1;
	}
	s->data = room->data;
	s->len = room->len;
	return 0;
}

static int
flush(struct diffing *d, size_t enough, struct error *err)
{
	if (d->out.len < enough)
		return 0;
	if (write_fully(d->fd, d->out.data, d->out.len) == -1)
		return error_errno(err, "write");
	buf_clear(&d->out);
	return 0;
}

static int
differs(void *ctx, const char *path, const struct walk_side *a,
    const struct walk_side *b, struct error *err)
{
	struct diffing *d = ctx;
	struct buf room[2] = {{0}, {0}};
	struct diff_side was, is;
	int rc = -1;

	if (load(&was, &room[0], a, err) == 0 &&
	    load(&is, &room[1], b, err) == 0)
		rc = diff_file(&d->out, path, &was, &is, err);
	buf_free(&room[0]);
	buf_free(&room[1]);
	if (rc == -1)
		return error_wrap(err, "'%s'", path);
	return flush(d, ENOUGH, err);
}

static int
open_role(const char *roles, const char *name, struct error *err)
{
	int dir = open(roles, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int role = dir != -1 ? below_open(dir, name) : -1;

	if (role == -1)
		(void)error_errno(err, "open '%s/%s'", roles, name);
	if (dir != -1)
		(void)close(dir);
	return role;
}

/* All that may be read from here on is below these two. */
static int
enter(const struct fetch_trees *t, struct error *err)
{
	static const uint16_t ports[] = {0};
	char *from = xasprintf("%s/%s", t->from, t->name);
	char *to = xasprintf("%s/%s", t->to, t->name);
	const char *const read[] = {from, to, NULL};
	const struct sandbox box = {.write_dir = -1,
	    .read = read,
	    .ports = ports};
	int rc;

	sandbox_choose(t->sandbox);
	rc = sandbox_enter(&box, err);
	free(from);
	free(to);
	return rc;
}

static int
compare(struct diffing *d, const struct fetch_trees *t, struct error *err)
{
	const struct walk_told told = {differs, d};
	int from = open_role(t->from, t->name, err), to = -1, rc = -1;

	if (from != -1)
		to = open_role(t->to, t->name, err);
	if (to != -1 && enter(t, err) == 0)
		rc = walk_compare(from, to, &told, err);
	if (from != -1)
		(void)close(from);
	if (to != -1)
		(void)close(to);
	return rc;
}

/* One line of ours, whatever names are in it. */
static void
tell(struct buf *out, char *why)
{
	for (char *c = why; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	buf_printf(out, "!%s\n", why);
}

int
fetch_diff(int fd, void *trees)
{
	struct diffing d = {.fd = fd};
	struct error err;
	int rc;

	if (git_libgit2_init() < 0)
		return 1;
	if (compare(&d, trees, &err) == -1)
		tell(&d.out, err.msg);
	rc = d.out.len != 0 ? flush(&d, 0, &err) : 0;
	buf_free(&d.out);
	return rc == 0 ? 0 : 1;
}
