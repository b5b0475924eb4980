/*
 * credential.h - who we are to a host: user names and passwords.
 *
 * Knows, in this order, those in the URL, in ~/.netrc, asked from the user
 * before the start, and from git's credential helpers (git-credential(1)),
 * which a child asks.  A secret goes only to the host that it is for.  Never
 * blocks once the pool runs.  Lives in the parent.
 */
#ifndef KELPIE_CREDENTIAL_H
#define KELPIE_CREDENTIAL_H

#include <stdbool.h>

struct credentials;
struct error;
struct gitconfig;

enum credential_state {
	CREDENTIAL_NONE, /* nothing is known, and nobody is being asked */
	CREDENTIAL_PENDING, /* a helper is being asked: look again later */
	CREDENTIAL_READY,
};

/* config is borrowed and may be NULL.  Reads ~/.netrc when it is first needed. */
struct credentials *credentials_new(const struct gitconfig *config);

/*
 * What is known for this http URL; user and password are borrowed until the
 * next call and set when READY.
 */
enum credential_state credentials_get(struct credentials *, const char *url,
    const char **user, const char **password);

/*
 * A number for what the last credentials_get() of this URL gave, 0 for
 * nothing: of several jobs that were handed out with the same password, the
 * later ones must not speak against the next password.
 */
unsigned credentials_serial(struct credentials *, const char *url);

/*
 * The server wants credentials, and either we sent none (0) or refuses those
 * of that number.  Refused ones of a helper are told to it as bad and never
 * used again, unless they have worked for another URL.  True: there are
 * others, or somebody to ask, and credentials_get() says PENDING until he
 * answers.  False: nobody.
 */
bool credentials_wanted(struct credentials *, const char *url, unsigned sent);

/* They worked: a helper is told so, once. */
void credentials_worked(struct credentials *, const char *url);

/*
 * Ask on the terminal for the host of this URL, unless something is known.
 * Blocks; before the pool starts.  ERR_USAGE if there is no terminal.
 */
int credentials_ask(struct credentials *, const char *url, struct error *);

/* Look after the helpers; called at every tick of the pool. */
void credentials_tick(struct credentials *);

/* Why no credentials came (the helper's words, a timeout), or NULL. */
const char *credentials_why(struct credentials *, const char *url);

/* Ends helpers that still run (approve and reject get a short while). */
void credentials_free(struct credentials *);

#endif
