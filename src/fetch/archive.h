/*
 * fetch/archive.h - archives.
 */
#ifndef KELPIE_FETCH_ARCHIVE_H
#define KELPIE_FETCH_ARCHIVE_H

struct error;
struct fetcher;

/* Fill the role with what the archive at the job's URL holds, over http or from
 * this machine. */
int archive_fetch(struct fetcher *, struct error *);

#endif
