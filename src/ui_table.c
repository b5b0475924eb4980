#include <stdlib.h>
#include <unistd.h>

#include "ui_priv.h"

#define BETWEEN 2
#define LEAST 7 /* of a column that gives way: the start of a commit id */

/* The columns together are to have this width, as far as that can be. */
static void
shrink(size_t *width, size_t columns, size_t room)
{
	size_t sum = BETWEEN * (columns - 1), widest;

	for (size_t k = 0; k < columns; k++)
		sum += width[k];
	for (; sum > room; sum--) {
		widest = 0;
		for (size_t k = 1; k < columns; k++)
			if (width[k] > width[widest])
				widest = k;
		if (width[widest] <= LEAST)
			return;
		width[widest]--;
	}
}

static void
say_row(struct out *out, char *const *cell, const size_t *width, size_t columns)
{
	struct buf b = {0};
	size_t used, last = 0;

	for (size_t k = 0; k < columns; k++)
		if (cell[k][0] != '\0')
			last = k;
	for (size_t k = 0; k <= last; k++) {
		used = text_fit(&b, cell[k], width[k]);
		if (k < last)
			buf_printf(&b, "%*s", (int)(width[k] - used + BETWEEN),
			    "");
	}
	buf_puts(&b, "\n");
	/* Its cells are fit for the screen, and once is enough. */
	out_write(out, STDOUT_FILENO, b.data, b.len);
	buf_free(&b);
}

void
table_say(struct out *out, const char *const *cells, size_t rows,
    size_t columns)
{
	char **text = xcalloc(rows * columns, sizeof(*text));
	size_t *width = xcalloc(columns, sizeof(*width));
	size_t lines, room, i;

	for (i = 0; i < rows * columns; i++) {
		text[i] = text_screen(cells[i]);
		if (text_width(text[i]) > width[i % columns])
			width[i % columns] = text_width(text[i]);
	}
	if (out->tty[STDOUT_FILENO]) {
		live_window(STDOUT_FILENO, &lines, &room);
		shrink(width, columns, room);
	}
	for (i = 0; i < rows; i++)
		say_row(out, text + i * columns, width, columns);
	for (i = 0; i < rows * columns; i++)
		free(text[i]);
	free(text);
	free(width);
}
