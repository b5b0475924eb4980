/*
 * What ssh and a server say besides git's protocol becomes an error, whatever
 * pieces it comes in, and what it quotes is a line of it.  The same bytes as
 * the greeting of a server end where a packet ends, or nowhere.
 */
#include <stdlib.h>
#include <string.h>

#include "fetch/git_ssh.h"
#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

static void
in_pieces(struct ssh_words *w, const char *data, size_t size, size_t piece)
{
	size_t n;

	w->len = 0;
	w->text[0] = '\0';
	for (size_t at = 0; at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		ssh_words_add(w, data + at, n);
		if (w->len > SSH_WORDS_MAX || w->text[w->len] != '\0' ||
		    strlen(w->text) != w->len)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct ssh_words whole, pieces;
	struct error err = {.kind = ERR_NONE};
	char *data = xmalloc(size);
	size_t len;

	if (size != 0)
		memcpy(data, bytes, size);
	in_pieces(&whole, data, size, size != 0 ? size : 1);
	in_pieces(&pieces, data, size, 7);
	if (strcmp(whole.text, pieces.text) != 0)
		abort();
	if (ssh_words_error(&whole, "ssh://me@[::1]:2222/r", &err) != -1 ||
	    err.kind == ERR_NONE || err.msg[0] == '\0' ||
	    strpbrk(err.msg, "\r\n") != NULL)
		abort();
	len = ssh_greeting(data, size);
	if (len != SIZE_MAX && len > size)
		abort();
	if (len != 0 && len != SIZE_MAX && memcmp(data + len - 4, "0000", 4))
		abort();
	free(data);
	return 0;
}
