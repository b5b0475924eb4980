/*
 * texts.h - texts that tests compare: tables of them, and the parts that are
 * others in each run.
 */
#ifndef TEXTS_H
#define TEXTS_H

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kelpie/buf.h"

/* text with every what replaced; the caller frees it. */
static inline char *
replaced(const char *text, const char *what, const char *by)
{
	struct buf b = {0};
	const char *at;

	while ((at = strstr(text, what)) != NULL) {
		buf_add(&b, text, (size_t)(at - text));
		buf_puts(&b, by);
		text = at + strlen(what);
	}
	buf_puts(&b, text);
	return b.data;
}

struct row {
	const char *text, *want;
};

static inline void
check_rows(char *(*made_of)(const char *), const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *got = made_of(row[i].text);

		CHECK_STR(got, row[i].want);
		free(got);
	}
}

/* What made_of() makes of each text, which is freed, is what is wanted. */
#define ROWS(made_of, r) check_rows(made_of, r, sizeof(r) / sizeof((r)[0]))

#endif
