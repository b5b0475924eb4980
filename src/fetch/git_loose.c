#include "fetch/git_loose.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>
#include <zlib.h>

#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"

#define PIECE 32768
#define HEAD_MAX 64 /* what libgit2 unpacks to learn of type and size */
#define ID_HEX 40
#define FIRST 10 /* before the backends of a repository, which have 1 and 2 */
#define DIRS_MAX 32
#define BORROWED_MAX 5 /* from one another: as libgit2 follows them */
#define ALTERNATES_MAX ((size_t)64 << 10)

struct watch {
	git_odb_backend backend; /* the first: libgit2 hands it around */
	int dir[DIRS_MAX]; /* its objects, and those that it borrows */
	size_t n;
};

struct file {
	int fd;
	z_stream z;
	char head[HEAD_MAX + 1];
	uint64_t total; /* unpacked so far */
	bool ended;
};

static void
keep_head(struct file *f, const unsigned char *out, size_t len)
{
	for (size_t i = 0; i < len && f->total + i < HEAD_MAX; i++)
		f->head[f->total + i] = (char)out[i];
	f->total += len;
}

/* What cannot be read is as good as cut off. */
static void
fill(struct file *f, unsigned char in[PIECE])
{
	ssize_t n;

	do
		n = read(f->fd, in, PIECE);
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		return;
	f->z.next_in = in;
	f->z.avail_in = (uInt)n;
}

/* Unpack until there are enough bytes; true if all is well so far. */
static bool
unpack(struct file *f, uint64_t enough)
{
	unsigned char in[PIECE], out[PIECE];
	int rc = Z_OK;

	while (rc == Z_OK && f->total < enough) {
		if (f->z.avail_in == 0)
			fill(f, in);
		f->z.next_out = out;
		f->z.avail_out = PIECE;
		/* Nothing left to read is Z_BUF_ERROR. */
		rc = inflate(&f->z, Z_NO_FLUSH);
		keep_head(f, out, PIECE - f->z.avail_out);
	}
	f->ended = rc == Z_STREAM_END;
	return f->ended || rc == Z_OK;
}

/* "type size", NUL and as many bytes as that says. */
static bool
has_its_size(const struct file *f)
{
	const char *size = strchr(f->head, ' ');
	char *end;
	uintmax_t n;

	if (size == NULL || size[1] < '0' || size[1] > '9')
		return false;
	n = strtoumax(size + 1, &end, 10);
	return *end == '\0' && f->total == (uint64_t)(end + 1 - f->head) + n;
}

static bool
is_whole(int fd, uint64_t enough)
{
	struct file f = {.fd = fd};
	bool whole;

	if (inflateInit(&f.z) != Z_OK)
		return false;
	whole = unpack(&f, enough) && (!f.ended || has_its_size(&f));
	(void)inflateEnd(&f.z);
	return whole;
}

/* Never says what is in an object: GIT_ENOTFOUND leaves that to the others. */
static int
look(const git_odb_backend *backend, const git_oid *id, uint64_t enough)
{
	const struct watch *w = (const struct watch *)backend;
	char hex[ID_HEX + 1], name[ID_HEX + 2];
	int fd, rc = GIT_ENOTFOUND;

	(void)git_oid_tostr(hex, sizeof(hex), id);
	(void)snprintf(name, sizeof(name), "%.2s/%s", hex, hex + 2);
	for (size_t i = 0; i < w->n && rc == GIT_ENOTFOUND; i++) {
		fd = openat(w->dir[i], name,
		    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd == -1)
			continue;
		if (!is_whole(fd, enough)) {
			git_error_set_str(GIT_ERROR_ODB,
			    "its file is damaged or cut off");
			rc = GIT_ERROR;
		}
		(void)close(fd);
	}
	return rc;
}

static int
read_all(void **data, size_t *len, git_object_t *type, git_odb_backend *backend,
    const git_oid *id)
{
	*data = NULL;
	*len = 0;
	*type = GIT_OBJECT_INVALID;
	return look(backend, id, UINT64_MAX);
}

static int
read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
    const git_oid *id)
{
	*len = 0;
	*type = GIT_OBJECT_INVALID;
	return look(backend, id, HEAD_MAX);
}

/* What there is the others tell; libgit2 asks every backend. */
static int
for_each(git_odb_backend *backend, git_odb_foreach_cb each, void *payload)
{
	(void)backend, (void)each, (void)payload;
	return 0;
}

static void
watch_free(git_odb_backend *backend)
{
	struct watch *w = (struct watch *)backend;

	for (size_t i = 0; i < w->n; i++)
		(void)close(w->dir[i]);
	free(w);
}

static void add_directory(struct watch *, const char *path, unsigned borrowed);

/* gitrepository-layout(5), objects/info/alternates: a directory a line. */
static void
add_borrowed(struct watch *w, const char *path, char *lines, unsigned borrowed)
{
	char *line, *below;

	while ((line = strsep(&lines, "\n")) != NULL) {
		if (*line == '\0' || *line == '#')
			continue;
		below = *line == '/' ? xstrdup(line) :
				       xasprintf("%s/%s", path, line);
		add_directory(w, below, borrowed);
		free(below);
	}
}

/* What cannot be opened here cannot be read by libgit2 either. */
static void
add_directory(struct watch *w, const char *path, unsigned borrowed)
{
	struct buf lines = {0};
	struct error err;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), list;

	if (fd == -1)
		return;
	if (w->n == DIRS_MAX) {
		(void)close(fd);
		return;
	}
	w->dir[w->n++] = fd;
	list = openat(fd, "info/alternates", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (list == -1)
		return;
	if (borrowed < BORROWED_MAX &&
	    buf_read(&lines, list, ALTERNATES_MAX, &err) == 0 && lines.len != 0)
		add_borrowed(w, path, lines.data, borrowed + 1);
	(void)close(list);
	buf_free(&lines);
}

int
loose_watch(git_repository *repo, git_odb *odb, struct error *err)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	git_buf path = GIT_BUF_INIT;
	int rc = -1;

	git_error_clear();
	if (git_odb_init_backend(&w->backend, GIT_ODB_BACKEND_VERSION) < 0 ||
	    git_repository_item_path(&path, repo, GIT_REPOSITORY_ITEM_OBJECTS) <
		0)
		goto out;
	add_directory(w, path.ptr, 0);
	w->backend.read = read_all;
	w->backend.read_header = read_header;
	w->backend.foreach = for_each;
	w->backend.free = watch_free;
	rc = git_odb_add_backend(odb, &w->backend, FIRST);
out:
	git_buf_dispose(&path);
	if (rc == 0)
		return 0;
	watch_free(&w->backend);
	return git_fail(err, ERR_LOCAL, "open the objects");
}
