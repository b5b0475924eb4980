/*
 * msg_priv.h - what the two halves of msg share.
 *
 * msg.c knows the records; msg_fds.c sends and receives bytes with
 * descriptors beside them (unix(7), SCM_RIGHTS).
 */
#ifndef KELPIE_MSG_PRIV_H
#define KELPIE_MSG_PRIV_H

#include <sys/types.h>

#include "kelpie/msg.h"

/*
 * send(2), with copies of the descriptors of job, which may be NULL.  data is
 * only read, which struct iovec cannot say.
 */
ssize_t fds_send(int fd, char *data, size_t len, const struct job *job);

#endif
