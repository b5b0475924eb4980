#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installinfo_priv.h"
#include "kelpie/buf.h"

#define HEX "0123456789abcdefABCDEF"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * A byte b that is no UTF-8 stands as the surrogate LONE + b, as Python has
 * it (PEP 383).
 */
#define LONE 0xdc00

/* The escapes of one letter (YAML 1.1, section 5.6). */
static const struct {
	char letter;
	uint32_t cp;
} escapes[] = {
    {'a', 0x07},
    {'b', 0x08},
    {'t', 0x09},
    {'n', 0x0a},
    {'v', 0x0b},
    {'f', 0x0c},
    {'r', 0x0d},
    {'e', 0x1b},
    {'"', '"'},
    {'\\', '\\'},
    {'N', 0x85},
    {'_', 0xa0},
    {'L', 0x2028},
    {'P', 0x2029},
};

/*
 * The characters allow it to stand without quotes in a block mapping
 * (analyze_scalar() of PyYAML's emitter and yaml_emitter_analyze_scalar() of
 * libyaml, which agree here).
 */
static bool
is_plain(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || s[0] == ' ' || s[len - 1] == ' ')
		return false;
	if (strncmp(s, "---", 3) == 0 || strncmp(s, "...", 3) == 0)
		return false;
	if (strchr("#,[]{}&*!|>'\"%@`", s[0]) != NULL)
		return false;
	if (strchr("?:-", s[0]) != NULL && (s[1] == ' ' || s[1] == '\0'))
		return false;
	return s[len - 1] != ':' && strstr(s, ": ") == NULL &&
	    strstr(s, " #") == NULL;
}

static bool
is_printable_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

/* The code point at s (RFC 3629) and its length. */
static size_t
decode(const char *s, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s[0];
	size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	uint32_t v = c & (0xffu >> (n + 1));

	*cp = n == 1 ? c : LONE + c;
	if (n == 1 || c < 0xc2 || c > 0xf4)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		v = v << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 1;
	*cp = v;
	return n;
}

static void
write_code_point(struct buf *b, uint32_t cp)
{
	for (size_t i = 0; i < COUNT(escapes); i++)
		if (escapes[i].cp == cp) {
			buf_printf(b, "\\%c", escapes[i].letter);
			return;
		}
	if (cp >= 0x20 && cp <= 0x7e)
		buf_printf(b, "%c", (int)cp);
	else if (cp <= 0xff)
		buf_printf(b, "\\x%02X", cp);
	else if (cp <= 0xffff)
		buf_printf(b, "\\u%04X", cp);
	else
		buf_printf(b, "\\U%08X", cp);
}

void
scalar_write(struct buf *b, const char *s)
{
	uint32_t cp;

	if (!is_printable_ascii(s)) {
		buf_puts(b, "\"");
		for (; *s != '\0'; s += decode(s, &cp)) {
			(void)decode(s, &cp);
			write_code_point(b, cp);
		}
		buf_puts(b, "\"");
	} else if (is_plain(s) && !scalar_is_retyped(s)) {
		buf_puts(b, s);
	} else {
		buf_puts(b, "'");
		for (; *s != '\0'; s++)
			buf_puts(b, *s == '\'' ? "''" : (char[]){*s, '\0'});
		buf_puts(b, "'");
	}
}

/* Add a code point as UTF-8. */
static void
encode(struct buf *b, uint32_t cp)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	unsigned char c[4] = {(unsigned char)cp};

	if (cp >= LONE + 0x80 && cp <= LONE + 0xff)
		n = 1;
	for (size_t i = n; n > 1 && i-- > 0; cp >>= 6)
		c[i] =
		    (unsigned char)(i > 0 ? 0x80 | (cp & 0x3f) : lead[n] | cp);
	buf_add(b, c, n);
}

/* The escape at s, behind its '\'; its length, or 0. */
static size_t
read_escape(struct buf *b, const char *s)
{
	size_t n = *s == 'x' ? 2 : *s == 'u' ? 4 : *s == 'U' ? 8 : 0;
	char hex[9] = "";
	uint32_t cp;

	/* A line folded by PyYAML's own emitter. */
	if (*s == '\n')
		return 1 + strspn(s + 1, " ");
	for (size_t i = 0; n == 0 && i < COUNT(escapes); i++)
		if (escapes[i].letter == *s) {
			encode(b, escapes[i].cp);
			return 1;
		}
	if (n == 0 || strspn(s + 1, HEX) < n)
		return 0;
	memcpy(hex, s + 1, n);
	cp = (uint32_t)strtoul(hex, NULL, 16);
	if (cp == 0 || cp > 0x10ffff)
		return 0;
	encode(b, cp);
	return 1 + n;
}

/* Past the closing quote, or NULL; s is behind the opening one. */
static const char *
read_single(struct buf *b, const char *s)
{
	for (; *s != '\0' && *s != '\n'; s++) {
		if (*s == '\'' && *++s != '\'')
			return s;
		buf_add(b, s, 1);
	}
	return NULL;
}

static const char *
read_double(struct buf *b, const char *s)
{
	size_t n = 1;

	for (; *s != '"'; s += n) {
		n = 1;
		if (*s == '\0' || *s == '\n')
			return NULL;
		if (*s != '\\') {
			buf_add(b, s, 1);
			continue;
		}
		n = read_escape(b, ++s);
		if (n == 0)
			return NULL;
	}
	return s + 1;
}

static const char *
read_plain(struct buf *b, const char *s)
{
	const char *end = s + strcspn(s, "\r\n");
	const char *last = strstr(s, " #");

	if (strchr(",[]{}&*!|>%@`", *s) != NULL && *s != '\0')
		return NULL;
	if (last == NULL || last > end)
		last = end;
	if (*s == '#')
		last = s;
	while (last > s && (last[-1] == ' ' || last[-1] == '\t'))
		last--;
	buf_add(b, s, (size_t)(last - s));
	if (strcmp(b->data, "~") == 0 || strcmp(b->data, "null") == 0 ||
	    strcmp(b->data, "Null") == 0 || strcmp(b->data, "NULL") == 0)
		buf_clear(b);
	return end;
}

int
scalar_read(char **out, const char *s)
{
	struct buf b = {0};
	const char *end;

	*out = NULL;
	s += strspn(s, " \t");
	if (*s == '\'')
		end = read_single(&b, s + 1);
	else if (*s == '"')
		end = read_double(&b, s + 1);
	else
		end = read_plain(&b, s);
	if (end != NULL)
		end += strspn(end, " \t\r");
	if (end == NULL || strchr("\n#", *end) == NULL) {
		buf_free(&b);
		return -1;
	}
	if (b.len != 0)
		*out = xstrdup(b.data);
	buf_free(&b);
	return 0;
}
