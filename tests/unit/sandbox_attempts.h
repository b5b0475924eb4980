/*
 * sandbox_attempts.h - what a worker that has been taken over might try.
 *
 * Each function returns 0 when it went through and -1 with errno.  They run
 * in a child that is thrown away, so they leave descriptors open.
 */
#ifndef SANDBOX_ATTEMPTS_H
#define SANDBOX_ATTEMPTS_H

#include <sys/socket.h>
#include <sys/stat.h>
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
#ifdef __linux__
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include <linux/fs.h>
#include <sched.h>
#endif

#define SMALL (1 << 20) /* the largest file in the sandbox */

/* Set by the test: a file that must not be touched, one that may be read,
 * a unix socket that listens, and two loopback ports that do. */
static char victim[96], listed[96], outside[96], sock[96];
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

/* Programs and processes. */

static int
run_a_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
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
any_socket6(void)
{
	return closing(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

#ifdef __linux__
static int
setxattr_victim(void)
{
	return setxattr(victim, "trusted.kelpie", "x", 1, 0);
}

static int
set_flags_of_listed(void)
{
	int fd = open(listed, O_RDONLY | O_CLOEXEC), flags;

	return ioctl(fd, FS_IOC_GETFLAGS, &flags) == -1 ?
	    -1 :
	    ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static int
make_memfd(void)
{
	return closing(memfd_create("x", MFD_CLOEXEC));
}

static int
trace_me(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 ? -1 : 0;
}

static int
unshare_files(void)
{
	return unshare(CLONE_NEWNS);
}

static int
change_root(void)
{
	return chroot(outside);
}

static int
limits_of_the_parent(void)
{
	struct rlimit r;

	return prlimit(getppid(), RLIMIT_NOFILE, NULL, &r);
}

static int
tgkill_the_parent(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static int
set_own_uid(void)
{
	return setuid(getuid());
}

static int
fast_open_other_port(void)
{
	struct sockaddr_in sin = loopback(other_port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return sendto(fd, "x", 1, 0x20000000, (struct sockaddr *)&sin,
		   sizeof(sin)) == 1 ?
	    0 :
	    -1;
}

static int
multipath_socket(void)
{
	return closing(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 262));
}

static int
open_with_openat2(void)
{
	uint64_t how[3] = {O_RDONLY | O_CLOEXEC, 0, 0};

	return closing((int)syscall(437, AT_FDCWD, listed, how, sizeof(how)));
}
#endif

/* What has to work. */

static int
write_in_the_stage(void)
{
	int fd = open(in_stage, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

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
