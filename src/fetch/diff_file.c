#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/diff.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"

/*
 * The format is that of git-diff(1), "generate patch text with -p", without
 * the index lines, for there are no blobs that they could name.
 */

struct writing {
	struct buf *out;
	const char *from, *to; /* "a/x", "/dev/null" */
	bool begun; /* the two lines that name them are written */
};

/* ---- names ---- */

/* A byte that git puts names into quotes for (core.quotePath=false). */
static bool
is_odd(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f || c == '"' || c == '\\';
}

static void
add_quoted(struct buf *b, const char *path)
{
	static const char letters[] = "abtnvfr"; /* from 7 on */

	for (; *path != '\0'; path++) {
		if (!is_odd(*path))
			buf_add(b, path, 1);
		else if (*path >= '\a' && *path <= '\r')
			buf_printf(b, "\\%c", letters[*path - '\a']);
		else if (*path == '"' || *path == '\\')
			buf_printf(b, "\\%c", *path);
		else
			buf_printf(b, "\\%03o", (unsigned)*path);
	}
}

static char *
name_of(const char *side, const char *path)
{
	struct buf b = {0};
	bool odd = false;

	for (const char *c = path; *c != '\0'; c++)
		odd = odd || is_odd(*c);
	buf_printf(&b, "%s%s", odd ? "\"" : "", side);
	if (odd)
		add_quoted(&b, path);
	else
		buf_puts(&b, path);
	buf_puts(&b, odd ? "\"" : "");
	return b.data;
}

/* ---- hunks ---- */

/* A tab ends a name that has a space: GNU patch cuts it there. */
static void
add_name(struct buf *out, const char *sign, const char *name)
{
	buf_printf(out, "h%s %s%s\n", sign, name,
	    strchr(name, ' ') != NULL ? "\t" : "");
}

static int
on_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *payload)
{
	struct writing *w = payload;
	size_t len = hunk->header_len;

	(void)delta;
	if (!w->begun) {
		add_name(w->out, "---", w->from);
		add_name(w->out, "+++", w->to);
		w->begun = true;
	}
	while (len > 0 && hunk->header[len - 1] == '\n')
		len--;
	buf_puts(w->out, "@");
	buf_add(w->out, hunk->header, len);
	buf_puts(w->out, "\n");
	return 0;
}

static int
on_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
    const git_diff_line *line, void *payload)
{
	struct writing *w = payload;
	size_t len = line->content_len;

	(void)delta;
	(void)hunk;
	switch (line->origin) {
	case GIT_DIFF_LINE_CONTEXT:
	case GIT_DIFF_LINE_ADDITION:
	case GIT_DIFF_LINE_DELETION:
		if (len > 0 && line->content[len - 1] == '\n')
			len--;
		buf_printf(w->out, "%c%c", line->origin, line->origin);
		buf_add(w->out, line->content, len);
		buf_puts(w->out, "\n");
		return 0;
	default:
		buf_puts(w->out, "\\\\ No newline at end of file\n");
		return 0;
	}
}

static int
add_hunks(struct writing *w, const struct diff_side *a,
    const struct diff_side *b, struct error *err)
{
	git_diff_options opts = GIT_DIFF_OPTIONS_INIT;

	opts.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	if (git_diff_buffers(a->data, a->len, "a", b->data, b->len, "b", &opts,
		NULL, NULL, on_hunk, on_line, w) < 0)
		return git_fail(err, ERR_LOCAL, "compare");
	return 0;
}

/* ---- headers ---- */

static const char *
mode_of(char type)
{
	return type == 'l' ? "120000" : type == 'x' ? "100755" : "100644";
}

static void
add_modes(struct buf *out, char a, char b)
{
	if (a == 0)
		buf_printf(out, "hnew file mode %s\n", mode_of(b));
	else if (b == 0)
		buf_printf(out, "hdeleted file mode %s\n", mode_of(a));
	else if (a != b)
		buf_printf(out, "hold mode %s\nhnew mode %s\n", mode_of(a),
		    mode_of(b));
}

/* What has a zero byte is no text. */
static bool
is_binary(const struct diff_side *s)
{
	return s->len != 0 && memchr(s->data, '\0', s->len) != NULL;
}

static bool
is_same(const struct diff_side *a, const struct diff_side *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static int
add_content(struct writing *w, const struct diff_side *a,
    const struct diff_side *b, struct error *err)
{
	if (a->data == NULL || b->data == NULL) {
		buf_printf(w->out,
		    "hFiles %s and %s differ: larger than %zu "
		    "MiB\n",
		    w->from, w->to, DIFF_FILE_MAX >> 20);
		return 0;
	}
	if (!is_binary(a) && !is_binary(b))
		return add_hunks(w, a, b, err);
	if (!is_same(a, b))
		buf_printf(w->out, "hBinary files %s and %s differ\n", w->from,
		    w->to);
	return 0;
}

static int
add_path(struct buf *out, const char *path, const struct diff_side *a,
    const struct diff_side *b, struct error *err)
{
	char *from = name_of("a/", path), *to = name_of("b/", path);
	struct writing w = {out, a->type != 0 ? from : "/dev/null",
	    b->type != 0 ? to : "/dev/null", false};
	int rc = 0;

	buf_printf(out, "hdiff --git %s %s\n", from, to);
	if (a->type == 'o' || b->type == 'o') {
		buf_printf(out,
		    "hFiles %s and %s differ: one is a device, a pipe or a "
		    "socket\n",
		    w.from, w.to);
	} else {
		add_modes(out, a->type, b->type);
		rc = add_content(&w, a, b, err);
	}
	free(from);
	free(to);
	return rc;
}

int
diff_file(struct buf *out, const char *path, const struct diff_side *a,
    const struct diff_side *b, struct error *err)
{
	static const struct diff_side nothing = {0, "", 0};
	bool was_link = a->type == 'l', is_link = b->type == 'l';

	if (was_link == is_link || a->type == 0 || b->type == 0)
		return add_path(out, path, a, b, err);
	/* Another type of thing is another thing. */
	if (add_path(out, path, a, &nothing, err) == -1)
		return -1;
	return add_path(out, path, &nothing, b, err);
}
