#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fetch/archive_priv.h"
#include "fetch/archive_unpack.h"
#include "kelpie/error.h"

#define PIECE ((size_t)64 << 10)

/* libarchive counts the way without any filter as one, too. */
#define FILTERS_MAX 2

typedef int support(struct archive *);

/* Where libarchive was built without a library, it would start a program. */
static bool
is_built_in(support *it)
{
	struct archive *probe = archive_read_new();
	bool is = probe != NULL && it(probe) == ARCHIVE_OK;

	(void)archive_read_free(probe);
	return is;
}

static int
take_formats(struct archive *a)
{
	static support *const filters[] = {archive_read_support_filter_gzip,
	    archive_read_support_filter_bzip2, archive_read_support_filter_xz,
	    archive_read_support_filter_zstd};

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (is_built_in(filters[i]) && filters[i](a) != ARCHIVE_OK)
			return ARCHIVE_FATAL;
	/* A zip counts by its list of contents, which is at its end. */
	if (archive_read_support_format_tar(a) != ARCHIVE_OK)
		return ARCHIVE_FATAL;
	return archive_read_support_format_zip_seekable(a);
}

struct archive *
archive_begin(const struct unpack *u, struct error *err)
{
	struct archive *a = archive_read_new();

	if (a == NULL || take_formats(a) != ARCHIVE_OK) {
		(void)error_set(err, ERR_LOCAL, "libarchive does not start");
		goto fail;
	}
	if (lseek(u->fd, 0, SEEK_SET) == -1) {
		(void)error_errno(err, "read the archive");
		goto fail;
	}
	if (archive_read_open_fd(a, u->fd, PIECE) == ARCHIVE_OK)
		return a;
	(void)archive_fail(a, err);
fail:
	(void)archive_read_free(a);
	return NULL;
}

static int
unknown(struct error *err)
{
	return error_set(err, ERR_NOTFOUND,
	    "this is no archive that kelpie reads, or a damaged one: tar, also "
	    "with gzip, bzip2, xz or zstd, and zip are taken");
}

/* libarchive's words are sentences, or lines; ours are not. */
static void
adapt(char *msg)
{
	char *words = strchr(msg, ':') + 2;
	size_t len = strlen(msg);

	while (msg[len - 1] == '.' || msg[len - 1] == '\n')
		msg[--len] = '\0';
	/* "Truncated", but not "ZIP". */
	if (islower((unsigned char)words[0]) == 0 &&
	    islower((unsigned char)words[1]) != 0)
		words[0] = (char)tolower((unsigned char)words[0]);
}

int
archive_fail(struct archive *a, struct error *err)
{
	const char *words = archive_error_string(a);

	if (archive_errno(a) == ENOMEM)
		return error_set(err, ERR_INTEGRITY,
		    "the archive needs more memory than a worker may have");
	if (words == NULL || *words == '\0')
		return error_set(err, ERR_INTEGRITY,
		    "the archive is damaged or cut off");
	if (archive_format(a) == 0 && strstr(words, "Unrecognized") != NULL)
		return unknown(err);
	(void)error_set(err, ERR_INTEGRITY,
	    "the archive is damaged or cut off: %s", words);
	adapt(err->msg);
	return -1;
}

/*
 * A tar ends with a block of zeros.  libarchive takes the end of the file
 * for one too, but then it may have been cut off there.
 */
static int
check_end(struct archive *a, la_int64_t before, struct error *err)
{
	bool tar = (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) ==
	    ARCHIVE_FORMAT_TAR;

	if (!tar || archive_filter_bytes(a, 0) > before)
		return 0;
	return error_set(err, ERR_INTEGRITY,
	    "the archive is cut off: the end of a tar is missing");
}

/* A name that the locale has no characters for, and that is as it was. */
static bool
is_harmless(struct archive *a)
{
	const char *words = archive_error_string(a);

	return words != NULL && strstr(words, "t be converted") != NULL;
}

int
archive_next(struct archive *a, struct archive_entry **entry, struct error *err)
{
	la_int64_t before = archive_filter_bytes(a, 0);
	int rc = archive_read_next_header(a, entry);

	if (rc == ARCHIVE_EOF)
		return check_end(a, before, err);
	/* What else it only warns of is a size that may be wrong. */
	if (rc != ARCHIVE_OK && (rc != ARCHIVE_WARN || !is_harmless(a)))
		return archive_fail(a, err);
	if (archive_filter_count(a) > FILTERS_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "the archive is compressed more than once");
	return 1;
}
