/*
 * Any bytes through the rules: what they let pass cannot leave a directory,
 * and what escape() writes cannot steer a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/rules.h"

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
		require(len >= strlen(s));
	free(out);
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
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	unsigned first = size != 0 ? data[0] : 0;
	char *s = xstrndup(bytes, size);

	check_name(s);
	if (entry_ok(bytes, size))
		require(memchr(bytes, '/', size) == NULL &&
		    memchr(bytes, '\0', size) == NULL &&
		    strcasecmp(s, ".git") != 0 && strcmp(s, "..") != 0);
	check_link(bytes, size, first % 4);
	check_escape(s, 1 + first % 32);
	check_escape(s, 4 * size + 1);
	free(s);
	return 0;
}
