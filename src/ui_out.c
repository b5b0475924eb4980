#include "ui_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/clock.h"
#include "kelpie/rules.h"

#define LINE_BYTES 4096
/* What comes behind a text: the end of a colour, "\n". */
#define AFTER 8
/* The longest start of a colour, and "..." */
#define BEFORE 16

void
out_open(struct out *out, bool want_live)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	bool smart = term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
	int fd;

	*out = (struct out){0};
	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		out->tty[fd] = isatty(fd) == 1;
		/* https://no-color.org: any value that is not empty. */
		out->color[fd] = out->tty[fd] && smart &&
		    (no_color == NULL || *no_color == '\0');
	}
	if (want_live && smart && out->tty[STDERR_FILENO])
		live_open(&out->live, STDERR_FILENO, out->color[STDERR_FILENO],
		    clock_ms());
}

void
out_plain(struct out *out)
{
	live_close(&out->live);
	out->color[STDOUT_FILENO] = out->color[STDERR_FILENO] = false;
}

/* Append one part; returns the new length. */
static size_t
add_part(char *line, size_t len, const struct part *p, bool color)
{
	char *raw = xstrdup(p->text);

	color = color && p->color != PLAIN;
	if (color)
		len += (size_t)snprintf(line + len, BEFORE, "\033[%dm",
		    (int)p->color);
	text_redact(raw);
	(void)escape(line + len, LINE_BYTES - AFTER - len, raw);
	len += strlen(line + len);
	free(raw);
	if (color)
		len += (size_t)snprintf(line + len, AFTER, "\033[0m");
	return len;
}

void
out_write(struct out *out, int fd, const char *text, size_t len)
{
	if (fd == STDOUT_FILENO && out->gone)
		return;
	if (out->tty[fd])
		live_erase(&out->live);
	/* Nothing is kept back that a fork could copy. */
	if (text_write(fd, text, len) == -1 && fd == STDOUT_FILENO) {
		out->gone = true;
		out->error = errno != EPIPE ? errno : 0;
	}
	live_tick(&out->live, clock_ms());
}

void
out_say(struct out *out, int fd, const struct part *parts, size_t n)
{
	char line[LINE_BYTES];
	size_t i, len = 0;

	if (fd == STDOUT_FILENO && out->gone)
		return;
	for (i = 0; i < n && len + BEFORE + AFTER < sizeof(line); i++)
		len = add_part(line, len, &parts[i], out->color[fd]);
	line[len++] = '\n';
	out_write(out, fd, line, len);
}
