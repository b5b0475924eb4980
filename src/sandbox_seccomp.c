/*
 * A deny list of system calls, as a classic BPF program: seccomp(2).
 *
 * Landlock guards paths, not what an open descriptor or a number reaches:
 * modes, owners, times, other processes, sockets that are not TCP.  A list
 * of what is allowed would be tighter, and break with the next C library.
 */
#include "sandbox_priv.h"

#ifdef SANDBOX_SECCOMP

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/error.h"

#ifdef __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#else
#define ARCH AUDIT_ARCH_AARCH64
#endif

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NR_OFFSET offsetof(struct seccomp_data, nr)
/* CLONE_NEW... of clone(2), all of them. */
#define NEW_SPACES 0x7e020000
#define FAIL(e) (SECCOMP_RET_ERRNO | (e))

/* The C library falls back to what these replaced, which can be judged:
 * a filter cannot look into the struct that they take. */
static const int unknown[] = {SYS_clone3, SYS_openat2};

struct program {
	struct sock_filter code[FILTER_MAX];
	unsigned short n;
};

/* Where the low half of an argument is; these have nothing in the other. */
static uint32_t
arg_offset(unsigned i)
{
	return (uint32_t)(offsetof(struct seccomp_data, args) +
	    sizeof(uint64_t) * i);
}

static void
put(struct program *p, const struct sock_filter *code, size_t n)
{
	memcpy(p->code + p->n, code, n * sizeof(*code));
	p->n = (unsigned short)(p->n + n);
}

/* A foreign architecture has other numbers for the same calls. */
static void
put_start(struct program *p)
{
	const struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
#ifdef __x86_64__
	    /* The numbers of x32 begin here. */
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
	};

	put(p, code, COUNT(code));
}

/* The accumulator holds the number of the call. */
static void
put_denied(struct program *p, int nr, uint32_t error)
{
	const struct sock_filter code[] = {
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, FAIL(error)),
	};

	put(p, code, COUNT(code));
}

static void
put_rule(struct program *p, const struct deny_rule *r)
{
	bool bits = r->test == DENY_IF_ANY || r->test == DENY_IF_NONE;
	uint8_t hit = r->test == DENY_IF_ANY || r->test == DENY_IF_EQUAL;
	const struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)r->nr, 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(r->arg)),
	    BPF_JUMP(BPF_JMP | (bits ? BPF_JSET : BPF_JEQ) | BPF_K, r->value,
		hit ? 0 : 1, hit ? 1 : 0),
	    BPF_STMT(BPF_RET | BPF_K, FAIL(EPERM)),
	};

	put(p, code, COUNT(code));
}

/* open(2) and openat(2): no setuid bits in a new file's mode, which stands
 * behind the flags and means nothing without O_CREAT. */
static void
put_open(struct program *p, int nr, unsigned flags)
{
	const struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 5),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(flags)),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K,
		O_CREAT | (O_TMPFILE & ~O_DIRECTORY), 0, 3),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(flags + 1)),
	    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SETID_BITS, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, FAIL(EPERM)),
	};

	put(p, code, COUNT(code));
}

static void
put_ioctls(struct program *p)
{
	const uint8_t left = (uint8_t)deny_ioctls_n;
	const struct sock_filter start[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0,
		(uint8_t)(left + 5)),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(1)),
	    BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 8),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
	};
	const struct sock_filter end[] = {
	    BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
	    BPF_STMT(BPF_RET | BPF_K, FAIL(EPERM)),
	};

	put(p, start, COUNT(start));
	for (uint8_t i = 0; i < left; i++) {
		const struct sock_filter is =
		    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, deny_ioctls[i],
			(uint8_t)(left - i), 0);

		put(p, &is, 1);
	}
	put(p, end, COUNT(end));
}

/* Streams and datagrams of the internet and nothing else: Landlock knows
 * ports of TCP alone, so its kin stays out as well. */
static void
put_socket(struct program *p)
{
	const struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 13),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(0)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 8),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(1)),
	    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 1, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_DGRAM, 0, 4),
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg_offset(2)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 2, 0),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, FAIL(EACCES)),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	put(p, code, COUNT(code));
}

/* What starting a program takes, and no namespaces beside it. */
static bool
is_start(int nr)
{
	static const int calls[] = {
	    SYS_execve,
	    SYS_execveat,
	    SYS_clone,
#ifdef __x86_64__
	    SYS_fork,
	    SYS_vfork,
#endif
	};

	for (size_t i = 0; i < COUNT(calls); i++)
		if (nr == calls[i])
			return true;
	return false;
}

static void
build(struct program *p, const struct sandbox *sb)
{
	const uint32_t self = (uint32_t)getpid();
	const struct deny_rule kill = {SYS_kill, 0, DENY_UNLESS_EQUAL, self};
	const struct deny_rule tgkill = {SYS_tgkill, 0, DENY_UNLESS_EQUAL,
	    self};
	const struct deny_rule spaces = {SYS_clone, 0, DENY_IF_ANY, NEW_SPACES};
	const struct sock_filter allow =
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

	put_start(p);
	for (size_t i = 0; i < deny_calls_n; i++)
		if (!sb->programs || !is_start(deny_calls[i]))
			put_denied(p, deny_calls[i], EPERM);
	for (size_t i = 0; i < COUNT(unknown); i++)
		put_denied(p, unknown[i], ENOSYS);
	if (!sb->network)
		put_denied(p, SYS_socket, EACCES);
	for (size_t i = 0; i < deny_rules_n; i++)
		if (!sb->programs || !is_start(deny_rules[i].nr))
			put_rule(p, &deny_rules[i]);
	put_rule(p, &spaces);
	put_ioctls(p);
	put_rule(p, &kill);
	put_rule(p, &tgkill);
#ifdef __x86_64__
	put_open(p, SYS_open, 1);
#endif
	put_open(p, SYS_openat, 2);
	if (sb->network)
		put_socket(p);
	put(p, &allow, 1);
}

/* A kernel with filters gets as far as reading the program. */
static bool
is_known(void)
{
	return prctl(PR_SET_SECCOMP, (unsigned long)SECCOMP_MODE_FILTER, NULL,
		   0L, 0L) == -1 &&
	    errno == EFAULT;
}

int
seccomp_enter(const struct sandbox *sb, struct error *err)
{
	struct program p = {.n = 0};
	struct sock_fprog prog;

	if (!is_known())
		return 0;
	build(&p, sb);
	prog = (struct sock_fprog){p.n, p.code};
	if (prctl(PR_SET_SECCOMP, (unsigned long)SECCOMP_MODE_FILTER, &prog, 0L,
		0L) == 0)
		return 1;
	/* Forbidden, or too many filters around us. */
	if (errno == EPERM || errno == EACCES || errno == ENOMEM)
		return 0;
	return error_errno(err, "cannot filter system calls");
}

#else

int
seccomp_enter(const struct sandbox *sb, struct error *err)
{
	(void)sb;
	(void)err;
	return 0;
}

#endif
