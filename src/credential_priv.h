/*
 * credential_priv.h - asking git, and what is remembered of each host.
 *
 * Private to credential*.c.
 */
#ifndef KELPIE_CREDENTIAL_PRIV_H
#define KELPIE_CREDENTIAL_PRIV_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "kelpie/credential.h"

#define HELPER_MAX ((size_t)16 << 10) /* of what it says */
#define HELPER_MS 30000

/* An http URL as git-credential(1) has it; user and path are decoded. */
struct target {
	char *protocol, *host; /* the host with its port, as written */
	char *name; /* the host alone */
	char *path, *user; /* path may be "", user may be NULL */
};

/*
 * False for what is no http URL, and for one that has a password of its own.
 */
bool target_parse(struct target *, const char *url);
void target_free(struct target *);

/* A "git credential fill" that runs, or has ended. */
struct helper {
	pid_t pid; /* 0: none runs */
	int out, err;
	uint64_t until;
	unsigned timeout_ms;
	char *text; /* secret; HELPER_MAX bytes; what it answered */
	size_t len;
	char words[1024]; /* of its standard error, the last ones */
	size_t words_len;
};

enum helper_state { HELPER_RUNNING, HELPER_ANSWERED, HELPER_FAILED };

int helper_start(struct helper *, const struct target *, unsigned timeout_ms,
    struct error *);

/* After HELPER_FAILED *err says why. */
enum helper_state helper_look(struct helper *, struct error *err);

/* Tell git "approve" or "reject" of what it answered.  -1 is nobody. */
pid_t helper_tell(const struct helper *, const char *verb);

/* Ends it if it still runs. */
void helper_free(struct helper *);

/*
 * Find user and password in an answer and write them, one after the other
 * and NUL-terminated, to out, which has room for len + 2 bytes.  Returns
 * where the password begins, or 0 if it is no whole answer.
 */
size_t helper_parse(const char *text, size_t len, char *out);

enum source { NOT_LOOKED, FROM_NETRC, FROM_USER, FROM_HELPER, NOWHERE };

/* A host, or a path of one, that has credentials of its own. */
struct place {
	struct place *next;
	char *key;
	struct target target;
	enum source source;
	char *secret; /* user, NUL, password, NUL; or NULL */
	size_t secret_size;
	const char *user, *password;
	unsigned serial;
	bool worked;
	bool asked; /* the user, before the start */
	struct helper helper;
	char *why;
};

struct credentials {
	const struct gitconfig *config;
	struct place *places;
	char *netrc; /* secret */
	size_t netrc_size;
	bool netrc_read;
	pid_t *told; /* children that tell a helper something */
	size_t told_n;
	unsigned timeout_ms;
};

/* NULL for what target_parse() does not take. */
struct place *place_of(struct credentials *, const char *url);
void place_set(struct place *, enum source, const char *user,
    const char *password);

/* Give it what ~/.netrc has for it, if it has something. */
void place_ask_netrc(struct credentials *, struct place *);

#endif
