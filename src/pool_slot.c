#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifndef KELPIE_PORTABLE
#include <sys/prctl.h>
#endif

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "pool_priv.h"

struct pool_signals pool_signals;

static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
static const int others[] = {SIGCHLD, SIGTSTP};
#define NSTOPS (sizeof(stops) / sizeof(stops[0]))
#define NOTHERS (sizeof(others) / sizeof(others[0]))

static struct sigaction old_stop[NSTOPS], old_other[NOTHERS];

static void
on_stop(int signo)
{
	pool_signals.last = signo;
	pool_signals.count++;
}

static void
on_other(int signo)
{
	if (signo == SIGTSTP)
		pool_signals.suspend = 1;
}

/* A signal that was ignored when we were started stays ignored (nohup). */
static void
catch_one(int signo, void (*handler)(int), struct sigaction *old)
{
	struct sigaction sa = {.sa_handler = handler};

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(signo, NULL, old);
	if (old->sa_handler != SIG_IGN || signo == SIGCHLD)
		(void)sigaction(signo, &sa, NULL);
}

void
pool_hold(sigset_t *before)
{
	sigset_t block;
	size_t i;

	(void)sigemptyset(&block);
	for (i = 0; i < NSTOPS; i++)
		(void)sigaddset(&block, stops[i]);
	(void)sigprocmask(SIG_BLOCK, &block, before);
}

void
pool_let_go(const sigset_t *before)
{
	(void)sigprocmask(SIG_SETMASK, before, NULL);
}

void
pool_signals_catch(struct pool *p)
{
	sigset_t block;
	size_t i;

	pool_signals.count = pool_signals.last = pool_signals.suspend = 0;
	pool_hold(&p->oldmask);
	p->open = p->oldmask;
	for (i = 0; i < NSTOPS; i++)
		(void)sigdelset(&p->open, stops[i]);
	(void)sigemptyset(&block);
	for (i = 0; i < NOTHERS; i++) {
		(void)sigaddset(&block, others[i]);
		(void)sigdelset(&p->open, others[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &block, NULL);
	for (i = 0; i < NSTOPS; i++)
		catch_one(stops[i], on_stop, &old_stop[i]);
	for (i = 0; i < NOTHERS; i++)
		catch_one(others[i], on_other, &old_other[i]);
}

/*
 * The mask first: what is pending, such as a second Ctrl-C, is for us, and
 * must not meet the default action when there is still a role to put into
 * place.
 */
void
pool_signals_restore(const struct pool *p)
{
	size_t i;

	(void)sigprocmask(SIG_SETMASK, &p->open, NULL);
	(void)sigprocmask(SIG_SETMASK, &p->oldmask, NULL);
	for (i = 0; i < NSTOPS; i++)
		(void)sigaction(stops[i], &old_stop[i], NULL);
	for (i = 0; i < NOTHERS; i++)
		(void)sigaction(others[i], &old_other[i], NULL);
}

void
pool_signals_default(const struct pool *p)
{
	size_t i;

	for (i = 0; i < NSTOPS; i++)
		(void)signal(stops[i], SIG_DFL);
	for (i = 0; i < NOTHERS; i++)
		(void)signal(others[i], SIG_DFL);
	(void)signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to answer */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a full limit is an error, no kill */
	(void)sigprocmask(SIG_SETMASK, &p->open, NULL);
}

/* Standard streams lead nowhere: a worker neither asks nor prints. */
static void
mute(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1)
		_exit(3);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
#ifndef KELPIE_SANITIZED /* whose findings are told on standard error */
	(void)dup2(null, STDERR_FILENO);
#endif
}

/*
 * The first steps of a worker.  A session of its own: no terminal to ask
 * on, and one group to signal.
 */
static _Noreturn void
child(struct pool *p, struct slot *s, pid_t parent)
{
	struct worker w = {.fd = s->fd,
	    .number = s->number,
	    .origin = s->origin};
	struct slot *other;

	(void)setsid();
#ifndef KELPIE_PORTABLE
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(2); /* it was gone before we asked for the signal */
	for (other = p->slot; other < p->slot + p->opts->max; other++)
		if (other != s && other->pid != 0 && other->fd != -1)
			(void)close(other->fd);
	pool_signals_default(p);
	mute();
	worker_serve(&w, &p->calls->worker, p->ctx);
}

struct slot *
slot_start(struct pool *p, const char *origin, struct error *err)
{
	struct slot *s = p->slot;
	pid_t parent = getpid();
	int fd[2];

	while (s->pid != 0)
		s++;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) == -1) {
		(void)error_errno(err, "socketpair");
		return NULL;
	}
	*s = (struct slot){.fd = fd[1],
	    .number = p->stats.workers + 1,
	    .origin = xstrdup(origin)};
	(void)fflush(NULL);
	s->pid = fork();
	if (s->pid == 0) {
		(void)close(fd[0]);
		child(p, s, parent);
	}
	(void)close(fd[1]);
	if (s->pid == -1) {
		(void)error_errno(err, "fork");
		(void)close(fd[0]);
		free(s->origin);
		*s = (struct slot){0};
		return NULL;
	}
	s->fd = fd[0];
	(void)fcntl(s->fd, F_SETFL, O_NONBLOCK);
	patience_begin(&s->patience);
	p->alive++;
	p->stats.workers++;
	if (p->alive > p->stats.most)
		p->stats.most = p->alive;
	return s;
}

