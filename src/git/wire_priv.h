/*
 * wire_priv.h - what the readers of git's answers share.
 *
 * Private to git/wire.
 */
#ifndef WIRE_PRIV_H
#define WIRE_PRIV_H

#include "kelpie/git/wire.h"

int wire_bad_answer(struct error *);
int wire_sha256(struct error *);

/* A line of the older versions where version 2 was asked for. */
bool wire_looks_old(const char *line, size_t len);

/*
 * "ERR words" may stand wherever a line is expected.  True with *err set; a
 * server that only misses a commit has understood, and *foreign stays.
 */
bool wire_refused(const char *line, bool *foreign, struct error *);

bool wire_is_oid(const char *);
/* 64 digits, where there should be OID_HEX. */
bool wire_is_long_oid(const char *);

#endif
