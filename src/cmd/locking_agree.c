/*
 * A lock file and the requirements file that it should be for.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/locking.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"
#include "kelpie/url.h"

static const char *
version_word(const char *version)
{
	return version != NULL ? version : "no version";
}

/* What the requirements file says and the lock file does not. */
static bool
differs(const struct locking *l, const struct spec *s)
{
	const struct locked *e = lockfile_find(&l->was, s->name);
	char *src;

	if (e != NULL && locked_is_for(e, s))
		return false;
	if (e == NULL) {
		ui_warn("%s: role '%s' is not in %s", s->where, s->name,
		    l->path);
		return true;
	}
	src = url_kept(s->src);
	if (strcmp(src, e->src) != 0)
		ui_warn("%s: role '%s' is %s here, and %s in %s", s->where,
		    s->name, src, e->src, l->path);
	else if (!text_same(s->version, e->asked))
		ui_warn("%s: role '%s' is %s here, and %s in %s", s->where,
		    s->name, version_word(s->version), version_word(e->asked),
		    l->path);
	else
		ui_warn("%s: role '%s' has another path, kind, commit or "
			"checksum than in %s",
		    s->where, s->name, l->path);
	free(src);
	return true;
}

bool
locking_asks(const struct specs *specs, const char *name)
{
	for (size_t i = 0; i < specs->n; i++)
		if (strcmp(specs->v[i].name, name) == 0)
			return true;
	return false;
}

/* An entry that neither the file nor another role asks for. */
static bool
is_stale(const struct locking *l, const struct locked *e,
    const struct specs *specs)
{
	if (e->needed_n > 0 || l->partly || locking_asks(specs, e->name))
		return false;
	ui_warn("%s: nobody asks for role '%s' any more", l->path, e->name);
	return true;
}

int
locking_agree(const struct locking *l, const struct specs *specs,
    struct error *err)
{
	size_t i, n = 0;

	for (i = 0; i < specs->n; i++)
		n += differs(l, &specs->v[i]);
	for (i = 0; i < l->was.n; i++)
		n += is_stale(l, &l->was.v[i], specs);
	if (n == 0)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "%s is not what the requirements file asks for, and --locked "
	    "leaves it as it is; kelpie lock makes it right",
	    l->path);
}

static void
take(char **to, const char *text)
{
	free(*to);
	*to = xstrdup_null(text);
}

/* The version that the lock file has, whatever the other file says. */
int
locking_freeze(const struct locking *l, struct specs *specs, struct error *err)
{
	for (size_t i = 0; i < specs->n; i++) {
		struct spec *s = &specs->v[i];
		const struct locked *e = lockfile_find(&l->was, s->name);

		if (e == NULL)
			return error_set(err, ERR_CONFIG,
			    "%s: role '%s' is not in %s, and --frozen takes "
			    "nothing else",
			    s->where, s->name, l->path);
		take(&s->version, e->asked);
		take(&s->path, e->path);
		take(&s->commit, NULL);
		take(&s->checksum, NULL);
		if (!locked_is_for(e, s))
			return error_set(err, ERR_CONFIG,
			    "%s: role '%s' comes from elsewhere than in %s",
			    s->where, s->name, l->path);
	}
	return 0;
}
