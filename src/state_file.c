#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/signed.h"
#include "kelpie/state.h"
#include "kelpie/url.h"
#include "state_priv.h"

#define HEADER "kelpie state 3"
#define HEX "0123456789abcdef"
#define FIELDS 16

/* NULL is "-", and so the text "-" is escaped. */
static void
write_field(struct buf *b, const char *s)
{
	if (s == NULL) {
		buf_puts(b, "-");
		return;
	}
	if (strcmp(s, "-") == 0) {
		buf_puts(b, "\\x2d");
		return;
	}
	for (; *s != '\0'; s++)
		if (is_control((unsigned char)*s) || *s == '\\')
			buf_printf(b, "\\x%02x", (unsigned char)*s);
		else
			buf_add(b, s, 1);
}

void
record_write(struct buf *b, const struct record *r)
{
	const char *const texts[] = {r->name, r->version,
	    r->map ? "map" : "string", r->ref, r->commit, r->digest, r->path,
	    r->archive, r->got, r->needs, r->url, r->tag, r->signers};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_field(b, texts[i]);
		buf_puts(b, "\t");
	}
	buf_printf(b, "%" PRIdMAX "\t%" PRIu32 "\t", (intmax_t)r->when,
	    r->took_ms);
	write_field(b, r->src);
	buf_puts(b, "\n");
}

void
intent_write(struct buf *b, const struct intent *in)
{
	buf_printf(b, "%" PRIu64 "\t%s\t", in->inode, in->trash);
	record_write(b, &in->record);
}

/* In place.  -1 for what write_field() does not write. */
static int
read_field(char *s)
{
	const char *hi, *lo;
	char *to = s;

	for (; *s != '\0'; s++) {
		if (is_control((unsigned char)*s))
			return -1;
		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		if (s[1] != 'x' || s[2] == '\0' || s[3] == '\0')
			return -1;
		hi = strchr(HEX, s[2]);
		lo = strchr(HEX, s[3]);
		if (hi == NULL || lo == NULL || (s[2] == '0' && s[3] == '0'))
			return -1;
		*to++ = (char)((hi - HEX) << 4 | (lo - HEX));
		s += 3;
	}
	*to = '\0';
	return 0;
}

static int
read_number(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0, digit;

	if (*s == '\0')
		return -1;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		digit = (uint64_t)(*s - '0');
		if (v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*out = v;
	return 0;
}

/* Cut the line at its TABs.  Returns how many fields it has, at most max. */
static size_t
cut(char *line, char **field, size_t max)
{
	size_t n = 0;

	for (;;) {
		field[n++] = line;
		line = strchr(line, '\t');
		if (line == NULL || n == max)
			return n;
		*line++ = '\0';
	}
}

static bool
is_digest(const char *s)
{
	return *s == '\0' || is_sha256_hex(s);
}

/* Where a Galaxy server led, which goes into lock files from here. */
static bool
is_place(const char *s)
{
	struct error ignored;
	enum scheme scheme;

	return url_check(s, &scheme, &ignored) == 0 &&
	    (scheme == SCHEME_HTTPS || scheme == SCHEME_HTTP);
}

/* The fields that are more than text; the rest is left alone. */
static const char *
read_values(struct record *r, char *const *field)
{
	static const size_t must[] = {0, 2, 3, 4, 5, 13, 14, 15};
	uint64_t when, took;
	struct error err;

	for (size_t i = 0; i < sizeof(must) / sizeof(must[0]); i++)
		if (field[must[i]] == NULL)
			return "a field that must be there is '-'";
	if (name_check(field[0], &err) == -1)
		return "the name is none of a role";
	if (strcmp(field[2], "map") != 0 && strcmp(field[2], "string") != 0)
		return "the third field is neither 'map' nor 'string'";
	if (*field[4] != '\0' && !is_commit_id(field[4]))
		return "the commit is not 40 hex digits";
	if (!is_digest(field[5]) || (field[7] != NULL && !is_digest(field[7])))
		return "a digest is not 64 hex digits";
	if (field[10] != NULL && !is_place(field[10]))
		return "the place is no http url";
	if (field[11] != NULL && !is_commit_id(field[11]))
		return "the tag's id is not 40 hex digits";
	if (field[12] != NULL && !signers_mark_ok(field[12]))
		return "the signers are no digest";
	if (read_number(field[13], WHEN_MAX, &when) == -1 ||
	    read_number(field[14], UINT32_MAX, &took) == -1)
		return "a time is not a number";
	r->map = strcmp(field[2], "map") == 0;
	memcpy(r->digest, field[5], strlen(field[5]) + 1);
	r->when = (time_t)when;
	r->took_ms = (uint32_t)took;
	return NULL;
}

const char *
record_read(struct record *r, char *line)
{
	char *field[FIELDS];
	const char *why;

	*r = (struct record){0};
	if (cut(line, field, FIELDS) != FIELDS)
		return "it has fewer than 16 fields";
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(field[i], "-") == 0)
			field[i] = NULL;
		else if (read_field(field[i]) == -1)
			return "a character that should be written as \\xNN";
	why = read_values(r, field);
	if (why != NULL)
		return why;
	r->name = xstrdup(field[0]);
	r->version = xstrdup_null(field[1]);
	r->ref = xstrdup(field[3]);
	r->commit = xstrdup(field[4]);
	r->path = xstrdup_null(field[6]);
	r->archive = xstrdup_null(field[7]);
	r->got = xstrdup_null(field[8]);
	r->needs = xstrdup_null(field[9]);
	r->url = xstrdup_null(field[10]);
	r->tag = xstrdup_null(field[11]);
	r->signers = xstrdup_null(field[12]);
	r->src = xstrdup(field[15]);
	return NULL;
}

