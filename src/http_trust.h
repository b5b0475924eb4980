/*
 * http_trust.h - where the certificates lie that are trusted.
 *
 * Private to http.c.  Reads the environment and looks at one directory;
 * knows nothing of libcurl.
 */
#ifndef KELPIE_HTTP_TRUST_H
#define KELPIE_HTTP_TRUST_H

#include <stdbool.h>

struct trust {
	const char *file; /* PEM, or NULL */
	const char *dir; /* of hashed names, or a list of such; or NULL */
	bool chosen; /* by the user, not by this system */
};

/* The strings are the argument's and the environment's. */
void trust_find(struct trust *, const char *ca_file);

#endif
