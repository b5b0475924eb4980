/*
 * error.h - what went wrong, in one line, with a kind.
 *
 * The caller owns the struct; nothing here allocates.  A function that
 * can fail takes a struct error * as its last parameter and returns -1
 * after setting it; on success it leaves it alone.  Only main() and the
 * ui print errors.
 */
#ifndef KELPIE_ERROR_H
#define KELPIE_ERROR_H

enum error_kind {
	ERR_NONE, /* no error */
	ERR_USAGE, /* the command line */
	ERR_CONFIG, /* a file the user wrote */
	ERR_NOTFOUND, /* no such role, version or file */
	ERR_NETWORK, /* could work if tried again */
	ERR_AUTH, /* credentials or certificate refused */
	ERR_INTEGRITY, /* got something other than was asked for */
	ERR_LOCAL, /* this machine: disk, permissions, memory */
	ERR_REFUSED, /* what is in place is not ours to replace */
	ERR_CHILD, /* a child died or broke the protocol */
	ERR_CANCELLED, /* a signal asked us to stop */
};

#define ERROR_MAX 1024 /* with the final NUL */

struct error {
	enum error_kind kind;
	char msg[ERROR_MAX];
};

#define PRINTF_LIKE(f, a) __attribute__((__format__(__printf__, f, a)))

/* Set kind and message.  Returns -1, so that callers can return it. */
int error_set(struct error *, enum error_kind, const char *, ...)
    PRINTF_LIKE(3, 4);

/* The same for a failed system call: ERR_LOCAL and ": strerror(errno)". */
int error_errno(struct error *, const char *, ...) PRINTF_LIKE(2, 3);

/* Put more behind the message. */
void error_append(struct error *, const char *, ...) PRINTF_LIKE(2, 3);

/* Put "context: " before the message; the kind stays.  Returns -1. */
int error_wrap(struct error *, const char *, ...) PRINTF_LIKE(2, 3);

#endif
