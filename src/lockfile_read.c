#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/rules.h"
#include "kelpie/yaml.h"
#include "lockfile_priv.h"

static int
complain(const struct yaml *at, struct error *err)
{
	return error_wrap(err, "%u:%u", at->line, at->column);
}

static int
fault(const struct yaml *at, struct error *err, const char *what)
{
	(void)error_set(err, ERR_CONFIG, "%s", what);
	return complain(at, err);
}

static int
read_needed_by(struct locked *entry, const struct yaml *list, struct error *err)
{
	if (list->kind != YAML_LIST || list->n == 0)
		return fault(list, err, "a list of names is needed");
	for (size_t i = 0; i < list->n; i++) {
		const struct yaml *name = list->item[i];

		if (name->kind != YAML_SCALAR)
			return fault(name, err, "a name is needed");
		if (name_check(name->text, err) == -1)
			return complain(name, err);
		locked_needed_by(entry, name->text);
	}
	return 0;
}

static int
read_text(struct locked *entry, size_t field, const struct yaml *value,
    struct error *err)
{
	if (value->kind != YAML_SCALAR || yaml_is_null(value))
		return fault(value, err, "a text is needed");
	if (locked_fields[field].check(value->text, err) == -1)
		return complain(value, err);
	free(*locked_text(entry, field));
	*locked_text(entry, field) = xstrdup(value->text);
	return 0;
}

static int
read_digest(struct locked *entry, const struct yaml *value, struct error *err)
{
	if (value->kind != YAML_SCALAR)
		return fault(value, err, "a text is needed");
	if (!is_sha256_hex(value->text))
		return fault(value, err,
		    "a SHA-256 of 64 hex digits is needed");
	memcpy(entry->digest, value->text, DIGEST_MAX);
	return 0;
}

static int
read_pair(struct locked *entry, const struct yaml *key,
    const struct yaml *value, struct error *err)
{
	size_t i;

	if (key->twice)
		return fault(key, err, "this key was given before");
	for (i = 0; i < LOCKED_FIELDS; i++)
		if (strcmp(key->text, locked_fields[i].key) == 0)
			return read_text(entry, i, value, err);
	if (strcmp(key->text, LOCKED_DIGEST) == 0)
		return read_digest(entry, value, err);
	if (strcmp(key->text, LOCKED_NEEDED_BY) == 0)
		return read_needed_by(entry, value, err);
	(void)error_set(err, ERR_CONFIG, "unknown key '%s'", key->text);
	return complain(key, err);
}

/* What the fields must be together. */
static int
check_entry(const struct lockfile *lock, const struct locked *entry,
    const struct yaml *at, struct error *err)
{
	if (entry->name == NULL || entry->src == NULL)
		return fault(at, err, "an entry needs 'name' and 'src'");
	if (entry->commit != NULL && entry->sha256 != NULL)
		return fault(at, err,
		    "'commit' and 'sha256' in one entry: it is git or an "
		    "archive");
	if ((entry->commit != NULL || entry->sha256 != NULL) !=
	    (entry->digest[0] != '\0'))
		return fault(at, err,
		    "'commit' or 'sha256', and 'digest', go together");
	if (lockfile_find(lock, entry->name) == NULL)
		return 0;
	(void)error_set(err, ERR_CONFIG, "role '%s' is there twice",
	    entry->name);
	return complain(at, err);
}

static bool
is_relative(const char *src)
{
	return src != NULL &&
	    (strncmp(src, "./", 2) == 0 || strncmp(src, "../", 3) == 0);
}

static int
read_entry(struct lockfile *lock, const struct yaml *map, struct error *err)
{
	struct locked entry = {0};

	if (map->kind != YAML_MAP)
		return fault(map, err, "an entry must be a map");
	for (size_t i = 0; i < map->n; i++)
		if (read_pair(&entry, map->item[2 * i], map->item[2 * i + 1],
			err) == -1)
			goto fail;
	if (check_entry(lock, &entry, map, err) == -1)
		goto fail;
	entry.relative = is_relative(entry.src);
	lockfile_put(lock, &entry);
	return 0;
fail:
	locked_free(&entry);
	return -1;
}

