#include "kelpie/git/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "git/compat.h"
#include "git/export_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/attr.h"
#include "kelpie/git/pack.h"
#include "kelpie/rules.h"

/* Go to an entry of the directory at hand.  Returns what leave() wants. */
static size_t
enter(struct walk *w, const char *name)
{
	size_t before = w->path.len;

	if (before != 0)
		buf_puts(&w->path, "/");
	buf_puts(&w->path, name);
	return before;
}

static void
leave(struct walk *w, size_t before)
{
	w->path.len = before;
	w->path.data[before] = '\0';
}

static int
count_entry(struct walk *w, const struct entry *e, struct error *err)
{
	const struct limits *limits = w->x->limits;

	if (++w->entries > limits->files)
		return error_set(err, ERR_INTEGRITY,
		    "more than %" PRIu64 " files; --max-files raises the limit",
		    limits->files);
	if (e->kind != ENTRY_TREE)
		w->leaves++;
	else if (w->depth + 1 > limits->depth)
		return error_set(err, ERR_INTEGRITY,
		    "'%s' is more than %u directories deep; --max-depth "
		    "raises the limit",
		    w->path.data, limits->depth);
	return 0;
}

/*
 * Trees that name each other make a few kilobytes hold 10^10 files: the
 * limit holds before anything is written, for ignored files too.
 */
static int
count_tree(struct walk *w, const git_oid *id, struct error *err)
{
	struct entries es;
	int rc = entries_read(&es, w->x->odb, id, err);
	size_t i, before;

	for (i = 0; rc == 0 && i < es.n; i++) {
		const struct entry *e = &es.entry[i];

		before = enter(w, e->name);
		rc = count_entry(w, e, err);
		if (rc == 0 && e->kind == ENTRY_TREE) {
			w->depth++;
			rc = count_tree(w, &e->id, err);
			w->depth--;
		}
		leave(w, before);
	}
	entries_free(&es);
	return rc;
}

/*
 * Hand the text of this directory's .gitattributes to attrs.  If it is a link
 * the text is where it points to, as for git archive, which asks for a blob.
 */
static int
read_attributes(struct walk *w, const struct entries *es, struct error *err)
{
	git_odb_object *blob = NULL;
	const char *text = NULL;
	size_t i, before, len = 0;
	int rc = 0;

	for (i = 0; i < es->n; i++)
		if (strcmp(es->entry[i].name, ".gitattributes") == 0 &&
		    (es->entry[i].kind == ENTRY_FILE ||
			es->entry[i].kind == ENTRY_LINK))
			break;
	if (i < es->n) {
		before = enter(w, es->entry[i].name);
		rc = walk_blob(&blob, w, &es->entry[i].id,
		    w->x->limits->file_bytes, err);
		if (rc == 0) {
			text = git_odb_object_data(blob);
			len = git_odb_object_size(blob);
		}
		if (len > ATTRS_MAX_BYTES)
			walk_note(w, "too large, ignored", "");
		leave(w, before);
	}
	attrs_enter(w->attrs, w->path.len != 0 ? w->path.data : "", text, len);
	git_odb_object_free(blob);
	return rc;
}

/*
 * A directory is made by what is written into it, and git archive makes it
 * for an ignored file, too.  One that has nothing but ignored and empty
 * directories is left out.
 */
static int
ignore(struct walk *w, const struct entry *e, size_t dir, struct error *err)
{
	if (e->kind == ENTRY_TREE || dir == w->root)
		return 0;
	leave(w, dir);
	return tree_dir(w->tree, walk_below(w), err);
}

