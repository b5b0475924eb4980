/*
 * store_priv.h - what the three files of the store share.
 */
#ifndef KELPIE_STORE_PRIV_H
#define KELPIE_STORE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct store;

/* Old trees whose name begins like this survive store_close(). */
#define KEEP "keep-"

/*
 * Open stage/<worker>/<id>, following no link: the worker may have put
 * anything there.  -1 with errno.
 */
int stage_open(const struct store *, unsigned worker, uint32_t id);

/* Open .kelpie if it is there and ours alone; -1 with errno else. */
int kelpie_open(int rolesfd);

bool has_journal(int kelpiefd);

#endif