/* It comes first, so that a newer file is not taken for a damaged one. */
static int
check_version(const struct yaml *doc, struct error *err)
{
	const struct yaml *v = yaml_get(doc, "version");
	const char *digits = v != NULL && v->kind == YAML_SCALAR ? v->text : "";

	if (v == NULL)
		return fault(doc, err, "there is no 'version:'");
	if (strcmp(digits, "1") == 0)
		return 0;
	if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0' ||
	    *digits == '0')
		return fault(v, err, "'version' must be a number");
	(void)error_set(err, ERR_CONFIG,
	    "version %s of the lock file is newer than this kelpie, which "
	    "knows version %d; a newer kelpie reads it",
	    digits, LOCKFILE_VERSION);
	return complain(v, err);
}

static int
read_document(struct lockfile *lock, const struct yaml *doc, struct error *err)
{
	if (doc->kind != YAML_MAP)
		return fault(doc, err, "a lock file is a map");
	if (check_version(doc, err) == -1)
		return -1;
	for (size_t i = 0; i < doc->n; i++) {
		const struct yaml *key = doc->item[2 * i];
		const struct yaml *value = doc->item[2 * i + 1];

		if (key->twice)
			return fault(key, err, "this key was given before");
		if (strcmp(key->text, "version") == 0)
			continue;
		if (strcmp(key->text, "roles") != 0) {
			(void)error_set(err, ERR_CONFIG, "unknown key '%s'",
			    key->text);
			return complain(key, err);
		}
		if (value->kind != YAML_LIST && !yaml_is_null(value))
			return fault(value, err, "'roles' must be a list");
		for (size_t j = 0; j < value->n; j++)
			if (read_entry(lock, value->item[j], err) == -1)
				return -1;
	}
	return 0;
}

/* What git leaves where two sides changed the same lines. */
static int
check_merge(const char *text, size_t len, struct error *err)
{
	static const char *const mark[] = {"<<<<<<< ", "||||||| ", ">>>>>>> "};
	unsigned line = 1;

	for (const char *lf; len > 0; line++) {
		for (size_t i = 0; i < 3; i++)
			if (len >= 8 && memcmp(text, mark[i], 8) == 0)
				return error_set(err, ERR_CONFIG,
				    "%u:1: a merge was not finished here; take "
				    "one side, and kelpie lock makes it right",
				    line);
		lf = memchr(text, '\n', len);
		if (lf == NULL)
			break;
		len -= (size_t)(lf + 1 - text);
		text = lf + 1;
	}
	return 0;
}

int
lockfile_parse(struct lockfile *lock, const char *text, size_t len,
    struct error *err)
{
	struct yaml *doc;
	int rc;

	*lock = (struct lockfile){0};
	if (check_merge(text, len, err) == -1 ||
	    yaml_parse(&doc, text, len, err) == -1)
		return -1;
	if (doc == NULL)
		return error_set(err, ERR_CONFIG,
		    "1:1: the file is empty; without it, kelpie lock makes a "
		    "new one");
	rc = read_document(lock, doc, err);
	yaml_free(doc);
	if (rc == -1)
		lockfile_free(lock);
	return rc;
}

/* Nobody waits at a pipe that has this name. */
static int
read_file(struct buf *b, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		return error_set(err, ERR_CONFIG, "is no file");
	return buf_read(b, fd, LOCKFILE_BYTES_MAX, err);
}

int
lockfile_load(struct lockfile *lock, const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), rc;
	struct buf b = {0};
	struct error why;

	*lock = (struct lockfile){0};
	if (fd == -1 && errno == ENOENT)
		return error_set(err, ERR_NOTFOUND, "there is no '%s'", path);
	if (fd == -1)
		return error_errno(err, "open '%s'", path);
	rc = read_file(&b, fd, err);
	(void)close(fd);
	if (rc == -1)
		(void)error_wrap(err, "%s", path);
	else if (lockfile_parse(lock, b.data != NULL ? b.data : "", b.len,
		     &why) == -1)
		rc = error_set(err, why.kind, "%s:%s", path, why.msg);
	else
		lockfile_make_absolute(lock, path);
	buf_free(&b);
	return rc;
}
