#include "kelpie/gitconfig.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gitconfig_priv.h"

/* ---- the list ---- */

static void
lower(char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		s[i] = (char)tolower((unsigned char)s[i]);
}

/* Add the string of len bytes to the text and say where it stands. */
static size_t
put(struct gitconfig *c, const char *s, size_t len)
{
	size_t at = c->text.len;

	buf_add(&c->text, s, len);
	buf_add(&c->text, "", 1);
	return at;
}

/*
 * Where the strings of an entry begin in the text, which moves while it
 * grows.
 */
struct place {
	size_t key, section, sub, name, value;
	bool has_sub, has_value;
};

/* "key\nvalue" of len bytes. */
static bool
parse_entry(struct gitconfig *c, struct place *p, const char *s, size_t len)
{
	const char *newline = memchr(s, '\n', len), *end, *first, *last;

	end = newline != NULL ? newline : s + len;
	first = memchr(s, '.', (size_t)(end - s));
	if (first == NULL || first == s)
		return false;
	last = memrchr(s, '.', (size_t)(end - s));
	if (last + 1 == end)
		return false;
	*p = (struct place){.has_sub = first != last,
	    .has_value = newline != NULL};
	p->key = put(c, s, (size_t)(end - s));
	lower(c->text.data + p->key, (size_t)(first - s));
	lower(c->text.data + p->key + (last - s), (size_t)(end - last));
	p->section = put(c, s, (size_t)(first - s));
	lower(c->text.data + p->section, (size_t)(first - s));
	if (p->has_sub)
		p->sub = put(c, first + 1, (size_t)(last - first - 1));
	p->name = p->key + (size_t)(last + 1 - s);
	if (p->has_value)
		p->value = put(c, newline + 1, (size_t)(s + len - newline - 1));
	return true;
}

static void
settle(struct gitconfig *c, const struct place *p)
{
	const char *text = c->text.data;

	if (p == NULL)
		return;
	c->v = xcalloc(c->n, sizeof(*c->v));
	for (size_t i = 0; i < c->n; i++, p++)
		c->v[i] = (struct entry){.key = text + p->key,
		    .section = text + p->section,
		    .sub = p->has_sub ? text + p->sub : NULL,
		    .name = text + p->name,
		    .value = p->has_value ? text + p->value : NULL};
}

struct gitconfig *
gitconfig_new(const char *text, size_t len)
{
	static const char fault[] = "error\n";
	struct gitconfig *c = xcalloc(1, sizeof(*c));
	struct place *v = NULL;
	const char *end = text + len, *nul;

	for (; text < end; text = nul + 1) {
		nul = memchr(text, '\0', (size_t)(end - text));
		if (nul == NULL)
			break;
		if (strncmp(text, fault, sizeof(fault) - 1) == 0) {
			free(c->fault);
			c->fault = xstrdup(text + sizeof(fault) - 1);
			continue;
		}
		v = xreallocarray(v, c->n + 1, sizeof(*v));
		if (parse_entry(c, &v[c->n], text, (size_t)(nul - text)))
			c->n++;
	}
	settle(c, v);
	free(v);
	return c;
}

static bool
is_of(const struct settings *s, const char *text)
{
	const char *const *h = s != NULL ? s->headers : NULL;

	if (s != NULL && s->proxy == text)
		return true;
	for (; h != NULL && *h != NULL; h++)
		if (*h == text)
			return true;
	return false;
}

void
gitconfig_forget(struct gitconfig *c, const struct settings *keep)
{
	if (c->text.data != NULL)
		explicit_bzero(c->text.data, c->text.cap);
	c->n = 0;
	for (size_t i = 0; i < c->kept_n; i++)
		if (c->kept[i].is_secret && !is_of(keep, c->kept[i].p))
			explicit_bzero(c->kept[i].p, strlen(c->kept[i].p));
}

