#include "kelpie/tree.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"

struct level {
	char *name;
	int fd;
};

struct link {
	char *path, *target;
};

/*
 * level[] is the directory of the path that came last, with every directory
 * above it: files that come in the order of a git tree need one open each.
 */
struct tree {
	int root;
	struct limits limits;
	uint64_t files, bytes;
	struct level *level;
	size_t depth, room;
	struct link *link;
	size_t links, links_room;
};

struct tree *
tree_open(int dirfd, const struct limits *limits)
{
	struct tree *t = xcalloc(1, sizeof(*t));

	t->root = dirfd;
	t->limits = *limits;
	return t;
}

static void
leave(struct tree *t, size_t depth)
{
	while (t->depth > depth) {
		t->depth--;
		(void)close(t->level[t->depth].fd);
		free(t->level[t->depth].name);
	}
}

void
tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	leave(t, 0);
	for (size_t i = 0; i < t->links; i++) {
		free(t->link[i].path);
		free(t->link[i].target);
	}
	free(t->level);
	free(t->link);
	free(t);
}

static int
current(const struct tree *t)
{
	return t->depth != 0 ? t->level[t->depth - 1].fd : t->root;
}

static int
duplicate(const char *path, struct error *err)
{
	return error_set(err, ERR_INTEGRITY, "duplicate entry '%s'", path);
}

static int
count_one(struct tree *t, struct error *err)
{
	if (t->files++ < t->limits.files)
		return 0;
	return error_set(err, ERR_INTEGRITY,
	    "more than %" PRIu64 " files; --max-files raises the limit",
	    t->limits.files);
}

static int
count_bytes(struct tree *t, const char *path, size_t len, struct error *err)
{
	if (len > t->limits.file_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' has more than %" PRIu64
		    " bytes; --max-file-bytes raises the limit",
		    path, t->limits.file_bytes);
	if (len > t->limits.bytes - t->bytes)
		return error_set(err, ERR_INTEGRITY,
		    "more than %" PRIu64 " bytes; --max-bytes raises the limit",
		    t->limits.bytes);
	t->bytes += len;
	return 0;
}

/* Check a path before anything of it is made.  *parts counts them. */
static int
check_path(const struct tree *t, const char *path, bool dir, unsigned *parts,
    struct error *err)
{
	const char *part = path;
	size_t len;

	*parts = 0;
	if (strlen(path) > PATH_MAX_BYTES)
		return error_set(err, ERR_INTEGRITY,
		    "path longer than %d bytes: '%.64s...'", PATH_MAX_BYTES,
		    path);
	for (;;) {
		len = strcspn(part, "/");
		if (!entry_ok(part, len))
			return error_set(err, ERR_INTEGRITY,
			    "bad file name in '%s'", path);
		++*parts;
		if (part[len] == '\0')
			break;
		part += len + 1;
	}
	if (*parts - (dir ? 0 : 1) > t->limits.depth)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' is more than %u directories deep; --max-depth "
		    "raises the limit",
		    path, t->limits.depth);
	return 0;
}

/* Make the directory name in the current one, or find it, and go there. */
static int
enter(struct tree *t, const char *path, const char *name, size_t len,
    struct error *err)
{
	char *copy = xstrndup(name, len);
	int at = current(t), fd;

	if (mkdirat(at, copy, MODE_DIR) == 0) {
		if (count_one(t, err) == -1)
			goto fail;
	} else if (errno != EEXIST) {
		(void)error_errno(err, "cannot make '%s'", path);
		goto fail;
	}
	fd = openat(at, copy, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 && (errno == ENOTDIR || errno == ELOOP))
		(void)duplicate(path, err);
	else if (fd == -1)
		(void)error_errno(err, "cannot open '%s'", path);
	if (fd == -1)
		goto fail;
	if (t->depth == t->room) {
		t->room = t->room != 0 ? 2 * t->room : 8;
		t->level = xreallocarray(t->level, t->room, sizeof(*t->level));
	}
	t->level[t->depth++] = (struct level){copy, fd};
	return 0;
fail:
	free(copy);
	return -1;
}

/*
 * Make the first dirs parts of path the current directory.  *last is what
 * comes behind them.
 */
static int
go(struct tree *t, const char *path, unsigned dirs, const char **last,
    struct error *err)
{
	const char *part = path;
	size_t len;

	for (size_t i = 0; i < dirs; i++) {
		len = strcspn(part, "/");
		if (i < t->depth && strncmp(t->level[i].name, part, len) == 0 &&
		    t->level[i].name[len] == '\0') {
			part += len + 1;
			continue;
		}
		leave(t, i);
		if (enter(t, path, part, len, err) == -1)
			return -1;
		part += len + 1;
	}
	leave(t, dirs);
	if (last != NULL)
		*last = part;
	return 0;
}

int
tree_dir(struct tree *t, const char *path, struct error *err)
{
	unsigned parts;

	if (check_path(t, path, true, &parts, err) == -1)
		return -1;
	return go(t, path, parts, NULL, err);
}

int /* NOLINTNEXTLINE(readability-function-size): six parameters */
tree_file(struct tree *t, const char *path, bool executable, const void *data,
    size_t len, struct error *err)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	const char *name;
	unsigned parts;
	int fd, rc;

	if (check_path(t, path, false, &parts, err) == -1 ||
	    count_bytes(t, path, len, err) == -1 ||
	    go(t, path, parts - 1, &name, err) == -1 || count_one(t, err) == -1)
		return -1;
	fd = openat(current(t), name, flags, mode_of_file(executable));
	if (fd == -1 && errno == EEXIST)
		return duplicate(path, err);
	if (fd == -1)
		return error_errno(err, "cannot make '%s'", path);
	rc = write_fully(fd, data, len);
	if (rc == -1)
		(void)error_errno(err, "cannot write '%s'", path);
	if (close(fd) == -1 && rc == 0)
		rc = error_errno(err, "cannot write '%s'", path);
	return rc;
}

int
tree_link(struct tree *t, const char *path, const char *target, size_t len,
    struct error *err)
{
	unsigned parts;

	if (check_path(t, path, false, &parts, err) == -1 ||
	    count_one(t, err) == -1)
		return -1;
	if (!link_ok(target, len, parts - 1))
		return error_set(err, ERR_INTEGRITY,
		    "link '%s' may lead out of the role: '%.*s'", path,
		    len < 128 ? (int)len : 128, target);
	if (t->links == t->links_room) {
		t->links_room = t->links_room != 0 ? 2 * t->links_room : 8;
		t->link =
		    xreallocarray(t->link, t->links_room, sizeof(*t->link));
	}
	t->link[t->links++] =
	    (struct link){xstrdup(path), xstrndup(target, len)};
	return 0;
}

/*
 * The links come last, so that while files are written there is none that a
 * path could lead through; what stands in a link's place is refused by
 * symlinkat(2), what would lie below one by enter().
 */
int
tree_finish(struct tree *t, struct error *err)
{
	const struct link *link;
	const char *name;
	unsigned parts;

	for (size_t i = 0; i < t->links; i++) {
		link = &t->link[i];
		if (check_path(t, link->path, false, &parts, err) == -1 ||
		    go(t, link->path, parts - 1, &name, err) == -1)
			return -1;
		if (symlinkat(link->target, current(t), name) == 0)
			continue;
		if (errno == EEXIST)
			return duplicate(link->path, err);
		return error_errno(err, "cannot make '%s'", link->path);
	}
	return 0;
}
