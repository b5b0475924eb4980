#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "git/subst_priv.h"
#include "kelpie/buf.h"
#include "kelpie/git/convert.h"

#define START "$Format:"
#define ID_SHORT 7

struct expand {
	struct subst *subst;
	struct commit commit;
	struct buf *out;
	size_t start; /* what was in out before belongs to the caller */
};

/* "xHH" */
static size_t
hex_byte(struct expand *x, const char *s)
{
	char hex[3] = {0};
	char c;

	if (!isxdigit((unsigned char)s[1]) || !isxdigit((unsigned char)s[2]))
		return 0;
	memcpy(hex, s + 1, 2);
	c = (char)strtoul(hex, NULL, 16);
	buf_add(x->out, &c, 1);
	return 3;
}

/* Who signed takes the signer's key; that nobody did can be said. */
static size_t
signature(struct expand *x, char what)
{
	if (what == '\0' || strchr("G?SKFPT", what) == NULL)
		return 0;
	if (x->commit.is_signed)
		x->subst->left_out = true;
	else if (what == '?')
		buf_puts(x->out, "N");
	else if (what == 'T')
		buf_puts(x->out, "undefined");
	return 2;
}

static void
parents(struct expand *x, size_t digits)
{
	const struct piece *p = &x->commit.parents;
	size_t i;

	for (i = 0; i < p->len; i += PARENT_LINE) {
		if (i != 0)
			buf_puts(x->out, " ");
		buf_add(x->out, p->s + i + strlen("parent "), digits);
	}
}

static void
piece_add(struct buf *out, struct piece p, size_t max)
{
	buf_add(out, p.s, p.len < max ? p.len : max);
}

/* Placeholders of one letter.  Returns 0 if it is none of them. */
static size_t
letter(struct expand *x, char c)
{
	const struct commit *m = &x->commit;
	struct piece id = {x->subst->id, strlen(x->subst->id)};

	switch (c) {
	case 'H':
	case 'h':
		piece_add(x->out, id, c == 'H' ? ID_HEX : ID_SHORT);
		return 1;
	case 'T':
	case 't':
		piece_add(x->out, m->tree, c == 'T' ? ID_HEX : ID_SHORT);
		return 1;
	case 'P':
	case 'p':
		parents(x, c == 'P' ? ID_HEX : ID_SHORT);
		return 1;
	case 'd':
	case 'D':
		x->subst->left_out = true;
		return 1;
	case 'm':
		buf_puts(x->out, ">");
		return 1;
	case 'n':
		buf_puts(x->out, "\n");
		return 1;
	default:
		return 0;
	}
}

/* The same for what the message says. */
static size_t
message_letter(struct expand *x, char c)
{
	const struct commit *m = &x->commit;

	switch (c) {
	case 'B':
		if (m->message.len != 0)
			buf_add(x->out, m->message.s + 1, m->message.len - 1);
		return 1;
	case 'b':
		piece_add(x->out, m->body, m->body.len);
		return 1;
	case 'e':
		piece_add(x->out, m->encoding, m->encoding.len);
		return 1;
	case 'f':
		subject_add_name(x->out, m);
		return 1;
	case 's':
		subject_add(x->out, m);
		return 1;
	default:
		return letter(x, c);
	}
}

/* Expand what follows a '%'.  Returns its length, 0: no placeholder. */
static size_t
placeholder(struct expand *x, const char *s)
{
	switch (*s) {
	case 'x':
		return hex_byte(x, s);
	case 'C':
	case 'w':
	case '<':
	case '>':
	case '(':
		return subst_skip(x->subst, s);
	case 'a':
		return person_add(x->out, x->commit.author, s[1],
		    &x->subst->left_out);
	case 'c':
		return person_add(x->out, x->commit.committer, s[1],
		    &x->subst->left_out);
	case 'g': /* the reflog, which an archive has not */
		return s[1] != '\0' && strchr("dDsnNeE", s[1]) ? 2 : 0;
	case 'G':
		return signature(x, s[1]);
	default:
		return message_letter(x, *s);
	}
}

/*
 * The same with '+', '-' or ' ' before it: put a line break or a space
 * before it unless it is empty, take line breaks away if it is.
 */
static size_t
item(struct expand *x, const char *s)
{
	struct buf *out = x->out;
	size_t before = out->len, n;
	char c = *s == '+' ? '\n' : *s;

	if (*s != '+' && *s != '-' && *s != ' ')
		return placeholder(x, s);
	if (s[1] == 'w')
		return 0;
	n = placeholder(x, s + 1);
	if (out->len == before) {
		while (c == '-' && out->len > x->start &&
		    out->data[out->len - 1] == '\n')
			out->data[--out->len] = '\0';
	} else if (c != '-') {
		buf_add(out, &c, 1);
		memmove(out->data + before + 1, out->data + before,
		    out->len - before - 1);
		out->data[before] = c;
	}
	return n + 1;
}

static bool
full(const struct expand *x)
{
	return x->subst->max != 0 && x->out->len - x->start > x->subst->max;
}

static void
expand(struct expand *x, const char *format)
{
	const char *s;
	size_t n;

	while (!full(x) && (s = strchr(format, '%')) != NULL) {
		buf_add(x->out, format, (size_t)(s - format));
		s++;
		n = *s == '%' ? 0 : item(x, s);
		if (n == 0)
			buf_puts(x->out, "%");
		format = s + (*s == '%' ? 1 : n);
	}
	buf_puts(x->out, format);
}

/* The '$' that ends the "$Format:" at s, if there is one. */
static const char *
format_end(const char *s, const char *end)
{
	s += strlen(START);
	return memchr(s, '$', (size_t)(end - s));
}

bool
subst_expand(struct subst *subst, struct buf *out, const char *data, size_t len)
{
	struct expand x = {.subst = subst, .out = out, .start = out->len};
	const char *end = data + len, *s, *dollar;
	bool any = false;
	char *format;

	while (len != 0) {
		s = memmem(data, (size_t)(end - data), START, strlen(START));
		dollar = s != NULL ? format_end(s, end) : NULL;
		if (dollar == NULL)
			break;
		if (!any)
			commit_parse(&x.commit, subst->raw, subst->len);
		any = true;
		buf_add(out, data, (size_t)(s - data));
		s += strlen(START);
		format = xstrndup(s, (size_t)(dollar - s));
		expand(&x, format);
		free(format);
		data = dollar + 1;
	}
	if (any)
		buf_add(out, data, (size_t)(end - data));
	return any;
}
