/*
 * cgi.c - run git http-backend for fcgiwrap and count what it took.
 *
 * fcgiwrap ignores SIGCHLD, so the CPU time of what it starts is lost.  This
 * one waits, and adds the microseconds of the whole tree to the number of 64
 * bits in the file $BENCH_CPU.  The program is $BENCH_CGI.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static int64_t
micros(const struct timeval *t)
{
	return t->tv_sec * INT64_C(1000000) + t->tv_usec;
}

static void
add(const char *file, int64_t amount)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);
	int64_t *sum =
	    mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (sum != MAP_FAILED)
		(void)__atomic_add_fetch(sum, amount, __ATOMIC_RELAXED);
}

int
main(void)
{
	char *program = getenv("BENCH_CGI"), *args[] = {program, NULL};
	const char *file = getenv("BENCH_CPU");
	struct rusage usage;
	pid_t pid;

	(void)signal(SIGCHLD, SIG_DFL);
	if (program == NULL || file == NULL ||
	    posix_spawn(&pid, program, NULL, NULL, args, environ) != 0)
		return 1;
	/* The answer ends when the last holder of the pipe is gone. */
	(void)close(STDIN_FILENO);
	(void)close(STDOUT_FILENO);
	if (wait4(pid, NULL, 0, &usage) != pid)
		return 1;
	add(file, micros(&usage.ru_utime) + micros(&usage.ru_stime));
	return 0;
}
