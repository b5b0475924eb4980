#include "kelpie/mirror.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"

#define PACK ".pack"
#define ARCHIVE ".archive"
#define TMP ".tmp-"
#define PIECE 65536

void
mirror_name(char out[MIRROR_NAME_MAX], const char *id)
{
	(void)snprintf(out, MIRROR_NAME_MAX, "%s%s", id,
	    is_commit_id(id) ? PACK : ARCHIVE);
}

/* Digits of which is() is true, and the tail. */
static bool
is_named(const char *name, bool (*is)(const char *), size_t digits,
    const char *tail)
{
	char id[MIRROR_NAME_MAX];

	if (strlen(name) != digits + strlen(tail) ||
	    strcmp(name + digits, tail) != 0)
		return false;
	memcpy(id, name, digits);
	id[digits] = '\0';
	return is(id);
}

bool
mirror_has_name(const char *name)
{
	return is_named(name, is_commit_id, 40, PACK) ||
	    is_named(name, is_sha256_hex, 64, ARCHIVE) ||
	    strcmp(name, MIRROR_LOCK) == 0;
}

bool
mirror_is_litter(const char *name)
{
	return strncmp(name, TMP, sizeof(TMP) - 1) == 0;
}

int
mirror_open(int dirfd, const char *name)
{
	/* A pipe must not hold us up. */
	int fd = openat(dirfd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	(void)close(fd);
	errno = EINVAL;
	return -1;
}

/* read(2) until it is one: -1, 0 at the end. */
static ssize_t
read_piece(int fd, char *piece, off_t at)
{
	ssize_t n;

	/* The descriptor may share its offset with others. */
	do
		n = pread(fd, piece, PIECE, at);
	while (n == -1 && errno == EINTR);
	return n;
}

int
mirror_measure(struct mirror_file *out, int dirfd, const char *name)
{
	int fd = mirror_open(dirfd, name);
	char *piece;
	SHA2_CTX sha;
	ssize_t n;

	if (fd == -1)
		return -1;
	*out = (struct mirror_file){.size = 0};
	(void)snprintf(out->name, sizeof(out->name), "%s", name);
	piece = xmalloc(PIECE);
	SHA256Init(&sha);
	while ((n = read_piece(fd, piece, (off_t)out->size)) > 0) {
		SHA256Update(&sha, (const uint8_t *)piece, (size_t)n);
		out->size += (uint64_t)n;
	}
	(void)SHA256End(&sha, out->sha256);
	free(piece);
	(void)close(fd);
	return n == 0 ? 0 : -1;
}

int
mirror_read(struct buf *b, int dirfd, const char *name, struct error *err)
{
	int fd = mirror_open(dirfd, name), rc;

	if (fd == -1 && errno == ENOENT)
		return error_set(err, ERR_NOTFOUND, "there is no '%s'", name);
	if (fd == -1)
		return error_errno(err, "open '%s'", name);
	rc = buf_read(b, fd, MIRROR_BYTES_MAX, err);
	(void)close(fd);
	return rc;
}

/* ---- writing ---- */

static int
begin(int dirfd, char tmp[MIRROR_NAME_MAX])
{
	(void)snprintf(tmp, MIRROR_NAME_MAX, TMP "%ld-%08lx", (long)getpid(),
	    (unsigned long)arc4random());
	return openat(dirfd, tmp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
}

/* rc 0: all of it was written; else errno says why not. */
static int
end(int dirfd, int fd, const char *tmp, const char *name, int rc)
{
	int saved;

	if (fd == -1)
		return -1;
	if (close(fd) == -1)
		rc = -1;
	if (rc == 0 && renameat(dirfd, tmp, dirfd, name) == 0)
		return 0;
	saved = errno;
	(void)unlinkat(dirfd, tmp, 0);
	errno = saved;
	return -1;
}

static int
pour(int to, int from)
{
	char *piece = xmalloc(PIECE);
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read_piece(from, piece, at)) != 0) {
		rc = n == -1 ? -1 : write_fully(to, piece, (size_t)n);
		at += n;
	}
	free(piece);
	return rc;
}

int
mirror_copy(int dirfd, const char *name, int fd, struct error *err)
{
	char tmp[MIRROR_NAME_MAX];
	int to = begin(dirfd, tmp), rc = to != -1 ? pour(to, fd) : -1;

	if (end(dirfd, to, tmp, name, rc) == 0)
		return 0;
	return error_errno(err, "write '%s'", name);
}

int
mirror_write(int dirfd, const char *name, const void *data, size_t len,
    struct error *err)
{
	char tmp[MIRROR_NAME_MAX];
	int fd = begin(dirfd, tmp);
	int rc = fd != -1 ? write_fully(fd, data, len) : -1;

	if (end(dirfd, fd, tmp, name, rc) == 0)
		return 0;
	return error_errno(err, "write '%s'", name);
}
