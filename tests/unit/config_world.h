/*
 * config_world.h - a directory with a HOME, and no settings but a test's.
 */
#ifndef CONFIG_WORLD_H
#define CONFIG_WORLD_H

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "work_dir.h"

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

/* Before the first test: make it the current directory. */
static inline int
open_world(void)
{
	char *home;

	if (open_work_dir() == -1 || mkdir("home", 0700) == -1 ||
	    mkdir("home/.ansible", 0700) == -1 || mkdir("etc", 0700) == -1)
		return -1;
	home = xasprintf("%s/home", top);
	if (setenv("HOME", home, 1) == -1)
		return -1;
	free(home);
	return 0;
}

/* After the last: nothing is left. */
static inline int
close_world(void)
{
	clean();
	if (unlink("home/.ansible.cfg") == -1 || rmdir("home/.ansible") == -1 ||
	    rmdir("home") == -1 || rmdir("etc") == -1)
		return -1;
	return close_work_dir();
}

#endif
