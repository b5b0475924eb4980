/*
 * The files with the keys of those who may sign: an OpenPGP keyring, binary
 * or armored, or an allowed-signers file of ssh-keygen(1).
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sha2.h>

#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/signed.h"

void
signers_mark_of(char out[SIGNERS_MARK_MAX], const char *how, const char *text,
    size_t len)
{
	char digest[SHA256_DIGEST_STRING_LENGTH];

	(void)SHA256Data((const uint8_t *)text, len, digest);
	(void)snprintf(out, SIGNERS_MARK_MAX, "%.3s:%s", how, digest);
}

bool
signers_mark_ok(const char *mark)
{
	return (strncmp(mark, "gpg:", 4) == 0 ||
		   strncmp(mark, "ssh:", 4) == 0) &&
	    is_sha256_hex(mark + 4);
}

int
signers_read(struct buf *b, const char *path, struct error *err)
{
	/* Without O_NONBLOCK a FIFO would hold us. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int rc = -1;

	if (fd == -1)
		(void)error_errno(err, "open");
	else
		rc = buf_read(b, fd, SIGNERS_BYTES_MAX, err);
	if (fd != -1)
		(void)close(fd);
	if (rc == 0 && b->len == 0)
		rc = error_set(err, ERR_CONFIG, "the file is empty");
	if (rc == 0)
		return 0;
	err->kind = ERR_CONFIG;
	return error_wrap(err, "signers '%s'", path);
}

int
signers_mark(char out[SIGNERS_MARK_MAX], const char *how, const char *path,
    struct error *err)
{
	struct buf b = {0};
	int rc = signers_read(&b, path, err);

	if (rc == 0)
		signers_mark_of(out, how, b.data, b.len);
	buf_free(&b);
	return rc;
}

/* ---- armor ---- */

#define BEGIN "-----BEGIN PGP PUBLIC KEY BLOCK-----"
#define END "-----END PGP PUBLIC KEY BLOCK-----"

static int
value_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* A line of base64; its last digits may be padding. */
static int
read_line(struct buf *out, const char *line, size_t len)
{
	uint32_t bits = 0;
	unsigned have = 0;
	uint8_t byte;
	int v;

	for (; len > 0 && *line != '='; line++, len--) {
		v = value_of(*line);
		if (v == -1)
			return -1;
		bits = (bits << 6 | (uint32_t)v) & 0xffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		byte = (uint8_t)(bits >> have);
		buf_add(out, &byte, 1);
	}
	return 0;
}

/* A line without its end, and without blanks there. */
static size_t
line_length(const char *at, const char *end, const char **next)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));
	size_t len = (size_t)((lf != NULL ? lf : end) - at);

	*next = lf != NULL ? lf + 1 : end;
	while (len > 0 && strchr(" \t\r", at[len - 1]) != NULL)
		len--;
	return len;
}

static bool
line_is(const char *line, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(line, word, len) == 0;
}

int
armor_read(struct buf *out, const char *text, size_t len)
{
	enum { OUTSIDE, HEADERS, DATA } in = OUTSIDE;
	const char *end = text + len, *next;
	size_t n, blocks = 0;

	for (; text < end; text = next) {
		n = line_length(text, end, &next);
		if (line_is(text, n, BEGIN) && in == OUTSIDE)
			in = HEADERS;
		else if (line_is(text, n, END) && in != OUTSIDE) {
			in = OUTSIDE;
			blocks++;
		} else if (in == HEADERS && n == 0)
			in = DATA;
		/* The line with '=' in front is a checksum of the others. */
		else if (in == DATA && n > 0 && *text != '=' &&
		    read_line(out, text, n) == -1)
			return -1;
	}
	return in == OUTSIDE && blocks > 0 && out->len > 0 ? 0 : -1;
}
