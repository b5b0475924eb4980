#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "kelpie/ssh.h"
#include "ssh_priv.h"

/*
 * LC_ALL makes the words at both ends those that git_ssh_words.c knows: by
 * default Debian's ssh sends it on.
 */
pid_t
ssh_run(const struct ssh_args *args, int link, int words, struct error *err)
{
	static const char *const env[] = {"GIT_PROTOCOL=version=2", "LC_ALL=C",
	    NULL};
	const struct proc_opts opts = {
	    .argv = (const char *const *)args->v,
	    .env = env,
	    .in = link,
	    .out = link,
	    .err = words,
	};

	return proc_start(&opts, err);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

struct master *
ssh_master(const struct ssh *s, const struct url_ssh *to)
{
	for (size_t i = 0; i < s->masters; i++) {
		struct master *m = &s->master[i];

		if (same(m->to.user, to->user) && same(m->to.host, to->host) &&
		    same(m->to.port, to->port))
			return m;
	}
	return NULL;
}

/* The connection is looked after, so that none of its sessions waits at one
 * that is dead. */
static pid_t
master_run(const struct ssh *s, const struct master *m)
{
	struct ssh_args args = {.n = 0};
	struct error err;
	pid_t pid;

	ssh_args_begin(&args, &s->command);
	ssh_args_options(&args, s->timeout, m->socket);
	ssh_args_add(&args, "-oServerAliveInterval=%u", s->timeout / 2 + 1);
	ssh_args_add(&args, "-oServerAliveCountMax=2");
	ssh_args_add(&args, "-M");
	ssh_args_add(&args, "-N");
	ssh_args_host(&args, SSH_OPENSSH, &m->to);
	pid = ssh_run(&args, -1, -1, &err);
	ssh_args_free(&args);
	return pid != -1 ? pid : 0;
}

struct master *
ssh_master_new(struct ssh *s, struct url_ssh *to)
{
	struct master *m;

	s->master =
	    xreallocarray(s->master, s->masters + 1, sizeof(*s->master));
	m = &s->master[s->masters++];
	*m = (struct master){
	    .to = *to,
	    .until = clock_ms() + (uint64_t)s->timeout * 1000,
	};
	*to = (struct url_ssh){0};
	if (s->dir.path != NULL) {
		m->socket = xasprintf("%s/%zu", s->dir.path, s->masters);
		m->pid = master_run(s, m);
	}
	return m;
}

bool
ssh_settled(struct master *m)
{
	int fd, status;

	if (m->settled)
		return true;
	if (m->pid == 0 || proc_ended(m->pid, &status)) {
		m->pid = 0;
		m->settled = true;
	} else if ((fd = ssh_dir_connect(m->socket)) != -1) {
		(void)close(fd);
		m->settled = true;
	} else if (clock_ms() >= m->until) {
		proc_stop(m->pid, 0);
		m->pid = 0;
		m->settled = true;
	}
	return m->settled;
}
