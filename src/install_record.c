/*
 * What is written down of a role that has come.
 */
#include <string.h>
#include <time.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/range.h"
#include "kelpie/semver.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"

/* The tag that was the highest in a range, or NULL. */
static const char *
tag_of_range(const struct task *t)
{
	const char *version = t->item->spec->version;

	if (version == NULL || !range_is(version) ||
	    strncmp(t->ref, "refs/tags/", 10) != 0)
		return NULL;
	return t->ref + 10;
}

/* A clock that is far off must not make a record that nobody can read. */
static time_t
now(void)
{
	time_t t = time(NULL);

	if (t < 0)
		return 0;
	return t > WHEN_MAX ? WHEN_MAX : t;
}

static const char *
became(const struct task *t)
{
	return t->became != NULL ? t->became : tag_of_range(t);
}

const char *
record_asked(const struct task *t)
{
	const struct spec *s = t->item->spec;
	const char *new = became(t);

	if (s->moving == NULL)
		return s->version;
	if (new == NULL || (spec_is_name(s) && semver_same(new, s->moving)))
		return s->moving;
	return new;
}

struct record
record_of(const struct task *t)
{
	const struct spec *spec = t->item->spec;
	const char *got = became(t);
	bool other = got != NULL && !text_same(got, record_asked(t));

	return (struct record){.name = xstrdup(spec->name),
	    .src = url_kept(spec->src),
	    .version = xstrdup_null(record_asked(t)),
	    .map = spec->map,
	    .ref = xstrdup(t->ref),
	    .commit = xstrdup(t->kind == JOB_GIT ? t->commit : ""),
	    .path = xstrdup_null(spec->path),
	    .archive = t->kind == JOB_ARCHIVE ? xstrdup(t->sha256) : NULL,
	    .got = other ? xstrdup(got) : NULL,
	    .url = t->led != NULL ? url_redact(t->led) : NULL,
	    .tag =
		t->signers != NULL && *t->tag != '\0' ? xstrdup(t->tag) : NULL,
	    .signers = xstrdup_null(t->signers),
	    .needs = xstrdup(t->needs.len != 0 ? t->needs.data : ""),
	    .when = now(),
	    .took_ms = (uint32_t)(clock_ms() - t->started)};
}