static int
write_tree(struct walk *w, const git_oid *id, struct error *err)
{
	struct attr_value attr[ATTR_COUNT];
	struct entries es;
	size_t i, before;
	int rc = entries_read(&es, w->x->odb, id, err);

	if (rc == 0)
		rc = read_attributes(w, &es, err);
	else
		attrs_enter(w->attrs, "", NULL, 0);
	for (i = 0; rc == 0 && i < es.n; i++) {
		const struct entry *e = &es.entry[i];

		before = enter(w, e->name);
		attrs_get(w->attrs, w->path.data,
		    e->kind == ENTRY_TREE || e->kind == ENTRY_SUBMODULE, attr);
		if (attr[ATTR_EXPORT_IGNORE].state == ATTR_SET)
			rc = ignore(w, e, before, err);
		else if (e->kind == ENTRY_TREE)
			rc = write_tree(w, &e->id, err);
		else
			rc = walk_leaf(w, e, attr, err);
		leave(w, before);
	}
	attrs_leave(w->attrs);
	entries_free(&es);
	return rc;
}

/* "tree " and the id, the first line of a commit. */
static int
commit_tree(git_oid *out, const char *raw, size_t len, const char *commit,
    struct error *err)
{
	char hex[ID_HEX + 1] = {0};

	if (len > strlen("tree ") + ID_HEX && memcmp(raw, "tree ", 5) == 0) {
		memcpy(hex, raw + strlen("tree "), ID_HEX);
		if (is_commit_id(hex) && oid_parse(out, hex) == 0)
			return 0;
	}
	return error_set(err, ERR_INTEGRITY, "commit %s has no tree", commit);
}

/* Go to the directory name of the tree, whose attributes hold below it. */
static int
step_down(struct walk *w, git_oid *id, const char *name, struct error *err)
{
	struct entries es;
	int rc = entries_read(&es, w->x->odb, id, err);
	size_t i;

	if (rc == 0)
		rc = read_attributes(w, &es, err);
	for (i = 0; rc == 0 && i < es.n; i++)
		if (strcmp(es.entry[i].name, name) == 0 &&
		    es.entry[i].kind == ENTRY_TREE)
			break;
	if (rc == 0 && i == es.n)
		rc = error_set(err, ERR_NOTFOUND,
		    "there is no directory '%s' in it", w->x->path);
	if (rc == 0) {
		*id = es.entry[i].id;
		(void)enter(w, name);
	}
	entries_free(&es);
	return rc;
}

/* From the root of the commit to that of the role. */
static int
go_down(struct walk *w, git_oid *id, struct error *err)
{
	char *path = xstrdup(w->x->path != NULL ? w->x->path : "");
	char *rest = path, *name;
	int rc = 0;

	while (rc == 0 && (name = strsep(&rest, "/")) != NULL)
		if (*name != '\0')
			rc = step_down(w, id, name, err);
	free(path);
	w->root = w->path.len;
	w->skip = w->root != 0 ? w->root + 1 : 0;
	return rc;
}

static int
write_all(struct walk *w, git_oid *id, struct error *err)
{
	int rc = -1;

	w->attrs = attrs_new();
	w->tree = tree_open(w->x->dirfd, w->x->limits);
	if (go_down(w, id, err) == 0 && count_tree(w, id, err) == 0 &&
	    write_tree(w, id, err) == 0)
		rc = tree_finish(w->tree, err);
	tree_free(w->tree);
	attrs_free(w->attrs);
	buf_free(&w->path);
	return rc;
}

int
export_commit(const struct export *x, struct error *err)
{
	struct walk w = {.x = x};
	git_odb_object *commit = NULL;
	git_oid id;
	int rc = -1;

	git_error_clear();
	if (oid_parse(&id, x->commit) < 0)
		return git_fail(err, ERR_INTEGRITY, "commit id");
	if (object_read(&commit, x->odb, &id, GIT_OBJECT_COMMIT, err) == -1)
		goto out;
	w.subst = (struct subst){
	    .id = x->commit,
	    .raw = git_odb_object_data(commit),
	    .len = git_odb_object_size(commit),
	    .max = x->limits->file_bytes,
	};
	if (commit_tree(&id, w.subst.raw, w.subst.len, x->commit, err) == -1)
		goto out;
	rc = write_all(&w, &id, err);
out:
	git_odb_object_free(commit);
	return rc;
}
