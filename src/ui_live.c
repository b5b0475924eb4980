#include "ui_priv.h"

#include <sys/ioctl.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPAINT_MS 100
/* Sooner after a line that stays, or the block would seem to blink. */
#define RESTORE_MS 20

/* Columns of a phase in words, and of the bar with its brackets. */
#define PHASE_WIDTH 22
#define BAR_CELLS 10
#define BAR_WIDTH (BAR_CELLS + 2)
/* Names give way to the bar until so many columns are left to them. */
#define NAME_WIDTH 24
/* In less than this there is room for a name and nothing else. */
#define NARROW 20

void
live_open(struct live *l, int fd, bool color, uint64_t now)
{
	*l = (struct live){.on = true, .fd = fd, .color = color};
	l->start = l->last = now;
}

static struct live_job *
find(struct live *l, uint32_t id)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

void
live_stop(struct live *l, uint32_t id)
{
	struct live_job *j = find(l, id);
	size_t i;

	if (j == NULL)
		return;
	l->received += j->received;
	free(j->name);
	l->n--;
	for (i = (size_t)(j - l->v); i < l->n; i++)
		l->v[i] = l->v[i + 1];
}

void
live_start(struct live *l, uint32_t id, const char *name)
{
	struct live_job j = {.id = id, .phase = PHASE_CONNECT};
	size_t width;

	if (!l->on)
		return;
	live_stop(l, id);
	j.name = text_screen(name);
	width = text_width(j.name);
	if (width > l->name_width)
		l->name_width = width;
	if (l->n == l->cap) {
		l->cap = l->cap != 0 ? 2 * l->cap : 32;
		l->v = xreallocarray(l->v, l->cap, sizeof(*l->v));
	}
	l->v[l->n++] = j;
}

void
live_progress(struct live *l, uint32_t id, enum phase phase, uint64_t done,
    uint64_t total)
{
	struct live_job *j = find(l, id);

	if (j == NULL)
		return;
	j->phase = phase;
	j->done = done;
	j->total = total;
	if (phase == PHASE_RECEIVE && done > j->received)
		j->received = done;
}

static unsigned
percent(uint64_t done, uint64_t total)
{
	if (done >= total)
		return 100;
	return (unsigned)((double)done / (double)total * 100);
}

static void
phase_words(struct buf *b, const struct live_job *j)
{
	char size[NUMBER_MAX];

	switch (j->phase) {
	case PHASE_CONNECT:
		buf_puts(b, "connecting");
		return;
	case PHASE_RESOLVE:
		buf_puts(b, "resolving");
		return;
	case PHASE_RECEIVE:
		buf_printf(b, "receiving %s", text_size(size, j->done));
		break;
	case PHASE_UNPACK:
		buf_printf(b, "unpacking %" PRIu64, j->done);
		if (j->total != 0)
			buf_printf(b, "/%" PRIu64, j->total);
		break;
	}
	if (j->total != 0)
		buf_printf(b, " %u%%", percent(j->done, j->total));
}

/* Phase and bar, in width columns. */
static void
job_phase(struct buf *b, const struct live_job *j, size_t width)
{
	struct buf words = {0};
	size_t len;
	int cells;

	phase_words(&words, j);
	len = words.len < width ? words.len : width;
	buf_add(b, words.data, len);
	if (j->total != 0 && len <= PHASE_WIDTH &&
	    width > PHASE_WIDTH + BAR_WIDTH) {
		cells = (int)percent(j->done, j->total) * BAR_CELLS / 100;
		buf_printf(b, "%*s[%-*.*s]", (int)(PHASE_WIDTH + 1 - len), "",
		    BAR_CELLS, cells, "==========");
	}
	buf_free(&words);
}

/* End a line: to *out as it is painted, to *shown as it is remembered. */
static void
end_line(struct buf *out, struct buf *shown, const struct buf *line,
    size_t dim_from, bool color)
{
	const char *s = line->len != 0 ? line->data : "";

	if (color && dim_from < line->len) {
		buf_add(out, s, dim_from);
		buf_printf(out, "\033[2m%s\033[0m", s + dim_from);
	} else {
		buf_add(out, s, line->len);
	}
	buf_puts(out, "\033[K\n");
	buf_add(shown, s, line->len);
	buf_puts(shown, "\n");
}

/* The columns for names, of width in all. */
static size_t
name_column(const struct live *l, size_t width)
{
	size_t rest = PHASE_WIDTH + 2, room;

	if (width >= NAME_WIDTH + rest + 1 + BAR_WIDTH)
		rest += 1 + BAR_WIDTH;
	room = width > rest ? width - rest : 0;
	if (room < width / 3)
		room = width / 3;
	return l->name_width < room ? l->name_width : room;
}

