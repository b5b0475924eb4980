#include <stdlib.h>
#include <string.h>

#include "git/subst_priv.h"
#include "kelpie/git/convert.h"

#define LAYOUT_MAX 16384 /* widths that git still takes for numbers */

/* Colours are for terminals; git writes those that are always wanted. */
static size_t
color(struct subst *subst, const char *s)
{
	static const char *const names[] = {"red", "green", "blue", "reset"};
	const char *end = s[1] == '(' ? strchr(s, ')') : NULL;
	size_t i;

	if (end != NULL) {
		subst->left_out |= strncmp(s, "C(always,", 9) == 0;
		return (size_t)(end - s) + 1;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(s + 1, names[i], strlen(names[i])) == 0)
			return 1 + strlen(names[i]);
	return 0;
}

/* "w(width,first,other)": only looked at, not done. */
static size_t
wrap(struct subst *subst, const char *s)
{
	unsigned long n, any = 0;
	const char *p;
	char *next;
	int i;

	if (s[1] != '(' || strchr(s, ')') == NULL)
		return 0;
	p = s + 2;
	for (i = 0; i < 3 && *p != ')'; i++) {
		n = strtoul(p, &next, 10);
		any |= n;
		if (n > LAYOUT_MAX)
			return 0;
		p = next + (*next == ',' && i < 2);
		if (*next != ',')
			break;
	}
	if (*p != ')')
		return 0;
	subst->left_out |= any != 0;
	return (size_t)(p - s) + 1;
}

/* "<(width)", ">>|(width,trunc)" and so on: only looked at, not done. */
static size_t
pad(struct subst *subst, const char *s)
{
	static const char *const cuts[] = {"trunc)", "ltrunc)", "mtrunc)"};
	const char *p = s + 1, *end;
	size_t i;
	long n;

	p += *s == '>' && (*p == '<' || *p == '>');
	p += *p == '|';
	if (*p != '(')
		return 0;
	n = strtol(++p, NULL, 10);
	end = p + strcspn(p, ",)");
	if (*end == '\0' || n == 0 || n > LAYOUT_MAX || (n < 0 && p[-2] != '|'))
		return 0;
	for (i = 0; *end == ',' && i < 3; i++)
		if (strncmp(end + 1, cuts[i], strlen(cuts[i])) == 0)
			end += strlen(cuts[i]);
	if (*end != ')')
		return 0;
	subst->left_out = true;
	return (size_t)(end - s) + 1;
}

/*
 * An option at *s, "name" or "name=value", or only the latter if name ends
 * in '=', and behind it ',' or ')'.  Moves *s over it and the comma.
 */
static bool
option(const char **s, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	if (strncmp(*s, name, len) != 0)
		return false;
	p = *s + len;
	if (name[len - 1] == '=' && (*p == ',' || *p == ')'))
		return false;
	if (name[len - 1] == '=' || *p == '=')
		p += strcspn(p, ",)");
	if (*p != ',' && *p != ')')
		return false;
	*s = p + (*p == ',');
	return true;
}

/* The length of "(key)" or "(key:options)" at s, 0 if it is something else. */
static size_t
long_form(const char *s, const char *key, const char *const *options)
{
	const char *p;
	size_t i;

	if (strncmp(s, key, strlen(key)) != 0)
		return 0;
	p = s + strlen(key);
	if (*p == ':')
		p++;
	else
		options = NULL;
	for (i = 0; options != NULL && options[i] != NULL;)
		i = option(&p, options[i]) ? 0 : i + 1;
	return *p == ')' ? (size_t)(p - s) + 1 : 0;
}

/* Only the first %(describe) of an archive is one. */
static size_t
in_parentheses(struct subst *subst, const char *s)
{
	static const char *const describe[] = {"tags",
	    "abbrev=", "exclude=", "match=", NULL};
	static const char *const trailers[] = {"key=", "separator",
	    "key_value_separator", "only", "unfold", "keyonly", "valueonly",
	    NULL};
	size_t n = long_form(s, "(describe", describe);

	if (n == 0)
		n = long_form(s, "(trailers", trailers);
	else if (subst->described)
		return 0;
	else
		subst->described = true;
	subst->left_out |= n != 0;
	return n;
}

size_t
subst_skip(struct subst *subst, const char *s)
{
	switch (*s) {
	case 'C':
		return color(subst, s);
	case 'w':
		return wrap(subst, s);
	case '(':
		return in_parentheses(subst, s);
	default:
		return pad(subst, s);
	}
}
