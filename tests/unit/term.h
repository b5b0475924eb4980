/*
 * term.h - a terminal small enough to be right, for tests of live lines.
 *
 * Knows the few sequences that kelpie may use and calls all others odd.
 * Rows are kept for ever, those above the window too, and a change of width
 * wraps lines anew, as tmux and most emulators do.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define TERM_ROWS 1000
#define TERM_COLS 200

struct term_row {
	wchar_t cell[TERM_COLS]; /* 0: the right half of a wide character */
	bool wrapped; /* goes on in the next row */
};

struct term {
	struct term_row row[TERM_ROWS];
	size_t w, h, top, x, y; /* the cursor; y counts from the first row */
	size_t wraps, odd, colors; /* how often that was seen */
};

static inline void
term_blank(struct term_row *r, size_t from)
{
	for (; from < TERM_COLS; from++)
		r->cell[from] = L' ';
	r->wrapped = false;
}

static inline void
term_init(struct term *t, size_t w, size_t h)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	t->w = w;
	t->h = h;
	for (i = 0; i < TERM_ROWS; i++)
		term_blank(&t->row[i], 0);
}

static inline void
term_down(struct term *t)
{
	if (t->y + 1 < TERM_ROWS)
		t->y++;
	if (t->y >= t->top + t->h)
		t->top = t->y - t->h + 1;
}

static inline void
term_put(struct term *t, wchar_t c)
{
	int n = wcwidth(c);
	size_t width = n > 0 ? (size_t)n : 0;

	if (n < 0)
		t->odd++;
	if (width == 0)
		return;
	if (t->x + width > t->w) {
		t->row[t->y].wrapped = true;
		t->wraps++;
		t->x = 0;
		term_down(t);
	}
	t->row[t->y].cell[t->x++] = c;
	if (width == 2)
		t->row[t->y].cell[t->x++] = 0;
}

/* The sequence behind ESC; returns its length. */
static inline size_t
term_escape(struct term *t, const char *s)
{
	char *end;
	size_t i, n;
	bool wrapped;

	if (s[0] != '[') {
		t->odd++;
		return 1;
	}
	n = strtoul(s + 1, &end, 10);
	switch (*end) {
	case 'A':
		t->y = t->y - t->top < n ? t->top : t->y - n;
		break;
	case 'J':
		for (i = t->y + 1; i < TERM_ROWS; i++)
			term_blank(&t->row[i], 0);
		term_blank(&t->row[t->y], t->x);
		break;
	case 'K':
		/* Some go on thinking that the row is a part of a line. */
		wrapped = t->row[t->y].wrapped;
		term_blank(&t->row[t->y], t->x);
		t->row[t->y].wrapped = wrapped;
		break;
	case 'm':
		t->colors++;
		break;
	default:
		t->odd++;
	}
	return (size_t)(end - s) + 1;
}

static inline void
term_feed(struct term *t, const char *s, size_t len)
{
	mbstate_t state = {0};
	wchar_t wc;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (s[i] == '\r') {
			t->x = 0;
		} else if (s[i] == '\n') {
			term_down(t);
		} else if (s[i] == '\033') {
			n += term_escape(t, s + i + 1);
		} else {
			n = mbrtowc(&wc, s + i, len - i, &state);
			if (n == 0 || n > len - i) {
				t->odd++;
				return;
			}
			term_put(t, wc);
		}
	}
}

/* Where the text in a row ends. */
static inline size_t
term_end(const struct term_row *r)
{
	size_t n = TERM_COLS;

	while (n > 0 && r->cell[n - 1] == L' ')
		n--;
	return n;
}

/* The cursor has to be at the start of a line. */
static inline void
term_resize(struct term *t, size_t w, size_t h)
{
	struct term *old = malloc(sizeof(*old));
	size_t i, k, y = 0, end;

	if (old == NULL)
		abort();
	*old = *t;
	term_init(t, w, h);
	t->wraps = old->wraps;
	for (i = 0; i < TERM_ROWS; i++) {
		if (i == old->y)
			y = t->y;
		end = old->row[i].wrapped ? old->w : term_end(&old->row[i]);
		for (k = 0; k < end; k++)
			if (old->row[i].cell[k] != 0)
				term_put(t, old->row[i].cell[k]);
		if (!old->row[i].wrapped) {
			t->x = 0;
			if (t->y + 1 < TERM_ROWS)
				t->y++;
		}
	}
	t->x = 0;
	t->y = y;
	t->top = y >= h ? y - h + 1 : 0;
	t->wraps = old->wraps;
	t->odd = old->odd;
	free(old);
}

/* The rows from the first one on, each with "\n", without blank ones at the
 * end. */
static inline const char *
term_text(const struct term *t, size_t first)
{
	static char out[TERM_ROWS * 64];
	size_t i, k, end, len = 0, keep = 0;
	char mb[16];
	int n;

	for (i = first; i < TERM_ROWS; i++) {
		end = term_end(&t->row[i]);
		for (k = 0; k < end; k++) {
			if (t->row[i].cell[k] == 0)
				continue;
			n = wctomb(mb, t->row[i].cell[k]);
			if (n < 1 || len + 20 > sizeof(out))
				break;
			memcpy(out + len, mb, (size_t)n);
			len += (size_t)n;
		}
		if (len + 20 < sizeof(out))
			out[len++] = '\n';
		if (end != 0)
			keep = len;
	}
	out[keep] = '\0';
	return out;
}

/* What is in the window. */
static inline const char *
term_screen(const struct term *t)
{
	return term_text(t, t->top);
}

/* With what has scrolled away above it. */
static inline const char *
term_all(const struct term *t)
{
	return term_text(t, 0);
}

#endif
