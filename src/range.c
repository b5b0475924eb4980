#include "kelpie/range.h"

#include <stdint.h>
#include <string.h>

#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/semver.h"

#define BETWEEN ", \t"

enum op { EXACT, NOT, LESS, AT_MOST, MORE, AT_LEAST, TILDE, CARET, STAR };

/* One comparison. */
struct term {
	enum op op;
	char bound[VERSION_MAX_BYTES + 1]; /* a version; "" of "*" */
};

static const struct {
	const char *word;
	enum op op;
} words[] = {
    {">=", AT_LEAST},
    {"<=", AT_MOST},
    {"==", EXACT},
    {"!=", NOT},
    {">", MORE},
    {"<", LESS},
    {"=", EXACT},
    {"~", TILDE},
    {"^", CARET},
    {"", EXACT},
};

bool
range_is(const char *version)
{
	return *version != '\0' &&
	    (strchr("<>=!~^", *version) != NULL ||
		strchr(version, '*') != NULL);
}

/* "1.2.*" has "1.2" for a bound. */
static void
take_star(struct term *t)
{
	size_t len = strlen(t->bound);

	if (t->op != EXACT || len == 0 || t->bound[len - 1] != '*')
		return;
	t->op = STAR;
	t->bound[--len] = '\0';
	if (len > 0 && t->bound[len - 1] == '.')
		t->bound[len - 1] = '\0';
}

/* The next comparison in *s, which is moved on; false at the end. */
static bool
next_term(const char **s, struct term *t)
{
	const char *p = *s + strspn(*s, BETWEEN);
	size_t i = 0, len;

	if (*p == '\0')
		return false;
	while (strncmp(p, words[i].word, strlen(words[i].word)) != 0)
		i++;
	t->op = words[i].op;
	p += strlen(words[i].word);
	p += strspn(p, " \t");
	len = strcspn(p, BETWEEN);
	*s = p + len;
	if (len >= sizeof(t->bound))
		len = sizeof(t->bound) - 1;
	memcpy(t->bound, p, len);
	t->bound[len] = '\0';
	take_star(t);
	return true;
}

int
range_check(const char *range, struct error *err)
{
	const char *at = range;
	struct term t;
	bool some = false;

	if (strlen(range) > VERSION_MAX_BYTES)
		return error_set(err, ERR_CONFIG,
		    "a range of more than %d bytes", VERSION_MAX_BYTES);
	for (; next_term(&at, &t); some = true) {
		if (t.op == STAR && t.bound[0] == '\0')
			continue;
		if (semver_rank(t.bound) == SEMVER_NONE ||
		    strpbrk(t.bound, "<>=!~^*") != NULL)
			return error_set(err, ERR_CONFIG,
			    "in the range '%s': '%s' is no version; expected "
			    "the like of '>=1.2,<2', '~1.4', '^2.0', '1.*'",
			    range, t.bound);
	}
	if (some)
		return 0;
	return error_set(err, ERR_CONFIG, "the range '%s' says nothing", range);
}

int
range_or_version_check(const char *version, struct error *err)
{
	return range_is(version) ? range_check(version, err) :
				   version_check(version, err);
}

int
range_or_name_check(const char *version, struct error *err)
{
	return range_is(version) ? range_check(version, err) :
				   version_check_name(version, err);
}

/* How many numbers stay as they are: up to the first that is not 0. */
static size_t
caret_parts(const char *bound)
{
	size_t n = semver_parts(bound), i = 1;

	while (i < n && semver_begin_alike(bound, "0", i))
		i++;
	return i;
}

static size_t
tilde_parts(const char *bound)
{
	return semver_parts(bound) < 2 ? 1 : 2;
}

static bool
holds(const struct term *t, const char *name)
{
	int order = semver_order(name, t->bound);

	switch (t->op) {
	case EXACT:
		return order == 0;
	case NOT:
		return order != 0;
	case LESS:
		return order < 0;
	case AT_MOST:
		return order <= 0;
	case MORE:
		return order > 0;
	case AT_LEAST:
		return order >= 0;
	case TILDE:
		return order >= 0 &&
		    semver_begin_alike(name, t->bound, tilde_parts(t->bound));
	case CARET:
		return order >= 0 &&
		    semver_begin_alike(name, t->bound, caret_parts(t->bound));
	case STAR:
		return semver_begin_alike(name, t->bound,
		    semver_parts(t->bound));
	}
	return false;
}

/* Does the bound name a pre-release, of these numbers if like is set? */
static bool
names_pre(const struct term *t, const char *like)
{
	return semver_rank(t->bound) == SEMVER_PRE &&
	    (like == NULL || semver_begin_alike(like, t->bound, SIZE_MAX));
}

bool
range_has(const char *range, const char *name)
{
	bool pre = semver_rank(name) == SEMVER_PRE, named = false;
	bool alike = false, below = false;
	const char *at = range;
	struct term t;

	if (semver_rank(name) == SEMVER_NONE)
		return false;
	while (next_term(&at, &t)) {
		if (!holds(&t, name))
			return false;
		named = named || names_pre(&t, NULL);
		alike = alike || names_pre(&t, name);
		below = below ||
		    (t.op == LESS &&
			semver_begin_alike(name, t.bound, SIZE_MAX));
	}
	/* "<3" means what comes before 3.0-rc1, too: PEP 440 has it so. */
	return !pre || (named && (alike || !below));
}
