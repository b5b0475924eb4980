#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "git/compat.h"
#include "git/export_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"
#include "kelpie/rules.h"

#define ID_RAW 20
#define TREE_MAX (64u << 20) /* bytes of one tree object */

const char *
object_name(char *out, const git_oid *id)
{
	return git_oid_tostr(out, ID_HEX + 1, id);
}

int
object_read(git_odb_object **out, git_odb *odb, const git_oid *id,
    git_object_t type, struct error *err)
{
	char name[ID_HEX + 1], what[64];
	int n;

	git_error_clear();
	n = git_odb_read(out, odb, id);
	if (n == GIT_ENOTFOUND)
		return error_set(err, ERR_INTEGRITY, "object %s is missing",
		    object_name(name, id));
	if (n < 0) {
		(void)snprintf(what, sizeof(what), "read object %s",
		    object_name(name, id));
		return git_fail(err, ERR_INTEGRITY, what);
	}
	if (git_odb_object_type(*out) == type)
		return 0;
	return error_set(err, ERR_INTEGRITY, "object %s is a %s, not a %s",
	    object_name(name, id),
	    git_object_type2string(git_odb_object_type(*out)),
	    git_object_type2string(type));
}

/*
 * A mode as trees have it, in octal.  Some old programs wrote permissions
 * other than 0644 and 0755; git looks at the owner's x only.
 */
static int
mode_parse(struct entry *e, const char *s, size_t len)
{
	static const struct {
		unsigned type;
		enum entry_kind kind;
	} types[] = {{0100000, ENTRY_FILE}, {0120000, ENTRY_LINK},
	    {0040000, ENTRY_TREE}, {0160000, ENTRY_SUBMODULE}};
	unsigned mode = 0;
	size_t i;

	if (len == 0 || len > 6)
		return -1;
	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		mode = mode * 8 + (unsigned)(s[i] - '0');
	}
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & ~0777u) == types[i].type) {
			e->kind = types[i].kind;
			e->executable = mode_has_x((mode_t)mode);
			return 0;
		}
	return -1;
}

/*
 * Take the next entry, "mode name", NUL and the raw id, off the len bytes at
 * *data.
 */
static int
entry_parse(struct entry *e, const char **data, size_t *len, struct error *err)
{
	const char *s = *data;
	const char *nul = memchr(s, '\0', *len);
	const char *space = memchr(s, ' ', *len);
	const char *end = s + *len;

	if (nul == NULL || space == NULL || space > nul ||
	    end - nul - 1 < ID_RAW)
		return error_set(err, ERR_INTEGRITY, "a tree is cut short");
	e->name = space + 1;
	if (mode_parse(e, s, (size_t)(space - s)) == -1)
		return error_set(err, ERR_INTEGRITY, "'%s' has mode %.*s",
		    e->name, space - s < 8 ? (int)(space - s) : 8, s);
	if (*e->name == '\0' || strchr(e->name, '/') != NULL)
		return error_set(err, ERR_INTEGRITY, "bad file name in '%s'",
		    e->name);
	if (oid_from_raw(&e->id, nul + 1) < 0)
		return git_fail(err, ERR_INTEGRITY, "read a tree");
	*data = nul + 1 + ID_RAW;
	*len = (size_t)(end - *data);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* git sorts a directory as if its name ended in '/', so we sort anew. */
static int
check_duplicates(const struct entries *es, struct error *err)
{
	const char **names = xreallocarray(NULL, es->n, sizeof(*names));
	int rc = 0;
	size_t i;

	for (i = 0; i < es->n; i++)
		names[i] = es->entry[i].name;
	qsort(names, es->n, sizeof(*names), compare);
	for (i = 1; i < es->n && rc == 0; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			rc = error_set(err, ERR_INTEGRITY,
			    "duplicate entry '%s'", names[i]);
	free(names);
	return rc;
}

/* Ask for the size first: an object is read as a whole. */
static int
check_size(git_odb *odb, const git_oid *id, struct error *err)
{
	char name[ID_HEX + 1];
	git_object_t type;
	size_t len;

	if (git_odb_read_header(&len, &type, odb, id) < 0 || len <= TREE_MAX)
		return 0;
	return error_set(err, ERR_INTEGRITY, "tree %s is larger than %u bytes",
	    object_name(name, id), TREE_MAX);
}

int
entries_read(struct entries *es, git_odb *odb, const git_oid *id,
    struct error *err)
{
	const char *data;
	struct entry e;
	size_t len, room = 0;

	*es = (struct entries){0};
	if (check_size(odb, id, err) == -1 ||
	    object_read(&es->object, odb, id, GIT_OBJECT_TREE, err) == -1)
		return -1;
	data = git_odb_object_data(es->object);
	len = git_odb_object_size(es->object);
	while (len != 0) {
		if (entry_parse(&e, &data, &len, err) == -1)
			return -1;
		if (es->n == room) {
			room = room != 0 ? 2 * room : 32;
			es->entry =
			    xreallocarray(es->entry, room, sizeof(*es->entry));
		}
		es->entry[es->n++] = e;
	}
	return check_duplicates(es, err);
}

void
entries_free(struct entries *es)
{
	git_odb_object_free(es->object);
	free(es->entry);
	*es = (struct entries){0};
}
