/*
 * sandbox_attempts.h - what a worker that has been taken over might try.
 *
 * Each function returns 0 when it went through and -1 with errno.  They run
 * in a child that is thrown away, so they leave descriptors open.
 */
#ifndef SANDBOX_ATTEMPTS_H
#define SANDBOX_ATTEMPTS_H

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif
#include <sys/un.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL (1 << 20) /* the largest file in the sandbox */

/* Set by the test: a file that must not be touched, one that may be read,
 * unix sockets that listen, and two loopback ports that do. */
static char stage[96], victim[96], listed[96], outside[96], sock[96],
    mailbox[96];
static char in_stage[128], in_stage2[128], new_outside[128];
static uint16_t good_port, other_port;

static int
closing(int fd)
{
	return fd == -1 ? -1 : close(fd);
}

/* Files. */

static int
write_victim(void)
{
	return closing(open(victim, O_WRONLY | O_CLOEXEC));
}

static int
append_victim(void)
{
	return closing(open(victim, O_RDWR | O_APPEND | O_CLOEXEC));
}

static int
truncate_victim(void)
{
	return truncate(victim, 0);
}

static int
open_and_truncate_listed(void)
{
	return closing(open(listed, O_RDONLY | O_TRUNC | O_CLOEXEC));
}

static int
write_listed(void)
{
	return closing(open(listed, O_WRONLY | O_CLOEXEC));
}

static int
unlink_victim(void)
{
	return unlink(victim);
}

static int
rename_victim(void)
{
	return rename(victim, new_outside);
}

static int
rename_over_victim(void)
{
	return closing(open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) ==
		-1 ?
	    -1 :
	    rename(in_stage, victim);
}

static int
rename_victim_into_the_stage(void)
{
	return rename(victim, in_stage);
}

static int
link_victim_into_the_stage(void)
{
	return link(victim, in_stage);
}

static int
write_through_a_link(void)
{
	return symlink(victim, in_stage) == -1 ?
	    -1 :
	    closing(open(in_stage, O_WRONLY | O_CLOEXEC));
}

static int
make_file_outside(void)
{
	return closing(open(new_outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

static int
make_dir_outside(void)
{
	return mkdir(new_outside, 0755);
}

static int
make_link_outside(void)
{
	return symlink("x", new_outside);
}

static int
remove_dir_outside(void)
{
	return unlink(victim) == -1 ? -1 : rmdir(outside);
}

static int
read_victim(void)
{
	return closing(open(victim, O_RDONLY | O_CLOEXEC));
}

static int
list_the_root(void)
{
	DIR *d = opendir("/");

	return d != NULL ? closedir(d) : -1;
}

static int
make_fifo(void)
{
	return mkfifo(in_stage, 0600);
}

static int
make_setuid_file(void)
{
	return closing(open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 04755));
}

static int
make_setgid_dir(void)
{
	return mkdir(in_stage, 02755);
}

/* What Landlock does not look at. */

static int
chmod_victim(void)
{
	return chmod(victim, 0777);
}

static int
chown_victim(void)
{
	return chown(victim, getuid(), getgid());
}

static int
touch_victim(void)
{
	return utimensat(AT_FDCWD, victim, NULL, 0);
}

static int
fchmod_listed(void)
{
	return fchmod(open(listed, O_RDONLY | O_CLOEXEC), 0777);
}

static int
touch_listed(void)
{
	return futimens(open(listed, O_RDONLY | O_CLOEXEC), NULL);
}

static int
chmod_own_file(void)
{
	int fd = open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	return fd == -1 ? -1 : fchmodat(AT_FDCWD, in_stage, 04755, 0);
}

static int
read_the_passwords(void)
{
	return closing(open("/etc/shadow", O_RDONLY | O_CLOEXEC));
}

static int
make_device(void)
{
	return mknod(in_stage, S_IFCHR | 0600, makedev(1, 3));
}

static int
make_socket_file(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%.100s", in_stage);
	return fd == -1 ? -1 : bind(fd, (struct sockaddr *)&sun, sizeof(sun));
}

/* Programs and processes. */

static int
run_a_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int
run_a_program_of_its_own(void)
{
	static const char script[] = "#!/bin/true\n";
	int fd = open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	if (write(fd, script, sizeof(script) - 1) == -1 || close(fd) == -1)
		return -1;
	return execl(in_stage, in_stage, (char *)NULL);
}

static int
renice_the_parent(void)
{
	int now = getpriority(PRIO_PROCESS, (id_t)getppid());

	return setpriority(PRIO_PROCESS, (id_t)getppid(), now);
}

static int
have_the_parent_signalled(void)
{
	int pair[2];

	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1 ?
	    -1 :
	    fcntl(pair[0], F_SETOWN, getppid());
}

static int
fork_a_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid == -1 || waitpid(pid, NULL, 0) == -1 ? -1 : 0;
}

static int
signal_the_parent(void)
{
	return kill(getppid(), 0);
}

/* Sockets. */

static int
connect_unix(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", sock);
	return fd == -1 ? -1 :
			  connect(fd, (struct sockaddr *)&sun, sizeof(sun));
}

/* Sockets that are there may be sent from. */
static int
send_to_unix_from_a_pair(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int pair[2];

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", mailbox);
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	return sendto(pair[0], "x", 1, 0, (struct sockaddr *)&sun,
		   sizeof(sun)) == 1 ?
	    0 :
	    -1;
}

static struct sockaddr_in
loopback(uint16_t port)
{
	return (struct sockaddr_in){
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
	};
}

static int
connect_tcp(uint16_t port)
{
	struct sockaddr_in sin = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd == -1 ? -1 :
			  connect(fd, (struct sockaddr *)&sin, sizeof(sin));
}

static int
connect_other_port(void)
{
	return connect_tcp(other_port);
}

static int
connect_good_port(void)
{
	return connect_tcp(good_port);
}

static int
bind_tcp(void)
{
	struct sockaddr_in sin = loopback(0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd == -1 ? -1 : bind(fd, (struct sockaddr *)&sin, sizeof(sin));
}

static int
listen_tcp(void)
{
	return listen(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 1);
}

static int
raw_socket(void)
{
	return closing(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

static int
any_socket(void)
{
	return closing(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int
send_a_datagram(void)
{
	struct sockaddr_in sin = loopback(other_port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return sendto(fd, "x", 1, 0, (struct sockaddr *)&sin, sizeof(sin)) ==
		1 ?
	    0 :
	    -1;
}

static int
any_socket6(void)
{
	return closing(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

#endif
