/*
 * Any text as ~/.netrc: who is found is the user that was asked for, and what
 * is written of them in quotes is found again.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "netrc.h"

/* A word in quotes, as it may stand there; false if it cannot. */
static void
quote(struct buf *b, const char *word)
{
	buf_puts(b, " \"");
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			buf_puts(b, "\\");
		buf_add(b, word, 1);
	}
	buf_puts(b, "\"");
}

static void
check_again(const char *user, const char *password)
{
	struct buf b = {0};
	const char *u, *p;

	buf_puts(&b, "machine h login");
	quote(&b, user);
	buf_puts(&b, " password");
	quote(&b, password);
	require(netrc_find(b.data, "h", NULL, &u, &p));
	require(strcmp(u, user) == 0 && strcmp(p, password) == 0);
	buf_free(&b);
}

static void
look(const uint8_t *data, size_t size, const char *host, const char *want)
{
	char *text = xstrndup((const char *)data, size);
	const char *user, *password;

	if (netrc_find(text, host, want, &user, &password)) {
		require(user != NULL && password != NULL);
		require(
		    strlen(user) + strlen(password) <= size || user == want);
		require(want == NULL || strcmp(user, want) == 0);
		check_again(user, password);
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	look(data, size, "host.example", NULL);
	look(data, size, "host.example", "me");
	look(data, size, "h", NULL);
	return 0;
}
