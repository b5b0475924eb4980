/* One scalar, written anew in the manner in which it stands there. */
#include <string.h>

#include <bsd/string.h>
#include <yaml.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "kelpie/yaml_edit.h"
#include "yaml_priv.h"

#define DIGITS "0123456789"
/* A double keeps so many of them. */
#define DIGITS_MAX 15

/*
 * A number that every reader of YAML writes as it is written here: "1.2",
 * but not "1.20" or "010".
 */
static bool
is_number_as_it_is(const char *s)
{
	size_t whole = strspn(s, DIGITS), len = strlen(s);

	if (whole == 0 || len > DIGITS_MAX || (s[0] == '0' && whole > 1))
		return false;
	if (s[whole] == '\0')
		return true;
	if (s[whole] != '.' || strspn(s + whole + 1, DIGITS) != len - whole - 1)
		return false;
	return len == whole + 2 || (len > whole + 2 && s[len - 1] != '0');
}

static bool
is_number(const char *text)
{
	char copy[64];
	const struct yaml node = {.kind = YAML_SCALAR,
	    .text = copy,
	    .plain = true};

	if (strlcpy(copy, text, sizeof(copy)) >= sizeof(copy))
		return false;
	return strcmp(yaml_type(&node), "a number") == 0;
}

/* Where quotes are needed and were not, they come. */
static void
write_plain(struct buf *b, const char *old, const char *new)
{
	if (is_number(old) && is_number_as_it_is(new))
		buf_puts(b, new);
	else
		yaml_write(b, new);
}

static void
write_single(struct buf *b, const char *new)
{
	buf_puts(b, "'");
	for (; *new != '\0'; new ++)
		buf_printf(b, "%s%c", *new == '\'' ? "'" : "", *new);
	buf_puts(b, "'");
}

/* All of the text, in the style that the scalar has. */
static void
write_all(struct buf *b, const yaml_event_t *ev, const char *new)
{
	switch (ev->data.scalar.style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		write_single(b, new);
		break;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		yaml_write_quoted(b, new);
		break;
	default:
		write_plain(b, (const char *)ev->data.scalar.value, new);
	}
}

/* Bytes that mean themselves, however the scalar is written. */
static bool
is_harmless(const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("_./~+@^-" DIGITS, *s) == NULL &&
		    (*s < 'a' || *s > 'z') && (*s < 'A' || *s > 'Z'))
			return false;
	return true;
}

int
edit_rewrite(struct buf *b, const yaml_event_t *ev, const char *raw, size_t len,
    struct yaml_change *c)
{
	const char *text = (const char *)ev->data.scalar.value;
	size_t quote = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	size_t text_len = ev->data.scalar.length, was = strlen(c->was);

	if (c->offset == 0 && was == text_len) {
		write_all(b, ev, c->to);
		return 0;
	}
	if (len != text_len + 2 * quote ||
	    memcmp(raw + quote, text, text_len) != 0)
		return error_set(&c->err, ERR_REFUSED,
		    "'%s' stands in a text with escapes or on several lines",
		    c->was);
	if (!is_harmless(c->to))
		return error_set(&c->err, ERR_REFUSED,
		    "'%s' cannot stand where '%s' does", c->to, c->was);
	buf_add(b, raw, quote + c->offset);
	buf_puts(b, c->to);
	buf_add(b, raw + quote + c->offset + was,
	    len - quote - c->offset - was);
	return 0;
}
