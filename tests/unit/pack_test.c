#include "kelpie/git/pack.h"

#include <sys/stat.h>

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>

#include "check.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

static char top[200]; /* of this test */
static char work[220]; /* the empty directory for a pack */
static struct buf pack; /* a good one */
static git_oid commit_id, blob_id;

/* ---- a pack to read ---- */

static int
collect(void *data, size_t len, void *ctx)
{
	buf_add(ctx, data, len);
	return 0;
}

static void
make_commit(git_repository *repo)
{
	static const char text[] = "- debug: {msg: hello}\n";
	git_treebuilder *builder = NULL;
	git_signature *who = NULL;
	git_tree *tree = NULL;
	git_oid id;

	CHECK(git_blob_create_from_buffer(&blob_id, repo, text,
		  sizeof(text) - 1) == 0);
	CHECK(git_treebuilder_new(&builder, repo, NULL) == 0);
	CHECK(git_treebuilder_insert(NULL, builder, "main.yml", &blob_id,
		  GIT_FILEMODE_BLOB) == 0);
	CHECK(git_treebuilder_write(&id, builder) == 0);
	CHECK(git_tree_lookup(&tree, repo, &id) == 0);
	CHECK(git_signature_new(&who, "A Tester", "tester@example.org",
		  1700000000, 0) == 0);
	CHECK(git_commit_create_v(&commit_id, repo, NULL, who, who, NULL, "one",
		  tree, 0) == 0);
	git_signature_free(who);
	git_tree_free(tree);
	git_treebuilder_free(builder);
}

static void
make_pack(void)
{
	char *path = xasprintf("%s/repo", top);
	git_packbuilder *builder = NULL;
	git_repository *repo = NULL;

	CHECK(git_repository_init(&repo, path, 1) == 0);
	make_commit(repo);
	CHECK(git_packbuilder_new(&builder, repo) == 0);
	CHECK(git_packbuilder_insert_commit(builder, &commit_id) == 0);
	CHECK(git_packbuilder_foreach(builder, collect, &pack) == 0);
	CHECK(pack.len > 32);
	git_packbuilder_free(builder);
	git_repository_free(repo);
	free(path);
}

/* ---- reading it ---- */

static size_t
files_left(void)
{
	DIR *d = opendir(work);
	size_t n = 0;

	CHECK(d != NULL);
	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n - 2;
}

static struct pack *
open_pack(uint64_t bytes, size_t objects_max, struct error *err)
{
	const struct pack_opts opts = {.dir = work,
	    .max_bytes = bytes,
	    .max_objects = objects_max};

	return pack_open(&opts, err);
}

/* Write len bytes in pieces, then look for the commit and its blob. */
static int
read_pack(const char *data, size_t len, size_t piece, struct error *err)
{
	struct pack *p = open_pack(1 << 20, 100, err);
	git_odb *odb = NULL;
	int rc = 0;

	if (p == NULL)
		return -1;
	for (size_t at = 0; rc == 0 && at < len; at += piece)
		rc = pack_write(p, data + at,
		    len - at < piece ? len - at : piece, err);
	if (rc == 0)
		rc = pack_objects(&odb, p, err);
	if (rc == 0) {
		CHECK(git_odb_exists(odb, &commit_id));
		CHECK(git_odb_exists(odb, &blob_id));
	}
	pack_free(p);
	return rc;
}

static void
a_pack_may_come_in_pieces_of_any_size(void)
{
	struct error err;

	for (size_t piece = 1; piece <= pack.len; piece += 9)
		CHECK(read_pack(pack.data, pack.len, piece, &err) == 0);
	CHECK(files_left() == 0);
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	uint64_t *last = ctx;

	CHECK(done >= *last && done <= total && total == 3);
	*last = done;
}

static void
it_is_told_how_far_it_is(void)
{
	uint64_t last = 0;
	const struct pack_opts opts = {.dir = work,
	    .max_bytes = 1 << 20,
	    .max_objects = 100,
	    .progress = on_progress,
	    .ctx = &last};
	struct error err;
	struct pack *p = pack_open(&opts, &err);
	git_odb *odb;

	CHECK(p != NULL && pack_write(p, pack.data, pack.len, &err) == 0);
	CHECK(pack_objects(&odb, p, &err) == 0);
	CHECK(last == 3);
	pack_free(p);
}

static void
its_objects_can_be_read(void)
{
	struct error err;
	struct pack *p = open_pack(1 << 20, 100, &err);
	git_odb_object *object = NULL;
	git_odb *odb = NULL;

	CHECK(p != NULL && pack_write(p, pack.data, pack.len, &err) == 0);
	CHECK(pack_objects(&odb, p, &err) == 0);
	CHECK(git_odb_read(&object, odb, &blob_id) == 0);
	CHECK_STR(git_odb_object_data(object), "- debug: {msg: hello}\n");
	CHECK(files_left() == 2);
	git_odb_object_free(object);
	pack_free(p);
	CHECK(files_left() == 0);
}

