#include "kelpie/walk.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sha2.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/tree.h"
#include "walk_priv.h"

#define BLOCK 65536

/*
 * The digest is SHA-256 over the files and links, each as
 *
 *	type SP path NUL length NUL content
 *
 * where type is 'f', 'x' (a file that its owner may execute), 'l' (a link;
 * its content is the target) or 'o' (something else, without content), path
 * begins at the root, and length is decimal.  The entries of a directory
 * come in the order of their names' bytes.  A directory is there through
 * what lies in it, so empty ones leave no trace.
 */
struct walk {
	const struct limits *limits;
	bool check; /* and not only hash */
	struct walked *out;
	struct buf path; /* of the entry at hand */
	unsigned depth; /* directories between it and the root */
	bool left_out; /* it stays out of the digest */
	uint64_t entries; /* so far, directories too */
	mode_t mask;
	SHA2_CTX sha;
	uint8_t *block;
};

static int walk_dir(struct walk *, int fd, struct error *);

static int
bad(const struct walk *w, const char *why, struct error *err)
{
	return error_set(err, ERR_INTEGRITY, "'%s' %s", w->path.data, why);
}

static int
failed(const struct walk *w, const char *what, struct error *err)
{
	return error_errno(err, "cannot %s '%s'", what,
	    w->path.len != 0 ? w->path.data : ".");
}

static void
hash_head(struct walk *w, char type, uint64_t len)
{
	const uint8_t start[] = {(uint8_t)type, ' '};
	char size[24];
	int n = snprintf(size, sizeof(size), "%" PRIu64, len);

	w->out->files++;
	w->out->bytes += type == 'l' ? 0 : len;
	if (w->left_out)
		return;
	SHA256Update(&w->sha, start, sizeof(start));
	SHA256Update(&w->sha, (const uint8_t *)w->path.data, w->path.len + 1);
	SHA256Update(&w->sha, (const uint8_t *)size, (size_t)n + 1);
}

/* Give the open file or directory the mode that it is to have. */
static int
set_mode(const struct walk *w, int fd, mode_t mode, mode_t want,
    struct error *err)
{
	want &= ~w->mask;
	if ((mode & 07777) == want || fchmod(fd, want) == 0)
		return 0;
	return failed(w, "set the mode of", err);
}

static int
check_bytes(struct walk *w, uint64_t size, struct error *err)
{
	if (size > w->limits->file_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' has more than %" PRIu64
		    " bytes; --max-file-bytes raises the limit",
		    w->path.data, w->limits->file_bytes);
	/* Every file before this one has passed, so this cannot wrap. */
	if (size > w->limits->bytes - w->out->bytes)
		return error_set(err, ERR_INTEGRITY,
		    "more than %" PRIu64 " bytes; --max-bytes raises the limit",
		    w->limits->bytes);
	return 0;
}

