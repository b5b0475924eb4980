#include <ctype.h>
#include <string.h>

#include "git/subst_priv.h"
#include "kelpie/buf.h"

bool
git_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct piece
skip(struct piece p, size_t n)
{
	return (struct piece){p.s + n, p.len - n};
}

/* The first line of p without its '\n'. */
static struct piece
line_of(struct piece p)
{
	const char *nl = p.len != 0 ? memchr(p.s, '\n', p.len) : NULL;

	if (nl != NULL)
		p.len = (size_t)(nl - p.s);
	return p;
}

static struct piece
behind_line(struct piece p, struct piece line)
{
	return skip(p, line.len < p.len ? line.len + 1 : line.len);
}

static struct piece
trim_end(struct piece p)
{
	while (p.len != 0 && git_space(p.s[p.len - 1]))
		p.len--;
	return p;
}

static struct piece
skip_blank_lines(struct piece p)
{
	struct piece line;

	while (p.len != 0) {
		line = line_of(p);
		if (trim_end(line).len != 0)
			break;
		p = behind_line(p, line);
	}
	return p;
}

/* "key" and an id and '\n' at the start of p. */
static bool
id_line(struct piece p, const char *key)
{
	size_t n = strlen(key), i;

	if (p.len < n + ID_HEX + 1 || memcmp(p.s, key, n) != 0 ||
	    p.s[n + ID_HEX] != '\n')
		return false;
	for (i = n; i < n + ID_HEX; i++)
		if (!isxdigit((unsigned char)p.s[i]))
			return false;
	return true;
}

static bool
header(struct piece line, const char *key, struct piece *value)
{
	size_t n = strlen(key);

	if (line.len < n || memcmp(line.s, key, n) != 0)
		return false;
	*value = skip(line, n);
	return true;
}

/* The other headers, up to the empty line.  Returns what is left. */
static struct piece
headers(struct commit *c, struct piece p)
{
	struct piece line, value;

	while (p.len != 0 && *p.s != '\n') {
		line = line_of(p);
		(void)(header(line, "author ", &c->author) ||
		    header(line, "committer ", &c->committer));
		if (c->encoding.s == NULL)
			(void)header(line, "encoding ", &c->encoding);
		c->is_signed |= header(line, "gpgsig ", &value);
		p = behind_line(p, line);
	}
	return p;
}

void
commit_parse(struct commit *c, const char *raw, size_t len)
{
	struct piece p = {raw, strnlen(raw, len)}, line;

	*c = (struct commit){0};
	if (id_line(p, "tree ")) {
		c->tree = (struct piece){p.s + 5, ID_HEX};
		p = skip(p, 5 + ID_HEX + 1);
	}
	c->parents.s = p.s;
	while (id_line(p, "parent ")) {
		c->parents.len += PARENT_LINE;
		p = skip(p, PARENT_LINE);
	}
	c->message = headers(c, p);
	p = skip_blank_lines(c->message);
	c->subject = p;
	while (p.len != 0) {
		line = line_of(p);
		if (trim_end(line).len == 0)
			break;
		p = behind_line(p, line);
	}
	c->subject.len = (size_t)(p.s - c->subject.s);
	c->body = skip_blank_lines(p);
}

void
subject_add(struct buf *out, const struct commit *c)
{
	struct piece p = c->subject, line, text;

	while (p.len != 0) {
		line = line_of(p);
		text = trim_end(line);
		if (p.s != c->subject.s)
			buf_puts(out, " ");
		buf_add(out, text.s, text.len);
		p = behind_line(p, line);
	}
}

static bool
in_file_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '_';
}

void
subject_add_name(struct buf *out, const struct commit *c)
{
	struct piece line = line_of(c->subject);
	size_t i, end = out->len, start = end;
	bool gap = false;

	for (i = 0; i < line.len; i++) {
		if (!in_file_name(line.s[i])) {
			gap = true;
			continue;
		}
		/* Of several dots one remains. */
		if (line.s[i] == '.' && !gap && i != 0 && line.s[i - 1] == '.')
			continue;
		if (gap && out->len != start)
			buf_puts(out, "-");
		gap = false;
		buf_add(out, line.s + i, 1);
		if (line.s[i] != '.')
			end = out->len;
	}
	if (out->len != start) {
		out->len = end;
		out->data[end] = '\0';
	}
}
