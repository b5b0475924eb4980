#include "kelpie/semver.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kelpie/buf.h"

#define NEAREST 4 /* names */
#define DIGITS "0123456789"

/* A name taken apart; the parts point into it. */
struct version {
	enum semver_rank rank;
	const char *numbers, *tail; /* tail: of a pre-release, or all of what
				       is no version */
	size_t numbers_len, tail_len;
};

static bool
is_v(char c)
{
	return c == 'v' || c == 'V';
}

/* "2024-01-31": the tail of a year, not a pre-release. */
static bool
is_date(const char *s, size_t year)
{
	return year == 4 && s[4] == '-' && strspn(s + 5, DIGITS) == 2 &&
	    s[7] == '-' && strspn(s + 8, DIGITS) == 2 && s[10] == '\0';
}

/* The length of "1.2.3". */
static size_t
numbers_of(const char *s)
{
	size_t len = strspn(s, DIGITS), more;

	if (is_date(s, len))
		return strlen(s);
	while (len != 0 && s[len] == '.') {
		more = strspn(s + len + 1, DIGITS);
		if (more == 0)
			break;
		len += 1 + more;
	}
	return len;
}

static void
parse(struct version *v, const char *name)
{
	const char *s = is_v(*name) ? name + 1 : name, *tail;
	size_t len = numbers_of(s);

	*v = (struct version){.rank = SEMVER_NONE,
	    .numbers = name,
	    .tail = name,
	    .tail_len = strlen(name)};
	if (len == 0)
		return;
	tail = s + len;
	if (*tail != '\0' && *tail != '+') {
		tail += strspn(tail, ".-_");
		/* Build metadata counts for nothing: semver.org, 10. */
		v->tail_len = strcspn(tail, "+");
		if (v->tail_len == 0)
			return;
		v->rank = SEMVER_PRE;
	} else {
		v->rank = SEMVER_RELEASE;
		v->tail_len = 0;
	}
	v->tail = tail;
	v->numbers = s;
	v->numbers_len = len;
}

/* ---- comparing ---- */

/* Numbers of any length. */
static int
compare_digits(const char *a, size_t an, const char *b, size_t bn)
{
	for (; an != 0 && *a == '0'; a++)
		an--;
	for (; bn != 0 && *b == '0'; b++)
		bn--;
	if (an != bn)
		return an < bn ? -1 : 1;
	return memcmp(a, b, an);
}

/* The next run of digits or of others in *s, which is moved on. */
static size_t
next_run(const char **s, const char *end, const char **run)
{
	const char *p = *s;
	bool digits;

	while (p < end && strchr(".-_", *p) != NULL)
		p++;
	*run = p;
	digits = p < end && isdigit((unsigned char)*p);
	while (p < end && strchr(".-_", *p) == NULL &&
	    (isdigit((unsigned char)*p) != 0) == digits)
		p++;
	*s = p;
	return (size_t)(p - *run);
}

static int
compare_words(const char *a, size_t an, const char *b, size_t bn)
{
	int order = strncasecmp(a, b, an < bn ? an : bn);

	if (order != 0 || an == bn)
		return order;
	return an < bn ? -1 : 1;
}

/*
 * Identifiers as semver.org, 11, orders them, but that "rc10" comes after
 * "rc9": a number counts as one wherever it stands.
 */
static int
compare_tails(const struct version *va, const struct version *vb)
{
	const char *a = va->tail, *b = vb->tail, *ra, *rb;
	size_t an, bn;
	bool da, db;
	int order = 0;

	while (order == 0) {
		an = next_run(&a, va->tail + va->tail_len, &ra);
		bn = next_run(&b, vb->tail + vb->tail_len, &rb);
		if (an == 0 || bn == 0)
			return (an != 0) - (bn != 0);
		da = isdigit((unsigned char)*ra);
		db = isdigit((unsigned char)*rb);
		if (da && db)
			order = compare_digits(ra, an, rb, bn);
		else
			order = da != db ? (int)db - (int)da :
					   compare_words(ra, an, rb, bn);
	}
	return order;
}

/* The first most numbers; what a shorter one lacks is 0. */
static int
compare_first(const struct version *va, const struct version *vb, size_t most)
{
	const char *a = va->numbers, *b = vb->numbers, *ra, *rb;
	const char *ea = a + va->numbers_len, *eb = b + vb->numbers_len;
	size_t an = 1, bn = 1;
	int order = 0;

	while (order == 0 && most-- > 0 && (an != 0 || bn != 0)) {
		an = next_run(&a, ea, &ra);
		bn = next_run(&b, eb, &rb);
		order = compare_digits(ra, an, rb, bn);
	}
	return order;
}

static size_t
count_numbers(const struct version *v)
{
	const char *s = v->numbers, *end = s + v->numbers_len, *run;
	size_t n = 0;

	while (next_run(&s, end, &run) != 0)
		n++;
	return n;
}

/* If nothing is lacking but zeros, the longer one is newer. */
static int
compare_numbers(const struct version *va, const struct version *vb)
{
	size_t a = count_numbers(va), b = count_numbers(vb);
	int order = compare_first(va, vb, a > b ? a : b);

	return order != 0 ? order : (a > b) - (a < b);
}

enum semver_rank
semver_rank(const char *name)
{
	struct version v;

	parse(&v, name);
	return v.rank;
}

int
semver_compare(const char *a, const char *b)
{
	struct version va, vb;
	int order;

	parse(&va, a);
	parse(&vb, b);
	order = (int)va.rank - (int)vb.rank;
	if (order == 0 && va.rank != SEMVER_NONE)
		order = compare_numbers(&va, &vb);
	if (order == 0)
		order = compare_tails(&va, &vb);
	return order != 0 ? order : strcmp(a, b);
}

int
semver_order(const char *a, const char *b)
{
	struct version va, vb;
	int order;

	parse(&va, a);
	parse(&vb, b);
	order = compare_first(&va, &vb, SIZE_MAX);
	if (order == 0)
		order = (int)va.rank - (int)vb.rank;
	return order != 0 ? order : compare_tails(&va, &vb);
}

size_t
semver_parts(const char *name)
{
	struct version v;

	parse(&v, name);
	return v.rank != SEMVER_NONE ? count_numbers(&v) : 0;
}

bool
semver_begin_alike(const char *a, const char *b, size_t n)
{
	struct version va, vb;

	parse(&va, a);
	parse(&vb, b);
	return compare_first(&va, &vb, n) == 0;
}

static int
by_age(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return semver_compare(*y, *x);
}

void
semver_nearest(struct buf *b, const char *const *names, size_t n,
    const char *wanted)
{
	const char **sorted = xcalloc(n, sizeof(*sorted));
	size_t i, at = 0;

	for (i = 0; i < n; i++)
		sorted[i] = names[i];
	qsort(sorted, n, sizeof(*sorted), by_age);
	while (at < n && semver_rank(wanted) != SEMVER_NONE &&
	    semver_compare(sorted[at], wanted) > 0)
		at++;
	/* Half of them newer, half of them older, if there are so many. */
	i = at > NEAREST / 2 ? at - NEAREST / 2 : 0;
	if (n > NEAREST && i > n - NEAREST)
		i = n - NEAREST;
	for (at = 0; at < NEAREST && i + at < n; at++)
		buf_printf(b, "%s'%.60s'", at == 0 ? "" : ", ", sorted[i + at]);
	free(sorted);
}

bool
semver_same(const char *a, const char *b)
{
	a += is_v(a[0]) && isdigit((unsigned char)a[1]);
	b += is_v(b[0]) && isdigit((unsigned char)b[1]);
	return strcmp(a, b) == 0;
}
