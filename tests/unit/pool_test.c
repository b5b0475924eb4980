#include "kelpie/pool.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/worker.h"

/*
 * A caller that runs jobs whose url says how the worker behaves, and
 * remembers what it heard.
 */
struct caller {
	const char *const *how; /* of each job in turn, the last one for ever */
	size_t n, given;
	const char *origin; /* NULL: the first letter of the behaviour */
	size_t started, events, ok, bad, strays;
	unsigned workers_seen;
	struct error last, stray;
	int pipe[2];
	unsigned later; /* so often there is no job yet */
	int pack; /* goes with each job, or -1 */
};

static enum pool_next
next(void *ctx, const char *origin, struct pool_job *job)
{
	struct caller *c = ctx;
	const char *how;

	if (c->given == c->n)
		return POOL_NONE;
	if (c->later > 0) {
		c->later--;
		return POOL_LATER;
	}
	how = c->how[0];
	if (c->how[1] != NULL)
		how = c->how[c->given];
	*job = (struct pool_job){.origin = c->origin != NULL ? c->origin : how,
	    .job = {.id = (uint32_t)c->given,
		.url = how,
		.version = "v1",
		.commit = "",
		.have = "",
		.user = "",
		.password = "",
		.pack = c->pack,
		.link = -1,
		.words = -1}};
	if (origin != NULL && strcmp(origin, job->origin) != 0)
		return POOL_NONE;
	if (c->pack != -1)
		job->job.pack = dup(c->pack);
	c->given++;
	return POOL_JOB;
}

static void
started(void *ctx, uint32_t id)
{
	(void)id;
	((struct caller *)ctx)->started++;
}

/* A NOTE takes its time here: what sent it has ended when it is read. */
static void
event(void *ctx, uint32_t id, const struct msg *m)
{
	const struct timespec nap = {.tv_nsec = 200 * 1000 * 1000};

	(void)id;
	((struct caller *)ctx)->events++;
	if (m->type == MSG_NOTE && strcmp(m->text, "wait") == 0)
		(void)nanosleep(&nap, NULL);
}

static void
done(void *ctx, uint32_t id, unsigned worker, const struct error *err)
{
	struct caller *c = ctx;

	(void)id;
	if (worker > c->workers_seen)
		c->workers_seen = worker;
	c->last = *err;
	if (err->kind == ERR_NONE)
		c->ok++;
	else
		c->bad++;
}

static void
stray(void *ctx, const struct error *err)
{
	struct caller *c = ctx;

	c->strays++;
	c->stray = *err;
}

static void
tick(void *ctx)
{
	(void)ctx;
}

static int
enter(struct worker *w, void *ctx, struct error *err)
{
	(void)ctx;
	if (strcmp(w->origin, "locked out") == 0)
		return error_set(err, ERR_LOCAL, "no stage");
	return 0;
}

static _Noreturn void
crash(void)
{
	(void)signal(SIGSEGV, SIG_DFL); /* also under a sanitizer */
	(void)raise(SIGSEGV);
	_exit(9);
}

static _Noreturn void
idle_until_killed(void)
{
	for (;;)
		(void)pause();
}

/* A grandchild that keeps the socket open and tells where it lives. */
static _Noreturn void
leave_a_grandchild(const struct caller *c)
{
	pid_t pid = fork();

	if (pid == 0)
		idle_until_killed();
	(void)!write(c->pipe[1], &pid, sizeof(pid));
	_exit(0);
}

/* Until the parent has gone, which worker_progress() notices. */
static _Noreturn void
work_for_ever(struct worker *w)
{
	const struct timespec nap = {.tv_nsec = 10 * 1000 * 1000};
	uint64_t i;

	for (i = 0;; i++) {
		worker_progress(w, PHASE_RECEIVE, i / 100, 0);
		(void)nanosleep(&nap, NULL);
	}
}

