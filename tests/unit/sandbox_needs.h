/*
 * sandbox_needs.h - what a worker has to be able to do, and its limits.
 *
 * Functions as in sandbox_attempts.h.
 */
#ifndef SANDBOX_NEEDS_H
#define SANDBOX_NEEDS_H

#include <netdb.h>
#include <pthread.h>

#include "sandbox_attempts.h"

static int
write_in_the_stage(void)
{
	int fd = open(in_stage, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd == -1)
		return -1;
	return write(fd, "x", 1) == 1 && ftruncate(fd, 0) == 0 ? close(fd) : -1;
}

static int
rename_in_the_stage(void)
{
	return write_in_the_stage() == -1 ? -1 : rename(in_stage, in_stage2);
}

static int
rename_between_directories_of_the_stage(void)
{
	char to[160];

	(void)snprintf(to, sizeof(to), "%s/x", in_stage2);
	if (mkdir(in_stage2, 0755) == -1 || write_in_the_stage() == -1)
		return -1;
	return rename(in_stage, to);
}

static int
unlink_in_the_stage(void)
{
	return write_in_the_stage() == -1 ? -1 : unlink(in_stage);
}

static int
make_and_remove_a_directory(void)
{
	return mkdir(in_stage, 0755) == -1 ? -1 : rmdir(in_stage);
}

static int
make_a_link_in_the_stage(void)
{
	return symlink("x", in_stage);
}

static int
read_what_is_listed(void)
{
	char c;

	return read(open(listed, O_RDONLY | O_CLOEXEC), &c, 1) == 1 ? 0 : -1;
}

static int
find_localhost(void)
{
	struct addrinfo *list;

	if (getaddrinfo("localhost", "80", NULL, &list) != 0)
		return -1;
	freeaddrinfo(list);
	return 0;
}

static void *
thread(void *arg)
{
	return arg;
}

static int
start_a_thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, thread, NULL);
	return errno == 0 ? pthread_join(t, NULL) : -1;
}

static int
make_a_pair_of_sockets(void)
{
	int pair[2];

	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
}

static int
signal_itself(void)
{
	return kill(getpid(), 0) == -1 || raise(SIGCHLD) != 0 ? -1 : 0;
}

/* Limits. */

static int
write_a_large_file(void)
{
	int fd = open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return pwrite(fd, "x", 1, SMALL) == 1 ? 0 : -1;
}

static int
open_many_files(void)
{
	for (int i = 0; i < 300; i++)
		if (open(listed, O_RDONLY | O_CLOEXEC) == -1)
			return -1;
	return 0;
}

#endif
