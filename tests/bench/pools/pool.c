#include "pool.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define READY TASK_KEYS_MAX /* said by a worker that is connected */

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
sequential(const struct task *t, unsigned n)
{
	struct wire w = {.redis = NULL};
	unsigned i;

	for (i = 0; i < n; i++)
		task_run(t, &w, i);
	task_disconnect(&w);
}

struct counter {
	const struct task *task;
	atomic_uint next;
	unsigned n;
};

static void *
thread_main(void *arg)
{
	struct counter *c = arg;
	struct wire w = {.redis = NULL};
	unsigned i;

	while ((i = atomic_fetch_add(&c->next, 1)) < c->n)
		task_run(c->task, &w, i);
	task_disconnect(&w);
	return NULL;
}

static void
threads(const struct task *t, unsigned n, unsigned width)
{
	struct counter c = {.task = t, .n = n};
	pthread_t id[POOL_WIDTH_MAX];
	unsigned i;

	for (i = 0; i < width; i++)
		if (pthread_create(&id[i], NULL, thread_main, &c) != 0)
			errx(1, "pthread_create");
	for (i = 0; i < width; i++)
		(void)pthread_join(id[i], NULL);
}

static pid_t
fork_or_die(void)
{
	pid_t pid = fork();

	if (pid == -1)
		err(1, "fork");
	return pid;
}

static void
reap_one(void)
{
	int status;

	if (wait(&status) == -1)
		err(1, "wait");
	if (status != 0)
		errx(1, "a worker failed");
}

static void
fork_each(const struct task *t, unsigned n, unsigned width)
{
	struct wire w = {.redis = NULL};
	unsigned i, alive = 0;

	for (i = 0; i < n; i++) {
		if (alive == width) {
			reap_one();
			alive--;
		}
		if (fork_or_die() == 0) {
			task_run(t, &w, i);
			_exit(0);
		}
		alive++;
	}
	for (; alive > 0; alive--)
		reap_one();
}

struct crew {
	const struct task *task;
	struct pollfd ends[POOL_WIDTH_MAX];
	unsigned next, n, done;
};

static void
worker_main(const struct task *t, int fd, bool early)
{
	struct wire w = {.redis = NULL};
	unsigned i = READY;

	if (early) {
		task_connect(t, &w);
		if (send(fd, &i, sizeof(i), 0) == -1)
			_exit(1);
	}
	while (recv(fd, &i, sizeof(i), 0) == (ssize_t)sizeof(i)) {
		task_run(t, &w, i);
		if (send(fd, &i, sizeof(i), MSG_NOSIGNAL) == -1)
			_exit(1);
	}
	_exit(0);
}

static int
worker_start(struct crew *crew, unsigned earlier, bool early)
{
	int ends[2];
	unsigned i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		err(1, "socketpair");
	if (fork_or_die() == 0) {
		(void)close(ends[0]);
		/* Else none of them would see the end. */
		for (i = 0; i < earlier; i++)
			(void)close(crew->ends[i].fd);
		worker_main(crew->task, ends[1], early);
	}
	(void)close(ends[1]);
	return ends[0];
}

static void
hand_out(struct crew *crew, int fd)
{
	unsigned i = crew->next;

	if (i == crew->n)
		return;
	if (send(fd, &i, sizeof(i), MSG_NOSIGNAL) == -1)
		err(1, "send");
	crew->next++;
}

static unsigned
answer(int fd)
{
	unsigned i;

	if (recv(fd, &i, sizeof(i), 0) != (ssize_t)sizeof(i))
		errx(1, "a worker is gone");
	return i;
}

/* Who answers gets the next task. */
static void
drive(struct crew *crew, unsigned width)
{
	unsigned i;

	while (crew->done < crew->n) {
		if (poll(crew->ends, width, -1) == -1)
			err(1, "poll");
		for (i = 0; i < width; i++) {
			if (crew->ends[i].revents == 0)
				continue;
			(void)answer(crew->ends[i].fd);
			crew->done++;
			hand_out(crew, crew->ends[i].fd);
		}
	}
}

static void
dismiss(const struct crew *crew, unsigned width)
{
	unsigned i;

	for (i = 0; i < width; i++)
		(void)close(crew->ends[i].fd);
	for (i = 0; i < width; i++)
		reap_one();
}

static double
crew_pass(const struct task *t, unsigned n, unsigned width, bool kept)
{
	struct crew crew = {.task = t, .n = n};
	double start = now(), took;
	unsigned i;

	/* Each has its first task before the next is made. */
	for (i = 0; i < width; i++) {
		crew.ends[i].fd = worker_start(&crew, i, kept);
		crew.ends[i].events = POLLIN;
		if (!kept)
			hand_out(&crew, crew.ends[i].fd);
	}
	if (kept) {
		for (i = 0; i < width; i++)
			(void)answer(crew.ends[i].fd);
		start = now();
		for (i = 0; i < width; i++)
			hand_out(&crew, crew.ends[i].fd);
	}
	drive(&crew, width);
	took = now() - start;
	dismiss(&crew, width);
	return kept ? took : now() - start;
}

double
pool_pass(enum pool_kind kind, const struct task *t, unsigned n, unsigned width)
{
	double start = now();

	switch (kind) {
	case POOL_SEQ:
		sequential(t, n);
		break;
	case POOL_THREAD:
		threads(t, n, width);
		break;
	case POOL_FORK:
		fork_each(t, n, width);
		break;
	case POOL_PREFORK:
	case POOL_KEPT:
		return crew_pass(t, n, width, kind == POOL_KEPT);
	}
	return now() - start;
}
