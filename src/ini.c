#include "ini.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

/* What Python's str.strip() takes off, as far as it is ASCII. */
#define SPACE " \t\r\f\v\n"

struct ini {
	struct ini_want *want;
	size_t n;
	const char *section; /* the one that we are in, or NULL */
	bool open; /* a key came before: an indented line goes on with it */
	char **value; /* of that key, or NULL if nobody wants it */
	struct buf more; /* what the indented lines add to it */
	size_t indent; /* of the key's line */
	unsigned line;
};

static char *
trim(char *s)
{
	size_t len;

	s += strspn(s, SPACE);
	len = strlen(s);
	while (len > 0 && strchr(SPACE, s[len - 1]) != NULL)
		len--;
	s[len] = '\0';
	return s;
}

/* Cut the comment off.  Says whether there was one. */
static bool
cut_comment(char *line)
{
	char *p = line + strspn(line, SPACE);

	if (*p == '#' || *p == ';') {
		*line = '\0';
		return true;
	}
	for (p = strchr(line, ';'); p != NULL; p = strchr(p + 1, ';'))
		if (p > line && strchr(SPACE, p[-1]) != NULL) {
			*p = '\0';
			return true;
		}
	return false;
}

/* The value that is open gets its further lines, and is open no more. */
static void
close_value(struct ini *ini)
{
	char *joined;

	if (ini->value != NULL && ini->more.len != 0) {
		joined = xasprintf("%s%s", *ini->value, ini->more.data);
		free(*ini->value);
		*ini->value = joined;
	}
	buf_clear(&ini->more);
	ini->value = NULL;
	ini->open = false;
}

/* Where the value of key belongs, or NULL if nobody wants it. */
static char **
find(const struct ini *ini, const char *key)
{
	struct ini_want *w;

	for (w = ini->want; w < ini->want + ini->n; w++) {
		if (strcmp(w->key, key) != 0)
			continue;
		if (strcmp(w->section, ini->section) == 0) {
			w->line = ini->line;
			return &w->value;
		}
		if (strcmp(ini->section, "DEFAULT") == 0) {
			w->line = w->value == NULL ? ini->line : w->line;
			return &w->fallback;
		}
	}
	return NULL;
}

/* Must all keys of the section that we are in be wanted? */
static bool
wants_all(const struct ini *ini)
{
	size_t i;

	for (i = 0; i < ini->n; i++)
		if (ini->want[i].all &&
		    strcmp(ini->want[i].section, ini->section) == 0)
			return true;
	return false;
}

static int
read_key(struct ini *ini, char *line, struct error *err)
{
	char *p, *key, *end = strpbrk(line, "=:");

	if (end == NULL || end == line)
		return error_set(err, ERR_CONFIG,
		    "%u: neither a section nor 'key = value'", ini->line);
	*end = '\0';
	key = trim(line);
	for (p = key; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	close_value(ini);
	ini->open = true;
	ini->value = find(ini, key);
	if (ini->value == NULL && wants_all(ini))
		return error_set(err, ERR_CONFIG,
		    "%u: [%s] has no setting '%s'", ini->line, ini->section,
		    key);
	if (ini->value == NULL)
		return 0;
	if (*ini->value != NULL)
		return error_set(err, ERR_CONFIG, "%u: '%s' is set twice",
		    ini->line, key);
	*ini->value = xstrdup(trim(end + 1));
	return 0;
}

static void
enter(struct ini *ini, const char *section)
{
	size_t i;

	close_value(ini);
	ini->section = section;
	for (i = 0; i < ini->n; i++)
		if (strcmp(ini->want[i].section, section) == 0)
			ini->want[i].present = true;
}

static int
read_line(struct ini *ini, char *line, struct error *err)
{
	size_t indent = strspn(line, SPACE);
	bool comment = cut_comment(line);
	char *end;

	line = trim(line);
	if (*line == '\0') {
		if (!comment)
			buf_puts(&ini->more, "\n");
		return 0;
	}
	if (ini->open && indent > ini->indent) {
		buf_puts(&ini->more, "\n");
		buf_puts(&ini->more, line);
		return 0;
	}
	ini->indent = indent;
	end = strrchr(line, ']');
	if (line[0] == '[' && end != NULL && end > line + 1) {
		*end = '\0';
		enter(ini, line + 1);
		return 0;
	}
	if (ini->section == NULL)
		return error_set(err, ERR_CONFIG,
		    "%u: no [section] before this line", ini->line);
	return read_key(ini, line, err);
}

/* [DEFAULT] counts for a section that is there: take its value over. */
static void
finish(struct ini_want *w)
{
	char *text;

	if (w->value == NULL && w->present) {
		w->value = w->fallback;
		w->fallback = NULL;
	}
	free(w->fallback);
	w->fallback = NULL;
	if (w->value == NULL)
		return;
	text = trim(w->value);
	memmove(w->value, text, strlen(text) + 1);
}

int
ini_read(struct ini_want *want, size_t n, const char *text, struct error *err)
{
	struct ini ini = {.want = want, .n = n};
	char *copy = xstrdup(text), *rest = copy, *line;
	size_t i;
	int rc = 0;

	while (rc == 0 && (line = strsep(&rest, "\n")) != NULL) {
		ini.line++;
		rc = read_line(&ini, line, err);
	}
	close_value(&ini);
	for (i = 0; i < n; i++)
		finish(&want[i]);
	buf_free(&ini.more);
	free(copy);
	return rc;
}
