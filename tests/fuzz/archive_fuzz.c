/*
 * Any bytes as an archive: what is written stays in its directory, and is
 * nothing but files, directories and links that lead nowhere else.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/archive_unpack.h"
#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/tree.h"
#include "kelpie/walk.h"

/* One directory for all runs, empty between them, gone at the end. */
static char top[] = "/tmp/kelpie-archive-fuzz.XXXXXX";

static void
leave(void)
{
	(void)rmdir(top);
}

static int
open_top(void)
{
	static int fd = -1;

	if (fd == -1) {
		require(mkdtemp(top) != NULL);
		require(atexit(leave) == 0);
		fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		require(fd != -1);
	}
	return fd;
}

static void
on_note(void *ctx, const char *line)
{
	(void)ctx;
	require(*line != '\0');
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	require(total == 0 || done <= total);
}

static int
unpack(int dirfd, const uint8_t *data, size_t size, const char *path)
{
	static const struct limits limits = {.files = 200,
	    .bytes = 1 << 20,
	    .file_bytes = 1 << 18,
	    .depth = 10};
	struct unpack u = {.fd = memfd_create("archive", MFD_CLOEXEC),
	    .path = path,
	    .limits = &limits,
	    .progress = on_progress,
	    .note = on_note};
	struct error err = {.kind = ERR_NONE};
	struct walked walked;
	int rc;

	require(u.fd != -1 && write_fully(u.fd, data, size) == 0);
	require(mkdirat(dirfd, "role", 0755) == 0);
	u.dirfd = openat(dirfd, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = archive_unpack(&u, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	/* The parent finds nothing that the worker should not have written. */
	if (rc == 0)
		require(walk_check(u.dirfd, &limits, &walked, &err) == 0);
	(void)close(u.dirfd);
	(void)close(u.fd);
	require(walk_remove(dirfd, "role", &err) == 0);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"", "roles/a"};
	int dirfd = open_top(), copy;
	const struct dirent *e;
	DIR *d;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		(void)unpack(dirfd, data, size, paths[i]);
	copy = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = copy != -1 ? fdopendir(copy) : NULL;
	require(d != NULL);
	while ((e = readdir(d)) != NULL)
		require(e->d_name[0] == '.');
	(void)closedir(d);
	return 0;
}
