/*
 * sanitized.c - what a sanitizer finds fails the test, whoever it was in.
 *
 * To its parent a worker that dies of a finding is one failed role, which a
 * test may have expected.  So whoever dies so says it in a page that the
 * file $KELPIE_FINDINGS shares with the test: the page is mapped before the
 * first fork, since a worker that is confined can open nothing.
 *
 * Part of the program, and of the tests' programs, in builds with sanitizers
 * only.
 */
#include <sys/mman.h>

#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096

/* For programs that are started without the tests' environment. */
const char *__asan_default_options(void); /* NOLINT: their name for it */
const char *__ubsan_default_options(void); /* NOLINT */

const char *
__asan_default_options(void) /* NOLINT */
{
	return "abort_on_error=1:handle_abort=1:detect_leaks=1";
}

const char *
__ubsan_default_options(void) /* NOLINT */
{
	return "halt_on_error=1:print_stacktrace=1";
}

static char *page;

static void
on_death(void)
{
	if (page[0] == '\0')
		(void)snprintf(page, PAGE, "process %ld died of a finding\n",
		    (long)getpid());
}

__attribute__((constructor)) static void
begin(void)
{
	const char *name = getenv("KELPIE_FINDINGS");
	int fd = name != NULL ? open(name, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd == -1)
		return;
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (p == MAP_FAILED)
		return;
	page = p;
	__sanitizer_set_death_callback(on_death);
}
