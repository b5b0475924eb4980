/*
 * The store among other processes: killed ones, waiting ones, reading ones,
 * and on disks that are full, read-only or somebody else's.
 */
#include "store_util.h"

#include <sys/mount.h>

#include <signal.h>
#include <stdint.h>

#include "kelpie/state.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char a[] = "a", b[] = "b", v1[] = "v1", v2[] = "v2";

/* A fresh store with the role a at v1. */
static void
fresh_with_a(void)
{
	struct store s;

	fresh();
	lock_store(&s);
	(void)install(&s, a, v1, false);
	close_store(&s);
}

/* After any crash the next run finds litter, and leaves none. */
static void
heal(const char *version)
{
	struct store s;

	open_store(&s);
	CHECK(store_has_litter(&s));
	close_store(&s);
	lock_store(&s);
	CHECK(!is_there(".kelpie/journal"));
	CHECK_STR(state_find(&s.state, "a")->version, version);
	close_store(&s);
	expect_file("a/tasks/main.yml", version);
	open_store(&s);
	CHECK(!store_has_litter(&s));
	CHECK(s.state.n == 1);
	CHECK_STR(state_find(&s.state, "a")->version, version);
	close_store(&s);
	CHECK(!is_there(".kelpie/stage") && !is_there(".kelpie/trash"));
}

/* An update of a to v2, checked and written down in the journal. */
static struct commit
update_journalled(struct store *s, const char *trash)
{
	struct commit c = a_commit(1, a, v2);
	struct error err = {.kind = ERR_NONE};
	struct intent in;

	c.replace = true;
	fill_stage(s, &c, v2);
	check_stage(s, &c);
	in = (struct intent){.record = c.record, .inode = c.inode};
	(void)snprintf(in.trash, sizeof(in.trash), "%s", trash);
	CHECK(state_journal(s->kelpiefd, &in, 1, &err) == 0);
	CHECK_STR(err.msg, "");
	return c;
}

static void
half_a_stage(struct store *s)
{
	struct commit c = a_commit(1, a, v2);

	fill_stage(s, &c, v2);
	make_dir(".kelpie/stage/1/1/role/files");
}

static void
only_journalled(struct store *s)
{
	(void)update_journalled(s, "old-1");
}

static void
between_two_renames(struct store *s)
{
	(void)update_journalled(s, "old-1");
	CHECK(renameat(s->rolesfd, "a", s->kelpiefd, "trash/old-1") == 0);
}

static void
after_two_renames(struct store *s)
{
	between_two_renames(s);
	CHECK(renameat(s->kelpiefd, "stage/1/1/role", s->rolesfd, "a") == 0);
}

static void
committed(struct store *s)
{
	(void)install(s, a, v2, true);
}

static void
half_a_state(struct store *s)
{
	committed(s);
	write_file(".kelpie/state.new", "kelpie st");
}

