/*
 * proc.h - the parent's other children: programs, and functions of its own.
 *
 * Starts a program without a shell, or a function in a forked child, with
 * descriptors of the caller's choice; never blocks on one unless asked to.
 * Knows nothing of what they are for.  Only the parent uses it, and those of
 * its children that may start programs.
 */
#ifndef KELPIE_PROC_H
#define KELPIE_PROC_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct error;

/* What a program gets; a descriptor of -1 is /dev/null. */
struct proc_opts {
	const char *const *argv; /* argv[0] is looked for on PATH; NULL ends */
	const char *const *env; /* "NAME=value", put over ours; NULL ends */
	int in, out, err; /* become 0, 1, 2; stay the caller's to close */
};

/*
 * Start a program in a session of its own: no terminal to ask on.  It ends
 * with us (on Linux also after a SIGKILL).  All other descriptors are closed
 * and signals are as in a fresh process.  Returns its pid, or -1 with
 * ERR_LOCAL, also when there is no such program.
 */
pid_t proc_start(const struct proc_opts *, struct error *);

/* Has it ended?  Then it is reaped and *status is as of waitpid(2). */
bool proc_ended(pid_t, int *status);

/* Signal it and its group: TERM, or KILL if it is not to be waited for. */
void proc_kill(pid_t, int signo);

/* TERM, then KILL after so many milliseconds; reaps it.  Blocks. */
void proc_stop(pid_t, unsigned grace_ms);

/*
 * Run fn(fd, ctx) in a forked child and add what it writes to fd to *out, at
 * most max bytes, for at most timeout_ms.  fn returns the exit status.
 * Blocks.  ERR_CHILD for a bad status or a signal, ERR_LOCAL for too much,
 * too long, or no child.
 */
int proc_call(int (*fn)(int fd, void *ctx), void *ctx, struct buf *out,
    size_t max, unsigned timeout_ms, struct error *);

/* How much and how long a child may speak. */
struct proc_bounds {
	size_t max; /* bytes */
	unsigned timeout_ms;
	const volatile sig_atomic_t *stop; /* not 0: end it now; or NULL */
};

/*
 * proc_call() with bounds that somebody else may draw nearer: ERR_CANCELLED
 * if *stop has become another number, which a signal handler may do.
 */
int proc_call_until(int (*fn)(int fd, void *ctx), void *ctx, struct buf *out,
    const struct proc_bounds *, struct error *);

/*
 * Run fn(fd, ctx) in a forked child that has the descriptors of the options,
 * whose other fields do not count.  *said is the end, which does not block,
 * of what it writes to fd; the caller's to close.  Returns its pid, or -1
 * with ERR_LOCAL.
 */
pid_t proc_fork(const struct proc_opts *, int (*fn)(int fd, void *ctx),
    void *ctx, int *said, struct error *);

/*
 * Something to do for each number below n: fn() fills in its answer, in a
 * memory of zeroes that all processes share.
 */
struct proc_each {
	size_t n, size; /* of an answer: a multiple of what it is aligned to */
	unsigned most; /* processes at once, of which we are one */
	int fd; /* the one descriptor that the children have, too */
	void (*fn)(int fd, size_t i, void *answer, void *ctx);
	void *ctx;
	struct proc_shared *shared; /* proc_each()'s own */
};

/*
 * Do it, here and in forked children, of which each takes the next number
 * that nobody has.  -1 with ERR_CHILD if one of them ended badly, or
 * ERR_LOCAL for no memory; the answers that there are count all the same.  No
 * error if there can be no more processes.  The children end with us, and are
 * gone when this returns.  Blocks.
 */
int proc_each(struct proc_each *, struct error *);

/* NULL if nobody has finished it. */
const void *proc_answer(const struct proc_each *, size_t i);
void proc_each_free(struct proc_each *);

/* The processors that we may run on; at least 1. */
unsigned proc_cores(void);

/*
 * The next program of that name in a list of directories as PATH has it; NULL
 * if there is none.  *list is what is behind its directory then, or NULL.  The
 * caller frees the path.
 */
char *proc_find(const char **list, const char *name);

/*
 * Become the program at path, which does our work from here on.  Returns only
 * if that cannot be: -1 with ERR_LOCAL.
 */
int proc_become(const char *path, const char *const *argv, struct error *);

/*
 * Run the program at path in our place, with our session, group and
 * descriptors, and wait for its end.  What a terminal sends reaches both of
 * us, and we go on waiting; what is sent to us alone is passed on.  Returns
 * its exit status, 128 + n if signal n ended it, or -1 with ERR_LOCAL.
 * *stopped, which may be NULL, is the last signal that came meanwhile, if one
 * did: the program may have made something else of it.  Blocks.
 */
int proc_run(const char *path, const char *const *argv, int *stopped,
    struct error *);

#endif
