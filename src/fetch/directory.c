#include "fetch/directory.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/git.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/tree.h"
#include "kelpie/url.h"

struct copy {
	struct fetcher *fetcher;
	struct tree *tree;
	struct buf path; /* of the entry at hand, from the role's root */
	uint64_t done;
};

static int
copy_file(struct copy *c, int dirfd, const char *name, struct error *err)
{
	const struct limits *limits = &c->fetcher->opts.limits;
	int rc = -1,
	    fd = openat(dirfd, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct buf data = {0};
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		(void)error_errno(err, "open '%s'", c->path.data);
	else if (buf_read(&data, fd, (size_t)limits->file_bytes, err) == -1)
		(void)error_wrap(err, "'%s' (--max-file-bytes)", c->path.data);
	else
		rc = tree_file(c->tree, c->path.data, mode_has_x(st.st_mode),
		    data.data != NULL ? data.data : "", data.len, err);
	if (fd != -1)
		(void)close(fd);
	buf_free(&data);
	return rc;
}

static int
copy_link(struct copy *c, int dirfd, const char *name, struct error *err)
{
	char target[LINK_MAX_BYTES + 1];
	ssize_t len = readlinkat(dirfd, name, target, sizeof(target));

	if (len == -1)
		return error_errno(err, "read the link '%s'", c->path.data);
	return tree_link(c->tree, c->path.data, target, (size_t)len, err);
}

static int copy_directory(struct copy *, int fd, struct error *);

static int
copy_below(struct copy *c, int dirfd, const char *name, struct error *err)
{
	int fd = openat(dirfd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1)
		return error_errno(err, "open '%s'", c->path.data);
	if (tree_dir(c->tree, c->path.data, err) == -1) {
		(void)close(fd);
		return -1;
	}
	return copy_directory(c, fd, err);
}

static int
copy_entry(struct copy *c, int dirfd, const char *name, struct error *err)
{
	struct worker *w = c->fetcher->worker;
	struct stat st;

	/* The roles may go to a directory inside of this one. */
	if (strcmp(name, ".git") == 0 || strcmp(name, ".kelpie") == 0) {
		worker_note(w, "'%s' is left out", c->path.data);
		return 0;
	}
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return error_errno(err, "look at '%s'", c->path.data);
	worker_progress(w, PHASE_UNPACK, ++c->done, 0);
	switch (st.st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(c, dirfd, name, err);
	case S_IFLNK:
		return copy_link(c, dirfd, name, err);
	case S_IFDIR:
		return copy_below(c, dirfd, name, err);
	default:
		worker_note(w, "'%s' is no file and left out", c->path.data);
		return 0;
	}
}

/* NULL, and errno is 0, at the end. */
static const struct dirent *
next_entry(DIR *dir)
{
	errno = 0;
	return readdir(dir);
}

/* Closes fd. */
static int
copy_directory(struct copy *c, int fd, struct error *err)
{
	size_t before = c->path.len;
	DIR *dir = fdopendir(fd);
	const struct dirent *e;
	int rc = 0;

	if (dir == NULL) {
		(void)error_errno(err, "read '%s'",
		    before != 0 ? c->path.data : ".");
		(void)close(fd);
		return -1;
	}
	while (rc == 0 && (e = next_entry(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		buf_printf(&c->path, "%s%s", before != 0 ? "/" : "", e->d_name);
		rc = copy_entry(c, fd, e->d_name, err);
		c->path.len = before;
		c->path.data[before] = '\0';
	}
	/* What is missing must not look like a smaller role. */
	if (rc == 0 && errno != 0)
		rc = error_errno(err, "read '%s'",
		    before != 0 ? c->path.data : ".");
	(void)closedir(dir);
	return rc;
}

int
directory_fetch(struct fetcher *f, struct error *err)
{
	struct copy c = {.fetcher = f};
	char *path = url_path(f->job->url);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;

	if (fd == -1) {
		(void)error_errno(err, "open the directory");
		goto out;
	}
	c.tree = tree_open(f->role, &f->opts.limits);
	rc = copy_directory(&c, fd, err);
	if (rc == 0)
		rc = tree_finish(c.tree, err);
	tree_free(c.tree);
out:
	buf_free(&c.path);
	free(path);
	return rc;
}
