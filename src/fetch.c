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

/* What makes no sense for a directory, which only the disk could tell. */
static int
check_directory(const struct spec *spec, struct error *err)
{
	const char *key = spec->version != NULL ? "version" :
	    spec->checksum != NULL              ? "checksum" :
	    spec->commit != NULL                ? "commit" :
						  NULL;

	if (key == NULL)
		return 0;
	return error_set(err, ERR_CONFIG,
	    "'%s' is a directory, which has no %s; for a git repository "
	    "write git+ in front",
	    spec->src, key);
}

/* file:// or a path. */
static int
kind_here(const struct spec *spec, enum job_kind *kind, struct error *err)
{
	mode_t type;

	if (spec->git || spec->link) {
		*kind = spec->git ? JOB_GIT : JOB_LINK;
		return 0;
	}
	type = type_of(spec);
	if (type == S_IFDIR) {
		*kind = JOB_DIRECTORY;
		return check_directory(spec, err);
	}
	if (type == S_IFREG && !spec->dir) {
		*kind = JOB_ARCHIVE;
		return 0;
	}
	if (type == 0)
		return error_set(err, ERR_CONFIG, "there is no '%s'",
		    spec->src);
	return error_set(err, ERR_CONFIG,
	    "'%s' is neither an archive nor a directory", spec->src);
}

int
fetch_kind(const struct spec *spec, enum job_kind *kind, struct error *err)
{
	enum scheme scheme = scheme_of(spec);

	switch (scheme) {
	case SCHEME_GIT:
	case SCHEME_SSH:
		*kind = JOB_GIT;
		return 0;
	case SCHEME_HTTP:
	case SCHEME_HTTPS:
		*kind = spec->git ? JOB_GIT : JOB_ARCHIVE;
		return 0;
	case SCHEME_FILE:
		return kind_here(spec, kind, err);
	case SCHEME_NONE:
		break;
	}
	if (spec->src[0] == '/')
		return kind_here(spec, kind, err);
	if (spec_is_name(spec) && strchr(spec->src, '.') != NULL) {
		*kind = JOB_LOOKUP;
		return 0;
	}
	return error_set(err, ERR_CONFIG,
	    "'%s' is neither an URL, nor a path, nor a Galaxy name, which has "
	    "an owner: 'owner.role'",
	    spec->src);
}
