/*
 * fetch/git_ssh.h - what ssh and the server say besides git's protocol.
 *
 * Private to fetch/git_ssh*.c.
 */
#ifndef KELPIE_FETCH_GIT_SSH_H
#define KELPIE_FETCH_GIT_SSH_H

#include <stdbool.h>
#include <stddef.h>

struct error;

#define SSH_WORDS_MAX 8192

/* The last of it, and always a string. */
struct ssh_words {
	char text[SSH_WORDS_MAX + 1];
	size_t len;
};

void ssh_words_add(struct ssh_words *, const char *, size_t);

/* Do they say why a session ended?  Then *err says it, and what to do. */
bool ssh_words_known(const struct ssh_words *, const char *url, struct error *);

/* The error of a session that brought nothing; returns -1. */
int ssh_words_error(const struct ssh_words *, const char *url, struct error *);

/*
 * How many of these bytes are a greeting of version 2, up to its flush
 * packet.  0: it is not all there.  SIZE_MAX: it is something else.
 */
size_t ssh_greeting(const char *data, size_t size);

#endif
