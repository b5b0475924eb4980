#include "kelpie/proc.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"

static struct error err;

/* What a shell command says, and how it ends. */
static int
shell(const char *command, const char *const *env, struct buf *out)
{
	const char *const argv[] = {"sh", "-c", command, NULL};
	struct proc_opts o = {argv, env, -1, -1, -1};
	int fd[2], status = -1;
	pid_t pid;

	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	o.out = fd[1];
	pid = proc_start(&o, &err);
	CHECK(pid != -1);
	(void)close(fd[1]);
	CHECK(buf_read(out, fd[0], 65536, &err) == 0);
	(void)close(fd[0]);
	while (pid != -1 && !proc_ended(pid, &status))
		(void)poll(NULL, 0, 1);
	return status;
}

static void
check_shell(const char *command, const char *const *env, const char *want)
{
	struct buf out = {0};

	buf_puts(&out, "");
	CHECK(shell(command, env, &out) == 0);
	CHECK_STR(out.data, want);
	buf_free(&out);
}

static void
a_program_is_found_on_the_path_and_gets_its_arguments(void)
{
	check_shell("echo one two", NULL, "one two\n");
}

static void
its_environment_is_ours_and_what_is_put_over_it(void)
{
	static const char *const env[] = {"PROC_A=new", "PROC_B=b", NULL};

	(void)setenv("PROC_A", "old", 1);
	(void)setenv("PROC_C", "kept", 1);
	check_shell("echo $PROC_A $PROC_B $PROC_C", env, "new b kept\n");
	CHECK_STR(getenv("PROC_A"), "old");
}

