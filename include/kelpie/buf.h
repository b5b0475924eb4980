/*
 * buf.h - growing strings, and memory that is there or the process is not.
 *
 * Knows bytes only.  Out of memory ends the process: in a worker that is
 * one failed role, in the parent the store is whole all the same, because
 * every commit is one rename.
 */
#ifndef KELPIE_BUF_H
#define KELPIE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/error.h"

/* Always NUL-terminated once something was added; {0} is an empty one. */
struct buf {
	char *data;
	size_t len, cap;
};

void buf_add(struct buf *, const void *, size_t);
void buf_puts(struct buf *, const char *);
void buf_printf(struct buf *, const char *, ...) PRINTF_LIKE(2, 3);
/* Forget the content, keep the memory. */
void buf_clear(struct buf *);
void buf_free(struct buf *);

/*
 * Read the file open at fd to its end, or until max bytes: more is
 * ERR_LOCAL "larger than ...".  Blocks.
 */
int buf_read(struct buf *, int fd, size_t max, struct error *);

/* Write all of it to a blocking descriptor.  -1 with errno. */
int write_fully(int fd, const void *, size_t);

/* Say so and end the process; what the functions below do, too. */
_Noreturn void out_of_memory(void);
void *xmalloc(size_t);
void *xcalloc(size_t, size_t);
/* Room for n things of size bytes each. */
void *xreallocarray(void *, size_t n, size_t size);
char *xstrdup(const char *);
char *xstrndup(const char *, size_t);
/* NULL stays NULL. */
char *xstrdup_null(const char *);
char *xasprintf(const char *, ...) PRINTF_LIKE(1, 2);

/* Equal, where NULL is as good as "". */
bool text_same(const char *, const char *);
/* Is the word one of those with a space between? */
bool text_among(const char *words, const char *word);

#endif
