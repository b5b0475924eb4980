/*
 * gitconfig_priv.h - the list of keys, and URLs as patterns.
 *
 * Private to gitconfig*.c and credential*.c.
 */
#ifndef KELPIE_GITCONFIG_PRIV_H
#define KELPIE_GITCONFIG_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/buf.h"
#include "kelpie/gitconfig.h"

/* "section.sub.name": section and name in lower case. */
struct entry {
	const char *key; /* as a whole */
	const char *section, *sub, *name; /* sub is NULL if there is none */
	const char *value; /* NULL: true */
};

/* Something that the caller was given; a secret is a string. */
struct kept {
	void *p;
	bool is_secret;
};

struct gitconfig {
	struct entry *v;
	size_t n;
	char *fault;
	struct buf text; /* all strings of the entries */
	struct kept *kept;
	size_t kept_n;
};

/* Remember p until the end.  Returns p. */
void *gitconfig_keep(struct gitconfig *, void *p, bool is_secret);

/* As git reads booleans; what is none is the default. */
bool gitconfig_bool(const char *value, bool is_default);

/*
 * An URL in the one form in which two of them can be compared: lower case,
 * no default port, escapes only where they are needed, no "." and "..".
 */
struct normal {
	struct buf text;
	const char *scheme, *user, *host, *port, *path; /* NULL: not there */
};

/* False if it is none.  A pattern may have "*" for a part of the host. */
bool normal_parse(struct normal *, const char *url, bool pattern);
void normal_free(struct normal *);

/* How well a pattern fits; {0} is a key without an URL. */
struct fit {
	size_t host, path;
	bool user;
};

/* Does it fit at all? */
bool normal_fits(const struct normal *url, const struct normal *pattern,
    struct fit *);

/* The order of precedence: negative, 0, positive. */
int fit_compare(const struct fit *, const struct fit *);

/* Is this "section.name", or "section.<url>.name" with an URL that fits? */
bool entry_fits(const struct entry *, const char *section, const char *name,
    const struct normal *url, struct fit *);

/*
 * The proxy that the environment names for an URL, or NULL; and whether
 * no_proxy says that this host needs none.
 */
const char *proxy_of_environment(const char *scheme);
bool proxy_unwanted(const char *host);

#endif
