/* Which of what is in an archive is the role? */
#include <stdlib.h>
#include <string.h>

#include "fetch/archive_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/* The roles at the least depth. */
struct candidates {
	char *first, *second; /* paths, or NULL */
	size_t n;
	size_t depth;
};

const char *
path_below(const char *path, const char *root)
{
	size_t len = strlen(root);

	if (len == 0)
		return path;
	return strncmp(path, root, len) == 0 && path[len] == '/' ?
	    path + len + 1 :
	    NULL;
}

/*
 * The directory that everything lies in, or "": where paths of the user's
 * begin, who need not know what a server has called it.
 */
static char *
top_of(const struct members *ms)
{
	const char *top = NULL;
	size_t len = 0;

	for (size_t i = 0; i < ms->n; i++) {
		const struct member *m = &ms->v[i];

		if (*m->path == '\0')
			continue;
		if (top == NULL) {
			top = m->path;
			len = strcspn(top, "/");
		}
		if (strcspn(m->path, "/") != len ||
		    strncmp(m->path, top, len) != 0 ||
		    (m->path[len] == '\0' && m->type != MEMBER_DIR))
			return xstrdup("");
	}
	return xstrndup(top != NULL ? top : "", len);
}

static char *
join(const char *dir, const char *path)
{
	if (*dir == '\0' || *path == '\0')
		return xstrdup(*dir == '\0' ? path : dir);
	return xasprintf("%s/%s", dir, path);
}

/* A path as the user would write it. */
static const char *
shown(const char *path, const char *top)
{
	const char *below = path_below(path, top);

	return below != NULL ? below : path;
}

/* ---- found by its meta/main.yml ---- */

/* The length of the path of the role that has this file; -1 for others. */
static long
role_length(const struct member *m)
{
	static const char *const names[] = {"meta/main.yml", "meta/main.yaml"};
	size_t len = strlen(m->path), tail;

	if (m->type == MEMBER_DIR || m->type == MEMBER_OTHER)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		tail = strlen(names[i]);
		if (len < tail || strcmp(m->path + len - tail, names[i]) != 0)
			continue;
		if (len == tail)
			return 0;
		if (m->path[len - tail - 1] == '/')
			return (long)(len - tail - 1);
	}
	return -1;
}

static size_t
depth_of(const char *path, size_t len)
{
	size_t depth = len != 0;

	for (size_t i = 0; i < len; i++)
		depth += path[i] == '/';
	return depth;
}

static bool
is_path(const char *path, size_t len, const char *known)
{
	return known != NULL && strlen(known) == len &&
	    memcmp(known, path, len) == 0;
}

static void
forget(struct candidates *c)
{
	free(c->first);
	free(c->second);
	*c = (struct candidates){.first = NULL};
}

static void
consider(struct candidates *c, const char *path, size_t len)
{
	size_t depth = depth_of(path, len);
	char *copy;

	if (c->n != 0 && depth > c->depth)
		return;
	if (c->n != 0 && depth < c->depth)
		forget(c);
	if (is_path(path, len, c->first) || is_path(path, len, c->second))
		return;
	c->depth = depth;
	c->n++;
	copy = xstrndup(path, len);
	/* The first two of the alphabet, whatever the archive's order. */
	if (c->first == NULL || strcmp(copy, c->first) < 0) {
		free(c->second);
		c->second = c->first;
		c->first = copy;
	} else if (c->second == NULL || strcmp(copy, c->second) < 0) {
		free(c->second);
		c->second = copy;
	} else
		free(copy);
}

/* "roles/x": one of several that something has for its own use. */
static bool
is_nested(const char *path)
{
	const char *slash = strrchr(path, '/');
	static const char parent[] = "roles";
	size_t len = sizeof(parent) - 1;

	if (slash == NULL || (size_t)(slash - path) < len)
		return false;
	return strncmp(slash - len, parent, len) == 0 &&
	    (slash - len == path || slash[-(long)len - 1] == '/');
}

static bool
has_others(const struct members *ms, const char *root)
{
	for (size_t i = 0; i < ms->n; i++)
		if (ms->v[i].type != MEMBER_DIR &&
		    path_below(ms->v[i].path, root) == NULL)
			return true;
	return false;
}

static int
several(const struct candidates *c, const char *top, struct error *err)
{
	(void)error_set(err, ERR_NOTFOUND,
	    "there is more than one role in the archive, '%s' and '%s'",
	    shown(c->first, top), shown(c->second, top));
	error_append(err, "; 'path: %s' in the requirements file picks one",
	    shown(c->first, top));
	return -1;
}

static int
judge(const struct candidates *c, const struct members *ms, const char *top,
    struct error *err)
{
	if (c->n == 0)
		return error_set(err, ERR_NOTFOUND,
		    "this is no role: it has no meta/main.yml");
	if (c->n > 1)
		return several(c, top, err);
	if (is_nested(c->first) && has_others(ms, c->first))
		return error_set(err, ERR_NOTFOUND,
		    "this is no role: it has no meta/main.yml, only that of "
		    "'%s' inside; 'path: %s' in the requirements file picks "
		    "that",
		    shown(c->first, top), shown(c->first, top));
	return 0;
}

static int
look_for_meta(char **root, const struct members *ms, const char *top,
    struct error *err)
{
	struct candidates c = {.first = NULL};
	int rc;

	for (size_t i = 0; i < ms->n; i++) {
		long len = role_length(&ms->v[i]);

		if (len != -1)
			consider(&c, ms->v[i].path, (size_t)len);
	}
	rc = judge(&c, ms, top, err);
	if (rc == 0)
		*root = xstrdup(c.first);
	forget(&c);
	return rc;
}

/* ---- named by the user ---- */

static bool
is_directory(const struct members *ms, const char *path)
{
	for (size_t i = 0; i < ms->n; i++)
		if (path_below(ms->v[i].path, path) != NULL ||
		    (ms->v[i].type == MEMBER_DIR &&
			strcmp(ms->v[i].path, path) == 0))
			return true;
	return false;
}

static int
look_for_path(char **root, const struct members *ms, const char *top,
    const char *path, struct error *err)
{
	*root = join(top, path);
	if (is_directory(ms, *root))
		return 0;
	/* Whoever has looked into it may have seen the top directory. */
	free(*root);
	*root = xstrdup(path);
	if (is_directory(ms, *root))
		return 0;
	free(*root);
	*root = NULL;
	return error_set(err, ERR_NOTFOUND,
	    "there is no directory '%s' in the archive", path);
}

int
role_find(char **root, const struct members *ms, const char *path,
    struct error *err)
{
	char *top = top_of(ms);
	int rc;

	if (*path != '\0')
		rc = look_for_path(root, ms, top, path, err);
	else
		rc = look_for_meta(root, ms, top, err);
	free(top);
	return rc;
}
