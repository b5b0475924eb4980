/* What lies there already, under names of ours. */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cmd/download.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/mirror.h"

static bool
is_another(int dirfd, const char *name, const char *start, size_t len)
{
	struct buf text = {0};
	struct error ignored;
	bool other = mirror_read(&text, dirfd, name, &ignored) == 0 &&
	    text.len > 0 &&
	    (text.len < len || memcmp(text.data, start, len) != 0);

	buf_free(&text);
	return other;
}

int
download_check(const char *path, int dirfd, const struct lockfile *of,
    struct error *err)
{
	static const char head[] = "kelpie-mirror ";
	const char *name = NULL;
	struct buf lock = {0};

	lockfile_format(&lock, of);
	if (is_another(dirfd, MIRROR_INDEX, head, sizeof(head) - 1))
		name = MIRROR_INDEX;
	else if (faccessat(dirfd, MIRROR_INDEX, F_OK, 0) == -1 &&
	    is_another(dirfd, MIRROR_LOCK, lock.data, lock.len))
		name = MIRROR_LOCK;
	buf_free(&lock);
	if (name == NULL)
		return 0;
	return error_set(err, ERR_REFUSED,
	    "the file '%s' in '%s' is not of kelpie download: name another "
	    "directory, or move it away",
	    name, path);
}
