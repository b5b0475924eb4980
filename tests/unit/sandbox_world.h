/*
 * sandbox_world.h - where attempts are made, and the child that makes one.
 */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "kelpie/error.h"
#include "kelpie/sandbox.h"
#include "sandbox_attempts.h"
#include "sandbox_needs.h"
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
#include "sandbox_attempts_linux.h"
#include "sandbox_kernel.h"
#else
struct kernel {
	const char *level;
};
#endif

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char dir[64];

static void
must(bool done)
{
	if (!done) {
		perror("sandbox_test: cannot prepare");
		_exit(1);
	}
}

static void
put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	must(fd != -1 && write(fd, "content", 7) == 7);
	must(fchmod(fd, 0644) == 0);
	(void)close(fd);
}

/* Attempts make no more than these, and what lies in in_stage2. */
static void
sweep(void)
{
	char below[160];

	(void)snprintf(below, sizeof(below), "%s/x", in_stage2);
	const char *const paths[] = {in_stage, below, in_stage2, stage, victim,
	    new_outside, outside, listed, sock, mailbox, dir};

	for (size_t i = 0; i < COUNT(paths); i++)
		must(remove(paths[i]) == 0 || errno == ENOENT ||
		    errno == ENOTDIR);
}

static int
listen_at(const char *path, bool is_abstract, int type)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	size_t len = offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;

	(void)snprintf(sun.sun_path + is_abstract,
	    sizeof(sun.sun_path) - is_abstract, "%s", path);
	must(bind(fd, (struct sockaddr *)&sun, (socklen_t)len) == 0);
	must(type == SOCK_DGRAM || listen(fd, 8) == 0);
	return fd;
}

struct ears {
	int fd[3];
};

/* stage/, outside/victim, listed and unix sockets, all fresh. */
static struct ears
prepare(void)
{
	struct ears e = {{-1, -1, -1}};

	sweep();
	must(mkdir(dir, 0755) == 0 && mkdir(stage, 0755) == 0);
	must(mkdir(outside, 0755) == 0);
	put(victim);
	put(listed);
	e.fd[0] = listen_at(sock, false, SOCK_STREAM);
	e.fd[1] = listen_at(mailbox, false, SOCK_DGRAM);
#ifdef __linux__
	e.fd[2] = listen_at(sock, true, SOCK_STREAM);
#endif
	return e;
}

static void
deafen(struct ears e)
{
	for (size_t i = 0; i < COUNT(e.fd); i++)
		if (e.fd[i] != -1)
			(void)close(e.fd[i]);
}

static int
confine(bool network)
{
	const char *const read[] = {listed, "/absent", "/etc/hosts",
	    "/etc/nsswitch.conf", "/etc/host.conf", "/etc/resolv.conf",
	    "/etc/gai.conf", "/etc/services", "/lib", "/usr/lib", NULL};
	const uint16_t ports[] = {good_port, 0};
	const struct sandbox sb = {
	    .write_dir = open(stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    .read = read,
	    .ports = ports,
	    .network = network,
	    .file_max = SMALL,
	};
	struct error err;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (sandbox_enter(&sb, &err) == -1) {
		(void)dprintf(STDERR_FILENO, "# %s\n", err.msg);
		return -1;
	}
	return 0;
}

/* How to make an attempt. */
struct how {
	const struct kernel *kernel;
	bool confined, network;
};

/* Run it in a child: 0 if it went through, else its errno, or 255. */
static int
attempt(int (*try)(void), struct how how)
{
	struct ears ears = prepare();
	int status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	must(pid != -1);
	if (pid == 0) {
		(void)alarm(20);
#ifdef SANDBOX_KERNEL_H
		if (how.kernel != NULL && pretend(how.kernel) == -1)
			_exit(255);
#endif
		if (how.confined && confine(how.network) == -1)
			_exit(255);
		errno = 0;
		_exit(try() == 0 ? 0 : errno);
	}
	must(waitpid(pid, &status, 0) == pid);
	deafen(ears);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* A loopback socket that listens until the test ends. */
static uint16_t
listen_somewhere(void)
{
	struct sockaddr_in sin = loopback(0);
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(bind(fd, (struct sockaddr *)&sin, len) == 0);
	must(listen(fd, 64) == 0);
	must(getsockname(fd, (struct sockaddr *)&sin, &len) == 0);
	return ntohs(sin.sin_port);
}

/* A directory of the calling user's own below top. */
static void
begin(const char *top)
{
	(void)umask(022);
	(void)snprintf(dir, sizeof(dir), "%.40s/sandbox.XXXXXX", top);
	must(mkdtemp(dir) != NULL);
	(void)snprintf(stage, sizeof(stage), "%s/stage", dir);
	(void)snprintf(outside, sizeof(outside), "%s/outside", dir);
	(void)snprintf(victim, sizeof(victim), "%s/outside/victim", dir);
	(void)snprintf(new_outside, sizeof(new_outside), "%s/outside/new", dir);
	(void)snprintf(listed, sizeof(listed), "%s/listed", dir);
	(void)snprintf(sock, sizeof(sock), "%s/sock", dir);
	(void)snprintf(mailbox, sizeof(mailbox), "%s/mailbox", dir);
	(void)snprintf(in_stage, sizeof(in_stage), "%s/stage/a", dir);
	(void)snprintf(in_stage2, sizeof(in_stage2), "%s/stage/b", dir);
	good_port = listen_somewhere();
	other_port = listen_somewhere();
}

#endif
