/*
 * Any bytes as an archive: what is written stays in its directory, and is
 * nothing but files, directories and links that lead nowhere else, within
 * the limits; also when it is refused half-way.
 */
#include <sys/mman.h>
#include <sys/stat.h>

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
#include "stage.h"

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

static void
unpack(const uint8_t *data, size_t size, const char *path)
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
	u.dirfd = stage_open();
	rc = archive_unpack(&u, &err);
	require((rc == -1) == (err.kind != ERR_NONE));
	require(
	    rc == 0 || err.kind == ERR_NOTFOUND || err.kind == ERR_INTEGRITY);
	stage_check(u.dirfd, &limits);
	/* The parent finds nothing that the worker should not have written. */
	if (rc == 0)
		require(walk_check(u.dirfd, &limits, &walked, &err) == 0);
	(void)close(u.fd);
	stage_close(u.dirfd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)umask(022);
	unpack(data, size, "");
	unpack(data, size, "roles/a");
	return 0;
}
