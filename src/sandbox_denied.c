/*
 * The system calls that a worker has no use for, and the arguments.
 */
#include "sandbox_priv.h"

#ifdef SANDBOX_SECCOMP

#include <sys/socket.h>
#include <sys/syscall.h>

#include <sched.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Calls that headers may be too old for; the numbers are everybody's. */
#define NR_QUOTACTL_FD 443
#define NR_MEMFD_SECRET 447
#define NR_FCHMODAT2 452
#define NR_SETXATTRAT 463
#define NR_REMOVEXATTRAT 466
#define NR_OPEN_TREE_ATTR 467
#define NR_FILE_SETATTR 469

#define TCP_FAST_OPEN 0x20000000 /* MSG_FASTOPEN of linux/socket.h */

const int deny_calls[] = {
    /* programs and processes */
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_memfd_create,
    NR_MEMFD_SECRET,
    SYS_userfaultfd,
    SYS_personality,
    /* how others run */
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_sched_setparam,
    SYS_sched_setscheduler,
    SYS_sched_setattr,
    SYS_sched_setaffinity,
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_process_madvise,
    /* what a path or a descriptor leads to */
    SYS_fchmod,
    SYS_fchmodat,
    NR_FCHMODAT2,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    NR_SETXATTRAT,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    NR_REMOVEXATTRAT,
    NR_FILE_SETATTR,
    SYS_truncate,
    SYS_mknodat,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    /* mounts and namespaces */
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
    SYS_fspick,
    SYS_open_tree,
    NR_OPEN_TREE_ATTR,
    SYS_mount_setattr,
    SYS_quotactl,
    NR_QUOTACTL_FD,
    SYS_swapon,
    SYS_swapoff,
    /* the kernel, its keys and its clock */
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_reboot,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_io_uring_setup,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_syslog,
    SYS_acct,
    /* who we are */
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
    /* to be talked to, and memory that others can name */
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_shmget,
    SYS_shmat,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
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

const struct deny_rule deny_rules[] = {
    {SYS_clone, 0, DENY_IF_NONE, CLONE_THREAD},
    {SYS_prlimit64, 0, DENY_UNLESS_EQUAL, 0},
    {SYS_mkdirat, 2, DENY_IF_ANY, SETID_BITS},
#ifdef __x86_64__
    {SYS_mkdir, 1, DENY_IF_ANY, SETID_BITS},
    {SYS_creat, 1, DENY_IF_ANY, SETID_BITS},
#endif
    /* Connecting without connect(2), where nobody looks at the port. */
    {SYS_sendto, 3, DENY_IF_ANY, TCP_FAST_OPEN},
    {SYS_sendmsg, 2, DENY_IF_ANY, TCP_FAST_OPEN},
    {SYS_sendmmsg, 3, DENY_IF_ANY, TCP_FAST_OPEN},
    /* Typing on a terminal. */
    {SYS_ioctl, 1, DENY_IF_EQUAL, 0x5412}, /* TIOCSTI */
    {SYS_ioctl, 1, DENY_IF_EQUAL, 0x541c}, /* TIOCLINUX */
    /* Having a signal of one's choice sent to others. */
    {SYS_fcntl, 1, DENY_IF_EQUAL, 8}, /* F_SETOWN */
    {SYS_fcntl, 1, DENY_IF_EQUAL, 15}, /* F_SETOWN_EX */
    {SYS_ioctl, 1, DENY_IF_EQUAL, 0x8901}, /* FIOSETOWN */
    {SYS_ioctl, 1, DENY_IF_EQUAL, 0x8902}, /* SIOCSPGRP */
    /* All but streams, which are connected for good: a pair of datagram
     * sockets can be told to send to a path. */
    {SYS_socketpair, 1, DENY_IF_ANY, 0xf & ~SOCK_STREAM},
};

/* Flags and versions of files, verity, freezing and stopping a disk; what
 * root may do on a descriptor that can only be read. */
const uint8_t deny_ioctls[] = {'f', 'v', 'X', 0x94 /* btrfs */};

const size_t deny_ioctls_n = COUNT(deny_ioctls);
const size_t deny_calls_n = COUNT(deny_calls);
const size_t deny_rules_n = COUNT(deny_rules);

_Static_assert(2 * COUNT(deny_calls) + 5 * COUNT(deny_rules) +
	    COUNT(deny_ioctls) + 64 <
	FILTER_MAX,
    "the program has room for the tables");

#endif
