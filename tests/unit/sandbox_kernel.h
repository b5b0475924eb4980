/*
 * sandbox_kernel.h - make the kernel look as if it had less.
 *
 * A filter around the sandbox answers for it: no seccomp, no Landlock for one
 * of the reasons that there are, or an older one.  What Landlock then does is
 * what the rules of that ABI say.
 */
#ifndef SANDBOX_KERNEL_H
#define SANDBOX_KERNEL_H

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define LANDLOCK_CREATE_RULESET 444

struct kernel {
	const char *level; /* what sandbox_level() is to say; NULL: any */
	unsigned abi; /* of Landlock; 0: as it is */
	int landlock; /* the errno of its first call, or 0 */
	int seccomp; /* of prctl(2) for a filter, or 0 */
};

static unsigned kernel_abi;

/* Say which ABI there is, for as long as anybody asks. */
static void *
answer(void *arg)
{
	const int fd = *(const int *)arg;
	struct seccomp_notif question;
	struct seccomp_notif_resp said;

	for (;;) {
		question = (struct seccomp_notif){0};
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &question) == -1)
			continue;
		said = (struct seccomp_notif_resp){.id = question.id,
		    .val = kernel_abi};
		(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &said);
	}
	return NULL;
}

#define LOAD(what, i)                                        \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                   \
	    (uint32_t)(offsetof(struct seccomp_data, what) + \
		sizeof(((struct seccomp_data *)NULL)->what[0]) * (i)))
#define LOAD_NR \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define IS(value, yes, no) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
#define SAY(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ERROR_OR_NOT(e)                                 \
	((e) != 0 ? SECCOMP_RET_ERRNO | (uint32_t)(e) : \
		    (uint32_t)SECCOMP_RET_ALLOW)

/* In a child that is thrown away: for the rest of its life. */
static int
pretend(const struct kernel *k)
{
	static int listener;
	struct sock_filter code[] = {
	    LOAD_NR,
	    IS(LANDLOCK_CREATE_RULESET, 0, 4),
	    LOAD(args, 2), /* 1: which ABI? */
	    IS(1, 0, 1),
	    SAY(k->abi != 0 ? SECCOMP_RET_USER_NOTIF :
			      ERROR_OR_NOT(k->landlock)),
	    SAY(ERROR_OR_NOT(k->landlock)),
	    IS(SYS_prctl, 0, 2),
	    LOAD(args, 0),
	    IS(PR_SET_SECCOMP, 1, 0),
	    SAY(SECCOMP_RET_ALLOW),
	    SAY(ERROR_OR_NOT(k->seccomp)),
	};
	const struct sock_fprog prog = {sizeof(code) / sizeof(code[0]), code};
	pthread_t t;

	if (k->abi == 0 && k->landlock == 0 && k->seccomp == 0)
		return 0;
	kernel_abi = k->abi;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == -1)
		return -1;
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    k->abi != 0 ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0, &prog);
	if (listener == -1 || k->abi == 0)
		return listener;
	return pthread_create(&t, NULL, answer, &listener) == 0 ? 0 : -1;
}

#endif
