/*
 * fetch/archive.h - a role from an archive.
 */
#ifndef KELPIE_FETCH_ARCHIVE_H
#define KELPIE_FETCH_ARCHIVE_H

struct error;
struct fetcher;

/*
 * Fill the role with what the archive at the job's URL has, over http or from
 * this machine, and tell the parent its SHA-256.  One that is not what the
 * job's checksum says is not looked into.
 */
int archive_fetch(struct fetcher *, struct error *);

#endif
