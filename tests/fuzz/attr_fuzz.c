/*
 * .gitattributes and the path that is asked for, which stands in the last
 * line.  The text is that of every directory on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/git/attr.h"

/* Whoever has a value has one that can be read, and nobody else. */
static void
look(const struct attrs *a, const char *path, bool directory)
{
	struct attr_value v[ATTR_COUNT];
	size_t i;

	attrs_get(a, path, directory, v);
	for (i = 0; i < ATTR_COUNT; i++) {
		if ((v[i].state == ATTR_VALUE) != (v[i].value != NULL))
			abort();
		if (v[i].value != NULL && strpbrk(v[i].value, " \t\r\n"))
			abort();
	}
}

static void
ask(const char *text, size_t len, char *path)
{
	struct attrs *a = attrs_new();
	char *slash;

	attrs_enter(a, "", text, len);
	for (slash = strchr(path, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		look(a, path, true);
		attrs_enter(a, path, text, len);
		*slash = '/';
	}
	look(a, path, false);
	look(a, path, true);
	attrs_leave(a);
	attrs_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t len = size;
	char *path, *pattern;

	while (len != 0 && text[len - 1] != '\n')
		len--;
	path = xstrndup(text + len, size - len);
	pattern = xstrndup(text, len);
	pattern[strcspn(pattern, "\n")] = '\0';
	(void)wildmatch(pattern, path, true);
	(void)wildmatch(pattern, path, false);
	ask(text, len, path);
	free(pattern);
	free(path);
	return 0;
}
