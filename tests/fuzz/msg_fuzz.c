/*
 * Records: whatever bytes come, the decoder stays inside them, and strings
 * that it hands out end inside them.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/msg.h"

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
	while ((n = msg_parse(&m, buf + at, size - at)) > 0) {
		if (m.type == MSG_JOB) {
			expect_inside(m.job.url, buf, size);
			expect_inside(m.job.version, buf, size);
			expect_inside(m.job.commit, buf, size);
			expect_inside(m.job.have, buf, size);
			expect_inside(m.job.user, buf, size);
			expect_inside(m.job.password, buf, size);
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
