#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "git/subst_priv.h"
#include "kelpie/buf.h"

struct person {
	struct piece name, mail, date, zone; /* date.s NULL: none */
};

static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static size_t
digits(struct piece p, size_t at)
{
	size_t n = at;

	while (n < p.len && p.s[n] >= '0' && p.s[n] <= '9')
		n++;
	return n - at;
}

static size_t
spaces(struct piece p, size_t at)
{
	size_t n = at;

	while (n < p.len && git_space(p.s[n]))
		n++;
	return n - at;
}

/* The date behind the last '>', and there is one; without a zone it is none. */
static void
date_parse(struct person *who, struct piece p)
{
	size_t i = p.len, date, ndate, nzone;

	while (p.s[i - 1] != '>')
		i--;
	date = i + spaces(p, i);
	ndate = digits(p, date);
	i = date + ndate;
	i += spaces(p, i);
	if (ndate == 0 || i >= p.len || (p.s[i] != '+' && p.s[i] != '-'))
		return;
	nzone = digits(p, i + 1);
	if (nzone == 0)
		return;
	who->date = (struct piece){p.s + date, ndate};
	who->zone = (struct piece){p.s + i, nzone + 1};
}

static bool
person_parse(struct person *who, struct piece p)
{
	const char *lt = p.len != 0 ? memchr(p.s, '<', p.len) : NULL;
	const char *gt =
	    lt != NULL ? memchr(lt, '>', p.len - (size_t)(lt - p.s)) : NULL;

	*who = (struct person){0};
	if (gt == NULL)
		return false;
	who->name = (struct piece){p.s, (size_t)(lt - p.s)};
	while (who->name.len != 0 && git_space(p.s[who->name.len - 1]))
		who->name.len--;
	who->mail = (struct piece){lt + 1, (size_t)(gt - lt - 1)};
	date_parse(who, p);
	return true;
}

/* Digits to a number; more than max is -1. */
static int64_t
number(struct piece p, int64_t max)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < p.len; i++) {
		n = n * 10 + (p.s[i] - '0');
		if (n > max)
			return -1;
	}
	return n;
}

/*
 * The date in its own zone.  One that cannot be shown is the beginning of
 * time, as in git; where git gives up altogether, too.
 */
static int
local_time(struct tm *tm, const struct person *who)
{
	/* Far enough for any year that fits, far from overflow. */
	int64_t t = number(who->date, INT64_MAX / 100), minutes;
	struct piece z = {who->zone.s + 1, who->zone.len - 1};
	int64_t zone = number(z, INT_MAX - 1);
	time_t sys;

	zone = t == -1 || zone == -1 ? 0 : zone;
	minutes = zone / 100 * 60 + zone % 100;
	if (who->zone.s[0] == '-') {
		zone = -zone;
		minutes = -minutes;
	}
	t = t == -1 ? 0 : t + minutes * 60;
	sys = (time_t)t;
	if (t < 0 || sys != t || gmtime_r(&sys, tm) == NULL) {
		sys = 0;
		(void)gmtime_r(&sys, tm);
		zone = 0;
	}
	return (int)zone;
}

/* 2005-04-07 and, unless 's', the time as ISO 8601 has it, about ('i')
 * or exactly ('I'). */
static void
iso_add(struct buf *out, const struct tm *tm, int zone, char style)
{
	buf_printf(out, "%04d-%02d-%02d", tm->tm_year + 1900, tm->tm_mon + 1,
	    tm->tm_mday);
	if (style == 's')
		return;
	buf_printf(out, "%c%02d:%02d:%02d", style == 'I' ? 'T' : ' ',
	    tm->tm_hour, tm->tm_min, tm->tm_sec);
	if (style == 'I')
		buf_printf(out, "%c%02d:%02d", zone < 0 ? '-' : '+',
		    abs(zone) / 100, abs(zone) % 100);
	else
		buf_printf(out, " %+05d", zone);
}

static void
date_add(struct buf *out, const struct person *who, char style)
{
	struct tm tm;
	int zone = local_time(&tm, who);
	const char *day = days[tm.tm_wday], *month = months[tm.tm_mon];

	if (style == 'd')
		buf_printf(out, "%s %s %d %02d:%02d:%02d %d", day, month,
		    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		    tm.tm_year + 1900);
	else if (style == 'D')
		buf_printf(out, "%s, %d %s %d %02d:%02d:%02d %+05d", day,
		    tm.tm_mday, month, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		    tm.tm_sec, zone);
	else
		iso_add(out, &tm, zone, style);
	/* To git -0001 is the zone of nobody, which it does not show. */
	if (style == 'd' && zone != -1)
		buf_printf(out, " %+05d", zone);
}

/* Without a mailmap the capital letters are the same as the small ones. */
static bool
who_add(struct buf *out, const struct person *who, char part)
{
	struct piece p = part == 'n' || part == 'N' ? who->name : who->mail;
	const char *at = p.len != 0 ? memchr(p.s, '@', p.len) : NULL;

	if (part == '\0' || strchr("nNeElL", part) == NULL)
		return false;
	if ((part == 'l' || part == 'L') && at != NULL)
		p.len = (size_t)(at - p.s);
	buf_add(out, p.s, p.len);
	return true;
}

size_t
person_add(struct buf *out, struct piece ident, char part, bool *left_out)
{
	struct person who;
	bool there = person_parse(&who, ident);

	if (there && who_add(out, &who, part))
		return 2;
	/* Some are empty when there is nothing to say, others stay. */
	if (!there || who.date.s == NULL)
		return part != '\0' && strchr("netdDri", part) != NULL ? 2 : 0;
	if (part == 't')
		buf_add(out, who.date.s, who.date.len);
	else if (part == 'r' || part == 'h')
		*left_out = true;
	else if (part != '\0' && strchr("dDiIs", part) != NULL)
		date_add(out, &who, part);
	else
		return 0;
	return 2;
}
