/*
 * Records: whatever bytes come, the decoder stays inside them, strings that
 * it hands out end inside them, no record is longer than MSG_MAX, and no
 * memory is asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/msg.h"

/* The sanitizers' own: sanitizer/allocator_interface.h. */
int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *,
						  size_t),
    void (*)(const volatile void *)) __attribute__((weak));

static bool parsing;

static void
on_malloc(const volatile void *p, size_t size)
{
	(void)p, (void)size;
	require(!parsing);
}

static void
on_free(const volatile void *p)
{
	(void)p;
}

static int
parse(struct msg *m, const char *buf, size_t len)
{
	static bool hooked;
	int n;

	if (!hooked && __sanitizer_install_malloc_and_free_hooks != NULL)
		(void)__sanitizer_install_malloc_and_free_hooks(on_malloc,
		    on_free);
	hooked = true;
	parsing = true;
	n = msg_parse(m, buf, len);
	parsing = false;
	require(n <= MSG_MAX && n <= (int)len);
	/* That there is more to come is not said for ever. */
	require(n != 0 || len < MSG_MAX);
	return n;
}

static void
expect_inside(const char *s, const char *buf, size_t len)
{
	if (s < buf || s + strlen(s) >= buf + len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *buf = malloc(size + 1); /* exact, so that a step over is seen */
	size_t at = 0;
	struct msg m;
	int n;

	if (buf == NULL)
		return 0;
	memcpy(buf, data, size);
	while ((n = parse(&m, buf + at, size - at)) > 0) {
		if (m.type == MSG_JOB) {
			expect_inside(m.job.url, buf, size);
			expect_inside(m.job.version, buf, size);
			expect_inside(m.job.commit, buf, size);
			expect_inside(m.job.have, buf, size);
			expect_inside(m.job.user, buf, size);
			expect_inside(m.job.password, buf, size);
			expect_inside(m.job.path, buf, size);
			expect_inside(m.job.checksum, buf, size);
			expect_inside(m.job.role, buf, size);
			expect_inside(m.job.tags, buf, size);
			expect_inside(m.job.tag, buf, size);
		} else if (m.type == MSG_FACT) {
			expect_inside(m.key, buf, size);
			expect_inside(m.text, buf, size);
		} else if (m.type == MSG_NOTE)
			expect_inside(m.text, buf, size);
		else if (m.type == MSG_RESULT &&
		    strlen(m.result.msg) >= sizeof(m.result.msg))
			abort();
		at += (size_t)n;
	}
	free(buf);
	return 0;
}
