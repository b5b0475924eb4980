/* What says more closely which role of a source is meant. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "path.h"
#include "spec_priv.h"

#define SUBPATH_MAX 255
#define SHA256_TAG "sha256:"

static void
lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
}

static void
check_version(struct reading *r, struct draft *d)
{
	char *version = d->field[VERSION];
	struct error err;

	if (version == NULL)
		return;
	if (*version == '\0') {
		draft_set(d, VERSION, NULL);
		return;
	}
	version_fold(version);
	if ((r->meta ? range_or_name_check(version, &err) :
		       range_or_version_check(version, &err)) == -1)
		draft_fault(r, d, VERSION, "%s", err.msg);
}

int
subpath_check(const char *path, struct error *err)
{
	size_t len;

	if (strlen(path) > SUBPATH_MAX)
		return error_set(err, ERR_CONFIG,
		    "the path is longer than %d bytes", SUBPATH_MAX);
	if (path[0] == '/')
		return error_set(err, ERR_CONFIG,
		    "path '%s' begins with '/': it is relative to the source's "
		    "root",
		    path);
	for (;;) {
		len = strcspn(path, "/");
		if (!entry_ok(path, len))
			return error_set(err, ERR_CONFIG,
			    "the path has '%.*s' in it, which no role may have",
			    (int)len, path);
		if (path[len] == '\0')
			return 0;
		path += len + 1;
	}
}

/* "./roles//x/" is "roles/x"; what is left of "." is no path. */
static char *
cleaned(const char *path)
{
	struct buf b = {0};
	size_t len;

	for (; *path != '\0'; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && path[0] == '.'))
			continue;
		buf_puts(&b, b.len > 0 ? "/" : "");
		buf_add(&b, path, len);
	}
	return b.data;
}

static void
check_subpath(struct reading *r, struct draft *d)
{
	const char *path = d->field[SUBPATH];
	struct error err;

	if (path == NULL)
		return;
	if (path[0] != '/')
		draft_set(d, SUBPATH, cleaned(path));
	if (d->field[SUBPATH] != NULL &&
	    subpath_check(d->field[SUBPATH], &err) == -1)
		draft_fault(r, d, SUBPATH, "%s", err.msg);
}

static void
check_commit(struct reading *r, struct draft *d)
{
	char *commit = d->field[COMMIT];
	const char *version = d->field[VERSION];

	if (commit == NULL)
		return;
	lower(commit);
	if (!is_commit_id(commit))
		draft_fault(r, d, COMMIT,
		    "'commit' must be the 40 hex digits of a commit id");
	else if (version != NULL && is_commit_id(version) &&
	    strcmp(version, commit) != 0)
		draft_fault(r, d, COMMIT,
		    "'commit' and 'version' are two commits");
}

static void
check_checksum(struct reading *r, struct draft *d)
{
	char *sum = d->field[CHECKSUM];
	size_t tag = strlen(SHA256_TAG);

	if (sum == NULL)
		return;
	lower(sum);
	if (strncmp(sum, SHA256_TAG, tag) != 0)
		draft_fault(r, d, CHECKSUM,
		    "'checksum' must be '" SHA256_TAG
		    "' and 64 hex digits: no other algorithm is taken");
	else if (!is_sha256_hex(sum + tag))
		draft_fault(r, d, CHECKSUM,
		    "behind '" SHA256_TAG "' there must be 64 hex digits");
	else
		draft_set(d, CHECKSUM, xstrdup(sum + tag));
}

/* Who may have signed it, and how. */
static void
check_signers(struct reading *r, struct draft *d)
{
	const char *how = d->field[VERIFY], *file = d->field[SIGNERS];
	struct error err;
	char *path;

	if (how != NULL && strcmp(how, "gpg") != 0 && strcmp(how, "ssh") != 0)
		draft_fault(r, d, VERIFY, "'verify' must be 'gpg' or 'ssh'");
	if (how != NULL && file == NULL)
		draft_fault(r, d, VERIFY,
		    "'verify' needs 'signers', the file with the keys of those "
		    "who may sign");
	if (file == NULL)
		return;
	if (how == NULL)
		draft_fault(r, d, SIGNERS,
		    "'signers' needs 'verify', which is 'gpg' or 'ssh'");
	path = *file != '\0' ? src_absolute(file, r->base, &err) : NULL;
	if (path != NULL)
		draft_set(d, SIGNERS, path);
	else
		draft_fault(r, d, SIGNERS, "%s",
		    *file != '\0' ? err.msg : "'signers' names no file");
}

void
pins_check(struct reading *r, struct draft *d)
{
	check_version(r, d);
	check_subpath(r, d);
	check_commit(r, d);
	check_checksum(r, d);
	check_signers(r, d);
}