static void
a_changed_byte_is_noticed_wherever_it_is(void)
{
	struct error err;

	for (size_t i = 0; i < pack.len; i++) {
		err.kind = ERR_NONE;
		pack.data[i] ^= 1;
		CHECK(read_pack(pack.data, pack.len, 64, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		pack.data[i] ^= 1;
	}
	CHECK(files_left() == 0);
}

static void
a_pack_that_is_cut_is_noticed_wherever_it_ends(void)
{
	struct error err;

	for (size_t len = 0; len < pack.len; len++) {
		err.kind = ERR_NONE;
		CHECK(read_pack(pack.data, len, 64, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
	}
	CHECK(files_left() == 0);
}

static void
what_is_no_pack_is_refused(void)
{
	static const char html[] = "<!DOCTYPE html><title>Hello</title>";
	struct error err;

	err.kind = ERR_NONE;
	CHECK(read_pack(html, sizeof(html) - 1, 64, &err) == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	CHECK(files_left() == 0);
}

static void
a_pack_has_a_limit(void)
{
	struct error err;
	struct pack *p = open_pack(pack.len - 1, 100, &err);

	CHECK(p != NULL);
	CHECK(pack_write(p, pack.data, pack.len - 1, &err) == 0);
	err.kind = ERR_NONE;
	CHECK(pack_write(p, pack.data + pack.len - 1, 1, &err) == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	pack_free(p);
	CHECK(files_left() == 0);
}

static void
so_have_its_objects(void)
{
	struct error err = {0};
	struct pack *p = open_pack(1 << 20, 2, &err);
	git_odb *odb;
	int rc;

	CHECK(p != NULL);
	rc = pack_write(p, pack.data, pack.len, &err);
	if (rc == 0)
		rc = pack_objects(&odb, p, &err);
	CHECK(rc == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	pack_free(p);
	CHECK(read_pack(pack.data, pack.len, 64, &err) == 0);
}

static void
a_pack_that_is_kept_is_the_one_that_came(void)
{
	struct error err;
	struct pack *p = open_pack(1 << 20, 100, &err);
	struct buf kept = {0};
	git_odb *odb;
	char *command, *path;
	FILE *f;

	CHECK(p != NULL && pack_write(p, pack.data, pack.len, &err) == 0);
	CHECK(pack_objects(&odb, p, &err) == 0);
	pack_keep(p, ".pack");
	pack_free(p);
	CHECK(files_left() == 1);
	path = xasprintf("%s/kept", top);
	command = xasprintf("mv '%s'/*.pack '%s'", work, path);
	CHECK(system(command) == 0); /* NOLINT(cert-env33-c) */
	f = fopen(path, "re");
	CHECK(f != NULL && buf_read(&kept, fileno(f), 1 << 20, &err) == 0);
	CHECK(kept.len == pack.len &&
	    memcmp(kept.data, pack.data, pack.len) == 0);
	if (f != NULL)
		(void)fclose(f);
	CHECK(files_left() == 0);
	buf_free(&kept);
	free(command);
	free(path);
}

static void
libgit2_is_quoted_if_it_says_anything(void)
{
	struct error err = {0};

	git_error_clear();
	CHECK(git_fail(&err, ERR_INTEGRITY, "read") == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	CHECK(strncmp(err.msg, "read: ", 6) == 0);
	(void)git_error_set_str(GIT_ERROR_ZLIB, "bad data");
	(void)git_fail(&err, ERR_INTEGRITY, "read");
	CHECK(err.kind == ERR_INTEGRITY);
	CHECK_STR(err.msg, "read: bad data");
	(void)git_error_set_str(GIT_ERROR_OS, "no space");
	(void)git_fail(&err, ERR_INTEGRITY, "write");
	CHECK(err.kind == ERR_LOCAL);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *sweep;

	(void)snprintf(top, sizeof(top), "%s/kelpie-pack.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(top) == NULL)
		return 1;
	(void)snprintf(work, sizeof(work), "%s/work", top);
	if (mkdir(work, 0700) == -1)
		return 1;
	(void)git_libgit2_init();
	make_pack();
	RUN(a_pack_may_come_in_pieces_of_any_size);
	RUN(its_objects_can_be_read);
	RUN(it_is_told_how_far_it_is);
	RUN(a_changed_byte_is_noticed_wherever_it_is);
	RUN(a_pack_that_is_cut_is_noticed_wherever_it_ends);
	RUN(what_is_no_pack_is_refused);
	RUN(a_pack_has_a_limit);
	RUN(so_have_its_objects);
	RUN(a_pack_that_is_kept_is_the_one_that_came);
	RUN(libgit2_is_quoted_if_it_says_anything);
	buf_free(&pack);
	(void)git_libgit2_shutdown();
	sweep = xasprintf("rm -rf '%s'", top);
	if (system(sweep) != 0) /* NOLINT(cert-env33-c) */
		(void)printf("# %s is left\n", top);
	free(sweep);
	return check_done();
}
