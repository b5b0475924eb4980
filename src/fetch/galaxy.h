/*
 * fetch/galaxy.h - Galaxy names.
 */
#ifndef KELPIE_FETCH_GALAXY_H
#define KELPIE_FETCH_GALAXY_H

struct error;
struct fetcher;

/* Ask the Galaxy server at the job's URL what the role is, and tell it as the
 * fact "found" or "unknown" (msg.h). */
int galaxy_lookup(struct fetcher *, struct error *);

#endif
