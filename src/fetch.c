#include "kelpie/fetch.h"

#include <string.h>

#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"

static enum scheme
scheme_of(const struct spec *spec)
{
	enum scheme scheme;
	struct error ignored;

	if (url_check(spec->src, &scheme, &ignored) == -1)
		return SCHEME_NONE;
	return scheme;
}

/* Some URLs may mean other things as well, and some only git. */
static bool
git_claims(const struct spec *spec)
{
	switch (scheme_of(spec)) {
	case SCHEME_HTTP:
	case SCHEME_HTTPS:
		return spec->git;
	case SCHEME_GIT:
	case SCHEME_SSH:
		return true;
	default:
		return false;
	}
}

static bool
git_local_claims(const struct spec *spec)
{
	enum scheme scheme = scheme_of(spec);

	return spec->git &&
	    (scheme == SCHEME_FILE ||
		(scheme == SCHEME_NONE && spec->src[0] == '/'));
}

/* The first that claims a spec gets it. */
static const struct kind kinds[] = {
    {.id = JOB_GIT, .name = "git", .network = true, .claims = git_claims},
    {.id = JOB_GIT,
	.name = "local git",
	.network = false,
	.claims = git_local_claims},
};

/* No kind takes it: say what it looks like, and what would be taken. */
static void
refuse(const struct spec *spec, struct error *err)
{
	static const char *const what[] = {
	    [SCHEME_NONE] = "",
	    [SCHEME_HTTPS] = "an archive to download",
	    [SCHEME_HTTP] = "an archive to download",
	    [SCHEME_FILE] = "an archive",
	};
	enum scheme scheme = scheme_of(spec);

	if (scheme == SCHEME_NONE && spec->src[0] == '/')
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is a file or directory, which kelpie does not take "
		    "yet; for a git repository write git+ in front",
		    spec->src);
	else if (scheme == SCHEME_NONE)
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is a Galaxy name, which kelpie does not take yet; "
		    "write the URL of its git repository",
		    spec->src);
	else
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is %s, which kelpie does not take yet; for a git "
		    "repository write git+ in front",
		    spec->src, what[scheme]);
}

const struct kind *
fetch_kind(const struct spec *spec, struct error *err)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].claims(spec))
			return &kinds[i];
	refuse(spec, err);
	return NULL;
}
