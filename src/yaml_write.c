#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "yaml_priv.h"

#define ALNUM "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Can it stand without quotes and be text all the same? */
static bool
is_plain(const char *text)
{
	char copy[128];
	size_t len = strlen(text);
	const struct yaml node = {.kind = YAML_SCALAR,
	    .text = copy,
	    .plain = true};

	if (len == 0 || len >= sizeof(copy) ||
	    strspn(text, ALNUM "_./~+@:-") != len || text[len - 1] == ':' ||
	    strspn(text, ALNUM "_./") == 0)
		return false;
	memcpy(copy, text, len + 1);
	return yaml_is_text(&node);
}

/* Characters that YAML takes for the end of a line, or for no text. */
static const struct {
	const char *bytes, *written;
} odd[] = {{"\xe2\x80\xa8", "\\L"}, {"\xe2\x80\xa9", "\\P"},
    {"\xef\xbb\xbf", "\\uFEFF"}, {"\xef\xbf\xbe", "\\uFFFE"},
    {"\xef\xbf\xbf", "\\uFFFF"}};

/* Write the character at s between quotes.  Returns its length. */
static size_t
write_one(struct buf *b, const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t i, len;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		len = strlen(odd[i].bytes);
		if (strncmp(s, odd[i].bytes, len) != 0)
			continue;
		buf_puts(b, odd[i].written);
		return len;
	}
	/* U+0080 to U+009F */
	if (c == 0xc2 && ((unsigned char)s[1] & 0xe0) == 0x80) {
		buf_printf(b, "\\x%02x", (unsigned char)s[1]);
		return 2;
	}
	if (c < 0x20 || c == 0x7f)
		buf_printf(b, "\\x%02x", c);
	else
		buf_printf(b, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
	return 1;
}

void
yaml_write_quoted(struct buf *b, const char *text)
{
	buf_puts(b, "\"");
	while (*text != '\0')
		text += write_one(b, text);
	buf_puts(b, "\"");
}

void
yaml_write(struct buf *b, const char *text)
{
	if (is_plain(text))
		buf_puts(b, text);
	else
		yaml_write_quoted(b, text);
}
