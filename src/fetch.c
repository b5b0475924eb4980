#include "kelpie/fetch.h"

#include <sys/stat.h>

#include <stdlib.h>
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

/* file:// or a path. */
static bool
is_here(const struct spec *spec)
{
	enum scheme scheme = scheme_of(spec);

	return scheme == SCHEME_FILE ||
	    (scheme == SCHEME_NONE && spec->src[0] == '/');
}

/* What the path of a source on this machine leads to; 0: nothing. */
static mode_t
type_of(const struct spec *spec)
{
	char *path = url_path(spec->src);
	struct stat st = {0};

	if (stat(path, &st) == -1)
		st.st_mode = 0;
	free(path);
	return st.st_mode & S_IFMT;
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
	return spec->git && is_here(spec);
}

static bool
link_claims(const struct spec *spec)
{
	return spec->link;
}

static bool
archive_claims(const struct spec *spec)
{
	enum scheme scheme = scheme_of(spec);

	return scheme == SCHEME_HTTP || scheme == SCHEME_HTTPS;
}

static bool
directory_claims(const struct spec *spec)
{
	return is_here(spec) && type_of(spec) == S_IFDIR;
}

static bool
archive_local_claims(const struct spec *spec)
{
	return !spec->dir && is_here(spec) && type_of(spec) == S_IFREG;
}

static bool
name_claims(const struct spec *spec)
{
	return spec_is_name(spec) && strchr(spec->src, '.') != NULL;
}

/* The first that claims a spec gets it. */
static const struct kind kinds[] = {
    {"git", git_claims, JOB_GIT, true},
    {"local git", git_local_claims, JOB_GIT, false},
    {"link", link_claims, JOB_LINK, false},
    {"archive", archive_claims, JOB_ARCHIVE, true},
    {"directory", directory_claims, JOB_DIRECTORY, false},
    {"local archive", archive_local_claims, JOB_ARCHIVE, false},
    {"Galaxy name", name_claims, JOB_LOOKUP, true},
};

/* No kind takes it: say what it looks like, and what would be taken. */
static void
refuse(const struct spec *spec, struct error *err)
{
	if (!is_here(spec))
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is neither an URL, nor a path, nor a Galaxy name, "
		    "which has an owner: 'owner.role'",
		    spec->src);
	else if (type_of(spec) == 0)
		(void)error_set(err, ERR_CONFIG, "there is no '%s'", spec->src);
	else
		(void)error_set(err, ERR_CONFIG,
		    "'%s' is neither an archive nor a directory", spec->src);
}

/* What makes no sense for a kind that only the disk could tell. */
static int
check(const struct kind *kind, const struct spec *spec, struct error *err)
{
	const char *key = spec->version != NULL ? "version" :
	    spec->checksum != NULL              ? "checksum" :
						  "commit";

	if (kind->id != JOB_DIRECTORY ||
	    (spec->version == NULL && spec->checksum == NULL &&
		spec->commit == NULL))
		return 0;
	return error_set(err, ERR_CONFIG,
	    "'%s' is a directory, which has no %s; for a git repository "
	    "write git+ in front",
	    spec->src, key);
}

const struct kind *
fetch_kind(const struct spec *spec, struct error *err)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].claims(spec))
			return check(&kinds[i], spec, err) == 0 ? &kinds[i] :
								  NULL;
	refuse(spec, err);
	return NULL;
}
