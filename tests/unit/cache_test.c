#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/cache.h"
#include "kelpie/error.h"
#include "kelpie/walk.h"

#define C1 "0123456789abcdef0123456789abcdef01234567"
#define C2 "1123456789abcdef0123456789abcdef01234567"
#define U1 "https://example.org/one.git"
#define U2 "https://example.org/two.git"

/* The directory that the tests work in; the cache lies in it. */
static char *top;

static void
fresh(void)
{
	struct error err;

	CHECK(chdir(top) == 0);
	CHECK(walk_remove(AT_FDCWD, "kelpie", &err) == 0);
	CHECK(walk_remove(AT_FDCWD, "stage", &err) == 0);
	CHECK(mkdir("stage", 0700) == 0);
	CHECK(setenv("XDG_CACHE_HOME", top, 1) == 0);
}

static struct cache *
opened(void)
{
	struct error err = {0};
	struct cache *c = cache_open(true, &err);

	CHECK_STR(err.msg, "");
	if (c == NULL)
		exit(1);
	return c;
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	CHECK(fd != -1 && write_fully(fd, text, strlen(text)) == 0);
	(void)close(fd);
}

/* What a worker leaves, then the cache takes. */
static void
put_from(struct cache *c, const char *url, const char *commit)
{
	int fd = open("stage", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	cache_put_pack(c, url, commit, fd);
	(void)close(fd);
}

static void
put(struct cache *c, const char *url, const char *commit, const char *text)
{
	write_file("stage/pack-ab.pack", text);
	write_file("stage/pack-ab.idx", "index");
	put_from(c, url, commit);
}

/* The content of an entry, or "none"; the caller frees it. */
static char *
get(struct cache *c, const char *url, const char *commit)
{
	int fd = cache_pack(c, url, commit);
	struct buf b = {0};
	struct error err;

	if (fd == -1)
		return xstrdup("none");
	CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(buf_read(&b, fd, 1 << 20, &err) == 0);
	(void)close(fd);
	return b.data;
}

static void
expect(struct cache *c, const char *url, const char *commit, const char *want)
{
	char *got = get(c, url, commit);

	CHECK_STR(got, want);
	free(got);
}

/* What "find kelpie" with these words prints, sorted, in one line. */
static char *
found(const char *words)
{
	char *line = xasprintf("find kelpie %s | sort | tr '\\n' ' '", words);
	FILE *p = popen(line, "re");
	char text[4096] = "";
	size_t n = p != NULL ? fread(text, 1, sizeof(text) - 1, p) : 0;

	free(line);
	CHECK(p != NULL && pclose(p) == 0);
	return xstrndup(text, n);
}

static void
expect_found(const char *words, const char *want)
{
	char *got = found(words);

	CHECK_STR(got, want);
	free(got);
}

/* Make all that these words of find(1) name n seconds old. */
static void
age(const char *words, unsigned seconds)
{
	char *list = found(words), *rest = list, *path;
	struct timespec t[2] = {{.tv_sec = time(NULL) - (time_t)seconds}};

	t[1] = t[0];
	while ((path = strsep(&rest, " ")) != NULL)
		if (*path != '\0')
			CHECK(utimensat(AT_FDCWD, path, t,
				  AT_SYMLINK_NOFOLLOW) == 0);
	free(list);
}

static void
it_is_made_only_when_asked_for(void)
{
	struct error err = {0};
	struct cache *c;

	fresh();
	CHECK(cache_open(false, &err) == NULL && err.kind == ERR_NOTFOUND);
	CHECK(access("kelpie", F_OK) == -1);
	c = opened();
	cache_close(c);
	c = cache_open(false, &err);
	CHECK(c != NULL);
	CHECK(c != NULL && strncmp(cache_path(c), top, strlen(top)) == 0);
	cache_close(c);
	expect_found("-type d ! -perm 700", "");
	expect_found("-type f", "kelpie/CACHEDIR.TAG ");
	cache_close(NULL);
}

static void
a_relative_place_is_none(void)
{
	char *home = xasprintf("%s/stage", top);
	struct error err = {0};
	struct cache *c;

	fresh();
	CHECK(setenv("XDG_CACHE_HOME", "here", 1) == 0);
	CHECK(setenv("HOME", home, 1) == 0);
	c = opened();
	CHECK_STR(cache_path(c) + strlen(top), "/stage/.cache/kelpie");
	cache_close(c);
	CHECK(access("stage/.cache/kelpie/v1", F_OK) == 0);
	CHECK(access("here", F_OK) == -1);
	CHECK(unsetenv("XDG_CACHE_HOME") == 0);
	c = cache_open(false, &err);
	CHECK(c != NULL);
	cache_close(c);
	free(home);
}

static void
a_place_that_others_can_reach_is_refused(void)
{
	static const char *const dirs[] = {"kelpie", "kelpie/v1"};
	struct error err = {0};
	size_t i;

	for (i = 0; i < 2; i++) {
		fresh();
		cache_close(opened());
		CHECK(chmod(dirs[i], 0720) == 0);
		CHECK(
		    cache_open(true, &err) == NULL && err.kind == ERR_REFUSED);
		CHECK(strstr(err.msg, "written by others") != NULL);
		CHECK(chmod(dirs[i], 0700) == 0);
		CHECK(rename(dirs[i], "stage/real") == 0);
		CHECK(symlink("stage/real", dirs[i]) == 0);
		CHECK(
		    cache_open(true, &err) == NULL && err.kind == ERR_REFUSED);
		CHECK(unlink(dirs[i]) == 0);
		write_file(dirs[i], "");
		CHECK(
		    cache_open(true, &err) == NULL && err.kind == ERR_REFUSED);
		CHECK(unlink(dirs[i]) == 0 && mkdir(dirs[i], 0700) == 0);
		if (geteuid() != 0 || chown(dirs[i], 1, 0) == -1)
			continue;
		CHECK(
		    cache_open(true, &err) == NULL && err.kind == ERR_REFUSED);
		CHECK(strstr(err.msg, "another user (1)") != NULL);
	}
	fresh();
	cache_close(opened());
}

static void
a_pack_comes_back(void)
{
	struct cache *c;

	fresh();
	c = opened();
	expect(c, U1, C1, "none");
	put(c, U1, C1, "one");
	CHECK(access("stage/pack-ab.pack", F_OK) == -1);
	expect(c, U1, C1, "one");
	expect(c, U1, C2, "none");
	expect(c, U2, C1, "none");
	expect(c, "https://user:secret@example.org/one.git", C1, "one");
	put(c, U1, C1, "again");
	expect(c, U1, C1, "again");
	expect_found("-type f ! -perm 600", "");
	cache_drop_pack(c, U1, C2);
	cache_drop_pack(c, U2, C2);
	cache_drop_pack(c, U1, C1);
	expect(c, U1, C1, "none");
	expect_found("-name 'tmp-*'", "");
	cache_close(c);
}

static void
a_repository_is_known_whoever_asks(void)
{
	static const char *const same[][2] = {
	    {"https://u:p@h/x", "https://h/x"},
	    {"https://u@h/x", "https://h/x"},
	    {"https://u:p%40@h:1/x@y", "https://h:1/x@y"},
	    {"ssh://u:p@h/x", "ssh://u@h/x"},
	};
	static const char *const other[][2] = {
	    {"ssh://u@h/x", "ssh://v@h/x"},
	    {"u@h:x", "h:x"},
	    {"https://h/x@y", "https://y"},
	    {"https://h/x?a", "https://h/x?b"},
	};
	struct cache *c;
	size_t i;

	fresh();
	c = opened();
	for (i = 0; i < 4; i++) {
		put(c, same[i][0], C1, "p");
		expect(c, same[i][1], C1, "p");
		cache_drop_pack(c, same[i][1], C1);
		expect(c, same[i][0], C1, "none");
		put(c, other[i][0], C1, "p");
		expect(c, other[i][1], C1, "none");
	}
	put(c, "https://user:secret@h/x", C1, "p");
	cache_close(c);
	expect_found("-type f -exec grep -l secret {} +", "");
	expect_found("-name url -exec grep -h 'https://h/x$' {} +",
	    "https://h/x ");
}

static void
only_what_a_worker_may_leave_is_taken(void)
{
	char *home = xasprintf("%s/stage/secret", top);
	struct cache *c;
	int fd;

	fresh();
	c = opened();
	put_from(c, U1, C1);
	write_file("stage/x.pack", "x");
	write_file("stage/pack-.pack", "x");
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	write_file("stage/secret", "s");
	CHECK(symlink(home, "stage/pack-ab.pack") == 0);
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	(void)unlink("stage/pack-ab.pack");
	CHECK(link("stage/secret", "stage/pack-ab.pack") == 0);
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	CHECK(access("stage/secret", F_OK) == 0);
	(void)unlink("stage/pack-ab.pack");
	CHECK(mkfifo("stage/pack-ab.pack", 0600) == 0);
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	(void)unlink("stage/pack-ab.pack");
	CHECK(mkdir("stage/pack-ab.pack", 0700) == 0);
	write_file("stage/pack-ab.pack/x", "x");
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	fd = open("stage/pack-ab.pack", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd != -1 && ftruncate(fd, (256 << 20) + 1) == 0);
	put_from(c, U1, C1);
	expect(c, U1, C1, "none");
	(void)close(fd);
	expect_found("-name 'tmp-*'", "");
	put(c, U1, "../../../x", "x");
	put(c, U1, "", "x");
	expect_found("-name '*.pack'", "");
	cache_close(c);
	free(home);
}

static void
what_stands_in_the_cache_is_not_followed(void)
{
	struct cache *c;
	char *path;

	fresh();
	c = opened();
	put(c, U1, C1, "one");
	path = found("-name '*.pack'");
	path[strlen(path) - 1] = '\0';
	CHECK(unlink(path) == 0);
	CHECK(symlink("/etc/passwd", path) == 0);
	expect(c, U1, C1, "none");
	CHECK(unlink(path) == 0 && mkfifo(path, 0600) == 0);
	expect(c, U1, C1, "none");
	free(path);
	put(c, U1, C1, "one");
	expect(c, U1, C1, "one");
	cache_close(c);
}

static void
a_pack_of_another_file_system_is_copied(void)
{
	char dir[] = "/dev/shm/kelpie-cache-XXXXXX", path[64];
	struct stat a, b;
	struct cache *c;
	int fd;

	fresh();
	c = opened();
	if (mkdtemp(dir) == NULL || stat(dir, &a) == -1 ||
	    stat(top, &b) == -1 || a.st_dev == b.st_dev) {
		printf("# no other file system here\n");
		(void)rmdir(dir);
		cache_close(c);
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/pack-ab.pack", dir);
	write_file(path, "far");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cache_put_pack(c, U1, C1, fd);
	expect(c, U1, C1, "far");
	CHECK(unlink(path) == 0 && symlink("/etc/passwd", path) == 0);
	cache_put_pack(c, U1, C2, fd);
	expect(c, U1, C2, "none");
	expect_found("-name 'tmp-*'", "");
	(void)close(fd);
	CHECK(unlink(path) == 0 && rmdir(dir) == 0);
	cache_close(c);
}

static void
a_ref_comes_back(void)
{
	struct cached_ref r = {.ref = "refs/tags/v1", .commit = C1}, got;
	struct cache *c;

	fresh();
	c = opened();
	CHECK(!cache_ref(c, U1, "v1", &got));
	cache_put_ref(c, U1, "v1", &r);
	CHECK(cache_ref(c, U1, "v1", &got));
	CHECK_STR(got.ref, "refs/tags/v1");
	CHECK_STR(got.commit, C1);
	CHECK(!cache_ref(c, U1, "v2", &got) && !cache_ref(c, U2, "v1", &got));
	CHECK(!cache_ref(c, U1, "", &got));
	cache_put_ref(c, U1, "", &(struct cached_ref){"HEAD", C2});
	CHECK(cache_ref(c, U1, "", &got));
	CHECK_STR(got.ref, "HEAD");
	cache_put_ref(c, U1, "v1", &(struct cached_ref){"refs/tags/v1", C2});
	CHECK(cache_ref(c, U1, "v1", &got));
	CHECK_STR(got.commit, C2);
	cache_put_ref(c, U1, "a\nb", &r);
	CHECK(!cache_ref(c, U1, "a\nb", &got));
	cache_put_ref(c, U1, "v3", &(struct cached_ref){"refs/x", "12"});
	CHECK(!cache_ref(c, U1, "v3", &got));
	cache_close(c);
}

static void
a_torn_ref_is_none(void)
{
	static const char *const bad[] = {"", "v1", "v1\n",
	    "v1\nrefs/tags/v1\n", "v1\nrefs/tags/v1\n" C1,
	    "v1\nrefs/tags/v1\n" C1 "\nmore\n", "v1\n\n" C1 "\n",
	    "v2\nrefs/tags/v1\n" C1 "\n",
	    "v1\nrefs/tags/v1\nz123456789abcdef0123456789abcdef01234567\n",
	    "v1\nrefs/tags/v1\n0123456\n"};
	struct cached_ref r = {.ref = "refs/tags/v1", .commit = C1}, got;
	char *path, *text;
	struct cache *c;
	size_t i;

	fresh();
	c = opened();
	cache_put_ref(c, U1, "v1", &r);
	path = found("-name 'ref-*'");
	path[strlen(path) - 1] = '\0';
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_file(path, bad[i]);
		CHECK(!cache_ref(c, U1, "v1", &got));
	}
	text = xasprintf("v1\n%0400d\n" C1 "\n", 0);
	write_file(path, text);
	CHECK(!cache_ref(c, U1, "v1", &got));
	free(text);
	write_file(path, "v1\nrefs/tags/v1\n" C1 "\n");
	CHECK(cache_ref(c, U1, "v1", &got));
	free(path);
	cache_close(c);
}

static void
expect_clean(struct cache *c, uint64_t older_s, unsigned repositories,
    unsigned packs)
{
	struct cache_usage u = {0};
	struct error err;

	CHECK(cache_clean(c, older_s, &u, &err) == 0);
	CHECK(u.repositories == repositories && u.packs == packs);
	if (u.repositories != repositories || u.packs != packs)
		printf("# %u repositories, %u packs\n",
		    (unsigned)u.repositories, (unsigned)u.packs);
}

static void
what_is_there_is_counted_and_removed(void)
{
	struct cached_ref r = {.ref = "refs/tags/v1", .commit = C1};
	struct cache_usage u;
	struct error err;
	struct cache *c;

	fresh();
	c = opened();
	CHECK(cache_usage(c, &u, &err) == 0);
	CHECK(u.repositories == 0 && u.packs == 0 && u.bytes == 0);
	put(c, U1, C1, "12345");
	put(c, U1, C2, "12345");
	put(c, U2, C1, "12345");
	cache_put_ref(c, U2, "v1", &r);
	CHECK(cache_usage(c, &u, &err) == 0);
	CHECK(u.repositories == 2 && u.packs == 3);
	CHECK(u.bytes == 15 + 2 * 28 + 3 + 13 + 41);
	expect_clean(c, 0, 2, 3);
	expect_found("-mindepth 2", "");
	expect_found("-type f", "kelpie/CACHEDIR.TAG ");
	put(c, U1, C1, "1");
	expect(c, U1, C1, "1");
	cache_close(c);
}

static void
what_was_used_lately_stays(void)
{
	struct cached_ref r = {.ref = "refs/tags/v1", .commit = C1}, got;
	struct cache *c;

	fresh();
	c = opened();
	put(c, U1, C1, "1");
	put(c, U1, C2, "1");
	put(c, U2, C1, "1");
	cache_put_ref(c, U2, "v1", &r);
	age("-type f", 100);
	expect_clean(c, 200, 0, 0);
	expect(c, U1, C1, "1");
	CHECK(cache_ref(c, U2, "v1", &got));
	expect_clean(c, 50, 0, 2);
	expect_found("-name url | wc -l", "2 ");
	CHECK(cache_ref(c, U2, "v1", &got));
	age("-name 'ref-*'", 100);
	expect_clean(c, 50, 1, 0);
	expect(c, U1, C1, "1");
	expect_clean(c, 0, 1, 1);
	cache_close(c);
}

static void
what_a_crash_left_goes_after_an_hour(void)
{
	struct cache *c;
	char *dir;

	fresh();
	c = opened();
	put(c, U1, C1, "1");
	dir = found("-mindepth 2 -type d");
	dir[strlen(dir) - 1] = '\0';
	CHECK(chdir(dir) == 0);
	write_file("tmp-1-2", "x");
	CHECK(mkdir("tmp-1-3", 0700) == 0);
	CHECK(chdir(top) == 0);
	write_file("kelpie/tmp-1-4", "x");
	expect_clean(c, 0, 0, 1);
	age("-name 'tmp-*'", 3500);
	expect_clean(c, 0, 0, 0);
	age("-name 'tmp-*'", 3700);
	expect_clean(c, 0, 1, 0);
	expect_found("-name 'tmp-*'", "");
	free(dir);
	cache_close(c);
}

/* For a while, put entries, or remove all; until it is killed. */
static pid_t
busy(unsigned what)
{
	struct cached_ref r = {.ref = "HEAD", .commit = C1};
	struct cache_usage u;
	struct error err;
	struct cache *c;
	pid_t pid = fork();
	char dir[32];

	if (pid != 0)
		return pid;
	(void)snprintf(dir, sizeof(dir), "stage/%u", what);
	if (mkdir(dir, 0700) == -1 || chdir(dir) == -1 ||
	    mkdir("stage", 0700) == -1)
		_exit(1);
	c = opened();
	for (;;) {
		if (what == 0 && cache_clean(c, 0, &u, &err) == -1)
			_exit(2);
		if (what == 0)
			continue;
		put(c, U1, C1, "whole");
		cache_put_ref(c, U1, "", &r);
	}
}

/*
 * A third and fourth process look on; what they find is whole.  The first
 * ones are killed at an unforeseen moment.
 */
static void
many_at_once_and_kills_leave_it_whole(void)
{
	struct cached_ref got;
	unsigned i, seen = 0, refs = 0;
	struct cache *c;
	pid_t pid[3];
	char *text;
	int status;

	fresh();
	c = opened();
	for (i = 0; i < 3; i++)
		pid[i] = busy(i);
	for (i = 0; i < 1000000 && (seen < 200 || refs < 200); i++) {
		text = get(c, U1, C1);
		CHECK(strcmp(text, "none") == 0 || strcmp(text, "whole") == 0);
		seen += strcmp(text, "whole") == 0;
		free(text);
		if (!cache_ref(c, U1, "", &got))
			continue;
		CHECK(strcmp(got.commit, C1) == 0);
		refs++;
	}
	CHECK(seen >= 200 && refs >= 200);
	for (i = 0; i < 3; i++) {
		CHECK(kill(pid[i], SIGKILL) == 0);
		CHECK(waitpid(pid[i], &status, 0) == pid[i]);
		CHECK(WIFSIGNALED(status));
	}
	put(c, U1, C1, "after");
	expect(c, U1, C1, "after");
	age("-type f", 4000);
	expect_clean(c, 0, 1, 1);
	expect_found("-mindepth 2", "");
	cache_close(c);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/cacheXXXXXX", tmp != NULL ? tmp : "/tmp");
	struct error err;

	if (mkdtemp(dir) == NULL)
		return 1;
	top = realpath(dir, NULL);
	(void)umask(022);
	RUN(it_is_made_only_when_asked_for);
	RUN(a_relative_place_is_none);
	RUN(a_place_that_others_can_reach_is_refused);
	RUN(a_pack_comes_back);
	RUN(a_repository_is_known_whoever_asks);
	RUN(only_what_a_worker_may_leave_is_taken);
	RUN(what_stands_in_the_cache_is_not_followed);
	RUN(a_pack_of_another_file_system_is_copied);
	RUN(a_ref_comes_back);
	RUN(a_torn_ref_is_none);
	RUN(what_is_there_is_counted_and_removed);
	RUN(what_was_used_lately_stays);
	RUN(what_a_crash_left_goes_after_an_hour);
	RUN(many_at_once_and_kills_leave_it_whole);
	if (chdir("/") == -1 || walk_remove(AT_FDCWD, dir, &err) == -1)
		return 1;
	free(top);
	free(dir);
	return check_done();
}
