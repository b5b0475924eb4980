#include "kelpie/walk.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/tree.h"

static const struct limits generous = LIMITS_DEFAULT;
static char dir[64];
static int at; /* the directory, open */
static struct error err;
static struct walked walked;

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)umask(022);
	(void)snprintf(dir, sizeof(dir), "%.40s/walk.XXXXXX",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = (struct error){0};
	CHECK(mkdirat(at, "role", 0755) == 0);
}

static void
end(void)
{
	CHECK(walk_remove(at, "role", &err) == 0);
	(void)close(at);
	CHECK(rmdir(dir) == 0);
}

static void
put(const char *path, const char *content, mode_t mode)
{
	int fd = openat(at, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	CHECK(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	CHECK(fchmod(fd, mode) == 0);
	(void)close(fd);
}

static void
make_dir(const char *path)
{
	CHECK(mkdirat(at, path, 0755) == 0);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	if (fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	return st.st_mode;
}

static int
check_with(const struct limits *limits)
{
	int fd = openat(at, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = walk_check(fd, limits, &walked, &err);

	(void)close(fd);
	return rc;
}

static int
check(void)
{
	return check_with(&generous);
}

/* The digest, in a buffer of its own for each slot. */
static const char *
digest(unsigned slot)
{
	static struct walked all[2];
	int fd = openat(at, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK(walk_digest(fd, &all[slot], &err) == 0);
	(void)close(fd);
	return all[slot].digest;
}

static void
fill(void)
{
	make_dir("role/meta");
	make_dir("role/tasks");
	put("role/meta/main.yml", "---\n", 0644);
	put("role/tasks/main.yml", "- debug:\n", 0644);
	put("role/run", "#!/bin/sh\n", 0755);
	CHECK(symlinkat("../tasks/main.yml", at, "role/meta/link") == 0);
}

static void
the_digest_is_what_its_description_says(void)
{
	begin();
	CHECK_STR(digest(0),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	put("role/b", "hello", 0644);
	put("role/a", "", 0755);
	CHECK(symlinkat("b", at, "role/a-") == 0);
	/* printf 'x a\0000\0l a-\0001\0bf b\0005\0hello' | sha256sum */
	CHECK_STR(digest(0),
	    "a00f7a97ea8317ca8b9a974b57c712b1edb5848da1da6f0950d40bbce2ec564e");
	end();
}

static void
check_and_digest_agree(void)
{
	begin();
	fill();
	CHECK(check() == 0);
	CHECK_STR(walked.digest, digest(0));
	CHECK(walked.files == 4);
	CHECK(walked.bytes == 4 + 9 + 10);
	end();
}

static void
what_a_playbook_run_leaves_is_left_out(void)
{
	char before[DIGEST_MAX];

	begin();
	fill();
	(void)snprintf(before, sizeof(before), "%s", digest(0));
	put("role/meta/.galaxy_install_info", "x", 0644);
	put("role/tasks/x.pyc", "x", 0644);
	make_dir("role/library");
	make_dir("role/library/__pycache__");
	put("role/library/__pycache__/y", "x", 0644);
	make_dir("role/library/__pycache__/z");
	make_dir("role/empty");
	CHECK_STR(digest(0), before);
	CHECK(check() == 0);
	CHECK_STR(walked.digest, before);
	put("role/tasks/.galaxy_install_info", "x", 0644);
	CHECK(strcmp(digest(0), before) != 0);
	end();
}

/* Whether the digest is another than old, which becomes it. */
static bool
has_changed(char old[DIGEST_MAX])
{
	bool changed = strcmp(digest(1), old) != 0;

	memcpy(old, digest(1), DIGEST_MAX);
	return changed;
}

static void
every_change_shows_in_the_digest(void)
{
	char old[DIGEST_MAX];

	begin();
	fill();
	(void)snprintf(old, sizeof(old), "%s", digest(0));
	CHECK(fchmodat(at, "role/meta/main.yml", 0755, 0) == 0);
	CHECK(has_changed(old));
	put("role/meta/main.yml", "+++\n", 0755);
	CHECK(has_changed(old));
	CHECK(renameat(at, "role/run", at, "role/runs") == 0);
	CHECK(has_changed(old));
	CHECK(unlinkat(at, "role/meta/link", 0) == 0);
	CHECK(has_changed(old));
	put("role/meta/link", "../tasks/main.yml", 0644);
	CHECK(has_changed(old));
	put("role/new", "", 0644);
	CHECK(has_changed(old));
	CHECK(mkfifoat(at, "role/fifo", 0600) == 0);
	CHECK(has_changed(old));
	/* Bits that the digest does not speak of. */
	CHECK(fchmodat(at, "role/runs", 0700, 0) == 0);
	CHECK_STR(digest(1), old);
	end();
}

static void
modes_are_made_plain(void)
{
	begin();
	fill();
	CHECK(fchmodat(at, "role", 0700, 0) == 0);
	CHECK(fchmodat(at, "role/meta", 07777, 0) == 0);
	CHECK(fchmodat(at, "role/meta/main.yml", 0666, 0) == 0);
	CHECK(fchmodat(at, "role/run", 06700, 0) == 0);
	put("role/x", "", 0455);
	CHECK(check() == 0);
	CHECK(mode_of("role") == (S_IFDIR | 0755));
	CHECK(mode_of("role/meta") == (S_IFDIR | 0755));
	CHECK(mode_of("role/meta/main.yml") == (S_IFREG | 0644));
	CHECK(mode_of("role/run") == (S_IFREG | 0755));
	CHECK(mode_of("role/x") == (S_IFREG | 0644));
	(void)umask(027);
	CHECK(check() == 0);
	CHECK(umask(022) == 027);
	CHECK(mode_of("role") == (S_IFDIR | 0750));
	CHECK(mode_of("role/run") == (S_IFREG | 0750));
	CHECK(mode_of("role/x") == (S_IFREG | 0640));
	end();
}

static void
the_digest_alone_changes_nothing(void)
{
	begin();
	put("role/x", "", 0604);
	CHECK(linkat(at, "role/x", at, "role/.git", 0) == 0);
	CHECK(symlinkat("/etc", at, "role/link") == 0);
	(void)digest(0);
	CHECK(mode_of("role/x") == (S_IFREG | 0604));
	end();
}

static void
make_socket(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/role/s", dir);
	CHECK(bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	(void)close(fd);
}

static void
what_must_not_be_there_is_refused(void)
{
	static const char *const names[] = {"fifo", "socket", "hard link",
	    "device", ".git", "a\nb", "a\\.git", "git~1"};
	char path[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		begin();
		(void)snprintf(path, sizeof(path), "role/%s", names[i]);
		if (i == 0)
			CHECK(mkfifoat(at, path, 0600) == 0);
		else if (i == 1)
			make_socket();
		else
			put(path, "x", 0644);
		if (i == 2)
			CHECK(linkat(at, path, at, "role/x", 0) == 0);
		if (i == 3) {
			(void)unlinkat(at, path, 0);
			/* Only root can make one (that does nothing). */
			if (mknodat(at, path, S_IFCHR | 0600, 0) == -1)
				put("role/.git", "", 0644);
		}
		CHECK(check() == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		end();
	}
}

static void
links_that_lead_out_are_refused(void)
{
	static const struct {
		const char *target;
		bool ok;
	} rows[] = {
	    {"/etc/passwd", false},
	    {"../..", false},
	    {"..", true},
	    {"x/..", false},
	    {"../tasks/x", true},
	    {"dangling", true},
	    {"l", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin();
		make_dir("role/d");
		CHECK(symlinkat(rows[i].target, at, "role/d/l") == 0);
		CHECK((check() == 0) == rows[i].ok);
		CHECK(rows[i].ok || err.kind == ERR_INTEGRITY);
		end();
	}
	begin();
	CHECK(symlinkat("..", at, "role/l") == 0);
	CHECK(check() == -1);
	CHECK_STR(err.msg, "link 'l' may lead out of the role: '..'");
	end();
}

static void
a_link_to_a_directory_is_not_entered(void)
{
	begin();
	make_dir("role/d");
	put("role/d/f", "", 0644);
	CHECK(symlinkat("d", at, "role/l") == 0);
	CHECK(symlinkat(".", at, "role/loop") == 0);
	CHECK(check() == 0);
	CHECK(walked.files == 3);
	end();
}

static void
every_limit_is_kept_and_named(void)
{
	static const struct {
		struct limits limits;
		const char *msg;
	} rows[] = {
	    {{6, 23, 10, 1}, NULL},
	    {{5, 99, 99, 9}, "more than 5 files; --max-files raises the limit"},
	    {{2, 99, 99, 9}, "more than 2 files; --max-files raises the limit"},
	    {{9, 22, 99, 9},
		"more than 22 bytes; --max-bytes raises the limit"},
	    {{9, 99, 9, 9},
		"'run' has more than 9 bytes; --max-file-bytes raises the "
		"limit"},
	    {{9, 99, 99, 0},
		"'meta' is more than 0 directories deep; --max-depth raises "
		"the limit"},
	};

	begin();
	fill();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int rc = check_with(&rows[i].limits);

		if (rows[i].msg == NULL) {
			CHECK(rc == 0);
			continue;
		}
		CHECK(rc == -1 && err.kind == ERR_INTEGRITY);
		CHECK_STR(err.msg, rows[i].msg);
	}
	end();
}

static void
what_is_left_out_of_the_digest_counts_as_well(void)
{
	const struct limits limits = {9, 4, 9, 9};

	begin();
	make_dir("role/__pycache__");
	put("role/__pycache__/f", "12345", 0644);
	CHECK(check_with(&limits) == -1);
	put("role/x", "", 0644);
	CHECK(linkat(at, "role/x", at, "role/__pycache__/g", 0) == 0);
	CHECK(check() == -1);
	end();
}

static void
big_files_are_read_in_pieces(void)
{
	static char data[200001];
	static const char *const want =
	    "270f6bb573a7295140fb15e75d77755b8fc5e4b2c2e7df876f56724beec2e053";

	begin();
	memset(data, 'a', sizeof(data) - 1);
	put("role/f", data, 0644);
	CHECK_STR(digest(0), want);
	end();
}

static void
whatever_it_is_is_removed(void)
{
	begin();
	CHECK(walk_remove(at, "absent", &err) == 0);
	put("f", "", 0);
	CHECK(walk_remove(at, "f", &err) == 0);
	make_dir("keep");
	put("keep/f", "", 0644);
	CHECK(symlinkat("keep", at, "l") == 0);
	CHECK(symlinkat("../keep", at, "role/l") == 0);
	CHECK(walk_remove(at, "l", &err) == 0);
	CHECK(mode_of("l") == 0);
	fill();
	CHECK(mkfifoat(at, "role/fifo", 0) == 0);
	make_dir("role/lifted-0");
	make_dir("role/lifted-0/lifted-1");
	make_dir("role/lifted-0/lifted-1/lifted-0");
	put("role/lifted-0/lifted-1/lifted-0/f", "", 0);
	put("role/lifted-1", "", 0);
	CHECK(walk_remove(at, "role", &err) == 0);
	CHECK(mode_of("role") == 0);
	CHECK(mode_of("keep/f") != 0);
	CHECK(walk_remove(at, "keep", &err) == 0);
	end();
}

static void
directories_without_permissions_are_removed(void)
{
	begin();
	make_dir("role/a");
	make_dir("role/a/b");
	make_dir("role/a/b/c");
	put("role/a/b/c/f", "", 0);
	make_dir("role/a/b/d");
	CHECK(fchmodat(at, "role/a/b/d", 0, 0) == 0);
	CHECK(fchmodat(at, "role/a/b/c", 0, 0) == 0);
	CHECK(fchmodat(at, "role/a/b", 0500, 0) == 0);
	CHECK(fchmodat(at, "role/a", 0, 0) == 0);
	CHECK(fchmodat(at, "role", 0, 0) == 0);
	CHECK(walk_remove(at, "role", &err) == 0);
	CHECK(mode_of("role") == 0);
	end();
}

static void
a_deep_tree_needs_few_descriptors(void)
{
	struct rlimit old, few;
	int fd, next;

	begin();
	fd = openat(at, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 3000; i++) {
		CHECK(mkdirat(fd, "directory", 0755) == 0);
		CHECK(mkdirat(fd, "more", 0755) == 0);
		next =
		    openat(fd, "directory", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)close(fd);
		fd = next;
	}
	(void)getrlimit(RLIMIT_NOFILE, &old);
	few = (struct rlimit){(rlim_t)fd + 4, old.rlim_max};
	(void)close(fd);
	CHECK(check() == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	CHECK(walk_remove(at, "role", &err) == 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &old) == 0);
	CHECK(mode_of("role") == 0);
	end();
}

static void
what_cannot_be_removed_is_an_error_of_this_machine(void)
{
	begin();
	put("f", "", 0644);
	CHECK(walk_remove(at, "f/g", &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "cannot remove 'f/g': Not a directory");
	CHECK(walk_remove(at, "f", &err) == 0);
	end();
}

/* A path leads out of the file system of the current directory. */
static void
a_tree_elsewhere_is_removed_by_its_path(void)
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[96];

	begin();
	make_dir("role/a");
	put("role/a/f", "x", 0644);
	(void)snprintf(path, sizeof(path), "%s/role", dir);
	CHECK(chdir("/proc") == 0 || chdir("/dev") == 0);
	CHECK(walk_remove(AT_FDCWD, path, &err) == 0);
	CHECK(faccessat(at, "role", F_OK, 0) == -1 && errno == ENOENT);
	CHECK(fchdir(here) == 0);
	(void)close(here);
	end();
}

static char told[512];

static int
tell(void *ctx, const char *path, const struct walk_side *a,
    const struct walk_side *b, struct error *why)
{
	size_t len = strlen(told);

	(void)snprintf(told + len, sizeof(told) - len, "%s %c%c;", path,
	    a->type != 0 ? a->type : '-', b->type != 0 ? b->type : '-');
	return ctx == NULL ? 0 : error_set(why, ERR_REFUSED, "enough");
}

static int
compare_with(void *ctx)
{
	const struct walk_told to = {tell, ctx};
	int a = openat(at, "role", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int b = openat(at, "other", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	told[0] = '\0';
	rc = walk_compare(a, b, &to, &err);
	(void)close(a);
	(void)close(b);
	return rc;
}

static void
whatever_differs_in_the_digest_is_told(void)
{
	begin();
	make_dir("other");
	make_dir("role/d");
	make_dir("other/d");
	make_dir("other/e"); /* empty: leaves no trace */
	put("role/d/same", "x", 0600);
	put("other/d/same", "x", 0644);
	CHECK(symlinkat("x", at, "role/l") == 0);
	CHECK(symlinkat("x", at, "other/l") == 0);
	CHECK(compare_with(NULL) == 0);
	CHECK_STR(told, "");
	/* What a playbook run leaves. */
	make_dir("other/__pycache__");
	put("other/__pycache__/x", "x", 0644);
	put("other/a.pyc", "x", 0644);
	make_dir("other/meta");
	put("other/meta/.galaxy_install_info", "x", 0644);
	CHECK(compare_with(NULL) == 0);
	CHECK_STR(told, "");
	/* Content of the same length, mode, type, target; one side alone. */
	put("role/a", "12", 0644);
	put("other/a", "13", 0644);
	put("role/m", "", 0644);
	put("other/m", "", 0755);
	make_dir("role/t");
	put("role/t/deep", "", 0644);
	put("other/t", "", 0644);
	CHECK(symlinkat("x", at, "role/k") == 0);
	CHECK(symlinkat("y", at, "other/k") == 0);
	CHECK(mkfifoat(at, "role/z", 0600) == 0);
	put("other/n", "", 0644);
	CHECK(compare_with(NULL) == 0);
	CHECK_STR(told, "a ff;k ll;m fx;n -f;t -f;t/deep f-;z o-;");
	CHECK(compare_with(told) == -1);
	CHECK_STR(told, "a ff;");
	CHECK_STR(err.msg, "enough");
	CHECK(walk_remove(at, "other", &err) == 0);
	end();
}

static void
big_files_are_compared_in_pieces(void)
{
	int a, b;

	begin();
	make_dir("other");
	a = openat(at, "role/big", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	b = openat(at, "other/big", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(ftruncate(a, 1000000) == 0 && ftruncate(b, 1000000) == 0);
	CHECK(compare_with(NULL) == 0);
	CHECK_STR(told, "");
	CHECK(pwrite(b, "x", 1, 999999) == 1);
	CHECK(compare_with(NULL) == 0);
	CHECK_STR(told, "big ff;");
	(void)close(a);
	(void)close(b);
	CHECK(walk_remove(at, "other", &err) == 0);
	end();
}

int
main(void)
{
	RUN(the_digest_is_what_its_description_says);
	RUN(check_and_digest_agree);
	RUN(what_a_playbook_run_leaves_is_left_out);
	RUN(every_change_shows_in_the_digest);
	RUN(modes_are_made_plain);
	RUN(the_digest_alone_changes_nothing);
	RUN(what_must_not_be_there_is_refused);
	RUN(links_that_lead_out_are_refused);
	RUN(a_link_to_a_directory_is_not_entered);
	RUN(every_limit_is_kept_and_named);
	RUN(what_is_left_out_of_the_digest_counts_as_well);
	RUN(big_files_are_read_in_pieces);
	RUN(whatever_differs_in_the_digest_is_told);
	RUN(big_files_are_compared_in_pieces);
	RUN(whatever_it_is_is_removed);
	RUN(a_tree_elsewhere_is_removed_by_its_path);
	RUN(directories_without_permissions_are_removed);
	RUN(a_deep_tree_needs_few_descriptors);
	RUN(what_cannot_be_removed_is_an_error_of_this_machine);
	return check_done();
}
