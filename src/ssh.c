#include "kelpie/ssh.h"

#include <sys/socket.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "ssh_priv.h"

#define PROBE_MAX 5000 /* ms for a program to say whether it is OpenSSH */
#define GRACE 1000 /* ms for one to end */

struct ssh *
ssh_new(const struct ssh_opts *opts)
{
	struct ssh *s = xcalloc(1, sizeof(*s));

	ssh_command_find(&s->command, opts);
	s->timeout = opts->timeout;
	s->dir.fd = -1;
	return s;
}

/* ---- programs ---- */

/* git's own test: only OpenSSH knows -G, which prints its configuration. */
static void
probe_start(struct ssh *s, const struct url_ssh *to)
{
	struct ssh_args args = {.n = 0};
	struct error err;

	ssh_args_begin(&args, &s->command);
	ssh_args_add(&args, "-G");
	ssh_args_host(&args, SSH_AUTO, to);
	s->probe = ssh_run(&args, -1, -1, &err);
	s->probe_until = clock_ms() + PROBE_MAX;
	if (s->probe == -1) {
		s->probe = 0;
		s->command.variant = SSH_SIMPLE;
	}
	ssh_args_free(&args);
}

/* Is it known which options the program takes? */
static bool
variant_known(struct ssh *s, const struct url_ssh *to)
{
	int status;

	if (s->command.variant == SSH_AUTO && s->probe == 0)
		probe_start(s, to);
	if (s->probe == 0)
		return true;
	if (proc_ended(s->probe, &status))
		s->command.variant = status == 0 ? SSH_OPENSSH : SSH_SIMPLE;
	else if (clock_ms() < s->probe_until)
		return false;
	else {
		proc_stop(s->probe, 0);
		s->command.variant = SSH_SIMPLE;
	}
	s->probe = 0;
	return true;
}

/* ---- sessions ---- */

static int
check(const struct ssh *s, const struct url_ssh *to, struct error *err)
{
	if (to->host[0] == '-' || to->path[0] == '-' ||
	    (to->user != NULL && to->user[0] == '-'))
		return error_set(err, ERR_CONFIG,
		    "user, host or path in the url begins with '-'");
	if (to->user != NULL && strchr(to->user, ':') != NULL)
		return error_set(err, ERR_CONFIG,
		    "an ssh url takes no password");
	if (to->path[0] == '\0')
		return error_set(err, ERR_CONFIG, "the url has no path");
	if (to->port != NULL && s->command.variant == SSH_SIMPLE)
		return error_set(err, ERR_CONFIG,
		    "the url has a port, and '%s' is no OpenSSH that could be "
		    "told: see ssh.variant in git-config(1)",
		    s->command.text);
	return 0;
}

bool
ssh_ready(struct ssh *s, const char *url)
{
	struct master *m;
	struct error why;
	struct url_ssh to;
	bool ready;

	url_ssh(&to, url);
	/* No program is to see what ssh_start() will refuse. */
	if (check(s, &to, &why) == -1) {
		url_ssh_free(&to);
		return true;
	}
	ready = variant_known(s, &to);
	if (ready && s->command.variant == SSH_OPENSSH) {
		if (!s->tried)
			(void)ssh_dir_make(&s->dir);
		s->tried = true;
		m = ssh_master(s, &to);
		if (m == NULL)
			m = ssh_master_new(s, &to);
		/* A worker has its role before the server has taken leave, and
		 * a server that has too many sessions refuses the next. */
		ready = ssh_settled(m) && m->sessions < SSH_SESSIONS;
	}
	url_ssh_free(&to);
	return ready;
}

static pid_t
session_run(const struct ssh *s, const struct url_ssh *to, int link, int words,
    struct error *err)
{
	const struct master *m = ssh_master(s, to);
	struct ssh_args args = {.n = 0};
	pid_t pid;

	ssh_args_begin(&args, &s->command);
	if (s->command.variant == SSH_OPENSSH) {
		ssh_args_options(&args, s->timeout,
		    m != NULL && m->pid != 0 ? m->socket : NULL);
		ssh_args_add(&args, "-oControlMaster=no");
	}
	ssh_args_host(&args, s->command.variant, to);
	ssh_args_service(&args, to->path);
	pid = ssh_run(&args, link, words, err);
	ssh_args_free(&args);
	return pid;
}

static void
add_child(struct ssh *s, pid_t pid, struct master *m)
{
	s->child = xreallocarray(s->child, s->children + 1, sizeof(*s->child));
	s->child[s->children++] = (struct child){.pid = pid,
	    .master = m != NULL ? (size_t)(m - s->master) : SIZE_MAX};
	if (m != NULL)
		m->sessions++;
}

static int
session_start(struct ssh *s, const struct url_ssh *to, int *link, int *words,
    struct error *err)
{
	int sock[2], talk[2];
	pid_t pid;

	if (check(s, to, err) == -1)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock) == -1)
		return error_errno(err, "socketpair");
	if (pipe2(talk, O_CLOEXEC) == -1) {
		(void)error_errno(err, "pipe");
		(void)close(sock[0]);
		(void)close(sock[1]);
		return -1;
	}
	pid = session_run(s, to, sock[1], talk[1], err);
	(void)close(sock[1]);
	(void)close(talk[1]);
	if (pid == -1) {
		(void)close(sock[0]);
		(void)close(talk[0]);
		return -1;
	}
	add_child(s, pid, ssh_master(s, to));
	*link = sock[0];
	*words = talk[0];
	return 0;
}

int
ssh_start(struct ssh *s, const char *url, int *link, int *words,
    struct error *err)
{
	struct url_ssh to;
	int rc;

	url_ssh(&to, url);
	rc = session_start(s, &to, link, words, err);
	url_ssh_free(&to);
	return rc;
}

void
ssh_tick(struct ssh *s)
{
	size_t kept = 0;
	int status;

	for (size_t i = 0; i < s->children; i++) {
		const struct child c = s->child[i];

		if (!proc_ended(c.pid, &status))
			s->child[kept++] = c;
		else if (c.master != SIZE_MAX)
			s->master[c.master].sessions--;
	}
	s->children = kept;
	for (size_t i = 0; i < s->masters; i++) {
		struct master *m = &s->master[i];

		if (m->settled && m->pid != 0 && proc_ended(m->pid, &status))
			m->pid = 0;
	}
}

/* All are told before the first is waited for. */
static void
end_all(struct ssh *s)
{
	for (size_t i = 0; i < s->masters; i++)
		if (s->master[i].pid != 0)
			add_child(s, s->master[i].pid, NULL);
	if (s->probe != 0)
		add_child(s, s->probe, NULL);
	for (size_t i = 0; i < s->children; i++)
		proc_kill(s->child[i].pid, SIGTERM);
	for (size_t i = 0; i < s->children; i++)
		proc_stop(s->child[i].pid, GRACE);
}

void
ssh_free(struct ssh *s)
{
	if (s == NULL)
		return;
	end_all(s);
	ssh_dir_remove(&s->dir);
	for (size_t i = 0; i < s->masters; i++) {
		url_ssh_free(&s->master[i].to);
		free(s->master[i].socket);
	}
	free(s->master);
	free(s->child);
	free(s->command.text);
	free(s);
}
