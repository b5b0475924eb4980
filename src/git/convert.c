#include "kelpie/git/convert.h"

#include <string.h>

#include "kelpie/buf.h"

/*
 * What happens to line ends on the way out.  The other actions that git has
 * (LF, binary, nothing said) leave a blob as it is on this side, as long as
 * neither core.autocrlf nor core.eol is set.
 */
enum eol_action { EOL_KEEP, EOL_CRLF, EOL_CRLF_IF_TEXT };

/* What "text" or its old form "crlf" says. */
enum text { TEXT_UNSAID, TEXT_YES, TEXT_NO, TEXT_AUTO };

/* The counts that tell text from binary (gitattributes(5), "text"). */
struct stats {
	size_t nul, lone_cr, lone_lf, crlf, printable, nonprintable;
};

static bool
value_is(const struct attr_value *v, const char *value)
{
	return v->state == ATTR_VALUE && strcmp(v->value, value) == 0;
}

static enum text
text_said(const struct attr_value *v)
{
	if (v->state == ATTR_SET || value_is(v, "input"))
		return TEXT_YES;
	if (v->state == ATTR_UNSET)
		return TEXT_NO;
	return value_is(v, "auto") ? TEXT_AUTO : TEXT_UNSAID;
}

static enum eol_action
eol_action(const struct attr_value attr[ATTR_COUNT])
{
	enum text text = text_said(&attr[ATTR_TEXT]);

	if (text == TEXT_UNSAID)
		text = text_said(&attr[ATTR_CRLF]);
	if (text == TEXT_NO || !value_is(&attr[ATTR_EOL], "crlf"))
		return EOL_KEEP;
	return text == TEXT_AUTO ? EOL_CRLF_IF_TEXT : EOL_CRLF;
}

static void
count_byte(struct stats *s, unsigned char c)
{
	s->nul += c == '\0';
	if ((c >= ' ' && c != 127) || c == '\b' || c == '\t' || c == '\f' ||
	    c == '\033')
		s->printable++;
	else
		s->nonprintable++;
}

static struct stats
count(const char *data, size_t len)
{
	struct stats s = {0};
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == '\n')
			s.lone_lf++;
		else if (data[i] != '\r')
			count_byte(&s, (unsigned char)data[i]);
		else if (i + 1 < len && data[i + 1] == '\n') {
			s.crlf++;
			i++;
		} else
			s.lone_cr++;
	}
	/* An old end-of-file mark does not make a text binary. */
	if (len != 0 && data[len - 1] == '\032')
		s.nonprintable--;
	return s;
}

static bool
crlf_wanted(const char *data, size_t len, enum eol_action action)
{
	struct stats s;

	if (action == EOL_KEEP)
		return false;
	s = count(data, len);
	if (s.lone_lf == 0)
		return false;
	if (action == EOL_CRLF)
		return true;
	return s.lone_cr == 0 && s.crlf == 0 && s.nul == 0 &&
	    s.printable / 128 >= s.nonprintable;
}

static void
add_crlf(struct buf *out, const char *data, size_t len)
{
	const char *nl, *start = data, *end = data + len;

	while ((nl = memchr(data, '\n', (size_t)(end - data))) != NULL) {
		buf_add(out, data, (size_t)(nl - data));
		buf_puts(out, nl > start && nl[-1] == '\r' ? "\n" : "\r\n");
		data = nl + 1;
	}
	buf_add(out, data, (size_t)(end - data));
}

/*
 * The end of the "$Id$" or "$Id: ... $" whose '$' is before s, NULL if this
 * is none.  One with a space inside was written by another system, and git
 * keeps it, as well as one that goes over a line.
 */
static const char *
ident_end(const char *s, const char *end)
{
	const char *dollar, *space;

	if (end - s < 3 || memcmp(s, "Id", 2) != 0)
		return NULL;
	if (s[2] == '$')
		return s + 3;
	if (s[2] != ':')
		return NULL;
	s += 3;
	dollar = memchr(s, '$', (size_t)(end - s));
	if (dollar == NULL || memchr(s, '\n', (size_t)(dollar - s)) != NULL)
		return NULL;
	/* The byte behind the colon may be anything. */
	space =
	    dollar > s ? memchr(s + 1, ' ', (size_t)(dollar - s - 1)) : NULL;
	return space != NULL && space < dollar - 1 ? NULL : dollar + 1;
}

/* Returns false and leaves out alone if there is no $Id$. */
static bool
expand_ident(struct buf *out, const char *data, size_t len, const char *id)
{
	const char *s = data, *done = data, *end = data + len, *after;

	while ((s = memchr(s, '$', (size_t)(end - s))) != NULL) {
		s++;
		after = ident_end(s, end);
		if (after == NULL)
			continue;
		buf_add(out, done, (size_t)(s - done));
		buf_printf(out, "Id: %s $", id);
		s = done = after;
	}
	if (done == data)
		return false;
	buf_add(out, done, (size_t)(end - done));
	return true;
}

bool
convert_to_worktree(struct buf *out, const char *data, size_t len,
    const char *id, const struct attr_value attr[ATTR_COUNT])
{
	enum eol_action action = eol_action(attr);
	struct buf b = {0};
	bool expanded;

	if (len == 0)
		return false;
	expanded = attr[ATTR_IDENT].state == ATTR_SET &&
	    expand_ident(&b, data, len, id);
	if (expanded) {
		data = b.data;
		len = b.len;
	}
	if (crlf_wanted(data, len, action))
		add_crlf(out, data, len);
	else if (expanded)
		buf_add(out, data, len);
	else
		return false;
	buf_free(&b);
	return true;
}
