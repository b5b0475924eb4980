#include "below.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/rules.h"

static int
open_part(int dirfd, const char *part)
{
	struct stat st;
	int fd = openat(dirfd, part,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* Systems do not agree on what a link is told to be. */
	if (fd == -1 && errno != ENOENT &&
	    fstatat(dirfd, part, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISLNK(st.st_mode))
			errno = ELOOP;
		else if (!S_ISDIR(st.st_mode))
			errno = ENOTDIR;
	}
	return fd;
}

int
below_open(int dirfd, const char *path)
{
	char part[ENTRY_MAX_BYTES + 1];
	int fd = -1, next, saved;
	size_t len;

	for (;;) {
		len = strcspn(path, "/");
		if (len >= sizeof(part)) {
			next = -1;
			errno = ENAMETOOLONG;
		} else {
			memcpy(part, path, len);
			part[len] = '\0';
			next = open_part(fd == -1 ? dirfd : fd, part);
		}
		saved = errno;
		if (fd != -1)
			(void)close(fd);
		errno = saved;
		fd = next;
		if (fd == -1 || path[len] == '\0')
			return fd;
		path += len + 1;
	}
}

int
below_sync(int dirfd)
{
	return fsync(dirfd) == 0 || errno == EINVAL ? 0 : -1;
}
