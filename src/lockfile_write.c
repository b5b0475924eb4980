#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/yaml.h"
#include "lockfile_priv.h"

static void
write_pair(struct buf *b, const char *lead, const char *key, const char *text)
{
	buf_printf(b, "%s%s: ", lead, key);
	yaml_write(b, text);
	buf_puts(b, "\n");
}

static void
write_entry(struct buf *b, const struct locked *entry)
{
	struct locked copy = *entry;

	buf_puts(b, "\n");
	for (size_t i = 0; i < LOCKED_FIELDS; i++) {
		const char *text = *locked_text(&copy, i);

		if (text != NULL)
			write_pair(b, i == 0 ? "- " : "  ",
			    locked_fields[i].key, text);
	}
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

void
lockfile_format(struct buf *b, const struct lockfile *lock)
{
	buf_printf(b,
	    "# What each role became.  kelpie install obeys it, kelpie update "
	    "moves it.\n"
	    "version: %d\n"
	    "roles:%s\n",
	    LOCKFILE_VERSION, lock->n == 0 ? " []" : "");
	for (size_t i = 0; i < lock->n; i++)
		write_entry(b, &lock->v[i]);
}

/* Does the file hold these bytes? */
static bool
is_so(const char *path, const struct buf *wanted)
{
	struct buf b = {0};
	struct error ignored;
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
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
	struct buf b = {0};
	int rc = 0;

	lockfile_format(&b, lock);
	if (!is_so(path, &b))
		rc = file_replace(path, &b, err) == 0 ? 1 : -1;
	buf_free(&b);
	return rc;
}
