#include <ctype.h>
#include <string.h>

#include "kelpie/git/attr.h"

/* A pattern that needs more than this for one path was made to take long. */
#define STEPS_MAX 32768

/*
 * Two stars are enough to go back to: the last one, which stays inside its
 * path component, and the last one that crosses '/'.  Whatever an earlier
 * star could still reach, the later one of its kind reaches as well.
 */
struct wild {
	const char *p, *t; /* what is left of pattern and text */
	const char *star_p, *star_t;
	const char *any_p, *any_t;
	bool any_dirs; /* came from "**" and '/': whole directories only */
};

/* Only what git takes for white space, so no \v and \f. */
static int
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const struct {
	const char *name;
	int (*has)(int);
} classes[] = {
    {"alnum", isalnum},
    {"alpha", isalpha},
    {"blank", isblank},
    {"cntrl", iscntrl},
    {"digit", isdigit},
    {"graph", isgraph},
    {"lower", islower},
    {"print", isprint},
    {"punct", ispunct},
    {"space", is_space},
    {"upper", isupper},
    {"xdigit", isxdigit},
};

/* Whether the class called name has c in it; -1: there is no such class. */
static int
class_has(const char *name, size_t len, unsigned char c)
{
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strlen(classes[i].name) == len &&
		    memcmp(classes[i].name, name, len) == 0)
			return c < 128 && classes[i].has(c) != 0;
	return -1;
}

/*
 * "[:name:]" at p.  Returns its last byte, NULL if it cannot be one, and p
 * itself if the '[' only stands for itself.
 */
static const char *
set_class(const char *p, unsigned char c, bool *hit)
{
	const char *name = p + 2, *end = strchr(name, ']');
	int has;

	if (end == NULL)
		return NULL;
	if (end == name || end[-1] != ':') {
		*hit |= c == '[';
		return p;
	}
	has = class_has(name, (size_t)(end - 1 - name), c);
	*hit |= has == 1;
	return has == -1 ? NULL : end;
}

/*
 * Whether the set that begins behind '[' at p has c in it.  Returns its
 * closing ']', or NULL if this is no set: then nothing matches.
 */
static const char *
set_match(const char *p, unsigned char c, bool *hit)
{
	bool negated = *p == '!' || *p == '^';
	unsigned char from = 0; /* where a range could begin */
	const char *first, *q;

	*hit = false;
	p += negated;
	for (first = p; *p != ']' || p == first; p++) {
		bool range =
		    *p == '-' && from != 0 && p[1] != '\0' && p[1] != ']';

		p += range;
		if (*p == '[' && p[1] == ':' && !range) {
			q = set_class(p, c, hit);
			if (q == NULL)
				return NULL;
			from = q == p ? '[' : 0;
			p = q;
			continue;
		}
		if (*p == '\\')
			p++;
		if (*p == '\0')
			return NULL;
		*hit |= range ? from <= c && c <= (unsigned char)*p :
				c == (unsigned char)*p;
		from = range ? 0 : (unsigned char)*p;
	}
	*hit ^= negated;
	return p;
}

/*
 * One or more stars at w->p.  "**" crosses '/' where it stands alone between
 * slashes or ends, else it is the same as "*".
 */
static void
take_stars(struct wild *w, const char *pattern, bool pathname)
{
	const char *p = w->p;
	size_t n = strspn(p, "*");
	const char *end = p + n;
	bool any;

	any = n > 1 && (p == pattern || p[-1] == '/') &&
	    (*end == '\0' || *end == '/' || (*end == '\\' && end[1] == '/'));
	if (any || !pathname) {
		w->any_dirs = pathname && *end == '/';
		w->p = end + w->any_dirs;
		w->any_p = w->p;
		w->any_t = w->t;
		w->star_p = NULL;
	} else {
		w->p = end;
		w->star_p = end;
		w->star_t = w->t;
	}
}

/* Let the last star that can take more of the text. */
static bool
retry(struct wild *w)
{
	if (w->star_p != NULL && *w->star_t != '\0' && *w->star_t != '/') {
		w->p = w->star_p;
		w->t = ++w->star_t;
		return true;
	}
	if (w->any_p == NULL || *w->any_t == '\0')
		return false;
	if (w->any_dirs) {
		w->any_t = strchr(w->any_t, '/');
		if (w->any_t == NULL)
			return false;
	}
	w->star_p = NULL;
	w->p = w->any_p;
	w->t = ++w->any_t;
	return true;
}

/* Match one byte.  Adds to steps what a set took. */
static bool
one(struct wild *w, bool pathname, size_t *steps)
{
	const char *p = w->p;
	char c = *w->t++;
	bool ok;

	if (*p == '[') {
		w->p = set_match(p + 1, (unsigned char)c, &ok);
		if (w->p == NULL) {
			*steps = STEPS_MAX;
			return false;
		}
		*steps += (size_t)(w->p++ - p);
		return ok && (!pathname || c != '/');
	}
	if (*p == '?') {
		w->p++;
		return !pathname || c != '/';
	}
	if (*p == '\\')
		p++;
	w->p = p + 1;
	return *p == c;
}

bool
wildmatch(const char *pattern, const char *text, bool pathname)
{
	struct wild w = {.p = pattern, .t = text};
	size_t steps;

	for (steps = 0; steps < STEPS_MAX; steps++) {
		if (*w.p == '*') {
			take_stars(&w, pattern, pathname);
			/* The end, and this star may take the rest. */
			if (*w.p == '\0' && w.star_p == NULL && !w.any_dirs)
				return true;
			continue;
		}
		if (*w.p == '\0' && *w.t == '\0')
			return true;
		/* A star that takes more would leave even less text. */
		if (*w.p != '\0' && *w.t == '\0')
			return false;
		if ((*w.p == '\0' || !one(&w, pathname, &steps)) && !retry(&w))
			return false;
	}
	return false;
}
