#include "path.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"

char *
path_home(void)
{
	const char *home = getenv("HOME");
	const struct passwd *pw;

	/* A relative HOME would mean another place in each directory. */
	if (home != NULL && home[0] == '/')
		return xstrdup(home);
	pw = getpwuid(getuid());
	if (pw == NULL || pw->pw_dir == NULL || pw->pw_dir[0] != '/')
		return NULL;
	return xstrdup(pw->pw_dir);
}

char *
path_cwd(struct error *err)
{
	size_t size = 256;
	char *cwd = xmalloc(size);

	while (getcwd(cwd, size) == NULL) {
		if (errno != ERANGE) {
			(void)error_errno(err, "current directory");
			free(cwd);
			return NULL;
		}
		size *= 2;
		cwd = xreallocarray(cwd, size, 1);
	}
	return cwd;
}

char *
path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(".");
	if (slash == path)
		return xstrdup("/");
	return xstrndup(path, (size_t)(slash - path));
}

/* Take the last part off; "" is the root. */
static void
pop(struct buf *b)
{
	while (b->len > 0 && b->data[--b->len] != '/')
		;
	b->data[b->len] = '\0';
}

/* Add the parts of path behind what is in b. */
static void
add_parts(struct buf *b, const char *path, bool lexical)
{
	bool safe = true; /* nothing but ".." so far */
	size_t len;

	for (; *path != '\0'; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && path[0] == '.'))
			continue;
		if (len == 2 && strncmp(path, "..", 2) == 0 &&
		    (lexical || safe)) {
			pop(b);
			continue;
		}
		safe = false;
		buf_puts(b, "/");
		buf_add(b, path, len);
	}
}

char *
path_join(const char *base, const char *path, bool lexical)
{
	struct buf b = {0};

	buf_puts(&b, "");
	if (path[0] != '/')
		add_parts(&b, base, lexical);
	add_parts(&b, path, lexical);
	if (b.len == 0)
		buf_puts(&b, "/");
	return b.data;
}

/* The length of what both begin with, in whole parts. */
static size_t
shared(const char *a, const char *b)
{
	size_t same = 0, i = 0;

	for (; a[i] == b[i] && a[i] != '\0'; i++)
		if (a[i] == '/')
			same = i;
	if ((a[i] == '\0' || a[i] == '/') && (b[i] == '\0' || b[i] == '/'))
		same = i;
	return same;
}

char *
path_seen_from(const char *base, const char *path)
{
	size_t same = shared(base, path);
	const char *rest = path + same + strspn(path + same, "/");
	struct buf b = {0};
	char *back;
	bool is;

	for (const char *p = base + same; *p != '\0'; p++)
		if (*p == '/' && p[1] != '\0')
			buf_puts(&b, "../");
	buf_printf(&b, "%s%s", b.len == 0 ? "./" : "", rest);
	back = path_join(base, b.data, false);
	is = strcmp(back, path) == 0;
	free(back);
	if (is)
		return b.data;
	buf_free(&b);
	return NULL;
}
