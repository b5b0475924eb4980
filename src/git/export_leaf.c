/* What is written of one entry of a commit that is no directory. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "git/compat.h"
#include "git/export_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/convert.h"
#include "kelpie/git/export.h"
#include "kelpie/rules.h"

const char *
walk_below(const struct walk *w)
{
	return w->path.data + w->skip;
}

void
walk_note(const struct walk *w, const char *what, const char *value)
{
	struct buf line = {0};

	if (w->x->note == NULL)
		return;
	buf_printf(&line, "'%s': %s%s", w->path.data, what, value);
	w->x->note(w->x->ctx, line.data);
	buf_free(&line);
}

int
walk_blob(git_odb_object **out, const struct walk *w, const git_oid *id,
    uint64_t max, struct error *err)
{
	git_object_t type;
	size_t len;

	if (git_odb_read_header(&len, &type, w->x->odb, id) < 0 || len <= max)
		return object_read(out, w->x->odb, id, GIT_OBJECT_BLOB, err);
	if (max != w->x->limits->file_bytes)
		return error_set(err, ERR_INTEGRITY,
		    "link '%s' is longer than %" PRIu64 " bytes", w->path.data,
		    max);
	return error_set(err, ERR_INTEGRITY,
	    "'%s' has more than %" PRIu64
	    " bytes; --max-file-bytes raises the limit",
	    w->path.data, max);
}

/* Attributes that change a file in git, and not here. */
static void
note_attributes(const struct walk *w, const struct attr_value *attr)
{
	const struct attr_value *encoding = &attr[ATTR_ENCODING];
	const struct attr_value *filter = &attr[ATTR_FILTER];

	if (encoding->state == ATTR_VALUE && *encoding->value != '\0' &&
	    strcasecmp(encoding->value, "UTF-8") != 0)
		walk_note(w, "not converted to ", encoding->value);
	if (filter->state == ATTR_VALUE)
		walk_note(w, "not put through the filter ", filter->value);
}

static int
write_file(struct walk *w, const struct entry *e, const struct attr_value *attr,
    struct error *err)
{
	git_odb_object *blob = NULL;
	struct buf converted = {0}, expanded = {0};
	char id[ID_HEX + 1];
	const char *data;
	size_t len;
	int rc = -1;

	if (walk_blob(&blob, w, &e->id, w->x->limits->file_bytes, err) == -1)
		goto out;
	data = git_odb_object_data(blob);
	len = git_odb_object_size(blob);
	if (convert_to_worktree(&converted, data, len, object_name(id, &e->id),
		attr)) {
		data = converted.data;
		len = converted.len;
	}
	w->subst.left_out = false;
	if (attr[ATTR_EXPORT_SUBST].state == ATTR_SET &&
	    subst_expand(&w->subst, &expanded, data, len)) {
		data = expanded.data;
		len = expanded.len;
	}
	rc = tree_file(w->tree, walk_below(w), e->executable, data, len, err);
	if (rc == 0 && w->subst.left_out)
		walk_note(w, "some of $Format$ needs more than the commit", "");
	note_attributes(w, attr);
out:
	git_odb_object_free(blob);
	buf_free(&converted);
	buf_free(&expanded);
	return rc;
}

static int
write_link(struct walk *w, const struct entry *e, struct error *err)
{
	git_odb_object *blob = NULL;
	int rc = walk_blob(&blob, w, &e->id, LINK_MAX_BYTES, err);

	if (rc == 0)
		rc = tree_link(w->tree, walk_below(w),
		    git_odb_object_data(blob), git_odb_object_size(blob), err);
	git_odb_object_free(blob);
	return rc;
}

int
walk_leaf(struct walk *w, const struct entry *e, const struct attr_value *attr,
    struct error *err)
{
	int rc;

	if (e->kind == ENTRY_LINK)
		rc = write_link(w, e, err);
	else if (e->kind == ENTRY_FILE)
		rc = write_file(w, e, attr, err);
	else {
		rc = tree_dir(w->tree, walk_below(w), err);
		walk_note(w, "a submodule, left empty", "");
	}
	if (rc == 0 && w->x->progress != NULL)
		w->x->progress(w->x->ctx, ++w->done, w->leaves);
	return rc;
}
