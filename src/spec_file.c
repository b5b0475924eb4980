/* A requirements file, and the files that it includes. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/yaml.h"
#include "path.h"
#include "spec_priv.h"

/* Files within files, and files in all: nobody means to have more. */
#define INCLUDE_DEPTH 16
#define INCLUDE_FILES 1000

/* A list, or nothing; anything else is a fault and NULL. */
static const struct yaml *
list_under(struct reading *r, const struct yaml *top, const char *key)
{
	const struct yaml *list = yaml_get(top, key);

	if (list == NULL || list->kind == YAML_LIST || yaml_is_null(list))
		return list;
	reading_fault(r, list, "'%s' must be a list, found %s", key,
	    yaml_type(list));
	return NULL;
}

static int
by_text(const void *a, const void *b)
{
	const struct yaml *const *p = a, *const *q = b;

	return strcmp((*p)->text, (*q)->text);
}

/* Keys that must not be at the top: one fault names them all. */
static void
check_top(struct reading *r, const struct yaml *top)
{
	const struct yaml **bad = xcalloc(top->n, sizeof(struct yaml *)),
			  *first = NULL;
	struct buf b = {0};
	size_t i, n = 0;

	for (i = 0; i < top->n; i++) {
		const struct yaml *key = top->item[2 * i];

		if (key->twice)
			reading_note(r, key,
			    "'%s' is given more than once, the last one counts",
			    key->text);
		if (strcmp(key->text, "roles") != 0 &&
		    strcmp(key->text, "collections") != 0)
			bad[n++] = key;
	}
	if (n > 0) {
		first = bad[0];
		qsort(bad, n, sizeof(struct yaml *), by_text);
		for (i = 0; i < n; i++)
			buf_printf(&b, "%s'%s'", i > 0 ? ", " : "",
			    bad[i]->text);
		reading_fault(r, first,
		    "expected only 'roles' and 'collections' at the top, "
		    "found %s",
		    b.data);
	}
	buf_free(&b);
	free(bad);
}

static void
read_list(struct reading *r, const struct yaml *list)
{
	size_t i;

	if (list == NULL || list->kind != YAML_LIST)
		return;
	for (i = 0; i < list->n; i++)
		entry_read(r, list->item[i]);
}

static void
read_top(struct reading *r, const struct yaml *top)
{
	const struct yaml *list;

	if (top->kind == YAML_LIST) {
		read_list(r, top);
		return;
	}
	if (top->kind != YAML_MAP) {
		reading_fault(r, top, "expected a list or a map, found %s",
		    yaml_type(top));
		return;
	}
	check_top(r, top);
	read_list(r, list_under(r, top, "roles"));
	list = list_under(r, top, "collections");
	if (list == NULL || list->n == 0)
		return;
	r->specs->collections += list->n;
	if (r->specs->collections_where == NULL)
		r->specs->collections_where = reading_where(r, list);
}

static void
read_text(struct reading *r, const char *text, size_t len)
{
	const struct yaml start = {.line = 1, .column = 1};
	struct yaml *top;
	struct error err, inner;
	char *dir;

	if (yaml_parse(&top, text, len, &inner) == -1) {
		(void)error_set(&err, inner.kind, "%s:%s", r->path, inner.msg);
		faults_add(r->faults, &err);
		return;
	}
	if (top == NULL || yaml_is_null(top)) {
		reading_fault(r, &start, "no requirements found");
	} else {
		/* Without links, so that ".." can be taken off. */
		dir = path_dir(r->path);
		r->base = realpath(dir, NULL);
		free(dir);
		read_top(r, top);
		free(r->base);
	}
	yaml_free(top);
}

/* Has one of the files that led here the same inode? */
static bool
is_cycle(const struct reading *r)
{
	const struct reading *p;

	for (p = r->from; p != NULL; p = p->from)
		if (p->dev == r->dev && p->ino == r->ino)
			return true;
	return false;
}

