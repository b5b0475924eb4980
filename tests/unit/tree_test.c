#include "kelpie/tree.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"

static char dir[64];
static int dirfd_;
static struct error err;

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(dir, sizeof(dir), "%.40s/tree.XXXXXX",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		abort();
	dirfd_ = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = (struct error){0};
	(void)umask(022);
}

static void
end(void)
{
	char command[96];

	(void)close(dirfd_);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	CHECK(system(command) == 0); /* NOLINT(cert-env33-c) */
}

static struct tree *
open_tree(void)
{
	const struct limits limits = LIMITS_DEFAULT;

	return tree_open(dirfd_, &limits);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return fstatat(dirfd_, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ?
	    st.st_mode :
	    0;
}

static void
check_content(const char *path, const char *want)
{
	char got[64] = "";
	int fd = openat(dirfd_, path, O_RDONLY | O_CLOEXEC);

	CHECK(fd != -1);
	CHECK(read(fd, got, sizeof(got) - 1) == (ssize_t)strlen(want));
	CHECK_STR(got, want);
	(void)close(fd);
}

static int
add(struct tree *t, const char *path)
{
	return tree_file(t, path, false, "x", 1, &err);
}

static int
add_link(struct tree *t, const char *path, const char *target)
{
	return tree_link(t, path, target, strlen(target), &err);
}

static unsigned
open_descriptors(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
files_directories_and_links_are_made(void)
{
	struct tree *t;
	char target[64] = "";
	unsigned before;

	begin();
	before = open_descriptors();
	t = open_tree();
	CHECK(tree_file(t, "README", false, "hello", 5, &err) == 0);
	CHECK(tree_file(t, "files/a/run", true, "", 0, &err) == 0);
	CHECK(add_link(t, "handlers/main.yml", "../tasks/main.yml") == 0);
	CHECK(tree_file(t, "files/b", false, "b", 1, &err) == 0);
	CHECK(tree_file(t, "tasks/main.yml", false, "---", 3, &err) == 0);
	CHECK(tree_dir(t, "empty/one", &err) == 0);
	CHECK(mode_of("handlers/main.yml") == 0);
	CHECK(tree_finish(t, &err) == 0);
	tree_free(t);
	CHECK(open_descriptors() == before);
	CHECK(mode_of("README") == (S_IFREG | 0644));
	CHECK(mode_of("files/a/run") == (S_IFREG | 0755));
	CHECK(mode_of("files/a") == (S_IFDIR | 0755));
	CHECK(mode_of("empty/one") == (S_IFDIR | 0755));
	CHECK(readlinkat(dirfd_, "handlers/main.yml", target,
		  sizeof(target) - 1) == 17);
	CHECK_STR(target, "../tasks/main.yml");
	check_content("README", "hello");
	check_content("handlers/main.yml", "---");
	end();
}

static void
the_umask_takes_away(void)
{
	struct tree *t;

	begin();
	(void)umask(077);
	t = open_tree();
	CHECK(tree_file(t, "d/x", true, "", 0, &err) == 0);
	CHECK(add(t, "d/f") == 0);
	tree_free(t);
	CHECK(mode_of("d") == (S_IFDIR | 0700));
	CHECK(mode_of("d/x") == (S_IFREG | 0700));
	CHECK(mode_of("d/f") == (S_IFREG | 0600));
	end();
}

static void
a_directory_may_come_twice(void)
{
	struct tree *t;

	begin();
	t = open_tree();
	CHECK(tree_dir(t, "d", &err) == 0);
	CHECK(add(t, "d/e/f") == 0);
	CHECK(add(t, "x") == 0);
	CHECK(tree_dir(t, "d/e", &err) == 0);
	CHECK(add(t, "d/e/g") == 0);
	CHECK(tree_finish(t, &err) == 0);
	tree_free(t);
	end();
}

/* Paths in the order of their making; one in '>' is a link, one in '/' a
 * directory.  The last one must be refused, or else the finish. */
static void
the_same_path_twice_is_refused(void)
{
	static const struct {
		const char *paths[3];
		const char *msg;
	} rows[] = {
	    {{"a", "a"}, "duplicate entry 'a'"},
	    {{"d/a", "d/a"}, "duplicate entry 'd/a'"},
	    {{"a", "a/b"}, "duplicate entry 'a/b'"},
	    {{"a", "a/"}, "duplicate entry 'a'"},
	    {{"d/a", "d"}, "duplicate entry 'd'"},
	    {{"a>", "a"}, "duplicate entry 'a'"},
	    {{"a", "a>"}, "duplicate entry 'a'"},
	    {{"a>", "a>"}, "duplicate entry 'a'"},
	    {{"a>", "a/b"}, "duplicate entry 'a'"},
	    {{"a/b", "a>"}, "duplicate entry 'a'"},
	    {{"a>", "a/b>"}, "duplicate entry 'a/b'"},
	    {{"a/b>", "a>"}, "duplicate entry 'a'"},
	    {{"a>", "a/"}, "duplicate entry 'a'"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tree *t;
		int rc = 0;

		begin();
		t = open_tree();
		for (size_t j = 0; rc == 0 && rows[i].paths[j] != NULL; j++) {
			char path[8];
			size_t len = strlen(rows[i].paths[j]) - 1;

			(void)snprintf(path, sizeof(path), "%s",
			    rows[i].paths[j]);
			if (path[len] == '>') {
				path[len] = '\0';
				rc = add_link(t, path, ".");
			} else if (path[len] == '/') {
				path[len] = '\0';
				rc = tree_dir(t, path, &err);
			} else
				rc = add(t, path);
		}
		if (rc == 0)
			rc = tree_finish(t, &err);
		CHECK(rc == -1 && err.kind == ERR_INTEGRITY);
		CHECK_STR(err.msg, rows[i].msg);
		tree_free(t);
		end();
	}
}

static void
bad_names_and_links_are_refused(void)
{
	static const char *const names[] = {"", "/a", "a/", "a//b", ".", "..",
	    "../x", "a/../b", "a/..", ".git/config", "a/.GIT", "a\\.git",
	    "a\nb"};
	static const char *const targets[] = {"", "/etc/passwd", "../..",
	    "a/../..", "../../x"};
	struct tree *t;

	begin();
	t = open_tree();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err.kind = ERR_NONE;
		CHECK(add(t, names[i]) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		CHECK(tree_dir(t, names[i], &err) == -1);
		CHECK(add_link(t, names[i], "x") == -1);
	}
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		err.kind = ERR_NONE;
		CHECK(add_link(t, "d/l", targets[i]) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
	}
	CHECK(tree_link(t, "l", "a\0b", 3, &err) == -1);
	CHECK(add_link(t, "l", "..") == -1);
	CHECK(add_link(t, "d/l", "..") == 0);
	tree_free(t);
	end();
}

static void
nothing_is_written_through_a_link_that_is_there(void)
{
	struct tree *t;

	begin();
	CHECK(mkdirat(dirfd_, "in", 0755) == 0);
	CHECK(mkdirat(dirfd_, "out", 0755) == 0);
	CHECK(symlinkat("../out", dirfd_, "in/d") == 0);
	CHECK(symlinkat("../out/f", dirfd_, "in/f") == 0);
	(void)close(dirfd_);
	memcpy(dir + strlen(dir), "/in", 4);
	dirfd_ = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t = open_tree();
	CHECK(add(t, "d/f") == -1);
	CHECK_STR(err.msg, "duplicate entry 'd/f'");
	tree_free(t);
	t = open_tree();
	CHECK(add(t, "f") == -1);
	CHECK_STR(err.msg, "duplicate entry 'f'");
	tree_free(t);
	CHECK(mode_of("../out/f") == 0);
	dir[strlen(dir) - 3] = '\0';
	end();
}

static void
every_limit_is_kept_and_named(void)
{
	const struct limits limits = {3, 10, 8, 2};
	struct tree *t;

	begin();
	t = tree_open(dirfd_, &limits);
	CHECK(add(t, "a/f") == 0);
	CHECK(add(t, "b") == 0);
	CHECK(add(t, "c") == -1);
	CHECK_STR(err.msg, "more than 3 files; --max-files raises the limit");
	CHECK(err.kind == ERR_INTEGRITY);
	tree_free(t);
	t = tree_open(dirfd_, &limits);
	CHECK(tree_file(t, "8", false, "12345678", 8, &err) == 0);
	CHECK(tree_file(t, "9", false, "123456789", 9, &err) == -1);
	CHECK_STR(err.msg,
	    "'9' has more than 8 bytes; --max-file-bytes raises the limit");
	CHECK(tree_file(t, "3", false, "123", 3, &err) == -1);
	CHECK_STR(err.msg, "more than 10 bytes; --max-bytes raises the limit");
	CHECK(tree_file(t, "2", false, "12", 2, &err) == 0);
	CHECK(add_link(t, "l1", "x") == 0);
	CHECK(add_link(t, "l2", "x") == -1);
	CHECK_STR(err.msg, "more than 3 files; --max-files raises the limit");
	tree_free(t);
	t = tree_open(dirfd_, &limits);
	CHECK(add(t, "1/2/f") == 0);
	CHECK(add(t, "1/2/3/f") == -1);
	CHECK_STR(err.msg,
	    "'1/2/3/f' is more than 2 directories deep; --max-depth raises "
	    "the limit");
	CHECK(tree_dir(t, "1/2/3", &err) == -1);
	tree_free(t);
	CHECK(mode_of("1/2/3") == 0);
	end();
}

static void
a_path_has_a_longest_length(void)
{
	const struct limits limits = {.files = 9, .bytes = 9, .depth = 999};
	char path[PATH_MAX_BYTES + 2];
	struct tree *t;

	begin();
	t = tree_open(dirfd_, &limits);
	for (size_t i = 0; i < sizeof(path); i++)
		path[i] = i % 201 == 200 ? '/' : 'a';
	path[PATH_MAX_BYTES + 1] = '\0';
	CHECK(tree_file(t, path, false, "", 0, &err) == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	path[PATH_MAX_BYTES] = '\0';
	CHECK(tree_file(t, path, false, "", 0, &err) == 0);
	tree_free(t);
	end();
}

/* A file that may not grow stands for a disk that is full. */
static void
a_failed_write_is_an_error_of_this_machine(void)
{
	const struct rlimit small = {4096, RLIM_INFINITY};
	struct rlimit old;
	struct tree *t;
	static char data[10000];

	begin();
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)getrlimit(RLIMIT_FSIZE, &old);
	t = open_tree();
	CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	CHECK(tree_file(t, "d/f", false, data, sizeof(data), &err) == -1);
	(void)setrlimit(RLIMIT_FSIZE, &old);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "cannot write 'd/f': File too large");
	tree_free(t);
	end();
}

int
main(void)
{
	RUN(files_directories_and_links_are_made);
	RUN(the_umask_takes_away);
	RUN(a_directory_may_come_twice);
	RUN(the_same_path_twice_is_refused);
	RUN(bad_names_and_links_are_refused);
	RUN(nothing_is_written_through_a_link_that_is_there);
	RUN(every_limit_is_kept_and_named);
	RUN(a_path_has_a_longest_length);
	RUN(a_failed_write_is_an_error_of_this_machine);
	return check_done();
}
