#include <ctype.h>
#include <string.h>

#include "kelpie/error.h"
#include "kelpie/rules.h"

#define STEP_DIGITS 9 /* of the number behind '~' and '^' */

static bool
is_hex(const char *s, size_t len)
{
	return strspn(s, "0123456789abcdef") == len && s[len] == '\0';
}

bool
is_commit_id(const char *version)
{
	return is_hex(version, 40);
}

bool
is_sha256_hex(const char *s)
{
	return is_hex(s, 64);
}

void
version_fold(char *version)
{
	size_t len = strlen(version);

	if (len != 40 || strspn(version, "0123456789abcdefABCDEF") != len)
		return;
	for (; *version != '\0'; version++)
		*version = (char)tolower((unsigned char)*version);
}

/* The rules that git-check-ref-format(1) has for one part of a name. */
static bool
ref_part_ok(const char *s, size_t len)
{
	if (len == 0 || s[0] == '.')
		return false;
	return len < 5 || memcmp(s + len - 5, ".lock", 5) != 0;
}

/* So many bytes of s. */
static bool
ref_ok(const char *s, size_t len)
{
	const char *end = s + len;

	if (len == 0 || (len == 1 && *s == '@') || s[0] == '-' ||
	    end[-1] == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (is_control(c) || strchr(" ~^:?*[\\", c) != NULL)
			return false;
		if (i + 1 < len &&
		    ((c == '.' && s[i + 1] == '.') ||
			(c == '@' && s[i + 1] == '{')))
			return false;
	}
	for (;; s += len + 1) {
		len = strcspn(s, "/");
		if (len >= (size_t)(end - s))
			return ref_part_ok(s, (size_t)(end - s));
		if (!ref_part_ok(s, len))
			return false;
	}
}

/* "~2^1": the steps to an ancestor that gitrevisions(7) counts; nothing of
 * what else it has, which searches. */
static bool
steps_ok(const char *s)
{
	size_t digits;

	while (*s == '~' || *s == '^') {
		digits = strspn(s + 1, "0123456789");
		if (digits > STEP_DIGITS)
			return false;
		s += 1 + digits;
	}
	return *s == '\0';
}

/* base bytes of it are the name, the rest is steps. */
static int
check_version(const char *version, size_t base, struct error *err)
{
	if (*version == '\0')
		return error_set(err, ERR_CONFIG, "the version is empty");
	if (strlen(version) > VERSION_MAX_BYTES)
		return error_set(err, ERR_CONFIG,
		    "the version is longer than %d bytes", VERSION_MAX_BYTES);
	if (!ref_ok(version, base) || !steps_ok(version + base))
		return error_set(err, ERR_CONFIG,
		    "bad version '%s': not a name that git allows for a tag "
		    "or branch",
		    version);
	return 0;
}

int
version_check(const char *version, struct error *err)
{
	return check_version(version, strcspn(version, "~^"), err);
}

int
version_check_name(const char *version, struct error *err)
{
	return check_version(version, strlen(version), err);
}