static void
a_crash_leaves_the_old_role_or_the_new_one(void)
{
	static const struct {
		void (*body)(struct store *);
		const char *then;
	} cases[] = {
	    {half_a_stage, "v1"},
	    {only_journalled, "v1"},
	    {between_two_renames, "v1"},
	    {after_two_renames, "v2"},
	    {committed, "v2"},
	    {half_a_state, "v2"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		fresh_with_a();
		crash(cases[i].body);
		heal(cases[i].then);
	}
}

static void
what_was_committed_is_known_without_the_lock(void)
{
	struct store s;

	fresh_with_a();
	crash(committed);
	open_store(&s);
	CHECK_STR(state_find(&s.state, "a")->version, "v2");
	close_store(&s);
	CHECK(is_there(".kelpie/journal"));
}

static void
other_litter_is_seen_too(void)
{
	struct store s;

	fresh_with_a();
	make_dir(".kelpie/trash");
	make_dir(".kelpie/trash/keep-1");
	open_store(&s);
	CHECK(!store_has_litter(&s));
	make_dir(".kelpie/trash/old-1");
	CHECK(store_has_litter(&s));
	close_store(&s);
	heal("v1");
}

/* A child with the lock, that lets go of it when told to. */
struct holder {
	pid_t pid;
	int go; /* written to: it may end */
	unsigned waits; /* how often we were told that we wait */
};

static void
hold(struct holder *h)
{
	int ready[2] = {-1, -1}, go[2] = {-1, -1};
	struct store s;
	char c;

	CHECK(pipe2(ready, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0);
	(void)fflush(stdout);
	h->waits = 0;
	h->pid = fork();
	if (h->pid == 0) {
		(void)close(go[1]);
		lock_store(&s);
		(void)install(&s, a, v2, true);
		CHECK(write(ready[1], "r", 1) == 1);
		CHECK(read(go[0], &c, 1) == 1);
		close_store(&s);
		(void)fflush(stdout);
		_exit(check_failed);
	}
	(void)close(ready[1]);
	(void)close(go[0]);
	CHECK(read(ready[0], &c, 1) == 1);
	(void)close(ready[0]);
	h->go = go[1];
}

static void
let_go(void *ctx, long pid)
{
	struct holder *h = ctx;

	CHECK(pid == (long)h->pid);
	h->waits++;
	CHECK(write(h->go, "g", 1) == 1);
}

static void
the_second_waits_and_says_so_once(void)
{
	struct error err = {.kind = ERR_NONE};
	struct holder h;
	struct store_wait wait = {.seconds = -1, .tell = let_go, .ctx = &h};
	struct store s;

	fresh_with_a();
	hold(&h);
	open_store(&s);
	/* The stage of a run that is at work is no litter. */
	CHECK(is_there(".kelpie/stage") && !store_has_litter(&s));
	CHECK(store_lock(&s, &wait, &err) == 0);
	CHECK(h.waits == 1);
	CHECK_STR(state_find(&s.state, "a")->version, "v2");
	close_store(&s);
	CHECK(collect(h.pid) == 0);
	(void)close(h.go);
}

static void
a_killed_holder_blocks_nobody(void)
{
	struct error err = {.kind = ERR_NONE};
	struct holder h;
	struct store_wait wait = {.seconds = 0, .tell = let_go, .ctx = &h};
	struct store s;

	fresh_with_a();
	hold(&h);
	CHECK(kill(h.pid, SIGKILL) == 0);
	CHECK(collect(h.pid) == -1);
	open_store(&s);
	CHECK(store_has_litter(&s));
	CHECK(store_lock(&s, &wait, &err) == 0);
	CHECK(h.waits == 0);
	close_store(&s);
	(void)close(h.go);
	expect_file("a/tasks/main.yml", "v2");
}

static void
on_alarm(int signo)
{
	(void)signo;
}

static void
tell_by_alarm(void *ctx, long pid)
{
	(void)ctx, (void)pid;
	(void)ualarm(1000, 1000);
}

static void
a_signal_ends_the_waiting(void)
{
	struct sigaction sa = {.sa_handler = on_alarm}, old;
	const struct store_wait wait = {.seconds = -1, .tell = tell_by_alarm};
	struct error err;
	struct holder h;
	struct store s;

	fresh_with_a();
	hold(&h);
	CHECK(sigaction(SIGALRM, &sa, &old) == 0);
	open_store(&s);
	CHECK(store_lock(&s, &wait, &err) == -1);
	(void)ualarm(0, 0);
	CHECK(err.kind == ERR_CANCELLED);
	CHECK(s.lockfd == -1);
	close_store(&s);
	CHECK(sigaction(SIGALRM, &old, NULL) == 0);
	let_go(&h, h.pid);
	CHECK(collect(h.pid) == 0);
	(void)close(h.go);
}

static void
who_does_not_want_to_wait_gives_up(void)
{
	const struct store_wait wait = {.seconds = 0};
	struct error err;
	struct holder h;
	struct store s;
	char who[32];

	fresh_with_a();
	hold(&h);
	open_store(&s);
	CHECK(store_lock(&s, &wait, &err) == -1);
	CHECK(err.kind == ERR_USAGE);
	(void)snprintf(who, sizeof(who), "process %ld", (long)h.pid);
	CHECK(strstr(err.msg, who) != NULL);
	CHECK(s.lockfd == -1);
	close_store(&s);
	let_go(&h, h.pid);
	CHECK(collect(h.pid) == 0);
	(void)close(h.go);
}

#define READ_ROLES 8
#define READ_BATCHES 25

/* Open files by path until the pipe ends.  Exits 1 if one was not there. */
static _Noreturn void
read_constantly(int until)
{
	char path[256], c;
	int fd;

	(void)fcntl(until, F_SETFL, O_NONBLOCK);
	do {
		for (int i = 0; i < READ_ROLES; i++) {
			(void)snprintf(path, sizeof(path),
			    "%s/r%d/tasks/main.yml", roles, i);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd == -1)
				_exit(1);
			(void)close(fd);
		}
	} while (read(until, &c, 1) == -1);
	_exit(0);
}

static void
swap_all(struct store *s, uint32_t batch)
{
	char names[READ_ROLES][4];
	struct commit c[READ_ROLES];

	for (uint32_t i = 0; i < READ_ROLES; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "r%u", i & 7);
		c[i] = a_commit(batch * READ_ROLES + i, names[i], v1);
		c[i].replace = batch != 0;
		fill_stage(s, &c[i], "x");
		check_stage(s, &c[i]);
	}
	store_commit(s, c, READ_ROLES);
	for (uint32_t i = 0; i < READ_ROLES; i++)
		CHECK(c[i].err.kind == ERR_NONE);
}

