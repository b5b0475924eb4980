/*
 * work_dir.h - a directory of their own that tests work in, and its files.
 */
#ifndef WORK_DIR_H
#define WORK_DIR_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "texts.h"

/* The directory, without links in its path. */
static char *top;

/* Make it the current one.  Returns -1 if that cannot be. */
static inline int
open_work_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/workXXXXXX", tmp != NULL ? tmp : "/tmp");

	if (mkdtemp(dir) == NULL || chdir(dir) == -1)
		return -1;
	top = realpath(dir, NULL);
	free(dir);
	return 0;
}

/* It has to be empty again. */
static inline int
close_work_dir(void)
{
	if (chdir("/") == -1 || rmdir(top) == -1)
		return -1;
	free(top);
	return 0;
}

static inline void
write_bytes(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd != -1 && write(fd, data, len) == (ssize_t)len);
	(void)close(fd);
}

static inline void
write_file(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

/* want with the directory put in for each TOP. */
static inline char *
with_top(const char *want)
{
	return replaced(want, "TOP", top);
}

#endif
