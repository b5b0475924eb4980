/*
 * fetch/archive_unpack.h - the role that is in an archive.
 *
 * Reads tar and zip through libarchive, writes through tree.h.  Knows
 * neither servers nor jobs.
 */
#ifndef KELPIE_FETCH_ARCHIVE_UNPACK_H
#define KELPIE_FETCH_ARCHIVE_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct limits;

struct unpack {
	int fd; /* the archive: a file that nobody changes meanwhile */
	int dirfd; /* the empty directory to fill */
	const char *path; /* of the role in the archive, or "": look for it */
	bool proved; /* its checksum was known, and is right */
	const struct limits *limits;
	/* Called often; while it is looked through, total is 0. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	/* Something that -v should tell, not escaped. */
	void (*note)(void *ctx, const char *line);
	void *ctx;
};

/*
 * Write the role, with modes as tree.h has them.  The archive is read twice:
 * which role there is to write, only its end tells.  Of what is there twice
 * the last counts, hard links become copies, what is neither file,
 * directory nor link is left out.
 *
 * ERR_NOTFOUND if there is no role, or more than one; ERR_INTEGRITY for what
 * is no archive, is damaged, or breaks a rule or a limit; ERR_LOCAL for this
 * machine.  Runs in the worker.
 */
int archive_unpack(const struct unpack *, struct error *);

#endif
