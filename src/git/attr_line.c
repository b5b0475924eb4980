#include <string.h>

#include "git/attr_priv.h"

#define LINE_MAX_BYTES 2048
#define BLANK " \t\r\n"
#define MACRO "[attr]"

/* "\ooo" behind its backslash; -1 if it is none. */
static int
octal(const char *s)
{
	if (s[0] < '0' || s[0] > '3' || s[1] < '0' || s[1] > '7' ||
	    s[2] < '0' || s[2] > '7')
		return -1;
	return (s[0] - '0') * 64 + (s[1] - '0') * 8 + (s[2] - '0');
}

/* What the escape at s, behind its backslash, stands for; its length. */
static size_t
escape_value(const char *s, char *out)
{
	static const char letters[] = "abfnrtv\\\"";
	static const char values[] = "\a\b\f\n\r\t\v\\\"";
	const char *hit = *s != '\0' ? strchr(letters, *s) : NULL;
	int n = octal(s);

	if (hit != NULL) {
		*out = values[hit - letters];
		return 1;
	}
	*out = (char)n;
	return n != -1 ? 3 : 0;
}

/*
 * Undo the quoting of C at s, which begins with '"', where it stands.
 * Returns what follows the closing quote, or NULL, and then nothing has
 * changed: the first pass only looks.
 */
static char *
unquote(char *s)
{
	char *in, *out, c;
	size_t n;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		out = s;
		for (in = s + 1; *in != '"'; in += n) {
			n = 1;
			c = *in;
			if (c == '\\') {
				n = escape_value(in + 1, &c);
				if (n == 0)
					return NULL;
				n++;
			} else if (c == '\0')
				return NULL;
			if (pass == 1)
				*out++ = c;
		}
	}
	*out = '\0';
	return in + 1;
}

static bool
name_valid(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') ||
			(s[i] >= 'A' && s[i] <= 'Z') ||
			(s[i] >= '0' && s[i] <= '9') ||
			(s[i] != '\0' && strchr("-._", s[i]) != NULL)))
			return false;
	return len != 0 && s[0] != '-';
}

/* Take one setting off s.  Returns what follows it; cuts nothing. */
static char *
setting_at(struct setting *set, char *s)
{
	size_t len = strcspn(s, BLANK), name = strcspn(s, "=" BLANK);

	set->state = s[name] == '=' ? ATTR_VALUE : ATTR_SET;
	set->value = s[name] == '=' ? s + name + 1 : NULL;
	set->name = s;
	set->len = name;
	if (*s == '-' || *s == '!') {
		set->state = *s == '-' ? ATTR_UNSET : ATTR_UNSPECIFIED;
		set->value = NULL;
		set->name++;
		set->len--;
	}
	return s + len;
}

bool
line_setting(struct setting *set, char **rest)
{
	char *s = *rest;

	if (*s == '\0')
		return false;
	*rest = setting_at(set, s);
	/* The value ends here; the name may lose the byte behind it. */
	if (**rest != '\0')
		*(*rest)++ = '\0';
	*rest += strspn(*rest, BLANK);
	return true;
}

/* "[attr]name": leaves the name. */
static bool
macro_name(struct line *line)
{
	char *s = line->pattern + strlen(MACRO);

	s += strspn(s, BLANK);
	s[strcspn(s, BLANK)] = '\0';
	line->pattern = s;
	return name_valid(s, strlen(s));
}

bool
line_parse(struct line *line, char *text)
{
	struct setting set;
	char *s = text + strspn(text, BLANK), *quoted, *end;

	if (*s == '\0' || *s == '#' || strlen(text) >= LINE_MAX_BYTES)
		return false;
	quoted = *s == '"' ? unquote(s) : NULL;
	end = quoted != NULL ? quoted : s + strcspn(s, BLANK);
	line->rest = end + strspn(end, BLANK);
	line->pattern = s;
	/* One bad name spoils the line. */
	for (s = line->rest; *s != '\0'; s += strspn(s, BLANK)) {
		s = setting_at(&set, s);
		if (!name_valid(set.name, set.len))
			return false;
	}
	if (quoted == NULL)
		*end = '\0';
	s = line->pattern;
	line->macro =
	    strncmp(s, MACRO, strlen(MACRO)) == 0 && s[strlen(MACRO)] != '\0';
	/* '!' would exclude, which attributes do not know. */
	return line->macro ? macro_name(line) : *s != '!';
}
