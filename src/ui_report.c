#include "ui_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/rules.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * So many other lines may stand between the failures before they are said
 * again at the end: fewer, and people still have them before their eyes.
 */
#define IN_VIEW 10

const char *
ui_advice(enum error_kind kind)
{
	switch (kind) {
	case ERR_NONE:
	case ERR_REFUSED: /* the message says what to do */
		return NULL;
	case ERR_USAGE:
		return "kelpie(1) has all commands and options";
	case ERR_CONFIG:
		return "correct the file and run the same command again";
	case ERR_NOTFOUND:
		return "look at the spelling of the source and the version";
	case ERR_NETWORK:
		return "check the network and run the same command again: "
		       "what is installed stays";
	case ERR_AUTH:
		return "check the password or token, what it may read, and "
		       "the certificate of the host";
	case ERR_INTEGRITY:
		return "what arrived is not what was asked for, and nothing "
		       "of it was kept: ask whoever runs the server";
	case ERR_LOCAL:
		return "check free space and permissions on this machine "
		       "and run the same command again";
	case ERR_CHILD:
		return "this is a bug in kelpie, or the worker was killed: "
		       "please report it with the output of -v";
	case ERR_CANCELLED:
		return "run the same command again for the rest: what is "
		       "installed stays";
	}
	return NULL;
}

/*
 * " " and a version in words; a commit is cut to what people compare.  What is
 * no repository has none.
 */
static void
add_version(struct buf *b, const struct outcome_of *o, const char *version)
{
	if ((version == NULL || *version == '\0') && !o->git)
		return;
	buf_puts(b, b->len != 0 ? " " : "");
	if (version == NULL || *version == '\0')
		buf_puts(b, "the default branch");
	else if (is_commit_id(version))
		buf_add(b, version, 7);
	else
		buf_puts(b, version);
}

static void
add_detail(struct buf *b, const char *s)
{
	buf_printf(b, "%s%s", b->len == 0 ? " (" : ", ", s);
}

/* " (3f2c1ab, 45 files, 0.2 s)", without what is not known. */
static void
add_details(struct buf *b, const struct outcome_of *o)
{
	const char *version = o->version != NULL ? o->version : "";
	char num[NUMBER_MAX];

	if (o->commit != NULL && *o->commit != '\0' &&
	    strcmp(version, o->commit) != 0) {
		(void)snprintf(num, sizeof(num), "%.7s", o->commit);
		add_detail(b, num);
	}
	if (o->outcome == OUT_INSTALLED) {
		(void)snprintf(num, sizeof(num), "%" PRIu64 " file%s", o->files,
		    o->files == 1 ? "" : "s");
		add_detail(b, num);
		add_detail(b, text_time(num, o->took_ms));
	}
	if (b->len != 0)
		buf_puts(b, ")");
}

static const char *
done(const struct report *r)
{
	return r->shape == UI_LOCK  ? "locked" :
	    r->shape == UI_DOWNLOAD ? "downloaded" :
				      "installed";
}

/* Somebody else says what came well. */
static bool
is_told_elsewhere(const struct report *r)
{
	return r->shape == UI_LOOK || r->shape == UI_ASIDE;
}

/* "installed v1.2.0", "updated v1.1.0 -> v1.2.0". */
static void
add_change(struct buf *b, const struct report *r, const struct outcome_of *o)
{
	const char *version = o->version != NULL ? o->version : "";

	if (o->outcome == OUT_INSTALLED) {
		buf_puts(b, done(r));
	} else if (o->before == NULL) {
		buf_puts(b,
		    o->git || *version != '\0' ? "updated to" : "updated");
	} else if (strcmp(o->before, version) == 0 ||
	    (!o->git && *version == '\0')) {
		buf_puts(b, "updated");
	} else {
		buf_puts(b, "updated");
		add_version(b, o, o->before);
		buf_puts(b, " ->");
	}
	add_version(b, o, version);
}

static void
say_changed(const struct report *r, struct out *out, const struct outcome_of *o)
{
	struct buf what = {0}, details = {0};
	struct part parts[] = {{PLAIN, o->name}, {PLAIN, ": "}, {GREEN, NULL},
	    {DIM, NULL}};

	add_change(&what, r, o);
	add_details(&details, o);
	parts[2].text = what.data;
	parts[3].text = details.data;
	out_say(out, STDOUT_FILENO, parts, details.len != 0 ? 4 : 3);
	buf_free(&what);
	buf_free(&details);
}

static void
say_idle(struct out *out, const struct outcome_of *o)
{
	struct part parts[] = {{PLAIN, o->name}, {PLAIN, ": "}, {DIM, NULL}};
	struct buf what = {0};

	if (o->outcome == OUT_KEPT) {
		add_version(&what, o, o->version);
		buf_printf(&what, "%sis already there",
		    what.len != 0 ? " " : "");
	} else {
		buf_puts(&what, "cancelled");
	}
	parts[2].text = what.data;
	out_say(out, STDOUT_FILENO, parts, COUNT(parts));
	buf_free(&what);
}

