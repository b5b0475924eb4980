#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "installinfo_priv.h"

#define DIGITS "0123456789"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const no_strings[] = {"yes", "Yes", "YES", "no", "No", "NO",
    "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off",
    "Off", "OFF", "~", "null", "Null", "NULL", "<<", "=", ".nan", ".NaN",
    ".NAN", ""};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One character or more, all of them in set. */
static bool
is_all(const char *s, const char *set)
{
	return *s != '\0' && s[strspn(s, set)] == '\0';
}

static const char *
skip_sign(const char *s)
{
	return *s == '-' || *s == '+' ? s + 1 : s;
}

/* Past min to max digits, or NULL; NULL stays NULL. */
static const char *
skip_digits(const char *s, size_t min, size_t max)
{
	size_t n = 0;

	if (s == NULL)
		return NULL;
	while (n < max && is_digit(s[n]))
		n++;
	return n >= min ? s + n : NULL;
}

static const char *
skip_char(const char *s, char c)
{
	return s != NULL && *s == c ? s + 1 : NULL;
}

/* Past the ":59" of a number to the base of 60; NULL if there is none. */
static const char *
skip_sixties(const char *s)
{
	const char *from = s;

	while (*s == ':' && is_digit(s[1]))
		s += s[1] <= '5' && is_digit(s[2]) ? 3 : 2;
	return s != from ? s : NULL;
}

/* https://yaml.org/type/int.html */
static bool
is_int(const char *s)
{
	s = skip_sign(s);
	if (strncmp(s, "0b", 2) == 0)
		return is_all(s + 2, "01_");
	if (strncmp(s, "0x", 2) == 0)
		return is_all(s + 2, DIGITS "abcdefABCDEF_");
	if (*s == '0')
		return s[1] == '\0' || is_all(s + 1, "01234567_");
	if (!is_digit(*s))
		return false;
	s += strspn(s, DIGITS "_");
	if (*s == ':')
		s = skip_sixties(s);
	return s != NULL && *s == '\0';
}

/* What follows the point: digits, and an exponent that has a sign. */
static bool
is_fraction(const char *s)
{
	s += strspn(s, DIGITS "_");
	if (*s == '\0')
		return true;
	if (*s != 'e' && *s != 'E')
		return false;
	return (s[1] == '-' || s[1] == '+') && is_all(s + 2, DIGITS);
}

/* https://yaml.org/type/float.html, as PyYAML reads it. */
static bool
is_float(const char *s)
{
	const char *p = skip_sign(s);

	if (strcmp(p, ".inf") == 0 || strcmp(p, ".Inf") == 0 ||
	    strcmp(p, ".INF") == 0)
		return true;
	if (*s == '.')
		return is_digit(s[1]) && is_fraction(s + 1);
	if (!is_digit(*p))
		return false;
	p += strspn(p, DIGITS "_");
	if (*p == '.')
		return is_fraction(p + 1);
	p = skip_char(skip_sixties(p), '.');
	return p != NULL && (*p == '\0' || is_all(p, DIGITS "_"));
}

/* The time of day, and its zone. */
static bool
is_time(const char *s)
{
	s = skip_digits(s, 1, 2);
	s = skip_digits(skip_char(s, ':'), 2, 2);
	s = skip_digits(skip_char(s, ':'), 2, 2);
	if (s == NULL)
		return false;
	if (*s == '.')
		s += 1 + strspn(s + 1, DIGITS);
	if (*s == '\0')
		return true;
	s += strspn(s, " \t");
	if (*s == 'Z')
		return s[1] == '\0';
	if (*s != '-' && *s != '+')
		return false;
	s = skip_digits(s + 1, 1, 2);
	if (s != NULL && *s == ':')
		s = skip_digits(s + 1, 2, 2);
	return s != NULL && *s == '\0';
}

/* https://yaml.org/type/timestamp.html */
static bool
is_timestamp(const char *s)
{
	const char *month = skip_char(skip_digits(s, 4, 4), '-');
	const char *day = skip_char(skip_digits(month, 1, 2), '-');
	const char *end = skip_digits(day, 1, 2);

	if (end == NULL)
		return false;
	if (*end == '\0')
		return end - s == 10;
	if (*end == 'T' || *end == 't')
		return is_time(end + 1);
	if (*end != ' ' && *end != '\t')
		return false;
	return is_time(end + strspn(end, " \t"));
}

bool
scalar_is_retyped(const char *s)
{
	for (size_t i = 0; i < COUNT(no_strings); i++)
		if (strcmp(s, no_strings[i]) == 0)
			return true;
	return is_int(s) || is_float(s) || is_timestamp(s);
}
