/* What kelpie download wrote as a tar, or somebody else did. */
#include "fetch/untar.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/archive_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/mirror.h"
#include "kelpie/sandbox.h"

#define PIECE ((size_t)64 << 10)

/* Nothing in it is compressed, so no more can come out than is in it. */
struct opened {
	int tar, dir;
	struct archive *archive;
	uint64_t room;
};

static int
pour(struct opened *o, int fd, struct error *err)
{
	char *piece = xmalloc(PIECE);
	la_ssize_t n;
	int rc = 0;

	while (
	    rc == 0 && (n = archive_read_data(o->archive, piece, PIECE)) != 0) {
		if (n < 0)
			rc = archive_fail(o->archive, err);
		else if ((uint64_t)n > o->room)
			rc = error_set(err, ERR_INTEGRITY,
			    "more comes out of it than is in it");
		else if (write_fully(fd, piece, (size_t)n) == -1)
			rc = error_errno(err, "write");
		if (rc == 0)
			o->room -= (uint64_t)n;
	}
	free(piece);
	return rc;
}

/* The last part of the path is a name of ours, or it is left out. */
static int
take(struct opened *o, struct archive_entry *e, struct error *err)
{
	const char *path = archive_entry_pathname(e), *name;
	int fd, rc;

	if (path == NULL || archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) != NULL)
		return 0;
	name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	if (!mirror_has_name(name) && strcmp(name, MIRROR_INDEX) != 0)
		return 0;
	fd = openat(o->dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1 && errno == EEXIST)
		return error_set(err, ERR_INTEGRITY, "'%s' is in it twice",
		    name);
	if (fd == -1)
		return error_errno(err, "write '%s'", name);
	rc = pour(o, fd, err);
	(void)close(fd);
	return rc;
}

static int
no_tar(struct error *err)
{
	return error_set(err, ERR_INTEGRITY,
	    "this is no tar as kelpie download writes it; a compressed one has "
	    "to be uncompressed first");
}

static int
take_all(struct opened *o, struct error *err)
{
	struct archive_entry *e;
	bool any = false;
	int rc;

	while ((rc = archive_next(o->archive, &e, err)) == 1) {
		any = true;
		if (take(o, e, err) == -1)
			return -1;
	}
	return rc == -1 && !any ? no_tar(err) : rc;
}

static int
unpack(struct opened *o, struct error *err)
{
	int rc = -1;

	if (o->archive == NULL ||
	    archive_read_support_format_tar(o->archive) != ARCHIVE_OK)
		(void)error_set(err, ERR_LOCAL, "libarchive does not start");
	else if (archive_read_open_fd(o->archive, o->tar, PIECE) != ARCHIVE_OK)
		(void)no_tar(err);
	else
		rc = take_all(o, err);
	(void)archive_read_free(o->archive);
	return rc;
}

/* Open both, and give up everything else. */
static int
confine(struct opened *o, const struct untar *u, struct error *err)
{
	static const char *const read[] = {NULL};
	static const uint16_t ports[] = {0};
	struct stat st;

	o->tar = open(u->tar, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	o->dir = open(u->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->tar == -1 || o->dir == -1 || fstat(o->tar, &st) == -1)
		return error_errno(err, "open it");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERR_LOCAL, "it is no file any more");
	o->room = (uint64_t)st.st_size;
	sandbox_choose(u->sandbox);
	return sandbox_enter(&(const struct sandbox){.write_dir = o->dir,
				 .read = read,
				 .ports = ports,
				 .file_max = o->room},
	    err);
}

int
fetch_untar(int fd, void *ctx)
{
	struct opened o = {.archive = archive_read_new()};
	struct error err;

	if (confine(&o, ctx, &err) == 0 && unpack(&o, &err) == 0)
		return 0;
	return write_fully(fd, err.msg, strlen(err.msg)) == 0 ? 0 : 1;
}
