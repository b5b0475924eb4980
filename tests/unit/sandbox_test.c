/*
 * Each attempt is made by children of its own: unconfined, where it has to
 * work, and in the sandbox, where it must not.  That once as root and once as
 * an ordinary user, with all that the kernel has and with less.
 */
#include "kelpie/sandbox.h"

#include <grp.h>

#include "check.h"
#include "kelpie/error.h"
#include "sandbox_world.h"

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
    {"read the passwords of the system", read_the_passwords, 1, false, ROOT},
    {"make a pipe in the stage", make_fifo, 1, true, false},
    {"make a device in the stage", make_device, 1, true, ROOT},
    {"make a socket in the stage", make_socket_file, 1, true, false},
    {"make a setuid file", make_setuid_file, 0, true, false},
    {"make a setgid directory", make_setgid_dir, 0, true, false},
    {"chmod a file outside", chmod_victim, 0, true, false},
    {"chown a file outside", chown_victim, 0, true, false},
    {"set the times of a file outside", touch_victim, 0, true, false},
    {"chmod a readable file", fchmod_listed, 0, true, false},
    {"set the times of a readable file", touch_listed, 0, true, false},
    {"chmod a file in the stage", chmod_own_file, 0, true, false},
    {"run a program", run_a_program, 1, true, false},
    {"run a program of its own", run_a_program_of_its_own, 1, true, false},
    {"fork", fork_a_process, 0, true, false},
    {"signal the parent", signal_the_parent, 6, true, false},
    {"have the parent signalled", have_the_parent_signalled, 0, true, false},
    {"renice the parent", renice_the_parent, 0, true, false},
    {"connect to a unix socket", connect_unix, 9, true, false},
    {"send to a unix socket from a pair", send_to_unix_from_a_pair, 9, true,
	false},
    {"connect to another port", connect_other_port, 4, false, false},
    {"bind a port", bind_tcp, 4, false, false},
    {"listen", listen_tcp, 0, true, false},
    {"make a raw socket", raw_socket, 0, true, ROOT},
#ifdef SANDBOX_KERNEL_H
    {"exchange with a file outside", exchange_with_victim, 1, false, false},
    {"read a file through /proc", read_victim_through_proc, 1, false, false},
    {"read a file by its handle", read_victim_by_its_handle, 0, true, ROOT},
    {"watch all files", watch_all_files, 0, true, ROOT},
    {"write a setting of the kernel", set_the_kernel, 1, false, ROOT},
    {"make a setuid file without a name", make_setuid_file_without_name, 0,
	true, true},
    {"fork by another call", fork_by_clone3, 0, true, false},
    {"read the memory of the parent", read_the_parent, 1, true, true},
    {"make a ring of calls", make_a_ring, 0, true, true},
    {"connect to an abstract socket", connect_abstract, 6, true, false},
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

/* What there is, from sandbox_level(). */
struct has {
	unsigned abi;
	bool filter;
};

