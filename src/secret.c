#include "secret.h"

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"

#if defined(MADV_WIPEONFORK) && !defined(KELPIE_PORTABLE)
#define HAVE_WIPE 1
#endif

#ifdef HAVE_WIPE
char *
secret_new(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		out_of_memory();
	/* An old kernel says no; then it is memory like any other. */
	(void)madvise(p, size, MADV_WIPEONFORK);
	(void)madvise(p, size, MADV_DONTDUMP);
	return p;
}
#else
char *
secret_new(size_t size)
{
	return xcalloc(1, size);
}
#endif

void
secret_free(char *p, size_t size)
{
	if (p == NULL)
		return;
	explicit_bzero(p, size);
#ifdef HAVE_WIPE
	(void)munmap(p, size);
#else
	free(p);
#endif
}
