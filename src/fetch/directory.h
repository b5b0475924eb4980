/*
 * fetch/directory.h - directories.
 */
#ifndef KELPIE_FETCH_DIRECTORY_H
#define KELPIE_FETCH_DIRECTORY_H

struct error;
struct fetcher;

/* Fill the role with a copy of the directory at the job's URL, a path. */
int directory_fetch(struct fetcher *, struct error *);

#endif