static void
say_failed(struct report *r, struct out *out, const struct outcome_of *o)
{
	static const struct error unknown = {ERR_CHILD, "no reason was given"};
	const struct error *err = o->err != NULL ? o->err : &unknown;
	const struct part parts[] = {
	    {PLAIN, o->name},
	    {PLAIN, ": "},
	    {RED, "FAILED"},
	    {PLAIN, ": "},
	    {PLAIN, err->msg},
	};

	r->failed =
	    xreallocarray(r->failed, r->nfailed + 1, sizeof(*r->failed));
	r->failed[r->nfailed++] = (struct failure){xstrdup(o->name), *err};
	if (r->shape != UI_ASIDE)
		out_say(out, STDERR_FILENO, parts, COUNT(parts));
}

/* Of the roles that there were to fetch. */
static size_t
finished(const struct report *r)
{
	size_t told = r->count[OUT_KEPT] + r->count[OUT_INSTALLED] +
	    r->count[OUT_UPDATED] + r->count[OUT_FAILED];

	return told > r->settled ? told - r->settled : 0;
}

void
report_role(struct report *r, struct out *out, enum ui_level level,
    const struct outcome_of *o)
{
	r->count[o->outcome]++;
	out->live.finished = finished(r);
	switch (o->outcome) {
	case OUT_FAILED:
		say_failed(r, out, o);
		return;
	case OUT_INSTALLED:
	case OUT_UPDATED:
		if (level < UI_NORMAL || is_told_elsewhere(r))
			return;
		say_changed(r, out, o);
		break;
	case OUT_KEPT:
	case OUT_CANCELLED:
		if (level < UI_VERBOSE || is_told_elsewhere(r))
			return;
		say_idle(out, o);
		break;
	}
	r->said++;
}

static void
add_count(struct buf *b, size_t n, const char *what)
{
	if (n != 0)
		buf_printf(b, "%s%zu %s", b->len == 0 ? "" : ", ", n, what);
}

static void
say_numbers(const struct report *r, struct out *out, uint64_t ms)
{
	const size_t *n = r->count;
	char num[NUMBER_MAX];
	struct buf b = {0};
	struct part part;

	add_count(&b, n[OUT_INSTALLED], done(r));
	add_count(&b, n[OUT_UPDATED], "updated");
	if (b.len == 0 && n[OUT_FAILED] == 0 && n[OUT_CANCELLED] == 0) {
		buf_puts(&b, "nothing to do");
		add_count(&b, n[OUT_KEPT],
		    n[OUT_KEPT] == 1 ? "role is in place" :
				       "roles are in place");
	} else {
		add_count(&b, n[OUT_KEPT], "already there");
		add_count(&b, n[OUT_FAILED], "failed");
		add_count(&b, n[OUT_CANCELLED], "cancelled");
		buf_printf(&b, " in %s", text_time(num, ms));
	}
	part = (struct part){PLAIN, b.data};
	out_say(out, STDOUT_FILENO, &part, 1);
	buf_free(&b);
}

static void
say_failures(const struct report *r, struct out *out)
{
	char *head = xasprintf("%zu role%s failed:", r->nfailed,
	    r->nfailed == 1 ? "" : "s");
	size_t i;

	out_say(out, STDERR_FILENO, &(const struct part){RED, head}, 1);
	free(head);
	for (i = 0; i < r->nfailed; i++) {
		const struct part parts[] = {
		    {PLAIN, "  "},
		    {PLAIN, r->failed[i].name},
		    {PLAIN, ": "},
		    {PLAIN, r->failed[i].err.msg},
		};

		out_say(out, STDERR_FILENO, parts, COUNT(parts));
	}
}

static void
say_hint(struct out *out, enum error_kind kind, bool *told)
{
	const struct part parts[] = {{YELLOW, "hint:"}, {PLAIN, " "},
	    {PLAIN, ui_advice(kind)}};

	if (*told || parts[2].text == NULL)
		return;
	*told = true;
	out_say(out, STDERR_FILENO, parts, COUNT(parts));
}

void
report_summary(const struct report *r, struct out *out, uint64_t ms)
{
	bool told[ERR_CANCELLED + 1] = {false};
	size_t i;

	if (!is_told_elsewhere(r))
		say_numbers(r, out, ms);
	if (r->nfailed != 0 && r->said > IN_VIEW)
		say_failures(r, out);
	for (i = 0; i < r->nfailed; i++) {
		enum error_kind kind = r->failed[i].err.kind;

		say_hint(out, kind, &told[kind]);
	}
	if (r->count[OUT_CANCELLED] != 0)
		say_hint(out, ERR_CANCELLED, &told[ERR_CANCELLED]);
}

const struct error *
report_failure(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->nfailed; i++)
		if (strcmp(r->failed[i].name, name) == 0)
			return &r->failed[i].err;
	return NULL;
}

void
report_free(struct report *r)
{
	while (r->nfailed > 0)
		free(r->failed[--r->nfailed].name);
	free(r->failed);
	*r = (struct report){0};
}
