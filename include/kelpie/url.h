/*
 * url.h - where a source lies: an URL taken apart, checked and shown.
 *
 * Knows the forms that git and Ansible write; talks to nobody.  The only
 * place that knows how to hide a password.
 */
#ifndef KELPIE_URL_H
#define KELPIE_URL_H

#include <stdbool.h>
#include <stddef.h>

#define URL_MAX_BYTES 2048

struct error;

enum scheme {
	SCHEME_NONE, /* no URL: a path or a Galaxy name */
	SCHEME_HTTPS,
	SCHEME_HTTP,
	SCHEME_FILE,
	SCHEME_GIT,
	SCHEME_SSH, /* ssh:// and user@host:path */
};

/*
 * What s is.  ERR_CONFIG for a scheme that is none of these, an empty host,
 * more than 2048 bytes, a port out of range, a control byte, a space or a
 * backslash, and for anything that begins with '-'.  SCHEME_NONE only has
 * its bytes checked.
 */
int url_check(const char *s, enum scheme *out, struct error *);

/*
 * scheme://host:port in lower case with the port written out: what a worker
 * serves.  "local" for a path or file://.  s has passed url_check().  The
 * caller frees it.
 */
char *url_origin(const char *s);

/*
 * A copy without user, password, query and fragment, for people's eyes.  The
 * user of an ssh URL without a password stays.
 */
char *url_redact(const char *s);

/*
 * The same, for what is written down to know a source again: behind '#' stands
 * a part of the SHA-256 of the query, but for parameters that look like
 * credentials.  A server is not sent it; of what this made it makes the same.
 */
char *url_kept(const char *s);

/*
 * How near a place is, as far as it is written: no name is looked up.  s has
 * passed url_check(), and is no Galaxy name.
 */
enum reach {
	REACH_FAR, /* a host that anybody may reach, or a name */
	REACH_PRIVATE, /* of a private network, or a server on this machine */
	REACH_HERE, /* a file or directory of this machine */
	REACH_LINK, /* a link-local address: metadata services have those */
	REACH_UNCLEAR, /* written with letters beyond ASCII */
};
enum reach url_reach(const char *s);

/*
 * May something that came from there name such a place?  What is far knows
 * nothing of what is near, and would only have us look around for it.
 */
bool url_may_lead(enum reach from, enum reach to);

/* The path behind file://, percent-decoded; other strings are copied. */
char *url_path(const char *s);

/* What an ssh source says, percent-decoded; what it leaves out is NULL. */
struct url_ssh {
	char *user, *host, *port, *path;
};

/* s has passed url_check() as SCHEME_SSH.  "/~user" becomes "~user". */
void url_ssh(struct url_ssh *out, const char *s);
void url_ssh_free(struct url_ssh *);

#endif
