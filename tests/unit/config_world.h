/*
 * config_world.h - a directory with a HOME, and no settings but a test's.
 */
#ifndef CONFIG_WORLD_H
#define CONFIG_WORLD_H

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"

/* The directory that the tests work in, without links in its path. */
static char *top;

static inline void
write_file(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd != -1 && write(fd, text, len) == (ssize_t)len);
	(void)close(fd);
}

/* HOME is TOP/home and has a file, so that /etc is never looked at. */
static inline void
clean(void)
{
	size_t len, i = 0;
	char *name;

	CHECK(unsetenv("KNONE") == 0);
	while (environ[i] != NULL) {
		len = strcspn(environ[i], "=");
		if (strncmp(environ[i], "ANSIBLE_", 8) != 0 &&
		    strncmp(environ[i], "KELPIE_", 7) != 0) {
			i++;
			continue;
		}
		name = xstrndup(environ[i], len);
		CHECK(unsetenv(name) == 0);
		free(name);
	}
	CHECK(setenv("KTEST", "val", 1) == 0);
	CHECK(chmod(top, 0755) == 0);
	(void)unlink("ansible.cfg");
	(void)unlink("etc/ansible.cfg");
	(void)unlink("home/.ansible/galaxy_token");
	(void)unlink("token");
	write_file("home/.ansible.cfg", "");
}

/* want with the directory put in for each TOP. */
static inline char *
with_top(const char *want)
{
	struct buf b = {0};
	const char *at;

	while ((at = strstr(want, "TOP")) != NULL) {
		buf_add(&b, want, (size_t)(at - want));
		buf_puts(&b, top);
		want = at + 3;
	}
	buf_puts(&b, want);
	return b.data;
}

/* Before the first test: make it the current directory. */
static inline int
open_world(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/confXXXXXX", tmp != NULL ? tmp : "/tmp");
	char *home;

	if (mkdtemp(dir) == NULL || chdir(dir) == -1 ||
	    mkdir("home", 0700) == -1 || mkdir("home/.ansible", 0700) == -1 ||
	    mkdir("etc", 0700) == -1)
		return -1;
	top = realpath(dir, NULL);
	home = xasprintf("%s/home", top);
	if (setenv("HOME", home, 1) == -1)
		return -1;
	free(home);
	free(dir);
	return 0;
}

/* After the last: nothing is left. */
static inline int
close_world(void)
{
	clean();
	if (unlink("home/.ansible.cfg") == -1 || rmdir("home/.ansible") == -1 ||
	    rmdir("home") == -1 || rmdir("etc") == -1 || chdir("/") == -1 ||
	    rmdir(top) == -1)
		return -1;
	free(top);
	return 0;
}

#endif
