#include "secret.h"

#include <sys/wait.h>

#include <unistd.h>

#include "check.h"

#if defined(__linux__) && !defined(KELPIE_PORTABLE)
static const int wipes = 1;
#else
static const int wipes;
#endif

/* The exit status of a child that looks at what lies there. */
static int
child_sees(const char *p, size_t len)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		for (size_t i = 0; i < len; i++)
			if (p[i] != '\0')
				_exit(1);
		_exit(0);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
a_secret_begins_with_zeros(void)
{
	char *p = secret_new(10000);

	for (size_t i = 0; i < 10000; i++)
		CHECK(p[i] == '\0');
	secret_free(p, 10000);
	secret_free(NULL, 0);
}

static void
a_child_does_not_know_it(void)
{
	char *p = secret_new(64);

	memcpy(p, "s3cret", 7);
	if (wipes)
		CHECK(child_sees(p, 64) == 0);
	CHECK_STR(p, "s3cret");
	secret_free(p, 64);
}

int
main(void)
{
	RUN(a_secret_begins_with_zeros);
	RUN(a_child_does_not_know_it);
	return check_done();
}