/* Only what the store makes up itself can be a name in trash. */
static bool
is_trash(const char *s)
{
	return strlen(s) < sizeof(((struct intent *)NULL)->trash) &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

const char *
intent_read(struct intent *in, char *line)
{
	char *field[3];

	*in = (struct intent){0};
	if (cut(line, field, 3) != 3)
		return "it has no record";
	if (read_number(field[0], UINT64_MAX, &in->inode) == -1)
		return "the inode is not a number";
	if (!is_trash(field[1]))
		return "a bad name in trash";
	memcpy(in->trash, field[1], strlen(field[1]) + 1);
	return record_read(&in->record, field[2]);
}

static int
damaged(struct error *err, size_t line, const char *why)
{
	return error_set(err, ERR_CONFIG,
	    ".kelpie/state:%zu: %s; the file can be removed, then roles are "
	    "judged by their install info",
	    line, why);
}

/* The records have to stand in order, each name once. */
static const char *
add_line(struct state *st, size_t *cap, char *line)
{
	const char *why;

	if (st->n == *cap) {
		*cap = *cap != 0 ? *cap * 2 : 64;
		st->v = xreallocarray(st->v, *cap, sizeof(*st->v));
	}
	why = record_read(&st->v[st->n], line);
	if (why != NULL)
		return why;
	st->n++;
	if (st->n > 1 &&
	    strcmp(st->v[st->n - 2].name, st->v[st->n - 1].name) >= 0)
		return "the names are not in order, or one is there twice";
	return NULL;
}

int
state_read(struct state *st, char *data, size_t len, struct error *err)
{
	size_t cap = 0, number = 0, n;
	const char *why = NULL;
	char *lf;

	*st = (struct state){0};
	for (; why == NULL && len > 0; data += n, len -= n) {
		number++;
		lf = memchr(data, '\n', len);
		if (lf == NULL) {
			why = "the line is cut off";
			break;
		}
		n = (size_t)(lf - data) + 1;
		*lf = '\0';
		if (strlen(data) != n - 1)
			why = "a NUL byte";
		else if (number > 1)
			why = add_line(st, &cap, data);
		else if (strcmp(data, HEADER) != 0)
			why = "not '" HEADER "', the first line of such a file";
	}
	if (number == 0)
		why = "the file is empty";
	if (why == NULL)
		return 0;
	state_free(st);
	return damaged(err, number != 0 ? number : 1, why);
}

void
state_write(struct buf *b, const struct state *st)
{
	buf_puts(b, HEADER "\n");
	for (size_t i = 0; i < st->n; i++)
		record_write(b, &st->v[i]);
}
