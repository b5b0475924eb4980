/*
 * The file for OpenBSD, compiled against a pledge and an unveil that write
 * down what they are told.
 */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"

/* As its unistd.h has them. */
int pledge(const char *promises, const char *execpromises);
int unveil(const char *path, const char *permissions);

/* NOLINTNEXTLINE(bugprone-suspicious-include): no part of this build */
#include "sandbox_openbsd.c"

static struct buf told;
static const char *absent, *refused; /* paths */
static bool no_pledge;

int
pledge(const char *promises, const char *execpromises)
{
	buf_printf(&told, "pledge(%s%s)\n", promises,
	    execpromises != NULL ? ", something" : "");
	errno = EPERM;
	return no_pledge ? -1 : 0;
}

int
unveil(const char *path, const char *permissions)
{
	char cwd[256] = "";

	if (path != NULL && strcmp(path, ".") == 0)
		path = getcwd(cwd, sizeof(cwd));
	buf_printf(&told, "unveil(%s, %s)\n", path != NULL ? path : "NULL",
	    permissions != NULL ? permissions : "NULL");
	if (path != NULL && absent != NULL && strcmp(path, absent) == 0)
		errno = ENOENT;
	else if (path != NULL && refused != NULL && strcmp(path, refused) == 0)
		errno = EPERM;
	else
		return 0;
	return -1;
}

static int
enter(const struct sandbox *sb, struct error *err)
{
	buf_clear(&told);
	buf_puts(&told, "");
	*err = (struct error){0};
	return system_enter(sb, err);
}

static const char *const paths[] = {"/etc/hosts", "/etc/ssl", NULL};

static void
a_worker_with_a_network(void)
{
	const struct sandbox sb = {.write_dir = open("/usr",
				       O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    .read = paths,
	    .network = true};
	char before[256], after[256];
	struct error err;

	CHECK(getcwd(before, sizeof(before)) != NULL);
	absent = "/etc/ssl";
	CHECK(enter(&sb, &err) == 1);
	absent = NULL;
	CHECK_STR(told.data,
	    "unveil(/usr, rwc)\nunveil(/etc/hosts, r)\nunveil(/etc/ssl, r)\n"
	    "unveil(NULL, NULL)\n"
	    "pledge(error stdio rpath recvfd wpath cpath inet dns)\n");
	CHECK(getcwd(after, sizeof(after)) != NULL);
	CHECK_STR(after, before);
	(void)close(sb.write_dir);
}

static void
nothing_to_write_and_no_network(void)
{
	static const char *const root[] = {"/", NULL};
	struct sandbox sb = {.write_dir = -1, .read = root};
	struct error err;

	CHECK(enter(&sb, &err) == 1);
	CHECK_STR(told.data,
	    "unveil(/, r)\nunveil(NULL, NULL)\n"
	    "pledge(error stdio rpath recvfd)\n");
	sb.read = NULL;
	CHECK(enter(&sb, &err) == 1);
	CHECK_STR(told.data,
	    "unveil(/, )\nunveil(NULL, NULL)\n"
	    "pledge(error stdio rpath recvfd)\n");
}

static void
what_is_refused_is_an_error(void)
{
	const struct sandbox sb = {.write_dir = -1, .read = paths};
	const struct sandbox bad = {.write_dir = 9999};
	struct error err;

	refused = "/etc/hosts";
	CHECK(enter(&sb, &err) == -1);
	CHECK(strstr(err.msg, "cannot confine to '/etc/hosts'") != NULL);
	refused = NULL;
	CHECK(enter(&bad, &err) == -1);
	CHECK(strstr(err.msg, "cannot confine to the stage") != NULL);
	no_pledge = true;
	CHECK(enter(&sb, &err) == -1);
	CHECK(strstr(err.msg, "cannot pledge 'error stdio rpath") != NULL);
	no_pledge = false;
}

static void
the_level_has_a_name_and_is_all_there_is(void)
{
	struct error err;

	CHECK_STR(sandbox_level(), "pledge, unveil");
	sandbox_choose(SANDBOX_REQUIRE);
	CHECK(sandbox_check(&err) == 0);
	no_pledge = true;
	CHECK(sandbox_check(&err) == -1);
	CHECK(err.kind == ERR_USAGE);
	CHECK(strstr(err.msg, "by pledge and unveil, and here there is none") !=
	    NULL);
	no_pledge = false;
	sandbox_choose(SANDBOX_OFF);
	CHECK_STR(sandbox_level(), "none");
	sandbox_choose(SANDBOX_AUTO);
}

int
main(void)
{
	RUN(a_worker_with_a_network);
	RUN(nothing_to_write_and_no_network);
	RUN(what_is_refused_is_an_error);
	RUN(the_level_has_a_name_and_is_all_there_is);
	buf_free(&told);
	return check_done();
}
