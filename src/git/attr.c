#include "kelpie/git/attr.h"

#include <stdlib.h>
#include <string.h>

#include "git/attr_priv.h"
#include "kelpie/buf.h"

/* More than anybody writes, and little enough to try for every path. */
#define RULES_MAX 4096
#define NAMES_MAX (ATTR_COUNT + 128)

static const char builtin[] = "[attr]binary -diff -merge -text\n";

static const char *const known[ATTR_COUNT] = {
    [ATTR_EXPORT_IGNORE] = "export-ignore",
    [ATTR_EXPORT_SUBST] = "export-subst",
    [ATTR_TEXT] = "text",
    [ATTR_EOL] = "eol",
    [ATTR_CRLF] = "crlf",
    [ATTR_IDENT] = "ident",
    [ATTR_ENCODING] = "working-tree-encoding",
    [ATTR_FILTER] = "filter",
};

struct state {
	size_t name;
	enum attr_state to;
	const char *value;
};

/* Some of attrs.states. */
struct range {
	size_t start, count;
};

struct rule {
	const char *pattern;
	size_t len;
	size_t literal; /* so many bytes without a wildcard come first */
	bool directory; /* nothing else matches */
	bool basename; /* the last component is looked at, not the path */
	bool suffix; /* '*' and no wildcard behind it */
	struct range states;
};

/* An attribute that counts: one of the known, or a macro, or both. */
struct name {
	const char *name;
	struct range macro;
};

struct frame {
	char *text; /* what the rules of this directory point to */
	size_t base; /* length of the directory's path */
	size_t rules, states; /* how many there were before */
};

struct attrs {
	struct frame *frames;
	struct rule *rules;
	struct state *states;
	struct name names[NAMES_MAX];
	size_t nframes, nrules, nstates, nnames;
};

struct attrs *
attrs_new(void)
{
	struct attrs *a = xcalloc(1, sizeof(*a));
	size_t i;

	for (i = 0; i < ATTR_COUNT; i++)
		a->names[i].name = known[i];
	a->nnames = ATTR_COUNT;
	return a;
}

/* NAMES_MAX if nobody could want to know. */
static size_t
name_find(const struct attrs *a, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < a->nnames; i++)
		if (strncmp(a->names[i].name, name, len) == 0 &&
		    a->names[i].name[len] == '\0')
			return i;
	return NAMES_MAX;
}

static void
name_add(struct attrs *a, const char *name)
{
	if (a->nnames < NAMES_MAX &&
	    name_find(a, name, strlen(name)) == NAMES_MAX)
		a->names[a->nnames++] = (struct name){.name = name};
}

static struct range
states_add(struct attrs *a, char *rest)
{
	struct range r = {.start = a->nstates};
	struct setting set;
	size_t name;

	while (line_setting(&set, &rest)) {
		name = name_find(a, set.name, set.len);
		if (name == NAMES_MAX)
			continue;
		/* Grow whenever the count is a power of two. */
		if ((a->nstates & (a->nstates - 1)) == 0)
			a->states = xreallocarray(a->states,
			    a->nstates != 0 ? a->nstates * 2 : 1,
			    sizeof(*a->states));
		a->states[a->nstates++] = (struct state){.name = name,
		    .to = set.state,
		    .value = set.value};
	}
	r.count = a->nstates - r.start;
	return r;
}

static void
rule_add(struct attrs *a, const struct line *line)
{
	struct rule r = {.pattern = line->pattern};
	size_t len = strlen(line->pattern);

	r.states = states_add(a, line->rest);
	if (r.states.count == 0 || a->nrules == RULES_MAX)
		return;
	if (len != 0 && line->pattern[len - 1] == '/') {
		r.directory = true;
		line->pattern[--len] = '\0';
	}
	r.basename = strchr(r.pattern, '/') == NULL;
	r.suffix = *r.pattern == '*' && strpbrk(r.pattern + 1, "*?[\\") == NULL;
	r.literal = strcspn(r.pattern, "*?[\\");
	if (*r.pattern == '/') {
		r.pattern++;
		r.literal--;
	}
	r.len = strlen(r.pattern);
	a->rules = xreallocarray(a->rules, a->nrules + 1, sizeof(*a->rules));
	a->rules[a->nrules++] = r;
}

/*
 * Macros first, all of them: a line may use one that is defined below it,
 * and only what can be a macro or is known is kept of a line.
 */