void
gitconfig_free(struct gitconfig *c)
{
	if (c == NULL)
		return;
	gitconfig_forget(c, NULL);
	for (size_t i = 0; i < c->kept_n; i++)
		free(c->kept[i].p);
	free(c->kept);
	free(c->fault);
	free(c->v);
	buf_free(&c->text);
	free(c);
}

void *
gitconfig_keep(struct gitconfig *c, void *p, bool is_secret)
{
	c->kept = xreallocarray(c->kept, c->kept_n + 1, sizeof(*c->kept));
	c->kept[c->kept_n++] = (struct kept){p, is_secret};
	return p;
}

const char *
gitconfig_fault(const struct gitconfig *c)
{
	return c->fault;
}

const char *
gitconfig_get(const struct gitconfig *c, const char *key)
{
	const char *value = NULL;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].key, key) == 0)
			value = c->v[i].value;
	return value;
}

/* Numbers may have a unit: git-config(1), "Values". */
bool
gitconfig_bool(const char *value, bool is_default)
{
	static const char *const yes[] = {"true", "yes", "on"},
				 *const no[] = {"false", "no", "off", ""};
	char *end;
	long n;

	if (value == NULL)
		return true;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (strcasecmp(value, yes[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (strcasecmp(value, no[i]) == 0)
			return false;
	n = strtol(value, &end, 0);
	if (*end != '\0' && strchr("kKmMgG", *end) != NULL)
		end++;
	return *end == '\0' ? n != 0 : is_default;
}

/* ---- url.<base>.insteadOf ---- */

static bool
is_rewrite(const struct entry *e)
{
	return strcmp(e->section, "url") == 0 && e->sub != NULL &&
	    e->value != NULL && strcmp(e->name, "insteadof") == 0;
}

/*
 * The longest wins, and among equals the base that is named first, with all
 * that is said of it anywhere.
 */
char *
gitconfig_rewrite(const struct gitconfig *c, const char *url)
{
	const struct entry *best = NULL;
	size_t longest = 0, len;

	for (size_t i = 0; i < c->n; i++) {
		if (!is_rewrite(&c->v[i]))
			continue;
		for (size_t k = i; k < c->n; k++) {
			const struct entry *e = &c->v[k];

			if (strcmp(e->key, c->v[i].key) != 0 ||
			    e->value == NULL)
				continue;
			len = strlen(e->value);
			if (strncmp(url, e->value, len) == 0 &&
			    (best == NULL || len > longest)) {
				best = e;
				longest = len;
			}
		}
	}
	if (best == NULL)
		return xstrdup(url);
	return xasprintf("%s%s", best->sub, url + longest);
}

/* ---- credential.* ---- */

/*
 * gitcredentials(7) lets such a pattern leave out the scheme, and what that
 * means is git's business: it is asked rather than not.
 */
static bool
concerns(const struct entry *e, const char *name, const struct normal *url)
{
	struct normal pattern;
	struct fit fit;
	bool whole;

	if (entry_fits(e, "credential", name, url, &fit))
		return true;
	if (strcmp(e->section, "credential") != 0 ||
	    strcmp(e->name, name) != 0 || e->sub == NULL)
		return false;
	whole = normal_parse(&pattern, e->sub, true);
	normal_free(&pattern);
	return !whole;
}

bool
gitconfig_has_helper(const struct gitconfig *c, const char *url)
{
	struct normal n;
	bool has = false, is_url = normal_parse(&n, url, false);

	for (size_t i = 0; is_url && i < c->n; i++)
		if (c->v[i].value != NULL && concerns(&c->v[i], "helper", &n))
			has = c->v[i].value[0] != '\0';
	normal_free(&n);
	return has;
}

bool
gitconfig_use_path(const struct gitconfig *c, const char *url)
{
	struct normal n;
	bool use = false, is_url = normal_parse(&n, url, false);

	for (size_t i = 0; is_url && i < c->n; i++)
		if (concerns(&c->v[i], "usehttppath", &n))
			use = gitconfig_bool(c->v[i].value, false);
	normal_free(&n);
	return use;
}
