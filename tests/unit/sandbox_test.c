/*
 * Each attempt is made twice by a child of its own: unconfined, where it has
 * to work, and in the sandbox, where it must not.
 */
#include "kelpie/sandbox.h"

#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "check.h"
#include "kelpie/error.h"
#include "sandbox_attempts.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char dir[64], stage[96];

/* What there is here, from sandbox_level(). */
static unsigned have_abi;
static bool have_filter;

static void
must(bool done)
{
	if (!done) {
		perror("sandbox_test: cannot prepare");
		exit(1);
	}
}

static void
put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	must(fd != -1 && write(fd, "content", 7) == 7);
	must(fchmod(fd, 0644) == 0);
	(void)close(fd);
}

static void
sweep(void)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	must(system(command) == 0); /* NOLINT(cert-env33-c) */
}

/* stage/, outside/victim, listed and a unix socket, all fresh. */
static int
prepare(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sweep();
	must(mkdir(dir, 0755) == 0 && mkdir(stage, 0755) == 0);
	must(mkdir(outside, 0755) == 0);
	put(victim);
	put(listed);
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", sock);
	must(bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	must(listen(fd, 8) == 0);
	return fd;
}

static int
confine(bool network)
{
	const char *const read[] = {listed, "/absent", "/etc/hosts",
	    "/etc/nsswitch.conf", "/etc/host.conf", "/etc/resolv.conf",
	    "/etc/gai.conf", "/etc/services", "/lib", "/usr/lib", NULL};
	const uint16_t ports[] = {good_port, 0};
	const struct sandbox sb = {
	    .write_dir = open(stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    .read = read,
	    .ports = ports,
	    .network = network,
	    .file_max = SMALL,
	};
	struct error err;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (sandbox_enter(&sb, &err) == -1) {
		(void)dprintf(STDERR_FILENO, "# %s\n", err.msg);
		return -1;
	}
	return 0;
}

/* Run it in a child: 0 if it went through, else its errno, or 255. */
static int
attempt(int (*try)(void), bool confined, bool network)
{
	int status, fd = prepare();
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	must(pid != -1);
	if (pid == 0) {
		(void)alarm(20);
		if (confined && confine(network) == -1)
			_exit(255);
		_exit(try() == 0 ? 0 : errno);
	}
	must(waitpid(pid, &status, 0) == pid);
	(void)close(fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

#define ROOT true

/* abi: the first ABI of Landlock that stops it; 0: none does. */
static const struct {
	const char *name;
	int (*try)(void);
	unsigned abi;
	bool filter;
	bool may_fail; /* unconfined: for root alone, or not in every kernel */
} attacks[] = {
    {"write a file outside", write_victim, 1, false, false},
    {"append to a file outside", append_victim, 1, false, false},
    {"truncate a file outside", truncate_victim, 3, true, false},
    {"truncate a readable file", open_and_truncate_listed, 3, false, false},
    {"write a readable file", write_listed, 1, false, false},
    {"unlink a file outside", unlink_victim, 1, false, false},
    {"rename a file outside", rename_victim, 1, false, false},
    {"rename over a file outside", rename_over_victim, 1, false, false},
    {"rename a file into the stage", rename_victim_into_the_stage, 1, false,
	false},
    {"link a file into the stage", link_victim_into_the_stage, 1, false, false},
    {"write through a link", write_through_a_link, 1, false, false},
    {"make a file outside", make_file_outside, 1, false, false},
    {"make a directory outside", make_dir_outside, 1, false, false},
    {"make a link outside", make_link_outside, 1, false, false},
    {"remove a directory outside", remove_dir_outside, 1, false, false},
    {"read a file that is not listed", read_victim, 1, false, false},
    {"list a directory that is not listed", list_the_root, 1, false, false},
    {"make a pipe in the stage", make_fifo, 1, true, false},
    {"make a setuid file", make_setuid_file, 0, true, false},
    {"make a setgid directory", make_setgid_dir, 0, true, false},
    {"chmod a file outside", chmod_victim, 0, true, false},
    {"chown a file outside", chown_victim, 0, true, false},
    {"set the times of a file outside", touch_victim, 0, true, false},
    {"chmod a readable file", fchmod_listed, 0, true, false},
    {"set the times of a readable file", touch_listed, 0, true, false},
    {"chmod a file in the stage", chmod_own_file, 0, true, false},
    {"run a program", run_a_program, 1, true, false},
    {"fork", fork_a_process, 0, true, false},
    {"signal the parent", signal_the_parent, 6, true, false},
    {"connect to a unix socket", connect_unix, 0, true, false},
    {"connect to another port", connect_other_port, 4, false, false},
    {"bind a port", bind_tcp, 4, false, false},
    {"listen", listen_tcp, 0, true, false},
    {"make a raw socket", raw_socket, 0, true, ROOT},
#ifdef __linux__
    {"set an attribute of a file outside", setxattr_victim, 0, true, ROOT},
    {"set the flags of a readable file", set_flags_of_listed, 0, true, true},
    {"make a file of memory", make_memfd, 0, true, false},
    {"be traced", trace_me, 0, true, true},
    {"leave the namespace", unshare_files, 0, true, ROOT},
    {"change the root", change_root, 0, true, ROOT},
    {"read the limits of the parent", limits_of_the_parent, 0, true, false},
    {"signal the parent's thread", tgkill_the_parent, 6, true, false},
    {"set the user", set_own_uid, 0, true, false},
    {"connect by the first packet", fast_open_other_port, 0, true, true},
    {"make a socket of many paths", multipath_socket, 0, true, true},
    {"open with openat2", open_with_openat2, 0, true, true},
#endif
};

static void
tap(bool ok, const char *name, const char *skip)
{
	printf("%sok %d - %s%s%s\n", ok ? "" : "not ", ++check_count, name,
	    skip != NULL ? " # SKIP " : "", skip != NULL ? skip : "");
	check_bad += !ok;
}

static bool
is_untouched(const char *path, const struct stat *before)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size == before->st_size &&
	    st.st_mode == before->st_mode && st.st_uid == before->st_uid &&
	    st.st_nlink == 1;
}

/* One attempt in the table above; false if it came through. */
static bool
is_stopped(size_t i)
{
	struct stat before;
	int rc;

	(void)close(prepare());
	must(stat(victim, &before) == 0);
	rc = attempt(attacks[i].try, true, true);
	if (rc != EACCES && rc != EPERM && rc != ENOSYS && rc != EXDEV) {
		printf("# in the sandbox: %d %s\n", rc, strerror(rc));
		return false;
	}
	if (!is_untouched(victim, &before) || !is_untouched(listed, &before)) {
		printf("# a file was changed\n");
		return false;
	}
	return true;
}

static void
run_attacks(void)
{
	int rc;

	for (size_t i = 0; i < COUNT(attacks); i++) {
		const char *name = attacks[i].name;

		if ((attacks[i].abi == 0 || have_abi < attacks[i].abi) &&
		    !(attacks[i].filter && have_filter)) {
			tap(true, name, "nothing here stops it");
			continue;
		}
		rc = attempt(attacks[i].try, false, true);
		if (rc != 0 && attacks[i].may_fail) {
			tap(true, name, "fails unconfined as well");
			continue;
		}
		if (rc != 0)
			printf("# unconfined: %d %s\n", rc, strerror(rc));
		tap(rc == 0 && is_stopped(i), name, NULL);
	}
}

static void
run_what_must_work(void)
{
	static const struct {
		const char *name;
		int (*try)(void);
	} rows[] = {
	    {"write in the stage", write_in_the_stage},
	    {"rename in the stage", rename_in_the_stage},
	    {"unlink in the stage", unlink_in_the_stage},
	    {"make and remove a directory", make_and_remove_a_directory},
	    {"make a link in the stage", make_a_link_in_the_stage},
	    {"read what is listed", read_what_is_listed},
	    {"find localhost", find_localhost},
	    {"connect to the port", connect_good_port},
	    {"make a datagram socket", any_socket},
	    {"make a stream socket of IPv6", any_socket6},
	    {"start a thread", start_a_thread},
	    {"make a pair of sockets", make_a_pair_of_sockets},
	    {"signal itself", signal_itself},
	};
	int rc;

	for (size_t i = 0; i < COUNT(rows); i++) {
		rc = attempt(rows[i].try, true, true);
		if (rc != 0)
			printf("# %d %s\n", rc, strerror(rc));
		tap(rc == 0, rows[i].name, NULL);
	}
	/* The first ABI takes every move to another directory for a leak. */
	rc = have_abi == 1 ?
	    0 :
	    attempt(rename_between_directories_of_the_stage, true, true);
	tap(rc == 0, "rename between directories of the stage",
	    have_abi == 1 ? "not with landlock 1" : NULL);
}

static void
run_without_network(void)
{
	static const char *const names[] = {"without network: no socket",
	    "without network: no socket of IPv6",
	    "without network: no connection"};
	int (*const tries[])(
	    void) = {any_socket, any_socket6, connect_good_port};

	for (size_t i = 0; i < COUNT(tries); i++) {
		if (!have_filter && (i != 2 || have_abi < 4))
			tap(true, names[i], "nothing here stops it");
		else
			tap(attempt(tries[i], true, false) == EACCES, names[i],
			    NULL);
	}
	tap(attempt(write_in_the_stage, true, false) == 0,
	    "without network: write in the stage", NULL);
}

static int
check_what_is_set(void)
{
	struct rlimit r;

	errno = 0;
	if (getrlimit(RLIMIT_CORE, &r) == -1 || r.rlim_max != 0)
		return -1;
	if (getrlimit(RLIMIT_FSIZE, &r) == -1 || r.rlim_max != SMALL)
		return -1;
	if (getrlimit(RLIMIT_NOFILE, &r) == -1 || r.rlim_max > 256)
		return -1;
#ifndef KELPIE_SANITIZED
	if (getrlimit(RLIMIT_AS, &r) == -1 || r.rlim_max > 2ull << 30)
		return -1;
#endif
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	if (prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) != 1)
		return -1;
#ifndef KELPIE_SANITIZED
	if (prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) != 0)
		return -1;
#endif
#endif
	return 0;
}

static int
fail_unless_set(void)
{
	if (check_what_is_set() == 0)
		return 0;
	errno = ERANGE;
	return -1;
}

static void
limits_are_lowered(void)
{
	CHECK(attempt(fail_unless_set, true, true) == 0);
	CHECK(attempt(write_a_large_file, false, true) == 0);
	CHECK(attempt(write_a_large_file, true, true) == EFBIG);
	CHECK(attempt(open_many_files, true, true) == EMFILE);
}

static void
the_level_names_what_there_is(void)
{
	const char *level = sandbox_level();

#ifdef KELPIE_PORTABLE
	CHECK_STR(level, "none");
#else
	CHECK(strcmp(level, "none") == 0 || have_abi != 0 || have_filter);
#endif
	printf("# level: %s\n", level);
}

/* 0 if what is open can be read, and the stage not be written. */
static int
confine_to_nothing(void)
{
	const struct sandbox sb = {.write_dir = -1, .file_max = SMALL};
	int fd = open(victim, O_RDONLY | O_CLOEXEC);
	struct error err;
	char c;

	if (sandbox_enter(&sb, &err) == -1 || read(fd, &c, 1) != 1)
		return 1;
	return have_abi > 0 && write_in_the_stage() == 0 ? 2 : 0;
}

static void
no_directory_at_all_may_be_enough(void)
{
	int status, fd = prepare();
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	must(pid != -1);
	if (pid == 0)
		_exit(confine_to_nothing());
	must(waitpid(pid, &status, 0) == pid);
	(void)close(fd);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A loopback socket that listens until the test ends. */
static uint16_t
listen_somewhere(void)
{
	struct sockaddr_in sin = loopback(0);
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(bind(fd, (struct sockaddr *)&sin, len) == 0);
	must(listen(fd, 64) == 0);
	must(getsockname(fd, (struct sockaddr *)&sin, &len) == 0);
	return ntohs(sin.sin_port);
}

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");
	const char *level = sandbox_level();

	(void)umask(022);
	(void)snprintf(dir, sizeof(dir), "%.40s/sandbox.XXXXXX",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	must(mkdtemp(dir) != NULL);
	(void)snprintf(stage, sizeof(stage), "%s/stage", dir);
	(void)snprintf(outside, sizeof(outside), "%s/outside", dir);
	(void)snprintf(victim, sizeof(victim), "%s/outside/victim", dir);
	(void)snprintf(new_outside, sizeof(new_outside), "%s/outside/new", dir);
	(void)snprintf(listed, sizeof(listed), "%s/listed", dir);
	(void)snprintf(sock, sizeof(sock), "%s/sock", dir);
	(void)snprintf(in_stage, sizeof(in_stage), "%s/stage/a", dir);
	(void)snprintf(in_stage2, sizeof(in_stage2), "%s/stage/b", dir);
	good_port = listen_somewhere();
	other_port = listen_somewhere();
	if (strncmp(level, "landlock ", 9) == 0)
		have_abi = (unsigned)strtoul(level + 9, NULL, 10);
	have_filter = strstr(level, "seccomp") != NULL;
}

int
main(void)
{
	begin();
	RUN(the_level_names_what_there_is);
	RUN(limits_are_lowered);
	RUN(no_directory_at_all_may_be_enough);
	run_what_must_work();
	run_without_network();
	run_attacks();
	sweep();
	return check_done();
}