static struct has
has_of(const char *level)
{
	struct has h = {0, strstr(level, "seccomp") != NULL};

	if (strncmp(level, "landlock ", 9) == 0)
		h.abi = (unsigned)strtoul(level + 9, NULL, 10);
	return h;
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
is_stopped(size_t i, const struct kernel *kernel)
{
	const struct how how = {kernel, true, true};
	struct stat before;
	int rc;

	deafen(prepare());
	must(stat(victim, &before) == 0);
	rc = attempt(attacks[i].try, how);
	if (rc != EACCES && rc != EPERM && rc != ENOSYS && rc != EXDEV) {
		printf("# %s: %d %s\n", attacks[i].name, rc, strerror(rc));
		return false;
	}
	if (is_untouched(victim, &before) && is_untouched(listed, &before))
		return true;
	printf("# %s: a file was changed\n", attacks[i].name);
	return false;
}

static void
tap(bool ok, const char *who, const char *what, const char *skip)
{
	printf("%sok %d - %s: %s%s%s\n", ok ? "" : "not ", ++check_count, who,
	    what, skip != NULL ? " # SKIP " : "", skip != NULL ? skip : "");
	check_bad += !ok;
}

/* What this user can do at all. */
static bool possible[COUNT(attacks)];

static void
find_what_is_possible(const char *who)
{
	size_t n = 0, bad = 0;
	char line[64];

	for (size_t i = 0; i < COUNT(attacks); i++) {
		const struct how how = {.confined = false};
		int rc = attempt(attacks[i].try, how);

		possible[i] = rc == 0;
		n += rc == 0;
		if (rc == 0)
			continue;
		printf("# unconfined: %s: %s\n", attacks[i].name, strerror(rc));
		bad += !attacks[i].may_fail;
	}
	(void)snprintf(line, sizeof(line),
	    "unconfined, %zu of %zu attempts work", n, COUNT(attacks));
	tap(bad == 0, who, line, NULL);
}

static void
run_attacks(const char *who, const char *level, const struct kernel *kernel)
{
	const struct has have = has_of(level);
	size_t n = 0, bad = 0, left = 0;
	char line[128];

	for (size_t i = 0; i < COUNT(attacks); i++) {
		bool stops =
		    (attacks[i].abi != 0 && have.abi >= attacks[i].abi) ||
		    (attacks[i].filter && have.filter);

		left += possible[i] && !stops;
		if (!possible[i] || !stops)
			continue;
		n++;
		bad += !is_stopped(i, kernel);
	}
	(void)snprintf(line, sizeof(line),
	    "%s: %zu attempts are stopped, %zu are beyond it", level, n, left);
	tap(bad == 0, who, line, n == 0 ? "nothing here confines" : NULL);
}

static void
run_needs(const char *who, const char *level, const struct kernel *kernel)
{
	static const struct {
		const char *name;
		int (*try)(void);
		unsigned abi; /* from which on, if there is any */
	} rows[] = {
	    {"write in the stage", write_in_the_stage, 0},
	    {"rename in the stage", rename_in_the_stage, 0},
	    /* The first takes every move to another directory for a leak. */
	    {"rename between directories of the stage",
		rename_between_directories_of_the_stage, 2},
	    {"unlink in the stage", unlink_in_the_stage, 0},
	    {"make and remove a directory", make_and_remove_a_directory, 0},
	    {"make a link in the stage", make_a_link_in_the_stage, 0},
	    {"read what is listed", read_what_is_listed, 0},
	    {"find localhost", find_localhost, 0},
	    {"connect to the port", connect_good_port, 0},
	    {"make a datagram socket", any_socket, 0},
	    {"send a datagram", send_a_datagram, 0},
	    {"make a stream socket of IPv6", any_socket6, 0},
	    {"start a thread", start_a_thread, 0},
	    {"make a pair of sockets", make_a_pair_of_sockets, 0},
	    {"signal itself", signal_itself, 0},
	};
	const struct how how = {kernel, true, true};
	const struct has have = has_of(level);
	char line[128];
	size_t bad = 0;
	int rc;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (have.abi != 0 && have.abi < rows[i].abi)
			continue;
		rc = attempt(rows[i].try, how);
		if (rc != 0)
			printf("# %s: %d %s\n", rows[i].name, rc, strerror(rc));
		bad += rc != 0;
	}
	(void)snprintf(line, sizeof(line), "%s: what is needed works", level);
	tap(bad == 0, who, line, NULL);
}

static void
run_without_network(const char *who, const char *level,
    const struct kernel *kernel)
{
	static const struct {
		int (*try)(void);
		unsigned abi;
	} rows[] = {{any_socket, 0}, {any_socket6, 0}, {connect_good_port, 4}};
	const struct how how = {kernel, true, false};
	const struct has have = has_of(level);
	char line[128];
	size_t n = 0, bad = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!have.filter &&
		    (rows[i].abi == 0 || have.abi < rows[i].abi))
			continue;
		n++;
		bad += attempt(rows[i].try, how) != EACCES;
	}
	bad += attempt(write_in_the_stage, how) != 0;
	(void)snprintf(line, sizeof(line),
	    "%s: without network %zu are stopped", level, n);
	tap(bad == 0, who, line, NULL);
}

/* Confined to nothing at all, but for what is open. */
static int
enter_for_nothing(struct error *err)
{
	const struct sandbox sb = {.write_dir = -1, .file_max = SMALL};

	return sandbox_enter(&sb, err);
}

#ifdef SANDBOX_KERNEL_H
static const struct lesser {
	struct kernel kernel;
	bool attack; /* others teach no more than these */
} lesser[] = {
    {{"landlock 1", 1, 0, EINVAL}, true},
    {{"landlock 2", 2, 0, EINVAL}, false},
    {{"landlock 3", 3, 0, EINVAL}, true},
    {{"landlock 4", 4, 0, EINVAL}, true},
    {{"landlock 5", 5, 0, EINVAL}, false},
    {{"landlock 6", 6, 0, EINVAL}, true},
    {{"landlock 7", 7, 0, EINVAL}, true},
    {{"landlock 1, seccomp", 1, 0, 0}, false},
    {{"seccomp", 0, ENOSYS, 0}, true},
    {{"seccomp", 0, EOPNOTSUPP, 0}, false},
    {{"seccomp", 0, EPERM, 0}, false},
    {{"none", 0, EPERM, EINVAL}, false},
    {{"none", 0, ENOSYS, EPERM}, false},
};

static const char *wanted_level;

/* The level is told as it is, and is enough or not where it is required. */
static int
check_level(void)
{
	const char *level = sandbox_level();
	bool whole = strncmp(wanted_level, "landlock", 8) == 0 &&
	    strstr(wanted_level, "seccomp") != NULL;
	struct error err;

	errno = ERANGE;
	if (strcmp(level, wanted_level) != 0) {
		(void)dprintf(STDERR_FILENO, "# level: %s\n", level);
		return -1;
	}
	sandbox_choose(SANDBOX_REQUIRE);
	if ((sandbox_check(&err) == 0) != whole)
		return -1;
	/* A worker looks for itself. */
	return (enter_for_nothing(&err) == 0) == whole ? 0 : -1;
}

