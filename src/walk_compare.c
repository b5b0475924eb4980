#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/walk.h"
#include "walk_priv.h"

#define BLOCK 65536

struct compare {
	const struct walk_told *told;
	struct buf path; /* of the entry at hand */
	char *block[2];
};

/* A directory of each tree; where there is none, no names. */
struct pair {
	int fd[2]; /* or -1 */
	DIR *dir[2];
	struct names names[2];
};

static int compare_dirs(struct compare *, int a, int b, struct error *);

static int
failed(const struct compare *c, const char *what, struct error *err)
{
	return error_errno(err, "cannot %s '%s'", what,
	    c->path.len != 0 ? c->path.data : ".");
}

/* ---- one path ---- */

/* What has the type of a directory in names counts as nothing here. */
static int
look(const struct compare *c, struct walk_side *s, int dirfd, const char *entry,
    struct error *err)
{
	struct stat st;

	*s = (struct walk_side){.dirfd = dirfd};
	if (entry == NULL || entry[0] == DT_DIR ||
	    walk_leaves_out(c->path.data, entry + 1, false))
		return 0;
	s->name = entry + 1;
	if (fstatat(dirfd, s->name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return failed(c, "look at", err);
	s->type = S_ISLNK(st.st_mode)   ? 'l' :
	    !S_ISREG(st.st_mode)        ? 'o' :
	    (st.st_mode & S_IXUSR) != 0 ? 'x' :
					  'f';
	s->size = s->type == 'o' ? 0 : (uint64_t)st.st_size;
	return 0;
}

/* Whatever has come into the file's place must not make this wait. */
static int
open_file(const struct walk_side *s)
{
	return openat(s->dirfd, s->name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* As much as fits, or less at the end of the file. */
static ssize_t
fill(int fd, char *block)
{
	size_t len = 0;
	ssize_t n;

	while (len < BLOCK) {
		n = read(fd, block + len, BLOCK - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* 1: the same bytes, 0: others, -1: *err. */
static int
same_bytes(const struct compare *c, int a, int b, struct error *err)
{
	ssize_t n, m;

	do {
		n = fill(a, c->block[0]);
		m = fill(b, c->block[1]);
		if (n == -1 || m == -1)
			return failed(c, "read", err);
		if (n != m || memcmp(c->block[0], c->block[1], (size_t)n) != 0)
			return 0;
	} while (n > 0);
	return 1;
}

static int
same_file(const struct compare *c, const struct walk_side *a,
    const struct walk_side *b, struct error *err)
{
	int x = open_file(a), y = x != -1 ? open_file(b) : -1;
	int rc = y != -1 ? same_bytes(c, x, y, err) : failed(c, "open", err);

	if (x != -1)
		(void)close(x);
	if (y != -1)
		(void)close(y);
	return rc;
}

static int
same_link(const struct compare *c, const struct walk_side *a,
    const struct walk_side *b, struct error *err)
{
	ssize_t n = readlinkat(a->dirfd, a->name, c->block[0], BLOCK);
	ssize_t m = readlinkat(b->dirfd, b->name, c->block[1], BLOCK);

	if (n == -1 || m == -1)
		return failed(c, "read", err);
	return n == m && memcmp(c->block[0], c->block[1], (size_t)n) == 0;
}

static int
same(const struct compare *c, const struct walk_side *a,
    const struct walk_side *b, struct error *err)
{
	if (a->type != b->type || a->size != b->size)
		return 0;
	if (a->type == 'l')
		return same_link(c, a, b, err);
	return a->type == 0 || a->type == 'o' ? 1 : same_file(c, a, b, err);
}

/* ---- directories ---- */

static int
open_dir(const struct compare *c, int dirfd, const char *entry,
    struct error *err)
{
	int fd = openat(dirfd, entry + 1,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd != -1 ? fd : failed(c, "open", err);
}

static bool
is_dir(const struct compare *c, const char *entry)
{
	return entry != NULL && entry[0] == DT_DIR &&
	    !walk_leaves_out(c->path.data, entry + 1, true);
}

/* Go into what is a directory on either side. */
static int
descend(struct compare *c, const struct pair *p, const char *const entry[2],
    struct error *err)
{
	int fd[2] = {-1, -1};

	if (!is_dir(c, entry[0]) && !is_dir(c, entry[1]))
		return 0;
	for (int i = 0; i < 2; i++) {
		if (!is_dir(c, entry[i]))
			continue;
		fd[i] = open_dir(c, p->fd[i], entry[i], err);
		if (fd[i] != -1)
			continue;
		if (i == 1 && fd[0] != -1)
			(void)close(fd[0]);
		return -1;
	}
	return compare_dirs(c, fd[0], fd[1], err);
}

/* The same name on both sides, or NULL where it is not. */
static int
compare_entry(struct compare *c, const struct pair *p,
    const char *const entry[2], struct error *err)
{
	const char *name = entry[0] != NULL ? entry[0] : entry[1];
	size_t len = c->path.len;
	struct walk_side a, b;
	int rc;

	buf_printf(&c->path, "%s%s", len != 0 ? "/" : "", name + 1);
	if (look(c, &a, p->fd[0], entry[0], err) == -1 ||
	    look(c, &b, p->fd[1], entry[1], err) == -1)
		return -1;
	rc = same(c, &a, &b, err);
	if (rc == 0)
		rc = c->told->differs(c->told->ctx, c->path.data, &a, &b, err);
	if (rc == -1 || descend(c, p, entry, err) == -1)
		return -1;
	c->path.len = len;
	c->path.data[len] = '\0';
	return 0;
}

static int
compare_names(struct compare *c, const struct pair *p, struct error *err)
{
	const struct names *a = &p->names[0], *b = &p->names[1];
	size_t i = 0, j = 0;
	int order;

	while (i < a->n || j < b->n) {
		order = i == a->n ? 1 :
		    j == b->n     ? -1 :
				    strcmp(a->v[i] + 1, b->v[j] + 1);
		if (compare_entry(c, p,
			(const char *const[]){order <= 0 ? a->v[i] : NULL,
			    order >= 0 ? b->v[j] : NULL},
			err) == -1)
			return -1;
		i += order <= 0;
		j += order >= 0;
	}
	return 0;
}

static int
read_names(const struct compare *c, struct pair *p, int i, struct error *err)
{
	if (p->fd[i] == -1)
		return 0;
	p->dir[i] = fdopendir(p->fd[i]);
	if (p->dir[i] == NULL) {
		(void)failed(c, "read", err);
		(void)close(p->fd[i]);
		return -1;
	}
	if (names_read(&p->names[i], p->dir[i], UINT64_MAX) == 0)
		return 0;
	return failed(c, "read", err);
}

/* Compare the directories open at a and b, -1 for none, and close them. */
static int
compare_dirs(struct compare *c, int a, int b, struct error *err)
{
	struct pair p = {.fd = {a, b}};
	int rc = read_names(c, &p, 0, err);

	if (rc == 0)
		rc = read_names(c, &p, 1, err);
	else if (b != -1)
		(void)close(b);
	if (rc == 0)
		rc = compare_names(c, &p, err);
	for (int i = 0; i < 2; i++) {
		names_free(&p.names[i]);
		if (p.dir[i] != NULL)
			(void)closedir(p.dir[i]);
	}
	return rc;
}

int
walk_compare(int a, int b, const struct walk_told *told, struct error *err)
{
	static const char here[] = " .";
	struct compare c = {.told = told};
	int fd[2] = {-1, -1}, rc = -1;

	buf_puts(&c.path, "");
	c.block[0] = xmalloc(BLOCK);
	c.block[1] = xmalloc(BLOCK);
	/* Some of our own: fdopendir(3) takes what it is given. */
	fd[0] = open_dir(&c, a, here, err);
	if (fd[0] != -1)
		fd[1] = open_dir(&c, b, here, err);
	if (fd[1] != -1)
		rc = compare_dirs(&c, fd[0], fd[1], err);
	else if (fd[0] != -1)
		(void)close(fd[0]);
	free(c.block[0]);
	free(c.block[1]);
	buf_free(&c.path);
	return rc;
}
