#include "kelpie/buf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static void
a_buffer_grows_and_stays_terminated(void)
{
	struct buf b = {0};
	int i;

	for (i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	CHECK(b.len == 3890);
	CHECK(strlen(b.data) == b.len);
	CHECK_STR(b.data + b.len - 8, "998,999,");
	buf_clear(&b);
	CHECK_STR(b.data, "");
	buf_add(&b, "a\0b", 3);
	CHECK(b.len == 3 && b.data[3] == '\0');
	buf_free(&b);
	CHECK(b.data == NULL);
}

static void
a_file_is_read_up_to_its_limit(void)
{
	struct buf b = {0};
	struct error err;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	CHECK(buf_read(&b, fd, 100000, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "larger than 100000 bytes");
	(void)close(fd);
	buf_free(&b);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CHECK(buf_read(&b, fd, 0, &err) == 0);
	CHECK(b.len == 0 && b.data != NULL);
	(void)close(fd);
	buf_free(&b);
}

static void
copies_are_copies(void)
{
	char *a = xasprintf("%s-%d", "v", 7);
	char *b = xstrndup(a, 2);

	CHECK_STR(a, "v-7");
	CHECK_STR(b, "v-");
	CHECK(xstrdup_null(NULL) == NULL);
	free(a);
	free(b);
}

int
main(void)
{
	RUN(a_buffer_grows_and_stays_terminated);
	RUN(a_file_is_read_up_to_its_limit);
	RUN(copies_are_copies);
	return check_done();
}
