/*
 * Any text as ansible.cfg: a fault has its line, a value is trimmed and can
 * be found in the file again once it is written there alone.  What Python
 * makes of the same text is compared by ini_peer.py.
 *
 * With a file descriptor in INI_SAY, tells there what was found.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "ini.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

#define WANTED 4

static void
want(struct ini_want w[WANTED])
{
	static const char *const names[WANTED][2] = {{"defaults", "roles_path"},
	    {"defaults", "home"}, {"galaxy", "server"}, {"kelpie", "jobs"}};

	for (size_t i = 0; i < WANTED; i++)
		w[i] = (struct ini_want){.section = names[i][0],
		    .key = names[i][1]};
}

/* A value of one line alone in a file is the same value. */
static void
check_alone(const struct ini_want *found)
{
	struct ini_want w = {.section = found->section, .key = found->key};
	struct error err;
	char *text;

	if (strpbrk(found->value, "\n;#") != NULL)
		return;
	text = xasprintf("[%s]\n%s = %s\n", w.section, w.key, found->value);
	require(ini_read(&w, 1, text, &err) == 0);
	require(w.value != NULL && strcmp(w.value, found->value) == 0);
	require(w.line == 2);
	free(w.value);
	free(text);
}

static void
say(const struct ini_want *w, int rc)
{
	static FILE *out;
	const char *fd = getenv("INI_SAY");

	if (fd == NULL)
		return;
	if (out == NULL)
		out = fdopen((int)strtol(fd, NULL, 10), "w");
	require(out != NULL);
	for (size_t i = 0; i < WANTED; i++) {
		const char *s = rc == -1 ? NULL : w[i].value;

		(void)fputs(s != NULL ? "=" : "-", out);
		for (; s != NULL && *s != '\0'; s++)
			(void)fprintf(out, "%02x", (unsigned char)*s);
		(void)fputs(i + 1 < WANTED ? " " :
			rc == -1           ? " !\n" :
					     " .\n",
		    out);
	}
	(void)fflush(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct ini_want w[WANTED];
	struct error err = {.kind = ERR_NONE};
	int rc;

	want(w);
	rc = ini_read(w, WANTED, text, &err);
	say(w, rc);
	if (rc == -1)
		require(err.kind == ERR_CONFIG &&
		    isdigit((unsigned char)err.msg[0]));
	for (size_t i = 0; i < WANTED; i++) {
		const char *s = w[i].value;

		require(w[i].fallback == NULL);
		if (rc == 0 && s != NULL && *s != '\0') {
			require(w[i].line != 0);
			require(!isspace((unsigned char)s[0]) &&
			    !isspace((unsigned char)s[strlen(s) - 1]));
			check_alone(&w[i]);
		}
		free(w[i].value);
	}
	free(text);
	return 0;
}