static void
run_lesser_kernels(const char *who, const struct has *real)
{
	struct how how = {.confined = false};
	char line[64];

	for (size_t i = 0; i < COUNT(lesser); i++) {
		const struct kernel *k = &lesser[i].kernel;

		if (k->abi > real->abi || (k->landlock != 0 && real->abi == 0))
			continue;
		how.kernel = k;
		wanted_level = k->level;
		(void)snprintf(line, sizeof(line), "%s is told (%s)", k->level,
		    k->landlock != 0 ? strerrorname_np(k->landlock) : "older");
		tap(attempt(check_level, how) == 0, who, line, NULL);
		if (!lesser[i].attack)
			continue;
		run_attacks(who, k->level, k);
		run_needs(who, k->level, k);
		run_without_network(who, k->level, k);
	}
}
#endif

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

static int
read_what_is_open(void)
{
	int fd = open(victim, O_RDONLY | O_CLOEXEC);
	struct error err;
	char c;

	return enter_for_nothing(&err) == 0 && read(fd, &c, 1) == 1 ? 0 : -1;
}

static int
write_from_nowhere(void)
{
	struct error err;

	return enter_for_nothing(&err) == 0 ? write_in_the_stage() : -1;
}

static int
write_victim_when_off(void)
{
	sandbox_choose(SANDBOX_OFF);
	return confine(true) == 0 && check_what_is_set() == 0 ? write_victim() :
								-1;
}

static const struct how confined = {NULL, true, true}, unconfined = {0};
static struct has here;

static void
limits_are_lowered(void)
{
	CHECK(attempt(fail_unless_set, confined) == 0);
	CHECK(attempt(write_a_large_file, unconfined) == 0);
	CHECK(attempt(write_a_large_file, confined) == EFBIG);
	CHECK(attempt(open_many_files, confined) == EMFILE);
}

static void
off_leaves_the_limits(void)
{
	CHECK(attempt(write_victim_when_off, unconfined) == 0);
	sandbox_choose(SANDBOX_OFF);
	CHECK_STR(sandbox_level(), "none");
	sandbox_choose(SANDBOX_AUTO);
}

static void
no_directory_at_all_may_be_enough(void)
{
	CHECK(attempt(read_what_is_open, unconfined) == 0);
	CHECK(attempt(write_from_nowhere, unconfined) ==
	    (here.abi > 0 ? EACCES : 0));
}

static void
dangerous_calls_are_denied(void)
{
#ifdef SANDBOX_KERNEL_H
	if (here.filter)
		CHECK(attempt(make_forbidden_calls, confined) == 0);
#endif
}

static void
the_level_names_what_there_is(void)
{
	const char *level = sandbox_level();

#ifdef KELPIE_PORTABLE
	CHECK_STR(level, "none");
#endif
	here = has_of(level);
	printf("# level: %s\n", level);
}

static void
run_as(const char *who, const char *top)
{
	begin(top);
	RUN(the_level_names_what_there_is);
	RUN(limits_are_lowered);
	RUN(off_leaves_the_limits);
	RUN(no_directory_at_all_may_be_enough);
	RUN(dangerous_calls_are_denied);
	find_what_is_possible(who);
	run_attacks(who, sandbox_level(), NULL);
	run_needs(who, sandbox_level(), NULL);
	run_without_network(who, sandbox_level(), NULL);
#ifdef SANDBOX_KERNEL_H
	run_lesser_kernels(who, &here);
#endif
	sweep();
}

/* The rest of the tests, by a child that is nobody any more. */
static void
run_as_nobody(void)
{
	int fd[2], counts[2] = {0, 0}, status;
	pid_t pid;

	must(pipe2(fd, O_CLOEXEC) == 0);
	(void)fflush(stdout);
	pid = fork();
	must(pid != -1);
	if (pid == 0) {
		must(setgroups(0, NULL) == 0 && setgid(65534) == 0 &&
		    setuid(65534) == 0);
#ifdef SANDBOX_KERNEL_H
		(void)prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
#endif
		run_as("nobody", "/tmp");
		counts[0] = check_count;
		counts[1] = check_bad;
		(void)fflush(stdout);
		_exit(write(fd[1], counts, sizeof(counts)) == sizeof(counts) ?
			0 :
			1);
	}
	(void)close(fd[1]);
	if (read(fd[0], counts, sizeof(counts)) == sizeof(counts)) {
		check_count = counts[0];
		check_bad = counts[1];
	}
	(void)close(fd[0]);
	must(waitpid(pid, &status, 0) == pid);
	tap(WIFEXITED(status) && WEXITSTATUS(status) == 0, "nobody",
	    "comes to the end", NULL);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	run_as(getuid() == 0 ? "root" : "user",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (getuid() == 0)
		run_as_nobody();
	return check_done();
}
