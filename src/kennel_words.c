/* The words of a command line: see XCU 2.2 "Quoting" of POSIX. */
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/kennel.h"

#define BLANK " \t\r\n"

/* What '\' takes its meaning from inside of "...". */
static const char escaped[] = "$`\"\\\n";

/* A '\' and what follows; a line that goes on leaves nothing. */
static const char *
take_backslash(struct buf *b, const char *s, bool quoted)
{
	if (s[1] == '\0' || (quoted && strchr(escaped, s[1]) == NULL)) {
		buf_add(b, s, 1);
		return s + 1;
	}
	if (s[1] != '\n')
		buf_add(b, s + 1, 1);
	return s + 2;
}

/* Add what is between quotes; s is at the first.  NULL: no second one. */
static const char *
take_quoted(struct buf *b, const char *s)
{
	char quote = *s++;

	while (*s != quote) {
		if (*s == '\0')
			return NULL;
		if (*s == '\\' && quote == '"') {
			s = take_backslash(b, s, true);
			continue;
		}
		buf_add(b, s++, 1);
	}
	return s + 1;
}

/* Add the word at s, which is there.  NULL: a quote is not closed. */
static const char *
take_word(struct buf *b, const char *s)
{
	while (s != NULL && *s != '\0' && strchr(BLANK, *s) == NULL) {
		if (*s == '\'' || *s == '"')
			s = take_quoted(b, s);
		else if (*s == '\\')
			s = take_backslash(b, s, false);
		else
			buf_add(b, s++, 1);
	}
	return s;
}

/* Blanks, and lines that go on. */
static const char *
skip_blanks(const char *s)
{
	for (;;) {
		s += strspn(s, BLANK);
		if (s[0] != '\\' || s[1] != '\n')
			return s;
		s += 2;
	}
}

int
words_split(char ***out, const char *text, struct error *err)
{
	struct buf b = {0};
	const char *s = text;
	size_t n = 0;

	/* Every other byte is a word at the most. */
	*out = xcalloc(strlen(text) / 2 + 2, sizeof(**out));
	while (*(s = skip_blanks(s)) != '\0') {
		buf_clear(&b);
		buf_puts(&b, "");
		s = take_word(&b, s);
		if (s == NULL)
			break;
		(*out)[n++] = xstrdup(b.data);
	}
	buf_free(&b);
	if (s != NULL)
		return 0;
	return error_set(err, ERR_USAGE, "a quote in '%.200s' is not closed",
	    text);
}

void
words_free(char **words)
{
	char **w;

	for (w = words; w != NULL && *w != NULL; w++)
		free(*w);
	free(words);
}
