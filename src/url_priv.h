/*
 * url_priv.h - private to url*.c: a source taken apart.
 */
#ifndef URL_PRIV_H
#define URL_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/url.h"

/* The parts of a source; they point into it, and absent ones are NULL. */
struct url_parts {
	enum scheme scheme;
	const char *scheme_name; /* as written */
	size_t scheme_len;
	bool url; /* scheme://, taken or not */
	bool scp; /* user@host:path */
	const char *user;
	size_t user_len; /* up to the last '@' in front of the host */
	const char *host; /* with the [] of an IPv6 address */
	size_t host_len;
	const char *port;
	size_t port_len;
	const char *path;
};

/*
 * Take s apart by git's rule (git-clone(1), "GIT URLS"): with no colon
 * before the first slash it is a path, with "://" an URL, else the form of
 * scp.  "name::rest" asks for a transport helper and is given back as an
 * unknown scheme.
 */
void url_split(struct url_parts *, const char *s);

/* 0 if the port is none. */
unsigned url_port(const struct url_parts *);

/* Of a scheme that is a host's: its name in lower case, and its port. */
const char *url_scheme(enum scheme, unsigned *port);

#endif
