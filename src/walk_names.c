#include "walk_priv.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

const struct dirent *
dir_next(DIR *dir)
{
	const struct dirent *e;

	do {
		errno = 0;
		e = readdir(dir);
	} while (e != NULL &&
	    (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	return e;
}

unsigned char
dir_type(DIR *dir, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type;
	if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return DT_UNKNOWN;
	return IFTODT(st.st_mode);
}

static int
compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x + 1, *y + 1);
}

int
names_read(struct names *names, DIR *dir, uint64_t max)
{
	const struct dirent *e;
	const char *at;
	unsigned char type;

	*names = (struct names){0};
	while ((e = dir_next(dir)) != NULL) {
		if (names->n >= max)
			return 1;
		type = dir_type(dir, e);
		if (type == DT_UNKNOWN)
			return -1;
		buf_add(&names->mem, &type, 1);
		buf_add(&names->mem, e->d_name, strlen(e->d_name) + 1);
		names->n++;
	}
	if (errno != 0)
		return -1;
	names->v = xreallocarray(NULL, names->n, sizeof(*names->v));
	at = names->mem.data;
	for (size_t i = 0; i < names->n; i++) {
		names->v[i] = at;
		at += 1 + strlen(at + 1) + 1;
	}
	qsort(names->v, names->n, sizeof(*names->v), compare);
	return 0;
}

void
names_free(struct names *names)
{
	free(names->v);
	buf_free(&names->mem);
}

bool
walk_leaves_out(const char *path, const char *name, bool dir)
{
	size_t len = strlen(name);

	if (dir)
		return strcmp(name, "__pycache__") == 0;
	if (len >= 4 && strcmp(name + len - 4, ".pyc") == 0)
		return true;
	return strcmp(path, "meta/.galaxy_install_info") == 0;
}
