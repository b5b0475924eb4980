#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"

#define MANY 1000

struct answer {
	size_t i;
	pid_t by;
	ino_t seen; /* what fd is there */
};

static struct error err;
static pid_t self;
static atomic_bool *child_came; /* in a memory that all share */

static void
nobody_is_left(void)
{
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
say(int fd, size_t i, void *answer, void *ctx)
{
	struct stat st;

	(void)ctx;
	*(struct answer *)answer =
	    (struct answer){i, getpid(), fstat(fd, &st) == 0 ? st.st_ino : 0};
}

static void
all_are_done_once(unsigned most, size_t n)
{
	struct proc_each e = {.n = n,
	    .size = sizeof(struct answer),
	    .most = most,
	    .fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    .fn = say};
	struct stat st;

	CHECK(stat("/", &st) == 0);
	CHECK(proc_each(&e, &err) == 0);
	for (size_t i = 0; i < n; i++) {
		const struct answer *a = proc_answer(&e, i);

		CHECK(a != NULL && a->i == i && a->seen == st.st_ino);
		CHECK(a != NULL && (a->by == self || most > 1));
	}
	proc_each_free(&e);
	(void)close(e.fd);
	nobody_is_left();
}

static void
each_number_has_its_answer_whoever_made_it(void)
{
	all_are_done_once(1, MANY);
	all_are_done_once(2, MANY);
	all_are_done_once(8, MANY);
	all_are_done_once(8, 3);
	all_are_done_once(8, 1);
	all_are_done_once(8, 0);
	all_are_done_once(0, 3);
}

/* We wait until a child has taken something, too. */
static void
with_a_child(int fd, size_t i, void *answer, void *ctx)
{
	if (getpid() != self)
		atomic_store(child_came, true);
	for (int ms = 0; ms < 10000 && !atomic_load(child_came); ms++)
		(void)poll(NULL, 0, 1);
	say(fd, i, answer, ctx);
}

static void
children_take_part_if_there_may_be_more_than_one_process(void)
{
	struct proc_each e = {.n = 2,
	    .size = sizeof(struct answer),
	    .most = 2,
	    .fd = -1,
	    .fn = with_a_child};
	const struct answer *a, *b;

	atomic_store(child_came, false);
	CHECK(proc_each(&e, &err) == 0);
	a = proc_answer(&e, 0);
	b = proc_answer(&e, 1);
	CHECK(a != NULL && b != NULL && (a->by != self || b->by != self));
	proc_each_free(&e);
}

/* The first number that a child takes is its last. */
static void
die_as_child(int fd, size_t i, void *answer, void *ctx)
{
	if (getpid() != self) {
		atomic_store(child_came, true);
		if (ctx != NULL)
			_exit(0);
		(void)raise(SIGKILL);
	}
	with_a_child(fd, i, answer, ctx);
}

static size_t
unanswered(const struct proc_each *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++)
		n += proc_answer(e, i) == NULL;
	return n;
}

static void
what_a_dead_child_had_in_its_hands_has_no_answer(void)
{
	struct proc_each e = {.n = 100,
	    .size = sizeof(struct answer),
	    .most = 2,
	    .fd = -1,
	    .fn = die_as_child};

	atomic_store(child_came, false);
	CHECK(proc_each(&e, &err) == -1);
	CHECK(err.kind == ERR_CHILD);
	CHECK_STR(err.msg, "a child was killed by signal 9 (Killed)");
	CHECK(unanswered(&e) == 1);
	proc_each_free(&e);
	nobody_is_left();
}

static void
neither_has_what_one_left_that_says_all_is_well(void)
{
	struct proc_each e = {.n = 100,
	    .size = sizeof(struct answer),
	    .most = 2,
	    .fd = -1,
	    .fn = die_as_child,
	    .ctx = &e};

	atomic_store(child_came, false);
	CHECK(proc_each(&e, &err) == 0);
	CHECK(unanswered(&e) == 1);
	proc_each_free(&e);
	nobody_is_left();
}

static void
memory_that_there_is_not_is_an_error(void)
{
	struct proc_each e = {.n = (size_t)1 << 40,
	    .size = (size_t)1 << 20,
	    .most = 2,
	    .fd = -1,
	    .fn = say};

	CHECK(proc_each(&e, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg,
	    "memory for 1099511627776 answers: Cannot allocate memory");
	CHECK(proc_answer(&e, 0) == NULL);
	proc_each_free(&e);
}

static void
first_of(const cpu_set_t *all, cpu_set_t *one)
{
	size_t i = 0;

	while (!CPU_ISSET(i, all))
		i++;
	CPU_ZERO(one);
	CPU_SET(i, one);
}

static void
the_cores_are_those_that_we_may_use(void)
{
	cpu_set_t all, one;

	CHECK(sched_getaffinity(0, sizeof(all), &all) == 0);
	CHECK(proc_cores() == (unsigned)CPU_COUNT(&all));
	first_of(&all, &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	CHECK(proc_cores() == 1);
	CHECK(sched_setaffinity(0, sizeof(all), &all) == 0);
}

int
main(void)
{
	(void)alarm(60); /* what hangs here is a bug */
	self = getpid();
	child_came = mmap(NULL, sizeof(*child_came), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	RUN(each_number_has_its_answer_whoever_made_it);
	RUN(children_take_part_if_there_may_be_more_than_one_process);
	RUN(what_a_dead_child_had_in_its_hands_has_no_answer);
	RUN(neither_has_what_one_left_that_says_all_is_well);
	RUN(memory_that_there_is_not_is_an_error);
	RUN(the_cores_are_those_that_we_may_use);
	return check_done();
}