static void
job_line(struct buf *line, const struct live *l, const struct live_job *j,
    size_t width, size_t *dim_from)
{
	size_t gap, name = name_column(l, width);

	*dim_from = SIZE_MAX;
	if (width < NARROW) {
		(void)text_fit(line, j->name, width);
		return;
	}
	gap = name + 2 - text_fit(line, j->name, name);
	buf_printf(line, "%*s", (int)gap, "");
	*dim_from = line->len;
	job_phase(line, j, width - name - 2);
}

static void
total_line(struct buf *line, const struct live *l, size_t width)
{
	uint64_t bytes = l->received, ms = l->last - l->start;
	char num[NUMBER_MAX];
	size_t i, all = l->finished + l->n;

	for (i = 0; i < l->n; i++)
		bytes += l->v[i].received;
	buf_printf(line, "[%zu/%zu] %zu running", l->finished,
	    all > l->todo ? all : l->todo, l->n);
	if (bytes != 0)
		buf_printf(line, ", %s", text_size(num, bytes));
	if (ms < 10000)
		buf_printf(line, ", %u s", (unsigned)(ms / 1000));
	else
		buf_printf(line, ", %s", text_time(num, ms));
	if (line->len > width) {
		line->len = width;
		line->data[width] = '\0';
	}
}

/* Draw what fits into so many lines of so many columns. */
static void
draw(const struct live *l, struct buf *out, struct buf *shown, size_t lines,
    size_t width)
{
	size_t i, dim_from = SIZE_MAX, jobs = l->n;
	struct buf line = {0};

	if (jobs > lines - 1)
		jobs = lines > 2 ? lines - 2 : 0;
	for (i = 0; i < jobs; i++) {
		job_line(&line, l, &l->v[i], width, &dim_from);
		end_line(out, shown, &line, dim_from, l->color);
		buf_clear(&line);
	}
	if (jobs < l->n && lines > 2) {
		buf_printf(&line, "... and %zu more", l->n - jobs);
		if (line.len > width)
			line.len = width;
		end_line(out, shown, &line, SIZE_MAX, l->color);
		buf_clear(&line);
	}
	total_line(&line, l, width);
	end_line(out, shown, &line, SIZE_MAX, l->color);
	buf_free(&line);
}

void
live_window(int fd, size_t *rows, size_t *cols)
{
	struct winsize w = {0};

	(void)ioctl(fd, TIOCGWINSZ, &w);
	*rows = w.ws_row != 0 ? w.ws_row : 24;
	*cols = w.ws_col != 0 ? w.ws_col : 80;
}

/* Go back to where the block begins. */
static void
rewind_to(struct buf *out, const struct live *l, size_t cols)
{
	if (l->shown.len != 0)
		buf_printf(out, "\r\033[%zuA", text_rows(l->shown.data, cols));
}

/* A job that the shell put into the background leaves the screen alone. */
static bool
in_background(int fd)
{
	pid_t pgrp = tcgetpgrp(fd);

	return pgrp != -1 && pgrp != getpgrp();
}

static void
paint(struct live *l)
{
	struct buf out = {0}, shown = {0};
	size_t rows, cols;

	live_window(l->fd, &rows, &cols);
	if (rows < 2 || cols < 2) {
		live_erase(l);
		return;
	}
	rewind_to(&out, l, cols);
	/*
	 * Terminals remember which rows are one wrapped line; after a resize
	 * only clearing them all makes them forget it.
	 */
	if (l->shown.len != 0 && cols != l->cols)
		buf_puts(&out, "\033[J");
	/*
	 * The last column stays free: filling it leaves the cursor pending.
	 * So do some rows, for the latest lines that were said above.
	 */
	draw(l, &out, &shown, rows - 1 - rows / 4, cols - 1);
	buf_puts(&out, "\033[J");
	if (cols != l->cols || shown.len != l->shown.len ||
	    memcmp(shown.data, l->shown.data, shown.len) != 0)
		(void)text_write(l->fd, out.data, out.len);
	buf_free(&out);
	buf_free(&l->shown);
	l->shown = shown;
	l->cols = cols;
}

void
live_tick(struct live *l, uint64_t now)
{
	uint64_t wait = REPAINT_MS;

	if (l->shown.len == 0 && l->cols != 0)
		wait = RESTORE_MS;
	if (!l->on || now - l->last < wait)
		return;
	l->last = now;
	if (in_background(l->fd))
		buf_clear(&l->shown);
	else if (l->n == 0 && l->finished >= l->todo)
		live_erase(l);
	else
		paint(l);
}

void
live_erase(struct live *l)
{
	struct buf out = {0};
	size_t rows, cols;

	if (l->shown.len == 0)
		return;
	live_window(l->fd, &rows, &cols);
	rewind_to(&out, l, cols);
	buf_puts(&out, "\033[J");
	(void)text_write(l->fd, out.data, out.len);
	buf_free(&out);
	buf_clear(&l->shown);
}

void
live_close(struct live *l)
{
	live_erase(l);
	while (l->n > 0)
		free(l->v[--l->n].name);
	free(l->v);
	buf_free(&l->shown);
	*l = (struct live){0};
}