void
slot_retire(struct slot *s)
{
	if (s->fd != -1)
		(void)shutdown(s->fd, SHUT_WR);
	s->retired = true;
	if (s->killed == 0)
		s->killed = clock_ms();
}

void
slot_kill(struct slot *s, int signo)
{
	(void)kill(-s->pid, signo);
	(void)kill(s->pid, signo); /* before it has called setsid() */
	if (s->killed == 0)
		s->killed = clock_ms();
}

void
pool_suspend(struct pool *p)
{
	struct slot *s;

	for (s = p->slot; s < p->slot + p->opts->max; s++)
		if (s->pid != 0)
			(void)kill(-s->pid, SIGSTOP);
	p->calls->pause(p->ctx);
	(void)raise(SIGSTOP);
	for (s = p->slot; s < p->slot + p->opts->max; s++) {
		if (s->pid == 0)
			continue;
		(void)kill(-s->pid, SIGCONT);
		patience_begin(&s->patience);
		if (s->killed != 0)
			s->killed = clock_ms();
	}
}

bool
slot_reap(struct pool *p, struct slot *s)
{
	siginfo_t si = {0};
	struct rusage ru;

	if (waitid(P_PID, (id_t)s->pid, &si, WEXITED | WNOHANG | WNOWAIT) ==
		-1 ||
	    si.si_pid != s->pid)
		return false;
	/* While it is a zombie its group cannot be somebody else's. */
	(void)kill(-s->pid, SIGKILL);
	while (wait4(s->pid, &s->status, 0, &ru) == -1 && errno == EINTR)
		;
	p->stats.user_s +=
	    (double)ru.ru_utime.tv_sec + (double)ru.ru_utime.tv_usec / 1e6;
	p->stats.sys_s +=
	    (double)ru.ru_stime.tv_sec + (double)ru.ru_stime.tv_usec / 1e6;
	if (ru.ru_maxrss > p->stats.maxrss_kb)
		p->stats.maxrss_kb = ru.ru_maxrss;
	return true;
}

bool
slot_ended_well(const struct slot *s, struct error *err)
{
	if (s->broken)
		(void)error_set(err, ERR_CHILD, "the worker sent garbage");
	else if (WIFSIGNALED(s->status))
		/* Who kills a worker is most often the kernel. */
		(void)error_set(err, ERR_CHILD,
		    "the worker was killed by signal %d (%s%s)",
		    WTERMSIG(s->status), strsignal(WTERMSIG(s->status)),
		    WTERMSIG(s->status) == SIGKILL ? "; did memory run out?" :
						     "");
	else if (s->len > 0)
		(void)error_set(err, ERR_CHILD,
		    "the worker ended in the middle of a record");
	else if (WEXITSTATUS(s->status) != 0 || s->busy)
		(void)error_set(err, ERR_CHILD,
		    "the worker ended with exit status %d",
		    WEXITSTATUS(s->status));
	return !s->broken && s->len == 0 && WIFEXITED(s->status) &&
	    WEXITSTATUS(s->status) == 0;
}

void
slot_verdict(const struct pool *p, const struct slot *s, struct error *err)
{
	const char *phase = phase_word(s->phase);

	if (slot_ended_well(s, err) && s->said) {
		*err = s->result;
	} else if (s->silent) {
		(void)error_set(err, ERR_NETWORK,
		    "no progress for %u seconds while %s", p->opts->quiet,
		    phase);
	} else if (p->stopping) {
		(void)error_set(err, ERR_CANCELLED, "interrupted");
	} else if (s->said) {
		error_append(err, " after its result");
	} else {
		error_append(err, " without a result while %s", phase);
	}
}

void
slot_done(struct pool *p, struct slot *s, const struct error *err)
{
	s->busy = false;
	s->said = false;
	p->busy--;
	p->calls->done(p->ctx, s->id, s->number, err);
}

void
slot_free(struct pool *p, struct slot *s)
{
	if (s->fd != -1)
		(void)close(s->fd);
	free(s->origin);
	*s = (struct slot){.fd = -1};
	p->alive--;
}
