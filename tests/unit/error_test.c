#include "kelpie/error.h"

#include <errno.h>

#include "check.h"

static void
a_cause_is_wrapped_from_the_inside_out(void)
{
	struct error err;

	CHECK(error_set(&err, ERR_NETWORK, "connection refused") == -1);
	CHECK(error_wrap(&err, "%s", "https://h/r.git") == -1);
	CHECK(error_wrap(&err, "nginx") == -1);
	CHECK_STR(err.msg, "nginx: https://h/r.git: connection refused");
	CHECK(err.kind == ERR_NETWORK);
}

static void
a_system_error_says_why_and_keeps_errno(void)
{
	struct error err;

	errno = ENOSPC;
	CHECK(error_errno(&err, "write '%s'", "tasks/main.yml") == -1);
	CHECK_STR(err.msg, "write 'tasks/main.yml': No space left on device");
	CHECK(err.kind == ERR_LOCAL && errno == ENOSPC);
}

static void
a_long_message_is_cut_not_lost(void)
{
	struct error err;
	char big[ERROR_MAX * 2];

	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	(void)error_set(&err, ERR_LOCAL, "%s", big);
	CHECK(strlen(err.msg) == ERROR_MAX - 1);
	(void)error_wrap(&err, "role");
	CHECK(strlen(err.msg) == ERROR_MAX - 1);
	CHECK(strncmp(err.msg, "role: xxx", 9) == 0);
	error_append(&err, "more");
	CHECK(strlen(err.msg) == ERROR_MAX - 1);
}

int
main(void)
{
	RUN(a_cause_is_wrapped_from_the_inside_out);
	RUN(a_system_error_says_why_and_keeps_errno);
	RUN(a_long_message_is_cut_not_lost);
	return check_done();
}
