/*
 * Any bytes through the rules: what they let pass cannot leave a directory,
 * as a file system that has it says, and what escape() writes cannot steer a
 * terminal and says all that was in it.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "stage.h"

/* Whether the UTF-8 bytes at s are a C1 control or a bidirectional mark;
 * written apart from rules.c on purpose. */
static bool
steers(const unsigned char *s)
{
	if (s[0] == 0xc2)
		return s[1] < 0xa0;
	if (s[0] == 0xd8)
		return s[1] == 0x9c;
	if (s[0] != 0xe2)
		return false;
	return (s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
	    (s[1] == 0x80 && (s[2] == 0x8e || s[2] == 0x8f)) ||
	    (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}

/* Every byte can be told from what is written, so no two texts look alike. */
static void
check_reversible(const char *out, const char *s)
{
	char hex[3] = "";

	for (; *out != '\0'; s++) {
		unsigned char c = (unsigned char)*out++;

		if (c == '\\') {
			require(*out++ == 'x');
			memcpy(hex, out, 2);
			require(strspn(hex, "0123456789abcdef") == 2);
			c = (unsigned char)strtoul(hex, NULL, 16);
			out += 2;
		}
		require(c == (unsigned char)*s);
	}
	require(*s == '\0');
}

/* What is written can be written again, but for the '\' in it. */
static void
check_again(const char *out)
{
	size_t size = 4 * strlen(out) + 1;
	char *plain = xstrdup(out), *again = xmalloc(size), *p;

	for (p = plain; (p = strchr(p, '\\')) != NULL;)
		*p = '/';
	(void)escape(again, size, plain);
	require(strcmp(again, plain) == 0);
	free(again);
	free(plain);
}

static void
check_escape(const char *s, size_t room)
{
	char *out = xmalloc(room);
	size_t len;

	require(escape(out, room, s) == out);
	len = strnlen(out, room);
	require(len < room);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)out[i];

		require(c >= 0x20 && c != 0x7f);
		require(!steers((const unsigned char *)out + i));
	}
	if (room > 4 * strlen(s))
		check_reversible(out, s);
	check_again(out);
	free(out);
}

/*
 * Make the directories of a path, ".." aside; the last one, too.  What is
 * made is not followed up: the stage is removed as a whole.
 */
static void
make_path(int root, const char *path)
{
	char *copy = xstrdup(path), *rest = copy, *part;
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;

	while (fd != -1 && (part = strsep(&rest, "/")) != NULL) {
		if (*part == '\0' || strcmp(part, ".") == 0)
			continue;
		if (strcmp(part, "..") != 0)
			(void)mkdirat(fd, part, 0755);
		next = openat(fd, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)close(fd);
		fd = next;
	}
	if (fd != -1)
		(void)close(fd);
	free(copy);
}

static void
check_name_on_disk(const char *s)
{
	int fd = stage_open();

	make_path(fd, s);
	require(stays_beneath(fd, s));
	require(faccessat(fd, s, F_OK, 0) == 0);
	require(stage_count(fd) == 1);
	require(stage_count(stage_dir()) == 1);
	stage_close(fd);
}

/* Where the link stands, and that it leads no further than the role. */
static void
check_link_on_disk(const char *target, unsigned depth)
{
	static const char *const where[] = {".", "d", "d/d", "d/d/d"};
	char path[16];
	int fd = stage_open(), dir;

	make_path(fd, where[depth]);
	dir = openat(fd, where[depth], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	require(dir != -1);
	require(symlinkat(target, dir, "l") == 0);
	(void)snprintf(path, sizeof(path), "%s/l", where[depth]);
	require(stays_beneath(fd, path));
	/* Also when all is there that it names. */
	make_path(dir, target);
	require(stays_beneath(fd, path));
	require(stage_count(stage_dir()) == 1);
	(void)close(dir);
	stage_close(fd);
}

static void
check_entry(const char *bytes, size_t size, const char *s)
{
	int fd, file;

	require(memchr(bytes, '/', size) == NULL &&
	    memchr(bytes, '\0', size) == NULL && strcasecmp(s, ".git") != 0 &&
	    strcmp(s, "..") != 0);
	fd = stage_open();
	file = openat(fd, s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	require(file != -1);
	require(stage_count(fd) == 1);
	(void)close(file);
	stage_close(fd);
}

static void
check_name(const char *s)
{
	struct error err = {0};
	bool ok = name_check(s, &err) == 0;

	require(ok == (err.kind == ERR_NONE));
	if (name_ok(s, strlen(s)))
		require(ok && strchr(s, '/') == NULL);
	if (ok)
		require(s[0] != '/' && s[0] != '-' && strstr(s, "..") != s &&
		    strstr(s, "/.") == NULL);
	if (ok)
		check_name_on_disk(s);
	if (version_check(s, &err) == 0)
		require(s[0] != '-' && strstr(s, "..") == NULL);
	if (is_commit_id(s))
		require(strlen(s) == 40);
}

/* Follow the target part by part; never above the root. */
static void
check_link(const char *s, size_t len, unsigned depth)
{
	char *copy, *part, *rest;
	long level = (long)depth;

	if (!link_ok(s, len, depth))
		return;
	require(memchr(s, '\0', len) == NULL && s[0] != '/');
	copy = rest = xstrndup(s, len);
	while ((part = strsep(&rest, "/")) != NULL) {
		if (strcmp(part, "..") == 0)
			level--;
		else if (*part != '\0' && strcmp(part, ".") != 0)
			level++;
		require(level >= 0);
	}
	free(copy);
	copy = xstrndup(s, len);
	check_link_on_disk(copy, depth);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	unsigned first = size != 0 ? data[0] : 0;
	char *s = xstrndup(bytes, size);

	check_name(s);
	if (entry_ok(bytes, size))
		check_entry(bytes, size, s);
	check_link(bytes, size, first % 4);
	check_escape(s, 1 + first % 32);
	check_escape(s, 4 * size + 1);
	free(s);
	return 0;
}
