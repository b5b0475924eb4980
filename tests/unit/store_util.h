/*
 * store_util.h - what the tests of the store share: a roles directory of
 * their own, and roles to put into it.
 */
#ifndef STORE_UTIL_H
#define STORE_UTIL_H

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/installinfo.h"
#include "kelpie/store.h"
#include "kelpie/tree.h"
#include "kelpie/walk.h"

static char top[] = "/tmp/kelpie-store-XXXXXX";
static char roles[64];
static const struct limits limits = LIMITS_DEFAULT;

/* A fresh roles directory; its name is in roles. */
static inline void
fresh(void)
{
	struct error err = {.kind = ERR_NONE};

	(void)snprintf(roles, sizeof(roles), "%s/roles", top);
	CHECK(walk_remove(AT_FDCWD, roles, &err) == 0);
	CHECK_STR(err.msg, "");
	CHECK(mkdir(roles, 0755) == 0);
}

static inline int
in_roles(const char *path, char *out, size_t size)
{
	return snprintf(out, size, "%s/%s", roles, path);
}

static inline void
make_dir(const char *path)
{
	char full[256];

	(void)in_roles(path, full, sizeof(full));
	CHECK(mkdir(full, 0755) == 0 || errno == EEXIST);
}

static inline void
write_file(const char *path, const char *text)
{
	char full[256];
	int fd;

	(void)in_roles(path, full, sizeof(full));
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	CHECK(fd != -1);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	(void)close(fd);
}

/* A directory with this file below meta, made where there is none. */
static inline void
write_meta(const char *name, const char *file, const char *text)
{
	char path[128];
	int n;

	make_dir(name);
	n = snprintf(path, sizeof(path), "%s/meta", name);
	make_dir(path);
	(void)snprintf(path + n, sizeof(path) - (size_t)n, "/%s", file);
	write_file(path, text);
}

static inline void
make_link(const char *target, const char *path)
{
	char full[256];

	(void)in_roles(path, full, sizeof(full));
	CHECK(symlink(target, full) == 0);
}

/* The mode with the file type, or 0 if nothing is there. */
static inline mode_t
mode_of(const char *path)
{
	char full[256];
	struct stat st;

	(void)in_roles(path, full, sizeof(full));
	return lstat(full, &st) == 0 ? st.st_mode : 0;
}

static inline bool
is_there(const char *path)
{
	return mode_of(path) != 0;
}

static inline void
expect_file(const char *path, const char *want)
{
	struct buf b = {0};
	struct error err;
	char full[256];
	int fd;

	(void)in_roles(path, full, sizeof(full));
	fd = open(full, O_RDONLY | O_CLOEXEC);
	CHECK(fd != -1);
	if (fd == -1) {
		printf("# no %s\n", full);
		return;
	}
	CHECK(buf_read(&b, fd, 1 << 20, &err) == 0);
	(void)close(fd);
	CHECK_STR(b.data, want);
	buf_free(&b);
}

static inline void
open_store(struct store *s)
{
	struct error err = {.kind = ERR_NONE};

	CHECK(store_open(s, roles, &err) == 0);
	CHECK_STR(err.msg, "");
}

static inline void
lock_store(struct store *s)
{
	struct error err = {.kind = ERR_NONE};

	open_store(s);
	CHECK(store_lock(s, NULL, &err) == 0);
	CHECK_STR(err.msg, "");
}

static inline void
close_store(struct store *s)
{
	struct error err = {.kind = ERR_NONE};

	CHECK(store_close(s, &err) == 0);
	CHECK_STR(err.msg, "");
}

/* A commit of the role name at a version, as a caller would fill it in. */
static inline struct commit
a_commit(uint32_t id, char *name, char *version)
{
	static char src[] = "https://example.org/r.git";
	static char ref[] = "refs/tags/v1";
	static char commit[] = "0123456789abcdef0123456789abcdef01234567";

	return (struct commit){.worker = 1,
	    .id = id,
	    .record = {.name = name,
		.src = src,
		.version = version,
		.map = true,
		.ref = ref,
		.commit = commit,
		.when = 1795350234,
		.took_ms = 12}};
}

/* Fill the stage of c with a role whose tasks/main.yml is text. */
static inline void
fill_stage(const struct store *s, const struct commit *c, const char *text)
{
	struct error err = {.kind = ERR_NONE};
	char path[128];
	int fd, n;

	fd = store_stage(s, c->worker, &err);
	CHECK(fd != -1);
	CHECK_STR(err.msg, "");
	(void)close(fd);
	n = snprintf(path, sizeof(path), ".kelpie/stage/%u/%u", c->worker,
	    (unsigned)c->id);
	make_dir(path);
	(void)strcpy(path + n, "/role");
	make_dir(path);
	(void)strcpy(path + n, "/role/meta");
	make_dir(path);
	(void)strcpy(path + n, "/role/meta/main.yml");
	write_file(path, "---\n");
	(void)strcpy(path + n, "/role/tasks");
	make_dir(path);
	(void)strcpy(path + n, "/role/tasks/main.yml");
	write_file(path, text);
}

static inline void
check_stage(const struct store *s, struct commit *c)
{
	struct error err = {.kind = ERR_NONE};
	struct walked w;

	CHECK(store_check(s, c, &limits, &w, &err) == 0);
	CHECK_STR(err.msg, "");
	CHECK_STR(c->record.digest, w.digest);
	CHECK(c->inode != 0);
}

/* Stage, check and commit a role in one. */
static inline struct commit
install(struct store *s, char *name, char *version, bool replace)
{
	static uint32_t id = 1000;
	struct commit c = a_commit(id++, name, version);

	c.replace = replace;
	fill_stage(s, &c, version);
	check_stage(s, &c);
	store_commit(s, &c, 1);
	CHECK(c.err.kind == ERR_NONE);
	if (c.err.kind != ERR_NONE)
		printf("# %s\n", c.err.msg);
	return c;
}

/* The exit status of a child, or -1 for a signal. */
static inline int
collect(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A fresh roles directory with a, b and x/a at v1. */
static inline void
fresh_with_three(void)
{
	static char name[][4] = {"a", "b", "x/a"}, v1[] = "v1";
	struct store s;

	fresh();
	lock_store(&s);
	for (size_t i = 0; i < 3; i++)
		(void)install(&s, name[i], v1, false);
	close_store(&s);
}

/* Run body in a child that ends without closing the store. */
static inline void
crash(void (*body)(struct store *))
{
	struct store s;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		lock_store(&s);
		body(&s);
		(void)fflush(stdout);
		_exit(check_failed);
	}
	CHECK(collect(pid) == 0);
}

/* Begin and end the test program. */
static inline int
begin(void)
{
	return mkdtemp(top) != NULL && chmod(top, 0755) == 0 ? 0 : -1;
}

static inline int
end(void)
{
	struct error err;

	if (walk_remove(AT_FDCWD, top, &err) == -1) {
		printf("# %s\n", err.msg);
		return 1;
	}
	return check_done();
}

#endif
