/* A tar of plain files: POSIX.1-1988, "ustar Interchange Format". */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/download.h"
#include "cmd/scratch.h"
#include "file.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/mirror.h"

#define BLOCK 512
#define SIZE_MAX_TAR (((uint64_t)1 << 33) - 1) /* eleven octal digits */

/* Where the fields of a header begin. */
enum {
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_TIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_VERSION = 263
};

/* The same for everybody and at any time: no owner, no date. */
static void
fill_header(char h[BLOCK], const char *name, uint64_t size)
{
	unsigned sum = 0;

	memset(h, 0, BLOCK);
	(void)snprintf(h, AT_MODE, "%s", name);
	memcpy(h + AT_MODE, "0000644", 8);
	memcpy(h + AT_UID, "0000000", 8);
	memcpy(h + AT_GID, "0000000", 8);
	(void)snprintf(h + AT_SIZE, 12, "%011" PRIo64, size);
	memcpy(h + AT_TIME, "00000000000", 12);
	memset(h + AT_SUM, ' ', 8);
	h[AT_TYPE] = '0';
	memcpy(h + AT_MAGIC, "ustar", 6);
	h[AT_VERSION] = h[AT_VERSION + 1] = '0';
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	(void)snprintf(h + AT_SUM, 7, "%06o", sum);
}

static int
pour(int tar, int fd, uint64_t size, struct error *err)
{
	static const char zeros[BLOCK];
	char piece[16384];
	uint64_t left = size;
	ssize_t n;

	while (left > 0) {
		/* The end of the scratch directory answers it. */
		if (scratch_signal != 0)
			return error_set(err, ERR_CANCELLED, "interrupted");
		n = read(fd, piece,
		    left < sizeof(piece) ? (size_t)left : sizeof(piece));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(err, ERR_LOCAL,
			    "it has become shorter");
		if (write_fully(tar, piece, (size_t)n) == -1)
			return error_errno(err, "write");
		left -= (uint64_t)n;
	}
	n = (ssize_t)((BLOCK - size % BLOCK) % BLOCK);
	if (write_fully(tar, zeros, (size_t)n) == -1)
		return error_errno(err, "write");
	return 0;
}

static int
add(int tar, int dirfd, const char *name, uint64_t size, struct error *err)
{
	int fd = mirror_open(dirfd, name), rc = -1;
	char h[BLOCK];

	if (fd == -1)
		return error_errno(err, "open '%s'", name);
	fill_header(h, name, size);
	if (size > SIZE_MAX_TAR)
		(void)error_set(err, ERR_LOCAL,
		    "too large for a tar; use --directory");
	else if (write_fully(tar, h, sizeof(h)) == -1)
		(void)error_errno(err, "write");
	else
		rc = pour(tar, fd, size, err);
	(void)close(fd);
	return rc == 0 ? 0 : error_wrap(err, "%s", name);
}

static int
write_all(int tar, int dirfd, const struct mirror_index *index,
    struct error *err)
{
	static const char end[2 * BLOCK];
	struct mirror_file self;

	if (mirror_measure(&self, dirfd, MIRROR_INDEX) == -1)
		return error_errno(err, "open '" MIRROR_INDEX "'");
	if (add(tar, dirfd, MIRROR_INDEX, self.size, err) == -1)
		return -1;
	for (size_t i = 0; i < index->n; i++)
		if (add(tar, dirfd, index->v[i].name, index->v[i].size, err) ==
		    -1)
			return -1;
	if (write_fully(tar, end, sizeof(end)) == -1)
		return error_errno(err, "write");
	return 0;
}

int
download_tar(const char *path, int dirfd, const struct mirror_index *index,
    struct error *err)
{
	struct file_out f;
	int rc;

	if (file_begin(&f, path, false, err) == -1)
		return -1;
	rc = write_all(f.fd, dirfd, index, err);
	if (rc == -1)
		(void)error_wrap(err, "%s", path);
	return file_end(&f, rc, err);
}
