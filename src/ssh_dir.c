#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "ssh_priv.h"

#define FALLBACK "/tmp" /* TMPDIR may be too long for a socket */
#define BASE_MAX 44
#define END_MAX 1000 /* ms for a master to end when it is told to */

/* The path becomes an option of ssh's, which splits at blanks, expands '%',
 * '~' and '$', and adds 17 bytes; a socket's path has 104 at most. */
static const char *
base_directory(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (dir == NULL || dir[0] != '/' || strlen(dir) > BASE_MAX ||
	    dir[strspn(dir,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789/._-")] != '\0' ||
	    stat(dir, &st) == -1 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid())
		return FALLBACK;
	return dir;
}

int
ssh_dir_connect(const char *socket_path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(socket_path) >= sizeof(sun.sun_path))
		return -1;
	memcpy(sun.sun_path, socket_path, strlen(socket_path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/*
 * A master that nobody owns any more: behind a shell or a script it outlives
 * its parent.  The packets are HELLO and TERMINATE of OpenSSH's
 * PROTOCOL.mux.
 */
static void
end_master(const char *socket_path)
{
	static const uint8_t packets[] = {0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4, 0,
	    0, 0, 8, 0x10, 0, 0, 5, 0, 0, 0, 0};
	struct pollfd p = {.fd = ssh_dir_connect(socket_path),
	    .events = POLLIN};
	char answer[256];

	if (p.fd == -1)
		return;
	(void)send(p.fd, packets, sizeof(packets), MSG_NOSIGNAL);
	while (
	    poll(&p, 1, END_MAX) == 1 && read(p.fd, answer, sizeof(answer)) > 0)
		;
	(void)close(p.fd);
}

/* There are only sockets in it. */
static void
remove_all(const char *path, int dirfd)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		char *name;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		name = xasprintf("%s/%s", path, entry->d_name);
		end_master(name);
		(void)unlinkat(dirfd, entry->d_name, 0);
		free(name);
	}
	(void)closedir(dir);
	(void)rmdir(path);
}

/* An owner that lives holds the lock. */
static void
sweep_one(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & 07777) == 0700 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_all(path, fd);
	(void)close(fd);
}

static void
sweep(const char *base, const char *prefix)
{
	DIR *dir = opendir(base);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		char *path;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		path = xasprintf("%s/%s", base, entry->d_name);
		sweep_one(path);
		free(path);
	}
	(void)closedir(dir);
}

/* Between mkdtemp and flock another's sweep may have taken it for a dead
 * one's. */
static bool
lock(struct ssh_dir *d)
{
	struct stat st;

	d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (d->fd != -1 && flock(d->fd, LOCK_EX | LOCK_NB) == 0 &&
	    stat(d->path, &st) == 0)
		return true;
	if (d->fd != -1)
		(void)close(d->fd);
	(void)rmdir(d->path);
	return false;
}

bool
ssh_dir_make(struct ssh_dir *d)
{
	const char *base = base_directory();
	char prefix[64];

	(void)snprintf(prefix, sizeof(prefix), "kelpie-ssh-%lu-",
	    (unsigned long)geteuid());
	sweep(base, prefix);
	d->path = xasprintf("%s/%s%ld.XXXXXX", base, prefix, (long)getpid());
	if (mkdtemp(d->path) != NULL && lock(d))
		return true;
	free(d->path);
	*d = (struct ssh_dir){.fd = -1};
	return false;
}

void
ssh_dir_remove(struct ssh_dir *d)
{
	if (d->path == NULL)
		return;
	remove_all(d->path, d->fd);
	(void)close(d->fd);
	free(d->path);
	*d = (struct ssh_dir){.fd = -1};
}
