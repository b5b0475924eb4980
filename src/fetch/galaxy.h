/*
 * fetch/galaxy.h - Galaxy names.
 *
 * Asks a Galaxy server, over its API version 1, what a name and a version
 * stand for.  Fetches no role: what it finds is another job.
 */
#ifndef KELPIE_FETCH_GALAXY_H
#define KELPIE_FETCH_GALAXY_H

struct error;
struct fetcher;

/*
 * Ask the Galaxy server at the job's URL what the role is, and tell it as the
 * fact "found" or "unknown" (msg.h).  ERR_NOTFOUND without "unknown": the
 * server has the role, but no such version.
 */
int galaxy_lookup(struct fetcher *, struct error *);

/* Forget where the server has its API. */
void galaxy_forget(struct fetcher *);

#endif
