/*
 * fetch/galaxy_priv.h - what the files of galaxy share.
 *
 * galaxy.c asks, galaxy_get.c is one question, galaxy_list.c the versions of
 * a role, galaxy_found.c what the answers come to.
 */
#ifndef KELPIE_FETCH_GALAXY_PRIV_H
#define KELPIE_FETCH_GALAXY_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/git.h"

struct json;

/* Where a server has its API for roles. */
struct galaxy_api {
	char *server; /* without user, password and slashes at its end */
	char *root; /* ".../api/v1/" */
};

/* One role that is looked up. */
struct lookup {
	struct fetcher *f;
	const char *role; /* owner.role */
	const char *wanted; /* the version, or "" */
	char *server; /* its URL as the job has it, without user and password */
	char *shown; /* the same for people */
	bool secure; /* it is asked over https */
	long status; /* of the last answer; 0: there was none */
	bool absent; /* it was about something that is not there */
	size_t bytes; /* of all answers */
};

/*
 * GET an URL of the job's origin, as who the job says that we are, and parse
 * what comes.  Redirects are followed, but not to another origin.  NULL with
 * ERR_NETWORK for what may pass, ERR_AUTH, ERR_NOTFOUND, ERR_INTEGRITY.
 */
struct json *galaxy_get(struct lookup *, const char *url, struct error *);

/* Are the two URLs of one origin? */
bool galaxy_same_origin(const char *, const char *);

/* ---- versions ---- */

struct galaxy_version {
	char *name; /* passed version_check(), and has no steps */
	char *download, *source; /* not checked; or NULL */
	char *commit; /* a commit id, or NULL */
};

struct galaxy_versions {
	struct galaxy_version *v;
	size_t n;
	size_t seen; /* also those whose names cannot be used */
};

/* Add a page of the list. */
int galaxy_page(struct galaxy_versions *, const struct json *, struct error *);

/*
 * The URL of the page behind this one, NULL if there is none; base is an URL
 * of the server.  -1 if it lies on another server.  The caller frees it.
 */
int galaxy_next(char **out, const char *base, const struct json *,
    struct error *);

void galaxy_versions_free(struct galaxy_versions *);

/*
 * The one that is wanted, by itself or but for a "v"; the newest if wanted is
 * "".  NULL if there is none.
 */
const struct galaxy_version *galaxy_pick(const struct galaxy_versions *,
    const char *wanted);

/* The newest that is a release, or NULL. */
const struct galaxy_version *galaxy_newest(const struct galaxy_versions *);

/* Some that come close, as "'1.0', '1.1'". */
void galaxy_nearest(struct buf *, const struct galaxy_versions *,
    const char *wanted);

/* ---- what it comes to ---- */

/*
 * The value of the fact "found".  role is what the server says about it; if
 * the server is asked over https, so must be what it names.  ERR_NOTFOUND if
 * there is no such version, ERR_INTEGRITY if the answers cannot be used.
 * Pure.
 */
int galaxy_found(struct buf *fact, const struct lookup *,
    const struct json *role, const struct galaxy_versions *, struct error *);

#endif