static void
lines_add(struct attrs *a, const struct line *lines, size_t n, bool root)
{
	size_t i;

	for (i = 0; root && i < n; i++)
		if (lines[i].macro)
			name_add(a, lines[i].pattern);
	for (i = 0; i < n; i++) {
		size_t name =
		    name_find(a, lines[i].pattern, strlen(lines[i].pattern));

		if (!lines[i].macro)
			rule_add(a, &lines[i]);
		else if (root && name != NAMES_MAX)
			a->names[name].macro = states_add(a, lines[i].rest);
	}
}

static void
text_add(struct attrs *a, char *text, bool root)
{
	struct line *lines = NULL, line;
	size_t n = 0;
	char *s;

	while ((s = strsep(&text, "\n")) != NULL) {
		if (!line_parse(&line, s))
			continue;
		if ((n & (n - 1)) == 0)
			lines = xreallocarray(lines, n != 0 ? n * 2 : 1,
			    sizeof(*lines));
		lines[n++] = line;
	}
	lines_add(a, lines, n, root);
	free(lines);
}

void
attrs_enter(struct attrs *a, const char *dir, const char *text, size_t len)
{
	struct frame f = {.base = strlen(dir),
	    .rules = a->nrules,
	    .states = a->nstates};
	bool root = a->nframes == 0;
	struct buf b = {0};

	if (root)
		buf_puts(&b, builtin);
	/* As in git a NUL ends it. */
	if (text != NULL && len <= ATTRS_MAX_BYTES)
		buf_add(&b, text, len);
	f.text = b.data;
	if (f.text != NULL)
		text_add(a, f.text, root);
	a->frames =
	    xreallocarray(a->frames, a->nframes + 1, sizeof(*a->frames));
	a->frames[a->nframes++] = f;
}

void
attrs_leave(struct attrs *a)
{
	struct frame *f = &a->frames[--a->nframes];
	size_t i;

	a->nrules = f->rules;
	a->nstates = f->states;
	free(f->text);
	if (a->nframes != 0)
		return;
	for (i = 0; i < ATTR_COUNT; i++)
		a->names[i].macro = (struct range){0};
	a->nnames = ATTR_COUNT;
}

static bool
basename_matches(const struct rule *r, const char *name, size_t len)
{
	if (r->literal == r->len)
		return len == r->len && memcmp(name, r->pattern, len) == 0;
	if (r->suffix)
		return len >= r->len - 1 &&
		    strcmp(name + len - (r->len - 1), r->pattern + 1) == 0;
	return wildmatch(r->pattern, name, false);
}

/*
 * git compares what comes before the first wildcard byte by byte, and takes
 * the rest for a pattern of its own.  That is not the same as one pattern:
 * it makes "a**" + "/b" match "ax/b".
 */
static bool
path_matches(const struct rule *r, const char *path, size_t len)
{
	if (r->literal > len || memcmp(path, r->pattern, r->literal) != 0)
		return false;
	return wildmatch(r->pattern + r->literal, path + r->literal, true);
}

struct lookup {
	const struct attrs *attrs;
	struct attr_value *out;
	bool decided[NAMES_MAX];
};

/* The last setting is the first to decide; a macro that is set follows. */
static void
apply(struct lookup *l, struct range r)
{
	const struct state *s = l->attrs->states + r.start + r.count;

	for (; r.count != 0; r.count--) {
		s--;
		if (l->decided[s->name])
			continue;
		l->decided[s->name] = true;
		if (s->name < ATTR_COUNT)
			l->out[s->name] = (struct attr_value){.state = s->to,
			    .value = s->value};
		if (s->to == ATTR_SET)
			apply(l, l->attrs->names[s->name].macro);
	}
}

void
attrs_get(const struct attrs *a, const char *path, bool directory,
    struct attr_value out[ATTR_COUNT])
{
	struct lookup l = {.attrs = a, .out = out};
	size_t len = strlen(path), i = a->nrules, f, base;
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	memset(out, 0, ATTR_COUNT * sizeof(*out));
	for (f = a->nframes; f-- > 0;) {
		base = a->frames[f].base;
		base += base != 0; /* its '/' */
		while (i > a->frames[f].rules) {
			const struct rule *r = &a->rules[--i];

			if ((r->directory && !directory) || base > len)
				continue;
			if (r->basename ?
				basename_matches(r, name,
				    (size_t)(path + len - name)) :
				path_matches(r, path + base, len - base))
				apply(&l, r->states);
		}
	}
}

void
attrs_free(struct attrs *a)
{
	if (a == NULL)
		return;
	while (a->nframes != 0)
		attrs_leave(a);
	free(a->frames);
	free(a->rules);
	free(a->states);
	free(a);
}
