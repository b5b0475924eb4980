#include "file.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "path.h"

static int
fill(int fd, const struct buf *b, const struct stat *old)
{
	if (old != NULL && fchmod(fd, old->st_mode & 0777) == -1)
		return -1;
	if (write_fully(fd, b->len != 0 ? b->data : "", b->len) == -1)
		return -1;
	return fsync(fd);
}

/* The rename itself is on the disk. */
static int
sync_directory(const char *path)
{
	char *dir = path_dir(path);
	int rc, fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	if (fd == -1)
		return -1;
	rc = below_sync(fd);
	(void)close(fd);
	return rc;
}

static int
write_beside(const char *path, const char *temporary, const struct buf *b,
    const struct stat *old)
{
	int rc, saved, fd;

	fd = open(temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd == -1)
		return -1;
	rc = fill(fd, b, old);
	saved = errno;
	if (close(fd) == -1 && rc == 0) {
		rc = -1;
		saved = errno;
	}
	if (rc == 0 && rename(temporary, path) == 0)
		return sync_directory(path);
	if (rc == 0)
		saved = errno;
	(void)unlink(temporary);
	errno = saved;
	return -1;
}

static int
write_into(const char *path, const struct buf *b)
{
	int rc, fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	rc = write_fully(fd, b->data, b->len);
	return close(fd) == -1 ? -1 : rc;
}

int
file_replace(const char *path, const struct buf *b, struct error *err)
{
	char *real = realpath(path, NULL), *temporary;
	const char *target = real != NULL ? real : path;
	struct stat st;
	bool there = stat(target, &st) == 0;
	int rc;

	if (there && !S_ISREG(st.st_mode)) {
		rc = write_into(target, b);
	} else {
		temporary = xasprintf("%s.%ld.new", target, (long)getpid());
		rc = write_beside(target, temporary, b, there ? &st : NULL);
		free(temporary);
	}
	if (rc == -1)
		(void)error_errno(err, "write '%s'", path);
	free(real);
	return rc;
}