/* Hash exactly size bytes: that is what the head says. */
static int
hash_content(struct walk *w, int fd, uint64_t size, struct error *err)
{
	ssize_t n;

	while (size > 0) {
		n = read(fd, w->block, size < BLOCK ? (size_t)size : BLOCK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return failed(w, "read", err);
		if (n == 0)
			return error_set(err, ERR_LOCAL,
			    "'%s' was cut while it was read", w->path.data);
		SHA256Update(&w->sha, w->block, (size_t)n);
		size -= (uint64_t)n;
	}
	return 0;
}

static int
check_file(struct walk *w, int fd, const struct stat *st, struct error *err)
{
	mode_t want = mode_of_file(mode_has_x(st->st_mode));

	if (st->st_nlink != 1)
		return bad(w, "is a hard link", err);
	if (check_bytes(w, (uint64_t)st->st_size, err) == -1)
		return -1;
	return set_mode(w, fd, st->st_mode, want, err);
}

static int
walk_file(struct walk *w, int dirfd, const char *name, struct error *err)
{
	/* Whatever has come into the file's place must not make this wait. */
	int fd = openat(dirfd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	uint64_t size;
	int rc = -1;

	if (fd == -1)
		return failed(w, "open", err);
	if (fstat(fd, &st) == -1) {
		(void)failed(w, "look at", err);
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		(void)bad(w, "is no regular file", err);
		goto out;
	}
	if (w->check && check_file(w, fd, &st, err) == -1)
		goto out;
	size = (uint64_t)st.st_size;
	hash_head(w, mode_has_x(st.st_mode) ? 'x' : 'f', size);
	rc = w->left_out ? 0 : hash_content(w, fd, size, err);
out:
	(void)close(fd);
	return rc;
}

static int
walk_link(struct walk *w, int dirfd, const char *name, struct error *err)
{
	char *target = (char *)w->block;
	ssize_t n = readlinkat(dirfd, name, target, BLOCK - 1);

	if (n == -1)
		return failed(w, "read", err);
	target[n] = '\0';
	if (w->check && !link_ok(target, (size_t)n, w->depth))
		return error_set(err, ERR_INTEGRITY,
		    "link '%s' may lead out of the role: '%.128s'",
		    w->path.data, target);
	hash_head(w, 'l', (uint64_t)n);
	if (!w->left_out)
		SHA256Update(&w->sha, w->block, (size_t)n);
	return 0;
}

static int
walk_subdir(struct walk *w, int dirfd, const char *name, struct error *err)
{
	int fd = openat(dirfd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int rc;

	if (fd == -1)
		return failed(w, "open", err);
	w->depth++;
	if (w->depth > w->limits->depth) {
		(void)close(fd);
		return error_set(err, ERR_INTEGRITY,
		    "'%s' is more than %u directories deep; --max-depth "
		    "raises the limit",
		    w->path.data, w->limits->depth);
	}
	rc = walk_dir(w, fd, err);
	w->depth--;
	return rc;
}

static int
walk_entry(struct walk *w, int dirfd, unsigned char type, const char *name,
    struct error *err)
{
	if (w->check && !entry_ok(name, strlen(name)))
		return bad(w, "has a name that is not allowed", err);
	if (w->check && w->path.len > PATH_MAX_BYTES)
		return bad(w, "is longer than 1024 bytes", err);
	if (walk_leaves_out(w->path.data, name, type == DT_DIR)) {
		if (!w->check)
			return 0;
		w->left_out = true;
	}
	if (type == DT_DIR)
		return walk_subdir(w, dirfd, name, err);
	if (type == DT_REG)
		return walk_file(w, dirfd, name, err);
	if (type == DT_LNK)
		return walk_link(w, dirfd, name, err);
	if (w->check)
		return bad(w, "is a device, a socket or a pipe", err);
	hash_head(w, 'o', 0);
	return 0;
}

/* Walk what is in a directory; the path is put back after each entry. */
static int
walk_names(struct walk *w, int fd, const struct names *names, struct error *err)
{
	size_t len = w->path.len;
	bool left_out = w->left_out;

	for (size_t i = 0; i < names->n; i++) {
		const char *name = names->v[i] + 1;

		if (len != 0)
			buf_puts(&w->path, "/");
		buf_puts(&w->path, name);
		if (walk_entry(w, fd, (unsigned char)name[-1], name, err) == -1)
			return -1;
		w->path.len = len;
		w->path.data[len] = '\0';
		w->left_out = left_out;
	}
	return 0;
}

/* Read the directory's names and give it its mode. */
static int
begin_dir(struct walk *w, DIR *dir, struct names *names, struct error *err)
{
	uint64_t max = w->limits->files - w->entries;
	int rc = names_read(names, dir, max);
	struct stat st;

	if (rc == -1)
		return failed(w, "read", err);
	if (rc == 1)
		return error_set(err, ERR_INTEGRITY,
		    "more than %" PRIu64 " files; --max-files raises the limit",
		    w->limits->files);
	w->entries += names->n;
	if (!w->check)
		return 0;
	if (fstat(dirfd(dir), &st) == -1)
		return failed(w, "look at", err);
	return set_mode(w, dirfd(dir), st.st_mode, MODE_DIR, err);
}

/* Walk the directory open at fd, and close it. */
static int
walk_dir(struct walk *w, int fd, struct error *err)
{
	DIR *dir = fdopendir(fd);
	struct names names = {0};
	int rc;

	if (dir == NULL) {
		rc = failed(w, "read", err);
		(void)close(fd);
		return rc;
	}
	rc = begin_dir(w, dir, &names, err);
	if (rc == 0)
		rc = walk_names(w, fd, &names, err);
	names_free(&names);
	(void)closedir(dir);
	return rc;
}

static int
walk(int dirfd, const struct limits *limits, struct walked *out,
    struct error *err)
{
	static const struct limits none = {UINT64_MAX, UINT64_MAX, UINT64_MAX,
	    UINT_MAX};
	struct walk w = {
	    .limits = limits != NULL ? limits : &none,
	    .check = limits != NULL,
	    .out = out,
	};
	int fd, rc;

	*out = (struct walked){0};
	w.mask = umask(0);
	(void)umask(w.mask);
	buf_puts(&w.path, "");
	w.block = xmalloc(BLOCK);
	SHA256Init(&w.sha);
	/* One of our own: fdopendir(3) takes what it is given. */
	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd == -1 ? failed(&w, "open", err) : walk_dir(&w, fd, err);
	if (rc == 0)
		(void)SHA256End(&w.sha, out->digest);
	free(w.block);
	buf_free(&w.path);
	return rc;
}

int
walk_check(int dirfd, const struct limits *limits, struct walked *out,
    struct error *err)
{
	return walk(dirfd, limits, out, err);
}

int
walk_digest(int dirfd, struct walked *out, struct error *err)
{
	return walk(dirfd, NULL, out, err);
}
