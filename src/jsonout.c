#include "kelpie/jsonout.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "kelpie/rules.h"

#define REPLACEMENT 0xfffd

/* RFC 8259, section 7: beyond U+FFFF as a pair of surrogates. */
static void
write_escaped(struct buf *b, uint32_t cp)
{
	static const char letters[] = "\b\f\n\r\t\"\\", as[] = "bfnrt\"\\";
	const char *letter =
	    cp != 0 && cp < 0x80 ? strchr(letters, (int)cp) : NULL;

	if (letter != NULL)
		buf_printf(b, "\\%c", as[letter - letters]);
	else if (cp >= 0x20 && cp < 0x7f)
		buf_printf(b, "%c", (int)cp);
	else if (cp < 0x10000)
		buf_printf(b, "\\u%04" PRIx32, cp);
	else
		buf_printf(b, "\\u%04" PRIx32 "\\u%04" PRIx32,
		    0xd800 + ((cp - 0x10000) >> 10),
		    0xdc00 + ((cp - 0x10000) & 0x3ff));
}

static void
write_quoted(struct buf *b, const char *s)
{
	size_t len = strlen(s), n;
	uint32_t cp;

	buf_puts(b, "\"");
	for (; len > 0; s += n, len -= n) {
		n = utf8_decode(s, len, &cp);
		if (n == 0) {
			cp = REPLACEMENT;
			n = 1;
		}
		write_escaped(b, cp);
	}
	buf_puts(b, "\"");
}

static void
write_line(struct jsonout *j)
{
	buf_puts(&j->text, "\n");
	for (unsigned i = 0; i < j->depth; i++)
		buf_puts(&j->text, "  ");
}

/* What comes before a value. */
static void
next(struct jsonout *j, const char *key)
{
	if (j->depth > 0) {
		if (!j->empty)
			buf_puts(&j->text, ",");
		write_line(j);
	}
	j->empty = false;
	if (key == NULL)
		return;
	write_quoted(&j->text, key);
	buf_puts(&j->text, ": ");
}

void
jsonout_begin(struct jsonout *j, const char *key, char bracket)
{
	next(j, key);
	buf_add(&j->text, &bracket, 1);
	j->depth++;
	j->empty = true;
}

void
jsonout_end(struct jsonout *j, char bracket)
{
	j->depth--;
	if (!j->empty)
		write_line(j);
	buf_add(&j->text, &bracket, 1);
	j->empty = false;
	if (j->depth == 0)
		buf_puts(&j->text, "\n");
}

void
jsonout_string(struct jsonout *j, const char *key, const char *value)
{
	next(j, key);
	if (value == NULL)
		buf_puts(&j->text, "null");
	else
		write_quoted(&j->text, value);
}

void
jsonout_bool(struct jsonout *j, const char *key, bool value)
{
	next(j, key);
	buf_puts(&j->text, value ? "true" : "false");
}
