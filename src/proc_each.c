/*
 * One thing after the other, by as many processes as there are cores.
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "proc_priv.h"

/* What all of them see; the answers lie behind it, and then the marks. */
struct proc_shared {
	atomic_size_t next; /* to be taken */
	_Alignas(max_align_t) unsigned char answers[];
};

static size_t
length(const struct proc_each *e)
{
	return sizeof(struct proc_shared) + e->n * (e->size + 1);
}

/* Its answer is complete: this is not 0. */
static unsigned char *
mark(const struct proc_each *e, size_t i)
{
	return e->shared->answers + e->n * e->size + i;
}

unsigned
proc_cores(void)
{
	long n;
#ifdef CPU_COUNT
	cpu_set_t ours;

	/* Where we may run, which taskset(1) or a container can have cut. */
	if (sched_getaffinity(0, sizeof(ours), &ours) == 0)
		return (unsigned)CPU_COUNT(&ours);
#endif
	n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

/* Nobody waits for what a child does that has lost its parent. */
static void
work(const struct proc_each *e, int fd, pid_t parent)
{
	size_t i;

	while ((i = atomic_fetch_add(&e->shared->next, 1)) < e->n) {
		if (parent != 0 && getppid() != parent)
			return;
		e->fn(fd, i, e->shared->answers + i * e->size, e->ctx);
		*mark(e, i) = 1;
	}
}

struct helper {
	const struct proc_each *each;
	pid_t parent;
};

static int
help(int report, void *ctx)
{
	const struct helper *h = ctx;

	(void)report;
	work(h->each, STDIN_FILENO, h->parent);
	return 0;
}

/* With fewer children than there could be the rest has more to do. */
static unsigned
start(const struct proc_each *e, pid_t *pid)
{
	const struct proc_opts opts = {.in = e->fd, .out = -1, .err = -1};
	struct helper h = {e, getpid()};
	struct error ignored;
	unsigned n = 0;
	int said;

	for (; n + 1 < e->most && n + 1 < e->n; n++) {
		pid[n] = proc_fork(&opts, help, &h, &said, &ignored);
		if (pid[n] == -1)
			break;
		(void)close(said);
	}
	return n;
}

int
proc_each(struct proc_each *e, struct error *err)
{
	pid_t *pid = xcalloc(e->most + 1, sizeof(*pid));
	unsigned children;
	int status, rc = 0;

	e->shared = mmap(NULL, length(e), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (e->shared == MAP_FAILED) {
		e->shared = NULL;
		free(pid);
		return error_errno(err, "memory for %zu answers", e->n);
	}
	children = start(e, pid);
	work(e, e->fd, 0);
	for (unsigned k = 0; k < children; k++) {
		proc_reap(pid[k], &status);
		if (proc_judge(status, err) == -1)
			rc = -1;
	}
	free(pid);
	return rc;
}

const void *
proc_answer(const struct proc_each *e, size_t i)
{
	if (e->shared == NULL || *mark(e, i) == 0)
		return NULL;
	return e->shared->answers + i * e->size;
}

void
proc_each_free(struct proc_each *e)
{
	if (e->shared != NULL)
		(void)munmap(e->shared, length(e));
	e->shared = NULL;
}
