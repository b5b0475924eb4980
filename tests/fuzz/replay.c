/*
 * replay.c - run a fuzz target over files instead of made-up bytes.
 *
 * Each argument is a file, or a directory whose files are taken; so any
 * compiler, without libFuzzer, runs whatever was once found.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "kelpie/buf.h"

#define INPUT_MAX (64u << 20)

static int
replay_file(int dirfd, const char *name)
{
	struct buf b = {0};
	struct error err;
	uint8_t *exact;
	int fd, rc;

	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		perror(name);
		return -1;
	}
	rc = buf_read(&b, fd, INPUT_MAX, &err);
	(void)close(fd);
	if (rc == -1) {
		fprintf(stderr, "%s: %s\n", name, err.msg);
		buf_free(&b);
		return -1;
	}
	/* Nothing behind the last byte: a reader that looks there is seen. */
	exact = xmalloc(b.len);
	memcpy(exact, b.data, b.len);
	(void)LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	buf_free(&b);
	return 0;
}

/* Returns how many files were replayed, or -1. */
static int
replay_directory(const char *path)
{
	const struct dirent *entry;
	int n = 0;
	DIR *dir = opendir(path);

	if (dir == NULL) {
		perror(path);
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (replay_file(dirfd(dir), entry->d_name) == -1) {
			n = -1;
			break;
		}
		n++;
	}
	(void)closedir(dir);
	return n;
}

int
main(int argc, char **argv)
{
	struct stat st;
	int n, total = 0;

	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			n = replay_directory(argv[i]);
		else
			n = replay_file(AT_FDCWD, argv[i]) == 0 ? 1 : -1;
		if (n == -1)
			return 1;
		total += n;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
