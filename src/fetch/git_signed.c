/*
 * What is signed, for those who look at signatures: the tag, tags that it
 * leads to, and the commit, as they are.
 */
#include "fetch/git.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"
#include "kelpie/signed.h"

static int
put_object(struct fetcher *f, git_odb *odb, struct object *o, struct buf *chain,
    struct error *err)
{
	char id[OID_HEX + 1];
	git_odb_object *raw = NULL;
	git_oid oid;
	bool is_tag;
	int rc;

	(void)snprintf(id, sizeof(id), "%s",
	    chain->len == 0 ? f->tag : o->target);
	if (*id == '\0')
		(void)snprintf(id, sizeof(id), "%s", f->commit);
	git_error_clear();
	if (oid_parse(&oid, id) < 0)
		return git_fail(err, ERR_INTEGRITY, "object id");
	rc = git_odb_read(&raw, odb, &oid);
	if (rc == GIT_ENOTFOUND)
		return error_set(err, ERR_NOTFOUND,
		    "tag object '%s' is not there", id);
	if (rc < 0)
		return git_fail(err, ERR_INTEGRITY, "read what is signed");
	is_tag = git_odb_object_type(raw) == GIT_OBJECT_TAG;
	if (!is_tag && git_odb_object_type(raw) != GIT_OBJECT_COMMIT)
		rc = error_set(err, ERR_INTEGRITY, "'%s' is no tag", id);
	else
		rc = object_parse(o, is_tag, git_odb_object_data(raw),
		    git_odb_object_size(raw), err);
	if (rc == 0)
		object_put(chain, o);
	git_odb_object_free(raw);
	return rc;
}

static int
leave(const struct fetcher *f, const struct buf *chain, struct error *err)
{
	char path[16 + sizeof(SIGNED_FILE)];
	int fd, rc = -1;

	(void)snprintf(path, sizeof(path), "%u/" SIGNED_FILE,
	    (unsigned)f->job->id);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd != -1)
		rc = write_fully(fd, chain->data, chain->len);
	if (fd != -1 && close(fd) == -1)
		rc = -1;
	return rc == 0 ? 0 : error_errno(err, "write what is signed");
}

int
git_leave_signed(struct fetcher *f, git_odb *odb, struct error *err)
{
	struct object o = {.is_tag = true};
	struct buf chain = {0};
	int rc = 0;

	if (!f->job->verify)
		return 0;
	for (int n = 0; rc == 0 && o.is_tag; n++) {
		if (n == CHAIN_MAX)
			rc = error_set(err, ERR_INTEGRITY,
			    "more than %d tags of tags", CHAIN_MAX - 1);
		else
			rc = put_object(f, odb, &o, &chain, err);
	}
	if (rc == 0)
		rc = leave(f, &chain, err);
	buf_free(&chain);
	return rc;
}
