/*
 * ssh_priv.h - the parts of ssh.h: the command line, the private directory,
 * the shared connections.
 */
#ifndef KELPIE_SSH_PRIV_H
#define KELPIE_SSH_PRIV_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/error.h"
#include "kelpie/url.h"

struct ssh_opts;

/* ---- ssh_command.c ---- */

/* Whose options the program takes: ssh.variant in git-config(1). */
enum ssh_variant {
	SSH_AUTO, /* not known yet */
	SSH_OPENSSH,
	SSH_PLINK, /* and its kin */
	SSH_SIMPLE, /* no options at all */
};

struct ssh_command {
	char *text; /* a program, or the words of a shell command */
	bool shell;
	enum ssh_variant variant;
};

/* An argument vector that owns its strings. */
struct ssh_args {
	char *v[40];
	size_t n;
};

void ssh_command_find(struct ssh_command *, const struct ssh_opts *);
void ssh_args_add(struct ssh_args *, const char *, ...) PRINTF_LIKE(2, 3);
/* The command itself, before any argument. */
void ssh_args_begin(struct ssh_args *, const struct ssh_command *);
/* Options of OpenSSH's; socket is NULL if nothing is shared. */
void ssh_args_options(struct ssh_args *, unsigned timeout, const char *socket);
/* The last ones: port and host. */
void ssh_args_host(struct ssh_args *, enum ssh_variant, const struct url_ssh *);
/* git-upload-pack PATH, as one word for the shell at the other end. */
void ssh_args_service(struct ssh_args *, const char *path);
void ssh_args_free(struct ssh_args *);

/* ---- ssh_dir.c ---- */

/* Where the control sockets are; locked for as long as we live. */
struct ssh_dir {
	char *path; /* NULL: there is none */
	int fd;
};

/*
 * Make one, and remove those of processes that did not get to it.  False:
 * there will be no shared connections.
 */
bool ssh_dir_make(struct ssh_dir *);
void ssh_dir_remove(struct ssh_dir *);

/* A connection to the control socket, or -1. */
int ssh_dir_connect(const char *socket);

/* ---- ssh_master.c ---- */

/* The shared connection of one user, host and port. */
struct master {
	struct url_ssh to; /* its path is of no meaning */
	char *socket;
	pid_t pid; /* 0: it has ended */
	uint64_t until; /* when we stop waiting */
	bool settled; /* it accepts sessions, or never will */
	unsigned sessions; /* whose programs have not ended */
};

/* A program that runs a session. */
struct child {
	pid_t pid;
	size_t master; /* its number; SIZE_MAX: none */
};

struct ssh {
	struct ssh_command command;
	unsigned timeout;
	struct ssh_dir dir;
	bool tried; /* to make the directory */
	pid_t probe; /* asks which variant it is; 0: nobody does */
	uint64_t probe_until;
	struct master *master;
	size_t masters;
	struct child *child;
	size_t children;
};

/* Start ssh; link is both its input and its output, words its errors. */
pid_t ssh_run(const struct ssh_args *, int link, int words, struct error *);

/* The master for a user, host and port, or NULL. */
struct master *ssh_master(const struct ssh *, const struct url_ssh *);
/* Starts one.  Takes over the strings of the URL. */
struct master *ssh_master_new(struct ssh *, struct url_ssh *);
/* Has it come to something? */
bool ssh_settled(struct master *);

#endif