/* Closes fd.  What fails is no fault yet: whose it is the caller knows. */
static int
read_file(struct reading *r, int fd, struct error *err)
{
	struct buf b = {0};
	struct stat st;
	int rc = -1;

	if (fstat(fd, &st) == -1) {
		(void)error_errno(err, "fstat");
		goto out;
	}
	if (r->from != NULL && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		(void)error_set(err, ERR_LOCAL, "is no regular file");
		goto out;
	}
	r->dev = st.st_dev;
	r->ino = st.st_ino;
	if (is_cycle(r)) {
		(void)error_set(err, ERR_CONFIG, "it includes itself");
		goto out;
	}
	errno = 0;
	if (buf_read(&b, fd, YAML_BYTES_MAX, err) == -1) {
		if (errno == EISDIR)
			(void)error_set(err, ERR_LOCAL, "is a directory");
		goto out;
	}
	read_text(r, b.data, b.len);
	rc = 0;
out:
	(void)close(fd);
	buf_free(&b);
	return rc;
}

/* The user's own file may be a pipe from a program, which is waited for. */
static int
open_file(const char *path, bool included)
{
	return open(path,
	    O_RDONLY | O_CLOEXEC | O_NOCTTY | (included ? O_NONBLOCK : 0));
}

/* name as seen from the file that includes it. */
static char *
include_path(const struct reading *r, const char *name)
{
	char *dir, *path;

	if (name[0] == '/' || strchr(r->path, '/') == NULL)
		return xstrdup(name);
	dir = path_dir(r->path);
	path = xasprintf("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, name);
	free(dir);
	return path;
}

/* May this file include another one? */
static int
check_include(struct reading *r, const struct yaml *at)
{
	struct reading *p;
	unsigned depth = 0;

	for (p = r; p->from != NULL; p = p->from)
		depth++;
	if (depth == INCLUDE_DEPTH) {
		reading_fault(r, at, "more than %d files within files",
		    INCLUDE_DEPTH);
		return -1;
	}
	if (p->included++ < INCLUDE_FILES)
		return 0;
	if (p->included == INCLUDE_FILES + 1)
		reading_fault(r, at, "more than %d included files",
		    INCLUDE_FILES);
	return -1;
}

void
file_include(struct reading *r, const struct yaml *at, const char *name)
{
	struct reading inner = {.specs = r->specs,
	    .faults = r->faults,
	    .from = r};
	char *path = NULL;
	struct error err;
	int fd;

	if (check_include(r, at) == -1)
		return;
	path = include_path(r, name);
	inner.path = path;
	fd = open_file(path, true);
	if (fd == -1 && errno == ENOENT) {
		/* There ansible-galaxy looks. */
		inner.path = name;
		fd = open_file(name, true);
	}
	if (fd == -1) {
		(void)error_errno(&err, "cannot include '%s'", path);
		reading_fault(r, at, "%s", err.msg);
	} else if (read_file(&inner, fd, &err) == -1) {
		reading_fault(r, at, "cannot include '%s': %s", inner.path,
		    err.msg);
	}
	free(path);
}

void
specs_parse(struct specs *specs, const char *path, const char *text, size_t len,
    struct faults *faults)
{
	struct reading r = {.specs = specs, .faults = faults, .path = path};

	read_text(&r, text, len);
}

void
specs_load(struct specs *specs, const char *path, struct faults *faults)
{
	struct reading r = {.specs = specs, .faults = faults};
	char *expanded = path_expand(path);
	struct error err;
	int fd, rc = -1;

	if (strcmp(path, "-") == 0) {
		r.path = "standard input";
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	} else {
		r.path = expanded;
		fd = open_file(expanded, false);
	}
	if (fd == -1)
		(void)error_errno(&err, "%s", r.path);
	else if ((rc = read_file(&r, fd, &err)) == -1)
		(void)error_wrap(&err, "%s", r.path);
	if (rc == -1)
		faults_add(faults, &err);
	free(expanded);
}
