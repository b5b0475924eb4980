/*
 * grab.h - put files and terminals in the place of descriptors 1 and 2, and
 * read what was sent to a terminal.
 */
#ifndef GRAB_H
#define GRAB_H

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int saved[3];

/* Put fd in the place of a standard descriptor. */
static inline void
replace(int std, int fd)
{
	(void)fflush(stdout);
	saved[std] = fcntl(std, F_DUPFD_CLOEXEC, 10);
	if (saved[std] == -1 || dup2(fd, std) == -1)
		abort();
}

static inline void
put_back(int std)
{
	if (dup2(saved[std], std) == -1)
		abort();
	(void)close(saved[std]);
}

/*
 * What was written to the terminal since the last time.  It may be on its
 * way still, so a byte of ours, which nobody else sends, is awaited.
 */
static inline size_t
grab_tty(int master, int slave, char *to, size_t size)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	size_t len = 0;
	ssize_t n;

	if (write(slave, "\005", 1) != 1)
		abort();
	while (len == 0 || to[len - 1] != '\005') {
		if (poll(&p, 1, 10000) != 1)
			abort();
		n = read(master, to + len, size - len);
		if (n < 1)
			abort();
		len += (size_t)n;
	}
	to[--len] = '\0';
	return len;
}

#endif
