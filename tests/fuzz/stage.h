/*
 * stage.h - a directory to write to, and a look at what was written.
 *
 * Written apart from walk.c on purpose: what a symbolic link leads to is
 * asked of the kernel.
 */
#ifndef STAGE_H
#define STAGE_H

#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/tree.h"
#include "kelpie/walk.h"

static char stage_top[256];

static inline void
stage_leave(void)
{
	(void)rmdir(stage_top);
}

/* One directory for all runs, empty between them, gone at the end. */
static inline int
stage_dir(void)
{
	static int fd = -1;
	const char *tmp = getenv("TMPDIR");

	if (fd == -1) {
		(void)snprintf(stage_top, sizeof(stage_top),
		    "%s/kelpie-fuzz.XXXXXX",
		    tmp != NULL && strlen(tmp) < 200 ? tmp : "/tmp");
		require(mkdtemp(stage_top) != NULL);
		require(atexit(stage_leave) == 0);
		fd = open(stage_top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		require(fd != -1);
	}
	return fd;
}

/* Make the directory of a role. */
static inline int
stage_open(void)
{
	int fd;

	require(mkdirat(stage_dir(), "role", 0755) == 0);
	fd = openat(stage_dir(), "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	require(fd != -1);
	return fd;
}

static inline void
stage_close(int fd)
{
	struct error err;

	require(close(fd) == 0);
	require(walk_remove(stage_dir(), "role", &err) == 0);
}

/* The directory fd once more, from its start; readdir() moves what it has. */
static inline DIR *
stage_list(int fd)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again != -1 ? fdopendir(again) : NULL;

	require(d != NULL);
	return d;
}

/* What is there, but for "." and "..". */
static inline size_t
stage_count(int fd)
{
	const struct dirent *e;
	DIR *d = stage_list(fd);
	size_t n = 0;

	while ((e = readdir(d)) != NULL)
		n +=
		    strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	(void)closedir(d);
	return n;
}

/* Does path, links and all, stay below root? */
static inline bool
stays_beneath(int root, const char *path)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	long fd;

	do {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	} while (fd == -1 && errno == EAGAIN);
	if (fd != -1)
		(void)close((int)fd);
	return fd != -1 || errno != EXDEV;
}

struct seen {
	int root;
	struct buf path;
	uint64_t entries, bytes;
	const struct limits *limits;
};

static inline void
stage_entry(struct seen *s, int dirfd, const char *name, unsigned depth)
{
	const struct dirent *e;
	struct stat st;
	size_t len = s->path.len;
	int fd;
	DIR *d;

	buf_printf(&s->path, "%s%s", len != 0 ? "/" : "", name);
	require(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	require(++s->entries <= s->limits->files);
	if (S_ISLNK(st.st_mode)) {
		require(stays_beneath(s->root, s->path.data));
	} else if (S_ISREG(st.st_mode)) {
		require(st.st_mode == (S_IFREG | 0644) ||
		    st.st_mode == (S_IFREG | 0755));
		require(st.st_nlink == 1);
		require((uint64_t)st.st_size <= s->limits->file_bytes);
		s->bytes += (uint64_t)st.st_size;
		require(s->bytes <= s->limits->bytes);
	} else {
		require(st.st_mode == (S_IFDIR | 0755));
		require(depth < s->limits->depth);
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		d = stage_list(fd);
		while ((e = readdir(d)) != NULL)
			if (strcmp(e->d_name, ".") != 0 &&
			    strcmp(e->d_name, "..") != 0)
				stage_entry(s, fd, e->d_name, depth + 1);
		(void)closedir(d);
		(void)close(fd);
	}
	s->path.len = len;
	s->path.data[len] = '\0';
}

/*
 * Nothing but directories, files and links that lead nowhere else, with two
 * modes and within the limits; and nothing beside the role.
 */
static inline void
stage_check(int fd, const struct limits *limits)
{
	struct seen s = {.root = fd, .limits = limits};
	const struct dirent *e;
	DIR *d = stage_list(fd);

	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			stage_entry(&s, fd, e->d_name, 0);
	(void)closedir(d);
	require(stage_count(stage_dir()) == 1);
	buf_free(&s.path);
}

#endif
