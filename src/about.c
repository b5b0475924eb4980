#include "kelpie/about.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "about_priv.h"
#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "kelpie/sandbox.h"

#define TIME_MS 10000

/* ---- the child ---- */

struct question {
	const char *roles, *name;
	bool follow;
};

/* Open roles/name/meta; -1 with errno. */
static int
open_meta(const struct question *q)
{
	int roles = open(q->roles, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int role = -1, meta = -1;

	if (roles == -1)
		return -1;
	role = below_open(roles, q->name);
	if (role == -1 && errno == ELOOP && q->follow)
		role =
		    openat(roles, q->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)close(roles);
	if (role == -1)
		return -1;
	meta = below_open(role, "meta");
	(void)close(role);
	return meta;
}

/* Without O_NONBLOCK a FIFO would hold us. */
static int
open_yaml(int meta, const char *yml, const char *yaml)
{
	const int flags =
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(meta, yml, flags);

	return fd != -1 || errno != ENOENT ? fd : openat(meta, yaml, flags);
}

/* A file that is not there says nothing. */
static int
slurp(struct buf *b, int fd, int why, const char *what, struct error *err)
{
	struct stat st;

	if (fd == -1 && why == ENOENT)
		return 0;
	if (fd == -1 && why == ELOOP)
		return error_set(err, ERR_REFUSED,
		    "%s is a symbolic link, and none is followed", what);
	errno = why;
	if (fd == -1)
		return error_errno(err, "open %s", what);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return error_set(err, ERR_CONFIG, "%s is no file", what);
	if (buf_read(b, fd, ABOUT_FILE_MAX, err) == -1)
		return error_wrap(err, "%s", what);
	return 0;
}

static int
describe(struct buf *out, const struct question *q, struct error *err)
{
	const struct sandbox sb = {.write_dir = -1};
	struct buf main = {0}, requirements = {0};
	int meta = open_meta(q), main_fd, main_errno, fd, rc;

	if (meta == -1 && errno == ENOENT)
		return error_set(err, ERR_NOTFOUND, "it has no meta directory");
	if (meta == -1)
		return error_errno(err, "open meta");
	main_fd = open_yaml(meta, "main.yml", "main.yaml");
	main_errno = errno;
	fd = open_yaml(meta, "requirements.yml", "requirements.yaml");
	rc = errno;
	if (sandbox_enter(&sb, err) == -1 ||
	    slurp(&main, main_fd, main_errno, "meta/main.yml", err) == -1 ||
	    slurp(&requirements, fd, rc, "meta/requirements.yml", err) == -1) {
		rc = -1;
	} else {
		about_describe(out, q->name, &main, &requirements);
		rc = 0;
	}
	buf_free(&main);
	buf_free(&requirements);
	return rc;
}

static int
child(int fd, void *ctx)
{
	struct buf out = {0};
	struct error err;
	int rc;

	if (describe(&out, ctx, &err) == -1)
		about_say(&out, SAY_FAULT, err.msg);
	rc = write_fully(fd, out.data, out.len);
	buf_free(&out);
	return rc == 0 ? 0 : 1;
}

/* ---- the parent ---- */

int
about_read(struct about *out, const char *roles, const char *name, bool follow,
    struct error *err)
{
	struct question q = {roles, name, follow};
	struct buf said = {0};
	int rc;

	*out = (struct about){0};
	rc = proc_call(child, &q, &said, ABOUT_SAYS_MAX, TIME_MS, err);
	if (rc == 0 && about_parse(out, said.data, said.len) == -1)
		rc = error_set(err, ERR_CHILD, "a child broke the protocol");
	buf_free(&said);
	if (rc == 0)
		return 0;
	about_free(out);
	return error_wrap(err, "read what '%s' says of itself", name);
}

static void
set(char **to, const char *value)
{
	free(*to);
	*to = xstrdup(value);
}

static void
add_platform(struct about *a, const char *name)
{
	a->platform =
	    xreallocarray(a->platform, a->platforms + 1, sizeof(*a->platform));
	a->platform[a->platforms++] =
	    (struct about_platform){.name = xstrdup(name)};
}

static int
add_version(struct about *a, const char *version)
{
	struct about_platform *p;

	if (a->platforms == 0)
		return -1;
	p = &a->platform[a->platforms - 1];
	p->version = xreallocarray(p->version, p->n + 1, sizeof(*p->version));
	p->version[p->n++] = xstrdup(version);
	return 0;
}

/* Dependencies count when all of them are told. */
struct needs {
	struct buf lines;
	bool all;
};

static int
take(struct about *a, struct needs *needs, const char *key, const char *value)
{
	size_t i;

	for (i = 0; i < ABOUT_FIELDS; i++)
		if (strcmp(key, about_key[i]) == 0) {
			set(&a->field[i], value);
			return 0;
		}
	if (strcmp(key, SAY_VERSION) == 0)
		return add_version(a, value);
	if (strcmp(key, SAY_PLATFORM) == 0)
		add_platform(a, value);
	else if (strcmp(key, SAY_NEED) == 0)
		buf_printf(&needs->lines, "%s\n", value);
	else if (strcmp(key, SAY_NEEDS) == 0)
		needs->all = true;
	else if (strcmp(key, SAY_FAULT) == 0)
		set(&a->fault, value);
	else
		return -1;
	return 0;
}

int
about_parse(struct about *out, const char *data, size_t len)
{
	struct needs needs = {0};
	const char *end = data + len, *lf;
	char *key;
	int rc = 0;

	*out = (struct about){0};
	if (len > 0 && end[-1] != '\0')
		return -1;
	for (; rc == 0 && data < end; data += strlen(data) + 1) {
		lf = strchr(data, '\n');
		if (lf == NULL) {
			rc = -1;
			break;
		}
		key = xstrndup(data, (size_t)(lf - data));
		rc = take(out, &needs, key, lf + 1);
		free(key);
	}
	if (rc == 0 && needs.all)
		out->needs =
		    xstrdup(needs.lines.data != NULL ? needs.lines.data : "");
	buf_free(&needs.lines);
	return rc;
}

void
about_free(struct about *a)
{
	size_t i, j;

	for (i = 0; i < ABOUT_FIELDS; i++)
		free(a->field[i]);
	for (i = 0; i < a->platforms; i++) {
		for (j = 0; j < a->platform[i].n; j++)
			free(a->platform[i].version[j]);
		free(a->platform[i].version);
		free(a->platform[i].name);
	}
	free(a->platform);
	free(a->needs);
	free(a->fault);
	*a = (struct about){0};
}
