#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/rules.h"
#include "ui_priv.h"

/* The default colours of git-diff(1): color.diff.meta, frag, old and new. */
static enum color
color_of(char kind)
{
	switch (kind) {
	case 'h':
		return BOLD;
	case '@':
		return CYAN;
	case '-':
		return RED;
	case '+':
		return GREEN;
	default:
		return PLAIN;
	}
}

/* Of the start of a hunk the text behind the second "@@" is the file's. */
static size_t
colored(char kind, const char *text, size_t len)
{
	const char *end =
	    kind == '@' && len > 2 ? memmem(text + 2, len - 2, "@@", 2) : NULL;

	return end != NULL ? (size_t)(end + 2 - text) : len;
}

void
diff_line(struct buf *out, char kind, const char *text, size_t len,
    const struct out *to)
{
	enum color c = to->color[STDOUT_FILENO] ? color_of(kind) : PLAIN;
	size_t n = c != PLAIN ? colored(kind, text, len) : 0;
	/* In a file that is to be applied a line keeps its end. */
	bool cr = !to->tty[STDOUT_FILENO] && len > 0 && text[len - 1] == '\r' &&
	    strchr(" +-", kind) != NULL;

	if (n > 0) {
		buf_printf(out, "\033[%dm", (int)c);
		escape_text(out, text, n);
		buf_puts(out, "\033[0m");
	}
	escape_text(out, text + n, len - n - cr);
	buf_puts(out, cr ? "\r\n" : "\n");
}
