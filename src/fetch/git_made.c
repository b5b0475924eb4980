/* A pack of one commit, where none came that could be kept; with the tag that
 * may be signed. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fetch/git.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"

static int
on_bytes(void *data, size_t len, void *payload)
{
	const int *fd = payload;

	return write_fully(*fd, data, len);
}

static int
build(struct fetcher *f, git_packbuilder *builder, int fd, struct error *err)
{
	git_oid oid, tag;
	bool tagged = f->job->verify && *f->tag != '\0';

	if (oid_parse(&oid, f->commit) < 0 ||
	    git_packbuilder_insert_commit(builder, &oid) < 0 ||
	    (tagged &&
		(oid_parse(&tag, f->tag) < 0 ||
		    git_packbuilder_insert_recur(builder, &tag, NULL) < 0)))
		return git_fail(err, ERR_LOCAL, "gather the objects");
	if (git_packbuilder_foreach(builder, on_bytes, &fd) < 0)
		return git_fail(err, ERR_LOCAL, "write the pack");
	return 0;
}

static int
write_pack(struct fetcher *f, git_odb *odb, int fd, struct error *err)
{
	git_repository *repo = NULL;
	git_packbuilder *builder = NULL;
	int rc = -1;

	git_error_clear();
	if (git_repository_wrap_odb(&repo, odb) < 0 ||
	    git_packbuilder_new(&builder, repo) < 0)
		(void)git_fail(err, ERR_LOCAL, "make a pack");
	else
		rc = build(f, builder, fd, err);
	git_packbuilder_free(builder);
	git_repository_free(repo);
	return rc;
}

int
git_make(struct fetcher *f, git_odb *odb, struct error *err)
{
	char *path = xasprintf("%s/" GIT_MADE, f->pack);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	free(path);
	if (fd == -1)
		return error_errno(err, "make a pack");
	rc = write_pack(f, odb, fd, err);
	if (close(fd) == -1 && rc == 0)
		rc = error_errno(err, "make a pack");
	if (rc == 0)
		git_kept(f);
	return rc;
}
