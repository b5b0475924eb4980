/*
 * What YAML 1.1 makes of a plain scalar (https://yaml.org/type/), in the
 * narrower form in which PyYAML, and so Ansible, reads it.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "kelpie/yaml.h"

/* Lower case, upper case, or capitalised; "nULL" is text. */
static bool
is_word(const char *s, const char *word)
{
	size_t i;

	if (strcasecmp(s, word) != 0)
		return false;
	for (i = 1; s[i] != '\0' && islower((unsigned char)s[i]); i++)
		;
	if (s[i] == '\0')
		return true;
	for (i = 0; s[i] != '\0' && isupper((unsigned char)s[i]); i++)
		;
	return s[i] == '\0';
}

static bool
is_bool(const char *s)
{
	static const char *const word[] = {"yes", "no", "true", "false", "on",
	    "off"};
	size_t i;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (is_word(s, word[i]))
			return true;
	return false;
}

/* All of s, at least one byte, is out of set. */
static bool
all_of(const char *s, const char *set)
{
	return s[0] != '\0' && s[strspn(s, set)] == '\0';
}

/* ":59" as in 1:30:59, which counts in sixties. */
static const char *
skip_sixties(const char *s)
{
	size_t n;

	while (s[0] == ':') {
		n = strspn(s + 1, "0123456789");
		if (n == 0 || n > 2 || (n == 2 && s[1] > '5'))
			break;
		s += 1 + n;
	}
	return s;
}

/* What may follow the point of "1.5e+3". */
static bool
is_fraction(const char *s)
{
	s += strspn(s, "0123456789_");
	if (*s == '\0')
		return true;
	if ((s[0] != 'e' && s[0] != 'E') || (s[1] != '+' && s[1] != '-'))
		return false;
	return all_of(s + 2, "0123456789");
}

static bool
is_number(const char *s)
{
	const char *digits, *end;

	if (strcasecmp(s, ".nan") == 0)
		return true;
	if (*s == '.' && isdigit((unsigned char)s[1]))
		return is_fraction(s + 1);
	if (*s == '-' || *s == '+')
		s++;
	if (strcasecmp(s, ".inf") == 0)
		return true;
	if (strncmp(s, "0x", 2) == 0)
		return all_of(s + 2, "0123456789abcdefABCDEF_");
	if (strncmp(s, "0b", 2) == 0)
		return all_of(s + 2, "01_");
	if (!isdigit((unsigned char)*s))
		return false;
	digits = s;
	s += strspn(s, "0123456789_");
	end = skip_sixties(s);
	if (*end == '.')
		return end == s ?
		    is_fraction(s + 1) :
		    end[1 + strspn(end + 1, "0123456789_")] == '\0';
	if (*end != '\0')
		return false;
	/* A zero in front means octal, and "089" is none. */
	return digits[0] != '0' || digits[1] == '\0' ||
	    all_of(digits, "01234567_");
}

/* 2020-01-31, or a date with a time behind it. */
static bool
is_date(const char *s)
{
	size_t month, day;

	if (strspn(s, "0123456789") != 4 || s[4] != '-')
		return false;
	month = strspn(s + 5, "0123456789");
	if (month == 0 || month > 2 || s[5 + month] != '-')
		return false;
	s += 6 + month;
	day = strspn(s, "0123456789");
	if (day == 0 || day > 2)
		return false;
	if (s[day] == '\0')
		return month == 2 && day == 2;
	return strchr("Tt \t", s[day]) != NULL &&
	    all_of(s + day + 1, "0123456789:.+-Z \t");
}

bool
yaml_is_null(const struct yaml *node)
{
	return node->kind == YAML_SCALAR && node->plain &&
	    (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
		is_word(node->text, "null"));
}

const char *
yaml_type(const struct yaml *node)
{
	if (node->kind == YAML_LIST)
		return "a list";
	if (node->kind == YAML_MAP)
		return "a map";
	if (!node->plain)
		return "text";
	if (yaml_is_null(node))
		return "null";
	if (is_bool(node->text))
		return "true or false";
	if (is_number(node->text))
		return "a number";
	return is_date(node->text) ? "a date" : "text";
}

bool
yaml_is_text(const struct yaml *node)
{
	return strcmp(yaml_type(node), "text") == 0;
}
