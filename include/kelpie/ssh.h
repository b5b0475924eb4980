/*
 * ssh.h - connections through the user's own ssh program.
 *
 * One shared master connection a host, in a private directory, and a
 * session over it for each job; where that is refused, a connection each.
 * The parent starts the programs and reads no byte of what they carry: the
 * ends of their pipes go to a worker.  Never blocks but in ssh_free().
 */
#ifndef KELPIE_SSH_H
#define KELPIE_SSH_H

#include <stdbool.h>

struct error;
struct ssh;

#define SSH_SESSIONS 8 /* at once, to one host */

struct ssh_opts {
	const char *command; /* core.sshCommand, or NULL */
	const char *variant; /* ssh.variant, or NULL */
	unsigned timeout; /* seconds to connect */
};

/* GIT_SSH_COMMAND, then command, then GIT_SSH, then "ssh", as git has it. */
struct ssh *ssh_new(const struct ssh_opts *);

/*
 * May ssh_start() be called for this URL now?  Starts the master of its host
 * at the first call; false while that is still connecting.  A master that
 * fails is no failure: the sessions connect on their own then.  A program
 * that may not be OpenSSH is first asked whether it is, as git does; options
 * and a master are for OpenSSH alone.
 */
bool ssh_ready(struct ssh *, const char *url);

/*
 * Start "git-upload-pack PATH" at the host of the URL (ssh://, or
 * user@host:path, which passed url_check()).  *link is a socket to its input
 * and output, *words a pipe from its standard error; both the caller's to
 * close.  ERR_CONFIG for host, user or path that begin with '-', ERR_LOCAL
 * if the program does not start.
 */
int ssh_start(struct ssh *, const char *url, int *link, int *words,
    struct error *);

/* Reap what has ended; called at every tick of the pool. */
void ssh_tick(struct ssh *);

/* End masters and sessions, remove the private directory.  NULL is fine. */
void ssh_free(struct ssh *);

#endif
