/* The keys of an entry, and what may stand behind each. */
#include <stddef.h>
#include <string.h>

#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/rules.h"
#include "kelpie/url.h"
#include "lockfile_priv.h"

static int
check_commit(const char *text, struct error *err)
{
	return is_commit_id(text) ? 0 :
				    error_set(err, ERR_CONFIG,
					"'%s' is not a commit id of 40 hex "
					"digits",
					text);
}

static int
check_sha256(const char *text, struct error *err)
{
	return is_sha256_hex(text) ?
	    0 :
	    error_set(err, ERR_CONFIG, "'%s' is not a SHA-256 of 64 hex digits",
		text);
}

static int
check_url(const char *text, struct error *err)
{
	enum scheme scheme;

	return url_check(text, &scheme, err);
}

static int
check_http(const char *text, struct error *err)
{
	enum scheme scheme;

	if (url_check(text, &scheme, err) == -1)
		return -1;
	if (scheme == SCHEME_HTTP || scheme == SCHEME_HTTPS)
		return 0;
	return error_set(err, ERR_CONFIG, "'%s' is no http URL", text);
}

static int
check_ref(const char *text, struct error *err)
{
	const char *name = text;

	if (strcmp(text, "HEAD") == 0)
		return 0;
	if (strncmp(text, "refs/tags/", 10) == 0)
		name = text + 10;
	else if (strncmp(text, "refs/heads/", 11) == 0)
		name = text + 11;
	if (name != text && *name != '\0' && strlen(text) < 300)
		return version_check(name, err);
	return error_set(err, ERR_CONFIG, "'%s' is no ref of a tag or branch",
	    text);
}

/* Asked for: may be a range, which is no name of a ref. */
static int
check_text(const char *text, struct error *err)
{
	if (*text != '\0' && strlen(text) <= VERSION_MAX_BYTES)
		return 0;
	return error_set(err, ERR_CONFIG, "a text of 1 to %d bytes is needed",
	    VERSION_MAX_BYTES);
}

static int
check_path(const char *text, struct error *err)
{
	if (*text != '\0' && *text != '/' && strlen(text) <= PATH_MAX_BYTES)
		return 0;
	return error_set(err, ERR_CONFIG, "'%s' is no path inside a source",
	    text);
}

const struct locked_field locked_fields[LOCKED_FIELDS] = {
    {"name", offsetof(struct locked, name), name_check},
    {"src", offsetof(struct locked, src), check_url},
    {"path", offsetof(struct locked, path), check_path},
    {"asked", offsetof(struct locked, asked), check_text},
    {"became", offsetof(struct locked, became), version_check},
    {"url", offsetof(struct locked, url), check_http},
    {"ref", offsetof(struct locked, ref), check_ref},
    {"tag", offsetof(struct locked, tag), check_commit},
    {"commit", offsetof(struct locked, commit), check_commit},
    {"sha256", offsetof(struct locked, sha256), check_sha256},
};

char **
locked_text(struct locked *entry, size_t field)
{
	return (char **)(void *)((char *)entry + locked_fields[field].at);
}
