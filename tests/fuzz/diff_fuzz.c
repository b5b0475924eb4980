/*
 * Two types, a path and its two contents, divided by a line "=": every line
 * of the diff has a kind and an end, and what is shown of it can drive no
 * terminal.
 */
#include <stdbool.h>
#include <string.h>

#include <git2.h>

#include "fetch/diff.h"
#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "ui_priv.h"

static const char types[] = {0, 'f', 'x', 'l', 'o'};

static void
check_shown(const char *line, size_t len, bool tty)
{
	const struct out to = {.tty = {tty, tty, tty}};
	struct buf b = {0};

	diff_line(&b, line[0], line + 1, len - 1, &to);
	require(b.len > 0 && b.data[b.len - 1] == '\n');
	for (size_t i = 0; i + 1 < b.len; i++)
		require(b.data[i] == '\t' ||
		    ((unsigned char)b.data[i] >= ' ' && b.data[i] != 0x7f) ||
		    (!tty && b.data[i] == '\r' && i + 2 == b.len));
	buf_free(&b);
}

/* Returns how many hunks there are. */
static size_t
check_lines(const char *text, size_t left)
{
	const char *lf;
	size_t n = 0;

	for (; left > 0; left -= (size_t)(lf + 1 - text), text = lf + 1) {
		lf = memchr(text, '\n', left);
		require(lf != NULL && lf > text);
		require(strchr("h@ +-\\", *text) != NULL && *text != '\0');
		require(memchr(text, '\0', (size_t)(lf - text)) == NULL);
		check_shown(text, (size_t)(lf - text), true);
		check_shown(text, (size_t)(lf - text), false);
		n += *text == '@';
	}
	return n;
}

static void
run(const char *path, const char *data, size_t size, const uint8_t type[2])
{
	static const char divider[] = "\n=\n";
	const char *at = memmem(data, size, divider, 3);
	struct diff_side a = {types[type[0] % 5], data, size};
	struct diff_side b = {types[type[1] % 5], "", 0};
	struct error err = {0};
	struct buf out = {0};
	size_t hunks;

	if (at != NULL) {
		a.len = (size_t)(at - data);
		b.data = at + 3;
		b.len = size - a.len - 3;
	}
	if (a.type == 0)
		a.len = 0;
	if (b.type == 0)
		b.len = 0;
	require(diff_file(&out, path, &a, &b, &err) == 0);
	hunks = check_lines(out.data, out.len);
	if (a.type == b.type && a.len == b.len &&
	    memcmp(a.data, b.data, a.len) == 0)
		require(hunks == 0);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	const uint8_t *lf;
	char *path;

	if (!begun)
		require(git_libgit2_init() > 0);
	begun = true;
	if (size < 3 || (lf = memchr(data + 2, '\n', size - 2)) == NULL)
		return 0;
	path = xstrndup((const char *)data + 2, (size_t)(lf - data) - 2);
	run(path, (const char *)lf + 1, size - (size_t)(lf + 1 - data), data);
	free(path);
	return 0;
}
