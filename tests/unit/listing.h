/*
 * listing.h - what was written into a directory, as text, and away with it.
 */
#ifndef LISTING_H
#define LISTING_H

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

static inline void
list_file(struct buf *out, int dirfd, const char *name)
{
	struct error err;
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);

	buf_puts(out, ": ");
	CHECK(fd != -1 && buf_read(out, fd, 1 << 20, &err) == 0);
	buf_puts(out, "\n");
	(void)close(fd);
}

/*
 * What is in a directory: "name: content", "name*: content" if it can be
 * executed, "name -> target", "name/" and what is in that.
 */
static inline void
list(struct buf *out, int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **names = NULL;
	char target[2048];
	struct stat st;
	int i, n = scandirat(dirfd, path, &names, NULL, alphasort);

	for (i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		ssize_t len;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
			free(names[i]);
			continue;
		}
		CHECK(fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
		CHECK((st.st_mode & 07022) == 0 || S_ISLNK(st.st_mode));
		buf_printf(out, "%s%s", name,
		    S_ISREG(st.st_mode) && (st.st_mode & 0111) ? "*" : "");
		if (S_ISDIR(st.st_mode)) {
			buf_puts(out, "/\n");
			list(out, fd, name);
		} else if (S_ISLNK(st.st_mode)) {
			len = readlinkat(fd, name, target, sizeof(target) - 1);
			target[len > 0 ? len : 0] = '\0';
			buf_printf(out, " -> %s\n", target);
		} else
			list_file(out, fd, name);
		free(names[i]);
	}
	free(names);
	(void)close(fd);
}

static inline void
remove_all(int dirfd, const char *name)
{
	int fd = openat(dirfd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (d == NULL) {
		(void)unlinkat(dirfd, name, 0);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			remove_all(fd, e->d_name);
	(void)closedir(d);
	(void)unlinkat(dirfd, name, AT_REMOVEDIR);
}

#endif
