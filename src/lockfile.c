#include "kelpie/lockfile.h"

#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "kelpie/url.h"
#include "lockfile_priv.h"
#include "path.h"

char *
lockfile_path(const char *requirements)
{
	const char *slash = strrchr(requirements, '/');
	const char *dot = strrchr(slash != NULL ? slash : requirements, '.');
	size_t len = strlen(requirements);

	if (dot != NULL &&
	    (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0))
		len = (size_t)(dot - requirements);
	return xasprintf("%.*s.lock", (int)len, requirements);
}

char *
lockfile_base(const char *path)
{
	char *dir = path_dir(path), *base = realpath(dir, NULL);

	free(dir);
	return base;
}

void
lockfile_make_absolute(struct lockfile *lock, const char *path)
{
	char *base = lockfile_base(path);

	for (size_t i = 0; base != NULL && i < lock->n; i++) {
		char *src = lock->v[i].src;

		if (!lock->v[i].relative)
			continue;
		lock->v[i].src = path_join(base, src, false);
		free(src);
	}
	free(base);
}

/* Where the name is, or would be. */
static size_t
position(const struct lockfile *lock, const char *name)
{
	size_t lo = 0, hi = lock->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(lock->v[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_at(const struct lockfile *lock, size_t i, const char *name)
{
	return i < lock->n && strcmp(lock->v[i].name, name) == 0;
}

const struct locked *
lockfile_find(const struct lockfile *lock, const char *name)
{
	size_t i = position(lock, name);

	return is_at(lock, i, name) ? &lock->v[i] : NULL;
}

void
lockfile_put(struct lockfile *lock, struct locked *entry)
{
	size_t i = position(lock, entry->name);

	if (is_at(lock, i, entry->name)) {
		locked_free(&lock->v[i]);
	} else {
		lock->v = xreallocarray(lock->v, lock->n + 1, sizeof(*lock->v));
		memmove(lock->v + i + 1, lock->v + i,
		    (lock->n - i) * sizeof(*lock->v));
		lock->n++;
	}
	lock->v[i] = *entry;
	*entry = (struct locked){0};
}

void
locked_needed_by(struct locked *entry, const char *name)
{
	size_t i = 0;

	while (i < entry->needed_n && strcmp(entry->needed_by[i], name) < 0)
		i++;
	if (i < entry->needed_n && strcmp(entry->needed_by[i], name) == 0)
		return;
	entry->needed_by = xreallocarray(entry->needed_by, entry->needed_n + 1,
	    sizeof(*entry->needed_by));
	memmove(entry->needed_by + i + 1, entry->needed_by + i,
	    (entry->needed_n++ - i) * sizeof(*entry->needed_by));
	entry->needed_by[i] = xstrdup(name);
}

void
lockfile_needed_by(struct lockfile *lock, const char *name, const char *by)
{
	size_t i = position(lock, name);

	if (is_at(lock, i, name))
		locked_needed_by(&lock->v[i], by);
}

static bool
is_among(char *const *names, size_t n, const char *name)
{
	while (n > 0)
		if (strcmp(names[--n], name) == 0)
			return true;
	return false;
}

/* Does a role that stays need it? */
static bool
is_needed(const struct lockfile *was, const bool *stays, const struct locked *e)
{
	for (size_t i = 0; i < e->needed_n; i++) {
		size_t by = position(was, e->needed_by[i]);

		if (is_at(was, by, e->needed_by[i]) && stays[by])
			return true;
	}
	return false;
}

/* Which entries were not what this run was about: theirs, and what they need. */
static bool *
find_others(const struct lockfile *lock, const struct lockfile *was,
    char *const *asked, size_t n)
{
	bool *stays = xcalloc(was->n, sizeof(*stays)), grown = true;

	for (size_t i = 0; i < was->n; i++)
		stays[i] = is_among(asked, n, was->v[i].name);
	while (grown) {
		grown = false;
		for (size_t i = 0; i < was->n; i++) {
			const struct locked *e = &was->v[i];

			if (stays[i] || lockfile_find(lock, e->name) != NULL ||
			    !is_needed(was, stays, e))
				continue;
			stays[i] = grown = true;
		}
	}
	return stays;
}

/* As it was, but for those of this run that need it. */
static void
put_back(struct lockfile *lock, const struct locked *was)
{
	const struct locked *now = lockfile_find(lock, was->name);
	struct locked copy = locked_copy(was);

	while (copy.needed_n > 0)
		free(copy.needed_by[--copy.needed_n]);
	for (size_t i = 0; now != NULL && i < now->needed_n; i++)
		locked_needed_by(&copy, now->needed_by[i]);
	lockfile_put(lock, &copy);
}

void
lockfile_put_back(struct lockfile *lock, const struct lockfile *was,
    char *const *asked, size_t n)
{
	bool *stays = find_others(lock, was, asked, n);

	for (size_t i = 0; i < was->n; i++)
		if (stays[i])
			put_back(lock, &was->v[i]);
	for (size_t i = 0; i < was->n; i++)
		for (size_t j = 0; j < was->v[i].needed_n; j++) {
			const char *by = was->v[i].needed_by[j];
			size_t at = position(was, by);

			if (is_at(was, at, by) && stays[at])
				lockfile_needed_by(lock, was->v[i].name, by);
		}
	free(stays);
}

bool
locked_pins(const struct locked *entry)
{
	return entry->digest[0] != '\0';
}

const char *
locked_id(const struct locked *entry)
{
	if (entry->commit == NULL)
		return entry->sha256;
	return entry->tag != NULL ? entry->tag : entry->commit;
}

bool
locked_is_tag(const struct locked *entry)
{
	return entry->ref != NULL && strncmp(entry->ref, "refs/tags/", 10) == 0;
}

/* An id can have become nothing else, whoever wrote the file. */
static bool
is_commit_for(const struct locked *entry, const char *version)
{
	return entry->commit == NULL || !is_commit_id(version) ||
	    strcmp(version, entry->commit) == 0;
}

bool
locked_is_for(const struct locked *entry, const struct spec *s)
{
	char *src = url_kept(s->src);
	bool is = strcmp(entry->src, src) == 0 &&
	    spec_can_be(s, entry->commit != NULL, entry->sha256 != NULL) &&
	    text_same(entry->asked, s->version) &&
	    text_same(entry->path, s->path) &&
	    (s->commit == NULL || text_same(s->commit, entry->commit)) &&
	    (s->version == NULL || is_commit_for(entry, s->version)) &&
	    (s->checksum == NULL || text_same(s->checksum, entry->sha256));

	free(src);
	return is;
}

struct locked
locked_copy(const struct locked *entry)
{
	struct locked from = *entry, c = *entry;

	for (size_t i = 0; i < LOCKED_FIELDS; i++)
		*locked_text(&c, i) = xstrdup_null(*locked_text(&from, i));
	c.needed_by = NULL;
	c.needed_n = 0;
	for (size_t i = 0; i < entry->needed_n; i++)
		locked_needed_by(&c, entry->needed_by[i]);
	return c;
}

void
locked_free(struct locked *entry)
{
	for (size_t i = 0; i < LOCKED_FIELDS; i++)
		free(*locked_text(entry, i));
	for (size_t i = 0; i < entry->needed_n; i++)
		free(entry->needed_by[i]);
	free(entry->needed_by);
	*entry = (struct locked){0};
}

void
lockfile_free(struct lockfile *lock)
{
	for (size_t i = 0; i < lock->n; i++)
		locked_free(&lock->v[i]);
	free(lock->v);
	*lock = (struct lockfile){0};
}