static void
a_program_that_is_not_there_is_an_error(void)
{
	const char *const argv[] = {"kelpie-no-such-program", NULL};
	const struct proc_opts o = {argv, NULL, -1, -1, -1};

	CHECK(proc_start(&o, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg,
	    "start 'kelpie-no-such-program': No such file or directory");
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void
streams_that_nobody_gave_lead_nowhere(void)
{
	check_shell("cat; echo lost >&2; echo kept", NULL, "kept\n");
}

static void
other_descriptors_are_closed(void)
{
	int fd = open("/dev/null", O_RDONLY); /* not close-on-exec */

	CHECK(fd >= 3 && dup2(fd, 77) == 77);
	check_shell("for f in 3 4 5 6 7 8 9; do"
		    " (: >&$f) 2>/dev/null && echo $f; done;"
		    " test ! -e /proc/self/fd/77 && echo clean",
	    NULL, "clean\n");
	(void)close(77);
	(void)close(fd);
}

/* Descriptors may stand in each other's places. */
static void
descriptors_may_be_the_standard_ones_in_any_order(void)
{
	const char *const argv[] = {"sh", "-c", "cat; echo words >&2", NULL};
	int in[2], out[2], saved[3], status;
	char buf[32] = "";
	pid_t pid = -1;

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	CHECK(write(in[1], "x\n", 2) == 2 && close(in[1]) == 0);
	for (int i = 0; i < 3; i++)
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 50);
	(void)fflush(stdout);
	(void)dup2(out[1], 0);
	(void)dup2(out[1], 1);
	(void)dup2(in[0], 2);
	pid = proc_start(&(struct proc_opts){argv, NULL, 2, 1, 0}, &err);
	for (int i = 0; i < 3; i++) {
		(void)dup2(saved[i], i);
		(void)close(saved[i]);
	}
	(void)close(out[1]);
	while (pid > 0 && !proc_ended(pid, &status))
		(void)poll(NULL, 0, 1);
	CHECK(read(out[0], buf, sizeof(buf) - 1) == 8);
	CHECK_STR(buf, "x\nwords\n");
	(void)close(out[0]);
	(void)close(in[0]);
}

static void
signals_are_as_in_a_fresh_process(void)
{
	sigset_t block, old;

	(void)sigemptyset(&block);
	(void)sigaddset(&block, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &block, &old);
	(void)signal(SIGHUP, SIG_IGN);
	check_shell("sed -n 's/^Sig\\(Blk\\|Ign\\):[[:space:]]*//p' "
		    "/proc/self/status",
	    NULL, "0000000000000000\n0000000000000000\n");
	(void)signal(SIGHUP, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
}

static void
it_has_a_session_of_its_own(void)
{
	char want[32];
	struct buf out = {0};

	(void)snprintf(want, sizeof(want), "%d\n", (int)getsid(0));
	CHECK(shell("cut -d' ' -f6 /proc/self/stat", NULL, &out) == 0);
	CHECK(out.len > 1 && strcmp(out.data, want) != 0);
	buf_free(&out);
}

static void
an_exit_status_is_kept(void)
{
	struct buf out = {0};
	int status = shell("exit 7", NULL, &out);

	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	buf_free(&out);
}

static void
an_exit_status_is_kept_where_sigchld_was_ignored(void)
{
	(void)signal(SIGCHLD, SIG_IGN);
	an_exit_status_is_kept();
	(void)signal(SIGCHLD, SIG_DFL);
}

/* A shell with a child that holds the pipe: both have to go. */
static void
stop(const char *command, unsigned grace, unsigned at_most)
{
	const char *const argv[] = {"sh", "-c", command, NULL};
	uint64_t begun;
	char buf[8];
	int fd[2];
	pid_t pid;

	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	pid = proc_start(&(struct proc_opts){argv, NULL, -1, fd[1], -1}, &err);
	CHECK(pid != -1);
	(void)close(fd[1]);
	CHECK(read(fd[0], buf, 6) == 6); /* it is under way */
	begun = clock_ms();
	proc_stop(pid, grace);
	CHECK(clock_ms() - begun < at_most);
	CHECK(read(fd[0], buf, 1) == 0);
	CHECK(waitpid(pid, NULL, 0) == -1 && errno == ECHILD);
	(void)close(fd[0]);
}

static void
stopping_ends_the_whole_group(void)
{
	stop("sleep 1000 & echo ready; wait", 10000, 5000);
}

static void
what_does_not_care_for_term_is_killed(void)
{
	stop("trap '' TERM; (trap '' TERM; sleep 1000) & echo ready; "
	     "while :; do wait; done",
	    50, 5000);
}

static void
nobody_is_killed_without_a_pid(void)
{
	proc_kill(0, SIGKILL);
	proc_kill(-1, SIGKILL);
	CHECK(getpid() > 0);
}

/* ---- functions ---- */

static int
says_hello(int fd, void *ctx)
{
	return write_fully(fd, ctx, strlen(ctx)) == 0 ? 0 : 1;
}

static void
the_words_of_a_function_arrive(void)
{
	char hello[] = "hello";
	struct buf out = {0};

	buf_puts(&out, "before ");
	CHECK(proc_call(says_hello, hello, &out, 5, 10000, &err) == 0);
	CHECK_STR(out.data, "before hello");
	CHECK(proc_call(says_hello, hello, &out, 4, 10000, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "it says more than 4 bytes");
	buf_free(&out);
}

static int
fails(int fd, void *ctx)
{
	(void)fd, (void)ctx;
	return 3;
}

static int
kills_itself(int fd, void *ctx)
{
	(void)fd, (void)ctx;
	(void)raise(SIGKILL);
	return 0;
}

static void
a_function_that_fails_or_dies_is_an_error(void)
{
	struct buf out = {0};

	CHECK(proc_call(fails, NULL, &out, 9, 10000, &err) == -1);
	CHECK(err.kind == ERR_CHILD);
	CHECK_STR(err.msg, "a child ended with exit status 3");
	CHECK(proc_call(kills_itself, NULL, &out, 9, 10000, &err) == -1);
	CHECK(err.kind == ERR_CHILD);
	CHECK(strstr(err.msg, "killed by signal 9") != NULL);
	buf_free(&out);
}

static int
hangs(int fd, void *ctx)
{
	if (ctx != NULL)
		(void)close(fd);
	for (;;)
		(void)pause();
	return 0;
}

static void
a_function_that_takes_too_long_is_ended(void)
{
	uint64_t begun = clock_ms();
	struct buf out = {0};
	int deaf = 1;

	CHECK(proc_call(hangs, NULL, &out, 9, 50, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "it takes too long");
	/* It has closed its end and lives on. */
	CHECK(proc_call(hangs, &deaf, &out, 9, 50, &err) == -1);
	CHECK_STR(err.msg, "it takes too long");
	CHECK(clock_ms() - begun < 5000);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	buf_free(&out);
}

static volatile sig_atomic_t stopping;

static void
on_alarm(int signo)
{
	stopping = signo;
}

static void
a_function_is_ended_when_somebody_says_stop(void)
{
	const struct proc_bounds bounds = {9, 30000, &stopping};
	struct sigaction sa = {.sa_handler = on_alarm}, old;
	struct itimerval soon = {.it_value = {.tv_usec = 50000}};
	uint64_t begun = clock_ms();
	struct buf out = {0};

	(void)sigaction(SIGALRM, &sa, &old);
	(void)setitimer(ITIMER_REAL, &soon, NULL);
	CHECK(proc_call_until(hangs, NULL, &out, &bounds, &err) == -1);
	CHECK(err.kind == ERR_CANCELLED);
	CHECK(clock_ms() - begun < 10000);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	(void)sigaction(SIGALRM, &old, NULL);
	(void)alarm(60);
	buf_free(&out);
}

/* ---- our own end ---- */

/* A parent that is killed: do its children hold the pipe any longer? */
static void
children_end_with_us(void)
{
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	const char *const argv[] = {"sleep", "1000", NULL};
	char byte;
	int fd[2];
	pid_t pid;

	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		const struct proc_opts o = {argv, NULL, -1, fd[1], -1};

		if (proc_start(&o, &err) == -1)
			_exit(1);
		(void)raise(SIGKILL);
	}
	(void)close(fd[1]);
	CHECK(read(fd[0], &byte, 1) == 0);
	CHECK(waitpid(pid, NULL, 0) == pid);
	(void)close(fd[0]);
#endif
}

int
main(void)
{
	(void)alarm(60); /* what hangs here is a bug */
	RUN(a_program_is_found_on_the_path_and_gets_its_arguments);
	RUN(its_environment_is_ours_and_what_is_put_over_it);
	RUN(a_program_that_is_not_there_is_an_error);
	RUN(streams_that_nobody_gave_lead_nowhere);
	RUN(other_descriptors_are_closed);
	RUN(descriptors_may_be_the_standard_ones_in_any_order);
	RUN(signals_are_as_in_a_fresh_process);
	RUN(it_has_a_session_of_its_own);
	RUN(an_exit_status_is_kept);
	RUN(an_exit_status_is_kept_where_sigchld_was_ignored);
	RUN(stopping_ends_the_whole_group);
	RUN(what_does_not_care_for_term_is_killed);
	RUN(nobody_is_killed_without_a_pid);
	RUN(the_words_of_a_function_arrive);
	RUN(a_function_that_fails_or_dies_is_an_error);
	RUN(a_function_that_takes_too_long_is_ended);
	RUN(a_function_is_ended_when_somebody_says_stop);
	RUN(children_end_with_us);
	return check_done();
}
