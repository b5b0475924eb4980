#include "ui_priv.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "kelpie/rules.h"

char *
text_size(char *out, uint64_t bytes)
{
	static const char *const units[] = {"KB", "MB", "GB"};
	uint64_t unit = 1000, tenths;
	size_t i = 0;

	if (bytes < 1000) {
		(void)snprintf(out, NUMBER_MAX, "%u B", (unsigned)bytes);
		return out;
	}
	for (; i < 2 && bytes / unit >= 1000; i++)
		unit *= 1000;
	tenths = bytes / (unit / 10);
	if (tenths < 1000)
		(void)snprintf(out, NUMBER_MAX, "%u.%u %s",
		    (unsigned)(tenths / 10), (unsigned)(tenths % 10), units[i]);
	else
		(void)snprintf(out, NUMBER_MAX, "%ju %s",
		    (uintmax_t)(tenths / 10), units[i]);
	return out;
}

char *
text_time(char *out, uint64_t ms)
{
	uintmax_t s = ms / 1000;

	if (ms < 100)
		(void)snprintf(out, NUMBER_MAX, "%ju ms", (uintmax_t)ms);
	else if (s < 10)
		(void)snprintf(out, NUMBER_MAX, "%ju.%u s", s,
		    (unsigned)(ms % 1000 / 100));
	else if (s < 120)
		(void)snprintf(out, NUMBER_MAX, "%ju s", s);
	else
		(void)snprintf(out, NUMBER_MAX, "%ju min %ju s", s / 60,
		    s % 60);
	return out;
}

/* Is what stands behind a host's colon a port, or the end of a sentence? */
static bool
is_port(const char *s, size_t len)
{
	size_t n = strspn(s, "0123456789");

	return n + strspn(s + n, ":,.;)>]'\"") >= len;
}

/*
 * The length of the user and password at s, just behind "://".  By RFC 3986
 * the authority ends at the first of "/?#", but a password that should have
 * been percent-encoded may hold these, or a space; and the message may have
 * been cut off before the '@'.  In doubt too much is taken away.
 */
static size_t
userinfo(const char *s)
{
	static const char end[] = "/?# \t\r\n";
	size_t len = strcspn(s, end);
	const char *at = memrchr(s, '@', len), *colon = memchr(s, ':', len);

	if (at != NULL)
		return (size_t)(at - s) + 1;
	if (colon == NULL || *s == '[')
		return 0;
	colon++;
	if (is_port(colon, len - (size_t)(colon - s)))
		return 0;
	at = strchr(s + len, '@');
	if (at == NULL)
		return s[len] == '\0' ? len : 0;
	len = (size_t)(at - s) + strcspn(at, end);
	at = memrchr(s, '@', len);
	return at != NULL ? (size_t)(at - s) + 1 : len;
}

void
text_redact(char *s)
{
	size_t len;

	while ((s = strstr(s, "://")) != NULL) {
		s += strlen("://");
		len = userinfo(s);
		memmove(s, s + len, strlen(s + len) + 1);
	}
}

/* The bytes of the character at s, with the columns it takes; -1: none. */
static size_t
next(const char *s, int *width)
{
	mbstate_t state = {0};
	wchar_t wc;
	size_t n = mbrtowc(&wc, s, MB_CUR_MAX, &state);

	if (n == 0 || n > MB_CUR_MAX) {
		*width = -1;
		return 1;
	}
	*width = wcwidth(wc);
	return n;
}

char *
text_screen(const char *s)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	size_t n, i, size = 4 * strlen(s) + 1;
	char *raw = xstrdup(s), *clean = xmalloc(size);
	struct buf out = {0};
	int width;

	text_redact(raw);
	(void)escape(clean, size, raw);
	free(raw);
	for (s = clean; *s != '\0'; s += n) {
		n = next(s, &width);
		if (width >= 0 && (utf8 || (*s & 0x80) == 0))
			buf_add(&out, s, n);
		else
			for (i = 0; i < n; i++)
				buf_printf(&out, "\\x%02x",
				    (unsigned)(s[i] & 0xff));
	}
	free(clean);
	buf_puts(&out, "");
	return out.data;
}

size_t
text_width(const char *s)
{
	size_t sum = 0;
	int width;

	while (*s != '\0') {
		s += next(s, &width);
		sum += width > 0 ? (size_t)width : 0;
	}
	return sum;
}

/* The bytes at the start of s that fit into width columns. */
static size_t
head(const char *s, size_t width, size_t *used)
{
	size_t len = 0, n;
	int w;

	for (*used = 0; s[len] != '\0'; len += n) {
		n = next(s + len, &w);
		if (w > 0 && *used + (size_t)w > width)
			break;
		*used += w > 0 ? (size_t)w : 0;
	}
	return len;
}

/* The longest end of s that fits into width columns. */
static const char *
tail(const char *s, size_t width)
{
	size_t wide = text_width(s), n;
	int w;

	for (; *s != '\0'; s += n) {
		n = next(s, &w);
		/* An accent must not land on the dots. */
		if (wide <= width && w != 0)
			break;
		wide -= w > 0 ? (size_t)w : 0;
	}
	return s;
}

size_t
text_fit(struct buf *b, const char *s, size_t width)
{
	size_t len, used, dots = width < 5 ? 0 : 3;
	const char *end;

	if (text_width(s) <= width) {
		buf_puts(b, s);
		return text_width(s);
	}
	len = head(s, dots == 0 ? width : (width - dots + 1) / 2, &used);
	buf_add(b, s, len);
	if (dots == 0)
		return used;
	end = tail(s, width - dots - used);
	buf_printf(b, "...%s", end);
	return used + dots + text_width(end);
}

size_t
text_rows(const char *s, size_t cols)
{
	size_t rows = 0, col = 0;
	int w;

	while (*s != '\0') {
		if (*s == '\n') {
			rows++;
			col = 0;
			s++;
			continue;
		}
		s += next(s, &w);
		/* A wide character that does not fit begins the next row. */
		if (w > 0 && col + (size_t)w > cols && col != 0) {
			rows++;
			col = 0;
		}
		col += w > 0 ? (size_t)w : 0;
	}
	return rows;
}

int
text_write(int fd, const char *s, size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	ssize_t n;

	while (len != 0) {
		n = write(fd, s, len);
		if (n == -1 && errno == EAGAIN)
			(void)poll(&p, 1, -1);
		else if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0) {
			s += n;
			len -= (size_t)n;
		}
	}
	return 0;
}