static int
misbehave(struct worker *w, const struct caller *c, const char *how)
{
	if (strcmp(how, "crash") == 0)
		crash();
	if (strcmp(how, "killed") == 0)
		return kill(getpid(), SIGKILL);
	if (strcmp(how, "silent exit") == 0)
		_exit(0);
	if (strcmp(how, "half a record") == 0) {
		(void)!write(w->fd, "\x20", 1);
		_exit(0);
	}
	if (strcmp(how, "deaf") == 0)
		(void)signal(SIGTERM, SIG_IGN);
	if (strcmp(how, "grandchild") == 0)
		leave_a_grandchild(c);
	if (strcmp(how, "for ever") == 0)
		work_for_ever(w);
	if (strcmp(how, "interrupt") == 0)
		(void)kill(getppid(), SIGINT);
	idle_until_killed();
}

static int
run(struct worker *w, void *ctx, const struct job *job, struct error *err)
{
	const struct msg twice = {.type = MSG_RESULT, .job = {.id = job->id}};

	if (strcmp(job->url, "well") == 0) {
		worker_progress(w, PHASE_RECEIVE, 1, 2);
		worker_fact(w, "commit", "c0ffee");
		return 0;
	}
	if (strcmp(job->url, "has a pack") == 0)
		return fcntl(job->pack, F_GETFD) != -1 ? 0 : -1;
	if (strcmp(job->url, "fail") == 0) {
		(void)error_set(err, ERR_AUTH, "certificate has expired");
		return error_wrap(err, "clone");
	}
	if (strcmp(job->url, "garbage") == 0) {
		(void)!write(w->fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
		idle_until_killed();
	}
	if (strcmp(job->url, "two results") == 0)
		return msg_send(w->fd, &twice);
	if (strcmp(job->url, "cancelled") == 0)
		return error_set(err, ERR_CANCELLED, "I would rather not");
	while (strcmp(job->url, "flood") == 0)
		worker_note(w, "and another thing");
	if (strcmp(job->url, "note and leave") == 0) {
		worker_note(w, "wait");
		(void)msg_send(w->fd, &twice);
		_exit(0);
	}
	if (strcmp(job->url, "then crash") == 0) {
		(void)msg_send(w->fd, &twice);
		crash();
	}
	if (strcmp(job->url, "no ears") == 0) {
		if (job->id > 0)
			return 0;
		(void)shutdown(w->fd, SHUT_RD);
		(void)msg_send(w->fd, &twice);
	}
	return misbehave(w, ctx, job->url);
}

static const struct pool_calls calls = {.next = next,
    .started = started,
    .event = event,
    .done = done,
    .stray = stray,
    .tick = tick,
    .pause = tick,
    .worker = {.enter = enter, .run = run}};

static struct caller
pool(const char *const *how, size_t n, struct pool_opts opts)
{
	struct caller c = {.how = how, .n = n, .pack = -1};
	struct pool_end end;
	struct error err = {0};

	if (how[1] == NULL)
		c.origin = how[0];
	CHECK(pool_run(&opts, &calls, &c, &end, &err) == 0);
	CHECK(c.ok + c.bad == n);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	return c;
}

static struct caller
one(const char *how, struct pool_opts opts)
{
	const char *const list[] = {how, NULL};

	return pool(list, 1, opts);
}

static void
two_hundred_jobs_in_sixteen_slots(void)
{
	const char *const list[] = {"well", NULL};
	struct caller c = pool(list, 200, (struct pool_opts){.max = 16});

	CHECK(c.started == 200);
	CHECK(c.ok == 200 && c.bad == 0 && c.strays == 0);
	CHECK(c.events == 400);
	CHECK(c.workers_seen <= 16);
}

static void
one_slot_is_sequential(void)
{
	const char *const list[] = {"well", NULL};
	struct caller c = pool(list, 20, (struct pool_opts){.max = 1});

	CHECK(c.ok == 20 && c.workers_seen == 1);
}

static void
a_job_that_comes_later_is_waited_for(void)
{
	const char *const list[] = {"well", NULL};
	struct caller c = {.how = list,
	    .n = 3,
	    .origin = "one host",
	    .later = 20,
	    .pack = -1};
	struct pool_opts opts = {.max = 2};
	struct error err = {0};

	CHECK(pool_run(&opts, &calls, &c, NULL, &err) == 0);
	CHECK(c.ok == 3 && c.later == 0);
}

static void
descriptors_reach_the_worker_and_are_closed_here(void)
{
	const char *const list[] = {"has a pack", NULL};
	struct caller c = {.how = list, .n = 40, .origin = "one host"};
	struct pool_opts opts = {.max = 2};
	struct error err = {0};
	int fd[2];

	(void)signal(SIGPIPE, SIG_IGN);
	CHECK(pipe(fd) == 0);
	c.pack = fd[0];
	CHECK(pool_run(&opts, &calls, &c, NULL, &err) == 0);
	CHECK(c.ok == 40);
	(void)close(fd[0]);
	/* No reader is left: not here, not in a worker. */
	CHECK(write(fd[1], "x", 1) == -1 && errno == EPIPE);
	(void)close(fd[1]);
}

static void
isolated_jobs_have_a_process_each(void)
{
	const char *const list[] = {"well", NULL};
	struct caller c =
	    pool(list, 20, (struct pool_opts){.max = 4, .isolate = true});

	CHECK(c.ok == 20 && c.workers_seen == 20);
}

static void
an_isolated_result_is_not_believed_without_exit_status_0(void)
{
	struct caller c =
	    one("then crash", (struct pool_opts){.max = 1, .isolate = true});

	CHECK(c.bad == 1 && c.last.kind == ERR_CHILD);
	CHECK_STR(c.last.msg,
	    "the worker was killed by signal 11 (Segmentation fault) after "
	    "its result");
}

static void
the_workers_words_reach_the_parent(void)
{
	struct caller c = one("fail", (struct pool_opts){.max = 1});

	CHECK(c.last.kind == ERR_AUTH);
	CHECK_STR(c.last.msg, "clone: certificate has expired");
}

static void
a_worker_that_cannot_begin_fails_its_jobs(void)
{
	const char *const list[] = {"locked out", NULL};
	struct caller c = pool(list, 3, (struct pool_opts){.max = 1});

	CHECK(c.bad == 3 && c.last.kind == ERR_LOCAL);
	CHECK_STR(c.last.msg, "no stage");
}

/* One bad worker among good ones costs its own job only. */
static void
costs_one_role(const char *how, const char *msg)
{
	const char *const list[] = {"well", "well", how, "well", "well",
	    "well"};
	struct caller c = {.how = list,
	    .n = 6,
	    .origin = "one host",
	    .pack = -1};
	struct pool_opts opts = {.max = 2};
	struct error err = {0};

	CHECK(pool_run(&opts, &calls, &c, NULL, &err) == 0);
	CHECK(c.ok == 5 && c.bad == 1);
	c = one(how, opts);
	CHECK(c.last.kind == ERR_CHILD);
	CHECK_STR(c.last.msg, msg);
}

static void
a_crash_costs_one_role(void)
{
	costs_one_role("crash",
	    "the worker was killed by signal 11 (Segmentation fault) without "
	    "a result while connecting");
}

static void
a_killed_worker_costs_one_role(void)
{
	costs_one_role("killed",
	    "the worker was killed by signal 9 (Killed; did memory run out?) "
	    "without a result "
	    "while connecting");
}

static void
silence_is_not_success(void)
{
	costs_one_role("silent exit",
	    "the worker ended with exit status 0 without a result while "
	    "connecting");
}

static void
garbage_is_not_believed(void)
{
	costs_one_role("garbage",
	    "the worker sent garbage without a result while connecting");
}

static void
half_a_record_is_not_believed(void)
{
	costs_one_role("half a record",
	    "the worker ended in the middle of a record without a result "
	    "while connecting");
}

static void
a_worker_that_stops_talking_is_ended(void)
{
	struct caller c = one("hang", (struct pool_opts){.max = 1, .quiet = 1});

	CHECK(c.last.kind == ERR_NETWORK);
	CHECK_STR(c.last.msg, "no progress for 1 seconds while connecting");
}

static void
a_worker_deaf_to_term_is_killed(void)
{
	struct caller c = one("deaf", (struct pool_opts){.max = 1, .quiet = 1});

	CHECK(c.last.kind == ERR_NETWORK);
}

/* The job is done by its first result; the rest undoes nothing. */
static void
a_bad_end_with_nothing_in_its_hands_is_told(void)
{
	struct caller c = one("then crash", (struct pool_opts){.max = 1});

	CHECK(c.ok == 1 && c.bad == 0 && c.strays == 1);
	CHECK_STR(c.stray.msg,
	    "then crash: the worker was killed by signal 11 (Segmentation "
	    "fault) after its last job");
	c = one("two results", (struct pool_opts){.max = 1});
	CHECK(c.ok == 1 && c.strays == 1);
	CHECK_STR(c.stray.msg,
	    "two results: the worker sent garbage after its last job");
}

static void
only_the_pool_cancels(void)
{
	struct caller c = one("cancelled", (struct pool_opts){.max = 1});

	CHECK(c.bad == 1 && c.last.kind == ERR_CHILD);
}

static void
a_worker_that_never_stops_talking_is_ended(void)
{
	struct caller c = one("flood", (struct pool_opts){.max = 1});

	CHECK(c.bad == 1 && c.last.kind == ERR_CHILD);
	CHECK_STR(c.last.msg,
	    "the worker sent garbage without a result while connecting");
}

/* While one job waits for a worker, another comes back from a dead one. */
static void
no_job_is_lost_when_a_worker_is_gone_at_the_hand_out(void)
{
	const char *const list[] = {"note and leave", "well", "note and leave",
	    NULL};
	struct caller c = pool(list, 3, (struct pool_opts){.max = 1});

	CHECK(c.ok == 3 && c.started == 3);
}

static void
a_worker_that_takes_no_job_and_stays_is_ended(void)
{
	const char *const list[] = {"no ears", NULL};
	struct caller c = pool(list, 2, (struct pool_opts){.max = 1});

	CHECK(c.ok == 2 && c.started == 2 && c.workers_seen == 2);
}

static void
each_origin_has_workers_of_its_own(void)
{
	const char *const list[] = {"well", "fail", "well", "fail", NULL};
	struct caller c = pool(list, 4, (struct pool_opts){.max = 1});

	CHECK(c.ok == 2 && c.bad == 2);
	CHECK(c.workers_seen == 2); /* one slot, and each kept its origin */
}

static bool
gone(pid_t pid)
{
	const struct timespec nap = {.tv_nsec = 20 * 1000 * 1000};
	int i;

	for (i = 0; i < 250 && kill(pid, 0) == 0; i++)
		(void)nanosleep(&nap, NULL);
	return kill(pid, 0) == -1;
}

static void
a_grandchild_ends_with_its_worker(void)
{
	const char *const list[] = {"grandchild", NULL};
	struct caller c = {.how = list, .n = 1, .origin = "x", .pack = -1};
	struct pool_opts opts = {.max = 1};
	struct error err;
	pid_t pid = 0;

	CHECK(pipe(c.pipe) == 0);
	CHECK(pool_run(&opts, &calls, &c, NULL, &err) == 0);
	CHECK(c.bad == 1);
	CHECK(read(c.pipe[0], &pid, sizeof(pid)) == (ssize_t)sizeof(pid));
	CHECK(pid > 0 && gone(pid));
	(void)close(c.pipe[0]);
	(void)close(c.pipe[1]);
}

static void
ctrl_c_stops_and_reaps(void)
{
	const char *const list[] = {"interrupt", NULL};
	struct caller c = {.how = list, .n = 10, .origin = "x", .pack = -1};
	struct pool_opts opts = {.max = 4};
	struct pool_end end;
	struct error err = {0};

	CHECK(pool_run(&opts, &calls, &c, &end, &err) == -1);
	CHECK(err.kind == ERR_CANCELLED && end.signo == SIGINT);
	CHECK(c.ok == 0 && c.bad >= 1 && c.bad <= 4);
	CHECK(c.last.kind == ERR_CANCELLED);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
press_again(void *ctx)
{
	(void)ctx;
	(void)kill(getpid(), SIGINT);
}

/* The last tick comes after the last look at the signals. */
static void
a_signal_at_the_very_end_is_not_lost_on_the_caller(void)
{
	const char *const list[] = {"well", NULL};
	struct caller c = {.how = list, .n = 3, .origin = "x", .pack = -1};
	struct pool_calls my = calls;
	struct pool_opts opts = {.max = 1};
	struct pool_end end;
	struct error err = {0};

	my.tick = press_again;
	CHECK(pool_run(&opts, &my, &c, &end, &err) == -1);
	CHECK(err.kind == ERR_CANCELLED && end.signo == SIGINT);
}

/* The worker says who it is, so that we can look for it afterwards. */
static int
tell_pid(struct worker *w, void *ctx, struct error *err)
{
	const struct caller *c = ctx;
	pid_t pid = getpid();

	(void)w, (void)err;
	(void)!write(c->pipe[1], &pid, sizeof(pid));
	return 0;
}

static void
no_worker_outlives_its_parent(void)
{
	const char *const list[] = {"for ever", NULL};
	struct caller c = {.how = list, .n = 3, .origin = "x", .pack = -1};
	struct pool_calls my = calls;
	struct pool_opts opts = {.max = 3};
	struct error err;
	pid_t worker[3] = {0}, parent;
	size_t i;

	my.worker.enter = tell_pid;
	CHECK(pipe(c.pipe) == 0);
	(void)fflush(stdout);
	parent = fork();
	if (parent == 0) {
		(void)pool_run(&opts, &my, &c, NULL, &err);
		_exit(0);
	}
	for (i = 0; i < 3; i++)
		CHECK(read(c.pipe[0], &worker[i], sizeof(pid_t)) ==
		    (ssize_t)sizeof(pid_t));
	(void)kill(parent, SIGKILL);
	(void)waitpid(parent, NULL, 0);
	for (i = 0; i < 3; i++)
		CHECK(worker[i] > 0 && gone(worker[i]));
	(void)close(c.pipe[0]);
	(void)close(c.pipe[1]);
}

int
main(void)
{
	RUN(two_hundred_jobs_in_sixteen_slots);
	RUN(one_slot_is_sequential);
	RUN(a_job_that_comes_later_is_waited_for);
	RUN(descriptors_reach_the_worker_and_are_closed_here);
	RUN(isolated_jobs_have_a_process_each);
	RUN(an_isolated_result_is_not_believed_without_exit_status_0);
	RUN(the_workers_words_reach_the_parent);
	RUN(a_worker_that_cannot_begin_fails_its_jobs);
	RUN(a_crash_costs_one_role);
	RUN(a_killed_worker_costs_one_role);
	RUN(silence_is_not_success);
	RUN(garbage_is_not_believed);
	RUN(half_a_record_is_not_believed);
	RUN(a_worker_that_stops_talking_is_ended);
	RUN(a_worker_deaf_to_term_is_killed);
	RUN(a_bad_end_with_nothing_in_its_hands_is_told);
	RUN(only_the_pool_cancels);
	RUN(a_worker_that_never_stops_talking_is_ended);
	RUN(no_job_is_lost_when_a_worker_is_gone_at_the_hand_out);
	RUN(a_worker_that_takes_no_job_and_stays_is_ended);
	RUN(each_origin_has_workers_of_its_own);
	RUN(a_grandchild_ends_with_its_worker);
	RUN(ctrl_c_stops_and_reaps);
	RUN(a_signal_at_the_very_end_is_not_lost_on_the_caller);
	RUN(no_worker_outlives_its_parent);
	return check_done();
}
