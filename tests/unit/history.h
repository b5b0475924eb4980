/*
 * history.h - a repository with a small history, for tests that walk in one.
 *
 * begin_history() makes it in a directory of its own, end_history() removes
 * that.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fetch/git.h"
#include "git/compat.h"

#define LATER "another file"

static char top[200];
static git_repository *repo;
static git_odb *objects;
/* root, second on it, side on the root, and both of these merged. */
enum { ROOT, SECOND, SIDE, MERGE, COMMITS };
static char ids[COMMITS][OID_HEX + 1];
static char tag_id[OID_HEX + 1]; /* a tag object of the second */

static inline void
make_tree(git_tree **tree, const char *text)
{
	git_treebuilder *builder = NULL;
	git_oid id;

	CHECK(git_blob_create_from_buffer(&id, repo, text, strlen(text)) == 0);
	CHECK(git_treebuilder_new(&builder, repo, NULL) == 0);
	CHECK(git_treebuilder_insert(NULL, builder, "file", &id,
		  GIT_FILEMODE_BLOB) == 0);
	/* The same in all of them, and the last that is written. */
	CHECK(
	    git_blob_create_from_buffer(&id, repo, LATER, strlen(LATER)) == 0);
	CHECK(git_treebuilder_insert(NULL, builder, "later", &id,
		  GIT_FILEMODE_BLOB) == 0);
	CHECK(git_treebuilder_write(&id, builder) == 0);
	CHECK(git_tree_lookup(tree, repo, &id) == 0);
	git_treebuilder_free(builder);
}

static inline void
make_commit(int which, const char *text, int a, int b)
{
	const int parent[] = {a, b};
	git_commit *parents[2] = {NULL, NULL};
	git_signature *who = NULL;
	git_tree *tree = NULL;
	git_oid id;
	size_t n = 0;

	for (; n < 2 && parent[n] >= 0; n++) {
		CHECK(oid_parse(&id, ids[parent[n]]) == 0);
		CHECK(git_commit_lookup(&parents[n], repo, &id) == 0);
	}
	make_tree(&tree, text);
	CHECK(git_signature_new(&who, "A Tester", "tester@example.org",
		  1700000000, 0) == 0);
	CHECK(git_commit_create(&id, repo, NULL, who, who, NULL, text, tree, n,
		  (void *)parents) == 0);
	(void)git_oid_tostr(ids[which], sizeof(ids[which]), &id);
	git_commit_free(parents[0]);
	git_commit_free(parents[1]);
	git_signature_free(who);
	git_tree_free(tree);
}

static inline void
make_tag(void)
{
	git_signature *who = NULL;
	git_object *target = NULL;
	git_oid id;

	CHECK(git_signature_new(&who, "A Tester", "tester@example.org",
		  1700000000, 0) == 0);
	CHECK(oid_parse(&id, ids[SECOND]) == 0);
	CHECK(git_object_lookup(&target, repo, &id, GIT_OBJECT_COMMIT) == 0);
	CHECK(git_tag_create(&id, repo, "v2", target, who, "two", 0) == 0);
	(void)git_oid_tostr(tag_id, sizeof(tag_id), &id);
	git_object_free(target);
	git_signature_free(who);
}

static inline void
make_repository(void)
{
	char *path = xasprintf("%s/repo", top);

	CHECK(git_repository_init(&repo, path, 1) == 0);
	CHECK(git_repository_odb(&objects, repo) == 0);
	make_commit(ROOT, "root", -1, -1);
	make_commit(SECOND, "second", ROOT, -1);
	make_commit(SIDE, "side", ROOT, -1);
	make_commit(MERGE, "merge", SECOND, SIDE);
	make_tag();
	free(path);
}

static inline int
begin_history(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(top, sizeof(top), "%s/kelpie-history.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(top) == NULL)
		return -1;
	(void)git_libgit2_init();
	make_repository();
	return 0;
}

static inline void
end_history(void)
{
	char *sweep = xasprintf("rm -rf '%s'", top);

	git_odb_free(objects);
	git_repository_free(repo);
	(void)git_libgit2_shutdown();
	if (system(sweep) != 0) /* NOLINT(cert-env33-c) */
		(void)printf("# %s is left\n", top);
	free(sweep);
}

#endif