static void
readers_never_miss_a_role(void)
{
	struct store s;
	int until[2] = {-1, -1};
	pid_t pid;

#ifdef KELPIE_PORTABLE
	printf("# not without renameat2(2)\n");
	return;
#endif
	fresh();
	lock_store(&s);
	swap_all(&s, 0);
	CHECK(pipe2(until, O_CLOEXEC) == 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)close(until[1]);
		read_constantly(until[0]);
	}
	(void)close(until[0]);
	for (uint32_t batch = 1; batch < READ_BATCHES; batch++)
		swap_all(&s, batch);
	(void)close(until[1]);
	CHECK(collect(pid) == 0);
	close_store(&s);
}

/* What store_lock() says; open it must in any case. */
static enum error_kind
lock_refused(char *msg)
{
	struct error err = {.kind = ERR_NONE};
	struct store s;

	open_store(&s);
	CHECK(s.kelpiefd == -1 && s.state.n == 0);
	CHECK(store_lock(&s, NULL, &err) == -1);
	close_store(&s);
	(void)snprintf(msg, ERROR_MAX, "%s", err.msg);
	return err.kind;
}

static void
expect_refusal(const char *why)
{
	char want[256], msg[ERROR_MAX];

	CHECK(lock_refused(msg) == ERR_USAGE);
	(void)snprintf(want, sizeof(want), "'%s/.kelpie' %s", roles, why);
	CHECK(strncmp(msg, want, strlen(want)) == 0);
	if (strncmp(msg, want, strlen(want)) != 0)
		printf("# %s\n", msg);
}

static void
a_kelpie_directory_of_others_is_refused(void)
{
	char full[128];

	fresh();
	make_dir("../outside");
	make_link("../outside", ".kelpie");
	expect_refusal("is a symbolic link");
	(void)in_roles(".kelpie", full, sizeof(full));
	CHECK(unlink(full) == 0);
	make_link("nowhere", ".kelpie");
	expect_refusal("is a symbolic link");
	CHECK(unlink(full) == 0);
	write_file(".kelpie", "");
	expect_refusal("is not a directory: remove it");
	CHECK(unlink(full) == 0);
	fresh_with_a();
	CHECK(chmod(full, 0720) == 0);
	expect_refusal("can be written by others (mode 720)");
	CHECK(chmod(full, 0702) == 0);
	expect_refusal("can be written by others (mode 702)");
	CHECK(chmod(full, 0700) == 0);
	if (getuid() != 0)
		return;
	CHECK(chown(full, 65534, 65534) == 0);
	expect_refusal("belongs to nobody (65534)");
	CHECK(!is_there("../outside/lock"));
}

static void
expect_read_only(const char *place, const char *why)
{
	char want[256], msg[ERROR_MAX];
	struct stat st;

	CHECK(lock_refused(msg) == ERR_LOCAL);
	CHECK(stat(place, &st) == 0);
	(void)snprintf(want, sizeof(want), "cannot write to '%s': it belongs",
	    place);
	CHECK(strncmp(msg, want, strlen(want)) == 0);
	(void)snprintf(want, sizeof(want), " (%u): %s", (unsigned)st.st_uid,
	    why);
	CHECK(strlen(msg) > strlen(want));
	CHECK_STR(msg + strlen(msg) - strlen(want), want);
}

static void
a_directory_that_cannot_be_written_is_still_read(void)
{
	char place[sizeof(roles)];
	pid_t pid;

	fresh();
	CHECK(chmod(roles, 0555) == 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (getuid() == 0)
			CHECK(setgid(65534) == 0 && setuid(65534) == 0);
		expect_read_only(roles, "Permission denied");
		memcpy(place, roles, sizeof(place));
		(void)snprintf(roles, sizeof(roles), "%s/roles/x/y", top);
		expect_read_only(place, "Permission denied");
		(void)fflush(stdout);
		_exit(check_failed);
	}
	CHECK(collect(pid) == 0);
	CHECK(chmod(roles, 0755) == 0);
}

/* Installed by root, run by a user. */
static void
the_state_of_another_user_is_left_alone(void)
{
	struct store s;
	pid_t pid;

	if (getuid() != 0)
		return;
	fresh_with_a();
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
		open_store(&s);
		CHECK(s.rolesfd != -1 && s.kelpiefd == -1 && s.state.n == 0);
		CHECK(!store_has_litter(&s));
		close_store(&s);
		expect_read_only(roles, "Permission denied");
		(void)fflush(stdout);
		_exit(check_failed);
	}
	CHECK(collect(pid) == 0);
}

