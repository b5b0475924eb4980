/*
 * gitconfig.h - what the user's git configuration says that concerns
 * fetching.
 *
 * Holds a list of keys and values, and knows git's rules of which of them
 * hold for an URL: url.<base>.insteadOf and http.<url>.*, see
 * git-config(1).  Reads no file: the bytes come from a child that did.
 */
#ifndef KELPIE_GITCONFIG_H
#define KELPIE_GITCONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/settings.h"

struct gitconfig;

/*
 * From the bytes of "git config --null --list": key, newline, value, NUL; a
 * key without newline is true.  The last of a key wins, or they add up,
 * as git has it.  What is no such list is left out, and the key "error" is
 * the reader's own.  Never NULL.
 */
struct gitconfig *gitconfig_new(const char *text, size_t len);
void gitconfig_free(struct gitconfig *);

/* Why the files could not be read, in words, or NULL.  Borrowed. */
const char *gitconfig_fault(const struct gitconfig *);

/*
 * In a worker: wipe all but what its settings point to, for there are
 * headers with tokens for other hosts among it.  keep may be NULL.
 */
void gitconfig_forget(struct gitconfig *, const struct settings *keep);

/* The last value of a key such as "core.sshcommand", or NULL.  Borrowed. */
const char *gitconfig_get(const struct gitconfig *, const char *key);

/* The URL to fetch from: the longest insteadOf applied.  Caller frees. */
char *gitconfig_rewrite(const struct gitconfig *, const char *url);

/*
 * What holds for an http or https URL, from http.* and http.<url>.*, the
 * environment (GIT_SSL_*, https_proxy, http_proxy, all_proxy, no_proxy) and
 * ca_file, the option, which may be NULL and wins.  Filled in with pointers
 * that live as long as the gitconfig.
 */
void gitconfig_settings(struct gitconfig *, const char *url,
    const char *ca_file, struct settings *);

/* Is there a credential helper for this URL?  credential[.<url>].helper */
bool gitconfig_has_helper(const struct gitconfig *, const char *url);

/* Has each path of this host its own?  credential[.<url>].useHttpPath */
bool gitconfig_use_path(const struct gitconfig *, const char *url);

#endif
