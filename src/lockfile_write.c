#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/yaml.h"
#include "lockfile_priv.h"
#include "path.h"

static void
write_pair(struct buf *b, const char *lead, const char *key, const char *text)
{
	buf_printf(b, "%s%s: ", lead, key);
	yaml_write(b, text);
	buf_puts(b, "\n");
}

/* The same directory may lie elsewhere on another machine. */
static char *
source(const struct locked *entry, const char *base)
{
	char *src = NULL;

	if (entry->relative && base != NULL && entry->src[0] == '/')
		src = path_seen_from(base, entry->src);
	return src != NULL ? src : xstrdup(entry->src);
}

static void
write_entry(struct buf *b, const struct locked *entry, const char *base)
{
	struct locked copy = *entry;

	copy.src = source(entry, base);
	buf_puts(b, "\n");
	for (size_t i = 0; i < LOCKED_FIELDS; i++) {
		const char *text = *locked_text(&copy, i);

		if (text != NULL)
			write_pair(b, i == 0 ? "- " : "  ",
			    locked_fields[i].key, text);
	}
	free(copy.src);
	if (entry->digest[0] != '\0')
		write_pair(b, "  ", LOCKED_DIGEST, entry->digest);
	if (entry->needed_n > 0)
		buf_puts(b, "  " LOCKED_NEEDED_BY ":\n");
	for (size_t i = 0; i < entry->needed_n; i++) {
		buf_puts(b, "  - ");
		yaml_write(b, entry->needed_by[i]);
		buf_puts(b, "\n");
	}
}

static void
write_all(struct buf *b, const struct lockfile *lock, const char *base)
{
	buf_printf(b,
	    "# What each role became.  kelpie install obeys it, kelpie update "
	    "moves it.\n"
	    "version: %d\n"
	    "roles:%s\n",
	    LOCKFILE_VERSION, lock->n == 0 ? " []" : "");
	for (size_t i = 0; i < lock->n; i++)
		write_entry(b, &lock->v[i], base);
}

void
lockfile_format(struct buf *b, const struct lockfile *lock)
{
	write_all(b, lock, NULL);
}

/* Does the file hold these bytes? */
static bool
is_so(const char *path, const struct buf *wanted)
{
	struct buf b = {0};
	struct error ignored;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool same = fd != -1 &&
	    buf_read(&b, fd, LOCKFILE_BYTES_MAX, &ignored) == 0 &&
	    b.len == wanted->len && memcmp(b.data, wanted->data, b.len) == 0;

	if (fd != -1)
		(void)close(fd);
	buf_free(&b);
	return same;
}

int
lockfile_save(const struct lockfile *lock, const char *path, struct error *err)
{
	char *base = lockfile_base(path);
	struct buf b = {0};
	int rc = 0;

	write_all(&b, lock, base);
	free(base);
	if (!is_so(path, &b))
		rc = file_replace(path, &b, err) == 0 ? 1 : -1;
	buf_free(&b);
	return rc;
}
