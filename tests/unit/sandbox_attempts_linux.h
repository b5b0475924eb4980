/*
 * sandbox_attempts_linux.h - what only a process on Linux can try.
 */
#ifndef SANDBOX_ATTEMPTS_LINUX_H
#define SANDBOX_ATTEMPTS_LINUX_H

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>

#include <linux/fs.h>
#include <sched.h>
#include <stddef.h>

#include "sandbox_attempts.h"

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
	/* The C library would do it for all threads. */
	return (int)syscall(SYS_setuid, getuid());
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

static int
exchange_with_victim(void)
{
	return closing(open(in_stage, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) ==
		-1 ?
	    -1 :
	    (int)syscall(SYS_renameat2, AT_FDCWD, in_stage, AT_FDCWD, victim,
		2);
}

static int
read_victim_through_proc(void)
{
	int fd = open(victim, O_PATH | O_CLOEXEC);
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return closing(open(path, O_RDONLY | O_CLOEXEC));
}

static int
read_victim_by_its_handle(void)
{
	struct {
		struct file_handle h;
		char room[128];
	} handle = {.h = {.handle_bytes = 128}};
	int mount, dir = open(stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (name_to_handle_at(AT_FDCWD, victim, &handle.h, &mount, 0) == -1)
		return -1;
	return closing(open_by_handle_at(dir, &handle.h, O_RDONLY | O_CLOEXEC));
}

static int
watch_all_files(void)
{
	return closing((int)syscall(SYS_fanotify_init, 0, O_RDONLY));
}

static int
set_the_kernel(void)
{
	return closing(
	    open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC));
}

static int
make_setuid_file_without_name(void)
{
	return closing(open(stage, O_TMPFILE | O_WRONLY | O_CLOEXEC, 04755));
}

static int
fork_by_clone3(void)
{
	uint64_t args[11] = {[4] = SIGCHLD};
	long pid = syscall(435, args, sizeof(args));

	if (pid == 0)
		_exit(0);
	return pid == -1 || waitpid((pid_t)pid, NULL, 0) == -1 ? -1 : 0;
}

static int
read_the_parent(void)
{
	char copy[sizeof(victim)];
	struct iovec to = {copy, sizeof(copy)}, from = {victim, sizeof(victim)};

	return process_vm_readv(getppid(), &to, 1, &from, 1, 0) > 0 ? 0 : -1;
}

static int
make_a_ring(void)
{
	uint32_t params[30] = {0};

	return closing((int)syscall(SYS_io_uring_setup, 1, params));
}

static int
connect_abstract(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* A name without a file begins with a NUL. */
	(void)snprintf(sun.sun_path + 1, sizeof(sun.sun_path) - 1, "%s", sock);
	return fd == -1 ?
	    -1 :
	    connect(fd, (struct sockaddr *)&sun,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
		    strlen(sock)));
}

/*
 * Calls that are dangerous to make.  In the sandbox none of them gets as far
 * as looking at its arguments.
 */
static const long forbidden[] = {
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_open_tree,
    SYS_mount_setattr,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_io_uring_setup,
    SYS_userfaultfd,
    SYS_mknodat,
    SYS_setuid,
    SYS_setgid,
    SYS_setreuid,
    SYS_setregid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_setgroups,
    SYS_setfsuid,
    SYS_setfsgid,
    SYS_capset,
    SYS_fchown,
    SYS_fchownat,
    SYS_fchmod,
    SYS_fchmodat,
    452 /* fchmodat2 */,
    SYS_utimensat,
    SYS_truncate,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    463 /* setxattrat */,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    466 /* removexattrat */,
    469 /* file_setattr */,
    SYS_memfd_create,
    SYS_personality,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_syslog,
    SYS_acct,
    SYS_quotactl,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_shmget,
    SYS_shmat,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_sched_setscheduler,
    SYS_sched_setaffinity,
    SYS_process_madvise,
#ifdef __x86_64__
    SYS_fork,
    SYS_vfork,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_mknod,
    SYS_iopl,
    SYS_ioperm,
#endif
};

/* 0 if all are denied; the number of one that is not stands in errno. */
static int
make_forbidden_calls(void)
{
	const pid_t self = getpid();

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++) {
		long rc = syscall(forbidden[i], -1L, -1L, -1L, -1L, -1L, -1L);

		if (getpid() != self)
			_exit(0);
		if (rc != -1 || errno != EPERM) {
			(void)dprintf(STDERR_FILENO, "# call %ld: %ld %s\n",
			    forbidden[i], rc, strerror(errno));
			errno = EDOM;
			return -1;
		}
	}
	return 0;
}

#endif
