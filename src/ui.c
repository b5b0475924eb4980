#include "kelpie/ui.h"

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "ui_priv.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* All that kelpie has of global state; {0} is good enough for ui_error(). */
static struct {
	enum ui_level level;
	uint64_t start; /* ms */
	struct out out;
	struct report report;
	enum ui_shape shape;
	struct turns turns; /* of UI_GALAXY */
} ui;

void
ui_open(enum ui_level level)
{
	/* The width of a character depends on the user's locale. */
	(void)setlocale(LC_CTYPE, "");
	ui.level = level;
	ui.start = clock_ms();
	out_open(&ui.out, level > UI_QUIET);
	if (ui.shape == UI_GALAXY)
		out_plain(&ui.out);
}

void
ui_set_shape(enum ui_shape shape, const char *path)
{
	/* What comes next is another run. */
	if (ui.shape == UI_LOOK)
		report_free(&ui.report);
	ui.shape = ui.report.shape = shape;
	if (shape != UI_GALAXY)
		return;
	out_plain(&ui.out);
	ui.turns.out = &ui.out;
	free(ui.turns.path);
	ui.turns.path = xstrdup_null(path);
}

void
ui_begin(size_t todo, size_t settled)
{
	ui.report.settled = settled;
	ui.out.live.todo = todo;
	ui.out.live.finished = 0;
}

void
ui_more(size_t todo, size_t settled)
{
	ui.report.settled += settled;
	ui.out.live.todo += todo;
}

void
ui_start(uint32_t id, const char *name)
{
	live_start(&ui.out.live, id, name);
}

void
ui_progress(uint32_t id, enum phase phase, uint64_t done, uint64_t total)
{
	live_progress(&ui.out.live, id, phase, done, total);
}

void
ui_stop(uint32_t id)
{
	live_stop(&ui.out.live, id);
}

void
ui_tick(void)
{
	live_tick(&ui.out.live, clock_ms());
}

void
ui_hide(void)
{
	live_erase(&ui.out.live);
}

void
ui_role(const struct outcome_of *o)
{
	if (ui.shape == UI_GALAXY)
		turns_role(&ui.turns, o);
	else
		report_role(&ui.report, &ui.out, ui.level, o);
}

const struct error *
ui_failure(const char *name)
{
	return report_failure(&ui.report, name);
}

void
ui_need(size_t of, enum need need, const char *name, const char *version)
{
	if (ui.shape == UI_GALAXY)
		turns_need(&ui.turns, of, need, name, version);
	else if (need == NEED_ADDED)
		ui_note("%s%s%s is needed", name, version != NULL ? " " : "",
		    version != NULL ? version : "");
}

/* Say a line whose last part is still to be made. */
static void PRINTF_LIKE(4, 0)
    say(int fd, struct part *parts, size_t n, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) == -1)
		text = xstrdup("");
	parts[n - 1].text = text;
	out_say(&ui.out, fd, parts, n);
	free(text);
}

void
ui_note(const char *fmt, ...)
{
	struct part part = {DIM, NULL};
	va_list ap;

	va_start(ap, fmt);
	if (ui_is_verbose())
		say(STDERR_FILENO, &part, 1, fmt, ap);
	va_end(ap);
}

void
ui_table(const char *const *cells, size_t rows, size_t columns)
{
	if (ui.level < UI_NORMAL)
		return;
	live_erase(&ui.out.live);
	table_say(&ui.out, cells, rows, columns);
}

bool
ui_is_verbose(void)
{
	return ui.level >= UI_VERBOSE;
}

void
ui_info(const char *fmt, ...)
{
	struct part part = {PLAIN, NULL};
	va_list ap;

	va_start(ap, fmt);
	if (ui.level >= UI_NORMAL)
		say(STDOUT_FILENO, &part, 1, fmt, ap);
	va_end(ap);
}

void
ui_diff(char kind, const char *text, size_t len)
{
	struct buf b = {0};

	if (ui.level < UI_NORMAL)
		return;
	diff_line(&b, kind, text, len, &ui.out);
	out_write(&ui.out, STDOUT_FILENO, b.data, b.len);
	buf_free(&b);
}

void
ui_warn(const char *fmt, ...)
{
	struct part own[] = {{PLAIN, "kelpie: "}, {YELLOW, "warning:"},
	    {PLAIN, " "}, {PLAIN, NULL}};
	struct part galaxy[] = {{PLAIN, "[WARNING]: "}, {PLAIN, NULL}};
	va_list ap;

	va_start(ap, fmt);
	if (ui.shape == UI_GALAXY)
		say(STDERR_FILENO, galaxy, COUNT(galaxy), fmt, ap);
	else
		say(STDERR_FILENO, own, COUNT(own), fmt, ap);
	va_end(ap);
}

void
ui_error(const struct error *err)
{
	const char *who = ui.shape == UI_GALAXY ? "ERROR!" : "kelpie:";
	const struct part parts[] = {{RED, who}, {PLAIN, " "},
	    {PLAIN, err->msg}};

	out_say(&ui.out, STDERR_FILENO, parts, COUNT(parts));
}

void
ui_waiting(const char *path, long holder)
{
	char who[32] = "";

	if (holder != 0)
		(void)snprintf(who, sizeof(who), " (process %ld)", holder);
	ui_warn("another kelpie%s is at work in '%s'; waiting for it", who,
	    path);
}

void
ui_summary(void)
{
	/* After a mere look there may be another run. */
	if (ui.shape == UI_LOOK && ui.report.nfailed == 0) {
		live_erase(&ui.out.live);
		return;
	}
	live_close(&ui.out.live);
	if (ui.shape == UI_GALAXY)
		turns_rest(&ui.turns);
	else if (ui.level > UI_QUIET && ui.shape != UI_ASIDE)
		report_summary(&ui.report, &ui.out, clock_ms() - ui.start);
}

int
ui_close(struct error *err)
{
	int error;

	live_close(&ui.out.live);
	turns_rest(&ui.turns);
	turns_free(&ui.turns);
	report_free(&ui.report);
	error = ui.out.error;
	ui.out.error = 0;
	if (error == 0)
		return 0;
	errno = error;
	return error_errno(err, "write to standard output");
}
