/*
 * A commit object and a file of its tree, with a line of "====" between:
 * $Format:...$, and then line ends and $Id$ of the same file.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/git/convert.h"

#define BETWEEN "\n====\n"
#define ID "0123456789abcdef0123456789abcdef01234567"

/* "Nothing changes" has to mean that nothing was written. */
static void
check(bool changed, const struct buf *out)
{
	if (!changed && out->data != NULL)
		abort();
	if (out->data != NULL && out->data[out->len] != '\0')
		abort();
}

static void
convert(const char *text, size_t len)
{
	static const char attributes[] = "a ident\n"
					 "b eol=crlf\n"
					 "c text=auto eol=crlf ident\n";
	struct attr_value attr[ATTR_COUNT];
	struct attrs *a = attrs_new();
	const char *file;

	attrs_enter(a, "", attributes, strlen(attributes));
	for (file = "a\0b\0c\0"; *file != '\0'; file += 2) {
		struct buf out = {0};

		attrs_get(a, file, false, attr);
		check(convert_to_worktree(&out, text, len, ID, attr), &out);
		buf_free(&out);
	}
	attrs_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *raw = (const char *)data, *text;
	const char *line = memmem(raw, size, BETWEEN, strlen(BETWEEN));
	struct subst s = {.id = ID, .raw = raw, .len = size, .max = 1 << 16};
	struct buf out = {0};
	size_t len;

	if (line != NULL)
		s.len = (size_t)(line - raw) + 1;
	text = line != NULL ? line + strlen(BETWEEN) : raw;
	len = size - (size_t)(text - raw);
	check(subst_expand(&s, &out, text, len), &out);
	buf_free(&out);
	convert(text, len);
	return 0;
}
