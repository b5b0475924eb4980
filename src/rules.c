#include "kelpie/rules.h"

#include <sys/stat.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

struct range {
	uint32_t first, last;
};

/* Controls, bidirectional marks and what has no width (Unicode, UAX #9). */
static const struct range invisible[] = {
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x061c, 0x061c},
    {0x200b, 0x200f},
    {0x202a, 0x202e},
    {0x2060, 0x2069},
    {0xfeff, 0xfeff},
};

/* What HFS+ leaves out when it compares names (Apple, TN1150). */
static const struct range hfs_ignored[] = {
    {0x200c, 0x200f},
    {0x202a, 0x202e},
    {0x206a, 0x206f},
    {0xfeff, 0xfeff},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

bool
is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static bool
in_ranges(uint32_t cp, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return true;
	return false;
}

size_t
utf8_decode(const char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s[0];
	size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	*cp = c;
	if (n == 1)
		return 1;
	if (c < 0xc2 || c > 0xf4 || n > len)
		return 0;
	*cp = c & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		c = (unsigned char)s[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (c & 0x3f);
	}
	if (*cp < least[n] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

/* Why s is no name of one part; NULL if it is one. */
static const char *
name_fault(const char *s, size_t len)
{
	uint32_t cp;
	size_t n;

	if (len == 0)
		return "it has an empty part";
	if (len > NAME_MAX_BYTES)
		return "it is longer than 200 bytes";
	if (s[0] == '-' || s[0] == '.')
		return "a part begins with '-' or '.'";
	if (s[len - 1] == ' ' || s[len - 1] == '.')
		return "a part ends with a space or '.'";
	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			return "it is not valid UTF-8";
		if (in_ranges(cp, invisible, COUNT(invisible)))
			return "it has a control or an invisible character";
		if (cp == '/')
			return "it has a '/'";
	}
	return NULL;
}

bool
name_ok(const char *s, size_t len)
{
	return name_fault(s, len) == NULL;
}

static int
bad_name(const char *name, const char *why, struct error *err)
{
	return error_set(err, ERR_CONFIG, "bad role name '%s': %s", name, why);
}

int
name_check(const char *name, struct error *err)
{
	const char *why = NULL, *part = name;
	size_t len;

	if (*name == '\0')
		return error_set(err, ERR_CONFIG, "the role name is empty");
	if (strlen(name) > NAME_MAX_BYTES)
		why = "it is longer than 200 bytes";
	while (why == NULL) {
		len = strcspn(part, "/");
		why = name_fault(part, len);
		if (part[len] == '\0')
			break;
		part += len + 1;
	}
	return why == NULL ? 0 : bad_name(name, why, err);
}

int
name_check_one(const char *name, struct error *err)
{
	const char *why = name_fault(name, strlen(name));

	return why == NULL ? 0 : bad_name(name, why, err);
}

/* Whether s is word, or word followed by what NTFS cuts from a name, or by
 * what is a file inside of it there. */
static bool
is_word(const char *s, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(s, word, len) != 0)
		return false;
	s += len;
	s += strspn(s, ". ");
	return *s == '\0' || *s == ':' || *s == '\\';
}

/* Whether a part of s, as '\' divides it on some systems, is word. */
static bool
has_word(const char *s, const char *word)
{
	while (!is_word(s, word)) {
		s = strchr(s, '\\');
		if (s == NULL)
			return false;
		s++;
	}
	return true;
}

/* Whether some file system would open ".git" for this name. */
static bool
is_dotgit(const char *s, size_t len)
{
	char folded[ENTRY_MAX_BYTES + 1];
	uint32_t cp;
	size_t n, out = 0;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &cp);
		if (n > 1 && in_ranges(cp, hfs_ignored, COUNT(hfs_ignored)))
			continue;
		if (n == 0)
			n = 1;
		memcpy(folded + out, s + i, n);
		if (n == 1 && s[i] >= 'A' && s[i] <= 'Z')
			folded[out] = (char)(s[i] - 'A' + 'a');
		out += n;
	}
	folded[out] = '\0';
	return has_word(folded, ".git") || has_word(folded, "git~1");
}

bool
entry_ok(const char *s, size_t len)
{
	if (len == 0 || len > ENTRY_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len; i++)
		if (is_control((unsigned char)s[i]) || s[i] == '/')
			return false;
	if (s[0] == '.' && (len == 1 || (len == 2 && s[1] == '.')))
		return false;
	return !is_dotgit(s, len);
}

bool
link_ok(const char *target, size_t len, unsigned depth)
{
	const char *part = target, *end = target + len;
	bool down = false;
	size_t n;

	if (len == 0 || len > LINK_MAX_BYTES || target[0] == '/' ||
	    memchr(target, '\0', len) != NULL)
		return false;
	while (part < end) {
		const char *slash = memchr(part, '/', (size_t)(end - part));

		n = (size_t)((slash != NULL ? slash : end) - part);
		if (n == 2 && part[0] == '.' && part[1] == '.') {
			if (down || depth-- == 0)
				return false;
		} else if (n > 1 || (n == 1 && part[0] != '.'))
			down = true;
		part += n + 1;
	}
	return true;
}

bool
mode_has_x(mode_t mode)
{
	return (mode & S_IXUSR) != 0;
}

mode_t
mode_of_file(bool executable)
{
	return executable ? 0755 : 0644;
}

/* One step of escape(): what goes out for the bytes at s.  Returns how many
 * bytes of s that covers. */
static size_t
escape_one(char piece[17], const char *s, size_t len)
{
	uint32_t cp;
	size_t n = utf8_decode(s, len, &cp), covers = n != 0 ? n : 1;

	if (n != 0 && cp != '\\' &&
	    !in_ranges(cp, invisible, COUNT(invisible))) {
		memcpy(piece, s, n);
		piece[n] = '\0';
		return n;
	}
	for (size_t i = 0; i < covers; i++)
		(void)snprintf(piece + 4 * i, 5, "\\x%02x",
		    (unsigned)(unsigned char)s[i]);
	return covers;
}

char *
escape(char *out, size_t size, const char *s)
{
	size_t len = strlen(s), used = 0, mark = 0, n;
	char piece[17];

	if (size == 0)
		return out;
	out[0] = '\0';
	while (len > 0) {
		n = escape_one(piece, s, len);
		s += n;
		len -= n;
		n = strlen(piece);
		if (n >= size - used) {
			(void)snprintf(out + mark, size - mark, "...");
			break;
		}
		memcpy(out + used, piece, n + 1);
		used += n;
		/* The last place from which "..." still fits. */
		if (size - used > 3)
			mark = used;
	}
	return out;
}

void
escape_text(struct buf *out, const char *s, size_t len)
{
	char piece[17];
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = 1;
		if (*s == '\t' || *s == '\\') {
			buf_add(out, s, 1);
			continue;
		}
		n = escape_one(piece, s, len);
		buf_puts(out, piece);
	}
}
