#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/archive_priv.h"
#include "fetch/archive_unpack.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/tree.h"

#define MORE ((uint64_t)1 << 20) /* than a limit, of headers and padding */
#define NAME_LEN_MAX 4096 /* of a path, before what is wrong with it is said */

static bool
is_part(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && strncmp(s, word, len) == 0;
}

/*
 * Parts divided by single slashes, without "." and without a '/' in front,
 * as tar(1) takes it away.  ".." means nothing good.
 */
static char *
clean(const char *name, struct error *err)
{
	struct buf b = {0};
	const char *part;
	size_t len;

	if (name == NULL || strlen(name) > NAME_LEN_MAX) {
		(void)error_set(err, ERR_INTEGRITY,
		    name == NULL ? "a name in the archive cannot be read" :
				   "a name in the archive is longer than %d "
				   "bytes",
		    NAME_LEN_MAX);
		return NULL;
	}
	buf_puts(&b, "");
	for (part = name; *part != '\0'; part += len) {
		part += strspn(part, "/");
		len = strcspn(part, "/");
		if (is_part(part, len, "..")) {
			(void)error_set(err, ERR_INTEGRITY,
			    "'%s' in the archive leads upwards", name);
			buf_free(&b);
			return NULL;
		}
		if (len == 0 || is_part(part, len, "."))
			continue;
		if (b.len != 0)
			buf_puts(&b, "/");
		buf_add(&b, part, len);
	}
	return b.data;
}

static enum member_type
type_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e) != NULL)
		return MEMBER_HARD;
	switch (archive_entry_filetype(e)) {
	case AE_IFREG:
		return MEMBER_FILE;
	case AE_IFDIR:
		return MEMBER_DIR;
	case AE_IFLNK:
		return MEMBER_LINK;
	default:
		return MEMBER_OTHER;
	}
}

static char *
target_of(struct archive_entry *e, enum member_type type, struct error *err)
{
	const char *to;

	if (type == MEMBER_HARD)
		return clean(archive_entry_hardlink(e), err);
	if (type != MEMBER_LINK)
		return xstrdup("");
	to = archive_entry_symlink(e);
	if (to != NULL && strlen(to) <= NAME_LEN_MAX)
		return xstrdup(to);
	(void)error_set(err, ERR_INTEGRITY,
	    "where the link '%s' in the archive leads cannot be read",
	    archive_entry_pathname(e));
	return NULL;
}

static int
add(struct members *ms, struct archive_entry *e, struct error *err)
{
	struct member m = {.type = type_of(e),
	    .executable = mode_has_x(archive_entry_perm(e))};

	m.path = clean(archive_entry_pathname(e), err);
	if (m.path == NULL)
		return -1;
	m.target = target_of(e, m.type, err);
	if (m.target == NULL) {
		free(m.path);
		return -1;
	}
	if ((ms->n & (ms->n - 1)) == 0)
		ms->v = xreallocarray(ms->v, ms->n != 0 ? 2 * ms->n : 1,
		    sizeof(*ms->v));
	ms->v[ms->n++] = m;
	return 0;
}

/*
 * A few bytes of archive may say that they are a great many: look before
 * anything of it is unpacked, also where it will not be written.
 */
static int
check_size(struct archive_entry *e, const struct limits *limits,
    uint64_t *total, struct error *err)
{
	la_int64_t size = archive_entry_size(e);
	const char *name = archive_entry_pathname(e);

	if (!archive_entry_size_is_set(e))
		return 0;
	if (size < 0)
		return error_set(err, ERR_INTEGRITY,
		    "the archive is damaged: '%s' has less than no bytes",
		    name != NULL ? name : "");
	if ((uint64_t)size > limits->file_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' has more than %" PRIu64
		    " bytes; --max-file-bytes raises the limit",
		    name != NULL ? name : "", limits->file_bytes);
	if ((uint64_t)size > limits->bytes - *total)
		return error_set(err, ERR_INTEGRITY,
		    "the archive unpacks to more than %" PRIu64
		    " bytes; --max-bytes raises the limit",
		    limits->bytes);
	*total += (uint64_t)size;
	return 0;
}

/*
 * Headers may be long as well, a megabyte each.  As gzip_check() counts, and
 * for whatever is not gzip.
 */
static int
check_headers(struct archive *a, const struct limits *limits, struct error *err)
{
	la_int64_t unpacked = archive_filter_bytes(a, 0);

	if (unpacked >= 0 &&
	    (uint64_t)unpacked <= limits->bytes + limits->files * 4096 + MORE)
		return 0;
	return error_set(err, ERR_INTEGRITY,
	    "the archive unpacks to more than %" PRIu64
	    " bytes; --max-bytes raises the limit",
	    limits->bytes);
}

static int
list(struct members *ms, struct archive *a, const struct unpack *u,
    struct error *err)
{
	struct archive_entry *e;
	uint64_t total = 0;
	int rc;

	while ((rc = archive_next(a, &e, err)) == 1) {
		if (ms->n >= u->limits->files)
			return error_set(err, ERR_INTEGRITY,
			    "more than %" PRIu64
			    " files; --max-files raises the limit",
			    u->limits->files);
		if (archive_entry_is_encrypted(e))
			return error_set(err, ERR_INTEGRITY,
			    "the archive is encrypted");
		if (check_headers(a, u->limits, err) == -1 ||
		    check_size(e, u->limits, &total, err) == -1 ||
		    add(ms, e, err) == -1)
			return -1;
		if (archive_read_data_skip(a) != ARCHIVE_OK)
			return archive_fail(a, err);
		u->progress(u->ctx, ms->n, 0);
	}
	if (rc == 0 && ms->n == 0)
		return error_set(err, ERR_NOTFOUND,
		    "there is nothing in the archive");
	return rc;
}

int
members_read(struct members *ms, const struct unpack *u, struct error *err)
{
	struct archive *a = archive_begin(u, err);
	int rc = -1;

	*ms = (struct members){0};
	if (a != NULL)
		rc = list(ms, a, u, err);
	(void)archive_read_free(a);
	return rc;
}

void
members_free(struct members *ms)
{
	for (size_t i = 0; i < ms->n; i++) {
		free(ms->v[i].path);
		free(ms->v[i].target);
	}
	free(ms->v);
	*ms = (struct members){0};
}
