/*
 * netrc.h - the user's own list of passwords: ~/.netrc, see netrc(5).
 *
 * Knows the text only; curl's reading of it where programs differ.
 */
#ifndef KELPIE_NETRC_H
#define KELPIE_NETRC_H

#include <stdbool.h>

/*
 * The entry for a host, and for that user if it is not NULL: the first one
 * that fits, where "default" fits every host.  The text is changed: user and
 * password point into it.
 */
bool netrc_find(char *text, const char *host, const char *want_user,
    const char **user, const char **password);

#endif