/* 0 if there is a file system of our own on path now. */
static int
mounted(const char *path, unsigned long flags, const char *opts)
{
	if (getuid() == 0 && mount("none", path, "tmpfs", flags, opts) == 0)
		return 0;
	printf("# may not mount: left out\n");
	return -1;
}

static void
a_read_only_file_system_is_named(void)
{
	fresh();
	if (mounted(roles, MS_RDONLY, "size=64k") == -1)
		return;
	expect_read_only(roles, "Read-only file system");
	CHECK(umount(roles) == 0);
}

static void
a_mount_point_is_not_replaced(void)
{
	struct commit c = a_commit(1, a, v2);
	struct store s;
	char full[128];

	fresh_with_a();
	(void)in_roles("a", full, sizeof(full));
	if (mounted(full, 0, "size=64k") == -1)
		return;
	lock_store(&s);
	c.replace = true;
	fill_stage(&s, &c, "x");
	check_stage(&s, &c);
	store_commit(&s, &c, 1);
	CHECK_STR(c.err.msg,
	    "the role in place is a mount point, and was not replaced");
	CHECK(c.trash[0] == '\0');
	close_store(&s);
	CHECK(umount(full) == 0);
	expect_file("a/tasks/main.yml", "v1");
}

/* Take all the room there is. */
static void
fill_disk(void)
{
	static const char block[512];
	char full[128];
	int fd;

	(void)in_roles("filler", full, sizeof(full));
	fd = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	while (write(fd, block, sizeof(block)) == (ssize_t)sizeof(block))
		continue;
	CHECK(errno == ENOSPC);
	(void)close(fd);
}

static void
free_disk(void)
{
	char full[128];

	(void)in_roles("filler", full, sizeof(full));
	CHECK(unlink(full) == 0);
}

static void
fail_on_a_full_disk(struct store *s)
{
	struct commit c[2] = {a_commit(1, a, v2), a_commit(2, b, v2)};
	struct error err = {.kind = ERR_NONE};
	struct walked w;

	c[0].replace = true;
	fill_stage(s, &c[0], "v2");
	fill_stage(s, &c[1], "v2");
	fill_disk();
	CHECK(store_check(s, &c[0], &limits, &w, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg,
	    "write meta/.galaxy_install_info: No space left on device");
	free_disk();
	check_stage(s, &c[0]);
	check_stage(s, &c[1]);
	fill_disk();
	store_commit(s, c, 2);
	for (size_t i = 0; i < 2; i++) {
		CHECK(c[i].err.kind == ERR_LOCAL && c[i].trash[0] == '\0');
		CHECK_STR(c[i].err.msg,
		    "write .kelpie/journal: No space left on device");
	}
	expect_file(".kelpie/journal", "");
	expect_file("a/tasks/main.yml", "v1");
	CHECK(!is_there("b"));
}

static void
a_full_disk_leaves_what_was_there(void)
{
	struct error err = {.kind = ERR_NONE};
	struct store s;

	fresh();
	if (mounted(roles, 0, "size=200k,mode=755") == -1)
		return;
	lock_store(&s);
	(void)install(&s, a, v1, false);
	close_store(&s);
	lock_store(&s);
	fail_on_a_full_disk(&s);
	/* With the stages gone there is room for the state. */
	CHECK(store_close(&s, &err) == 0);
	CHECK(!is_there(".kelpie/stage") && !is_there(".kelpie/journal"));
	free_disk();
	lock_store(&s);
	fail_on_a_full_disk(&s);
	/* Without them there is not. */
	CHECK(walk_remove(s.kelpiefd, "stage", &err) == 0);
	free_disk();
	fill_disk();
	CHECK(store_close(&s, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK(!is_there(".kelpie/state.new"));
	free_disk();
	heal("v1");
	CHECK(umount(roles) == 0);
}

int
main(void)
{
	if (begin() == -1)
		return 1;
	RUN(a_crash_leaves_the_old_role_or_the_new_one);
	RUN(what_was_committed_is_known_without_the_lock);
	RUN(other_litter_is_seen_too);
	RUN(the_second_waits_and_says_so_once);
	RUN(a_killed_holder_blocks_nobody);
	RUN(a_signal_ends_the_waiting);
	RUN(who_does_not_want_to_wait_gives_up);
	RUN(readers_never_miss_a_role);
	RUN(a_kelpie_directory_of_others_is_refused);
	RUN(a_directory_that_cannot_be_written_is_still_read);
	RUN(the_state_of_another_user_is_left_alone);
	RUN(a_read_only_file_system_is_named);
	RUN(a_mount_point_is_not_replaced);
	RUN(a_full_disk_leaves_what_was_there);
	return end();
}
