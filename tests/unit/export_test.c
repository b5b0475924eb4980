#include "kelpie/git/export.h"

#include "objects.h"

static void
a_tree_is_written_with_modes_and_links(void)
{
	struct world w;
	struct buf sub = {0}, root = {0};

	world_open(&w);
	entry(&sub, "100755", "run", blob(&w, "#!/bin/sh\n"));
	entry(&sub, "120000", "up", blob(&w, "../README"));
	entry(&root, "100644", "README", blob(&w, "read\nme"));
	entry(&root, "100644", "empty", blob(&w, ""));
	entry(&root, "120000", "link", blob(&w, "sub/run"));
	entry(&root, "40000", "sub", tree(&w, &sub));
	CHECK(export_tree(&w, tree(&w, &root)) == 0);
	check_written(&w,
	    "README: read\nme\n"
	    "empty: \n"
	    "link -> sub/run\n"
	    "sub/\n"
	    "run*: #!/bin/sh\n\n"
	    "up -> ../README\n");
	CHECK_STR(w.notes.data, "");
	CHECK(w.calls == 5 && w.done == 5 && w.total == 5);
	world_close(&w);
}

static void
only_the_owners_x_counts_in_a_mode(void)
{
	struct world w;
	struct buf b = {0};
	git_oid id;

	world_open(&w);
	id = blob(&w, "x");
	entry(&b, "100600", "a", id);
	entry(&b, "100664", "b", id);
	entry(&b, "100677", "c", id);
	entry(&b, "100744", "d", id);
	entry(&b, "100777", "e", id);
	entry(&b, "040755", "f", tree_of(&w, "100666", "g", id));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, "a: x\nb: x\nc: x\nd*: x\ne*: x\nf/\ng: x\n");
	world_close(&w);
}

static void
an_empty_tree_is_fine(void)
{
	struct world w;
	struct buf b = {0};

	world_open(&w);
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, "");
	world_close(&w);
}

/*
 * What git archive makes of directories: one is made by any entry in it that
 * is not a directory, even if that is ignored.
 */
static void
directories_are_left_out_as_by_git(void)
{
	static const char attributes[] = "ignored export-ignore\n"
					 "tests/ export-ignore\n"
					 "module/ export-ignore\n";
	struct world w;
	struct buf b = {0};
	git_oid file, empty;

	world_open(&w);
	file = blob(&w, "x");
	empty = tree(&w, &b);
	entry(&b, "100644", ".gitattributes", blob(&w, attributes));
	entry(&b, "40000", "deep",
	    tree_of(&w, "40000", "a",
		tree_of(&w, "40000", "b",
		    tree_of(&w, "100644", "ignored", file))));
	entry(&b, "40000", "empty", empty);
	entry(&b, "40000", "ignored", tree_of(&w, "100644", "x", file));
	entry(&b, "160000", "module", file);
	entry(&b, "40000", "nested", tree_of(&w, "40000", "empty", empty));
	entry(&b, "40000", "only", tree_of(&w, "100644", "ignored", file));
	entry(&b, "40000", "some",
	    tree_of(&w, "40000", "tests", tree_of(&w, "100644", "x", file)));
	entry(&b, "160000", "sub", file);
	entry(&b, "100644", "tests", file);
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	remove_all(w.out, ".gitattributes");
	check_written(&w, "deep/\na/\nb/\nonly/\nsub/\ntests: x\n");
	CHECK_STR(w.notes.data, "'sub': a submodule, left empty\n");
	world_close(&w);
}

static void
attributes_of_every_directory_count(void)
{
	struct world w;
	struct buf a = {0}, b = {0};
	git_oid file;

	world_open(&w);
	file = blob(&w, "1\n");
	entry(&a, "100644", ".gitattributes",
	    blob(&w,
		"*.txt -export-ignore\n/y export-ignore\n* eol=crlf\n"
		".gitattributes export-ignore\n"));
	entry(&a, "100644", "x.txt", file);
	entry(&a, "100644", "y", file);
	entry(&a, "100644", "z", file);
	entry(&b, "100644", ".gitattributes",
	    blob(&w, "*.txt export-ignore\n.git* export-ignore\n"));
	entry(&b, "40000", "a", tree(&w, &a));
	entry(&b, "40000", "b", tree_of(&w, "100644", "y", file));
	entry(&b, "100644", "x.txt", file);
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, "a/\nx.txt: 1\r\n\nz: 1\r\n\nb/\ny: 1\n\n");
	CHECK(w.done == 3 && w.total == 7);
	world_close(&w);
}

/* git archive asks for a blob with that name, and this is one. */
static void
attributes_may_be_a_link(void)
{
	struct world w;
	struct buf b = {0};

	world_open(&w);
	entry(&b, "120000", ".gitattributes", blob(&w, "x export-ignore"));
	entry(&b, "100644", "x", blob(&w, "x"));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, ".gitattributes -> x export-ignore\n");
	world_close(&w);
}

static void
a_file_is_converted_then_expanded(void)
{
	struct world w;
	struct buf b = {0}, want = {0};
	git_oid file;

	world_open(&w);
	file = blob(&w, "$Id$\n$Format:%s|%an%n$\n");
	entry(&b, "100644", ".gitattributes",
	    blob(&w,
		"x ident eol=crlf export-subst\n"
		"l export-subst\n.gitattributes export-ignore\n"));
	entry(&b, "120000", "l", blob(&w, "$Format:%s$"));
	entry(&b, "100644", "x", file);
	buf_printf(&want,
	    "l -> $Format:%%s$\n"
	    "x: $Id: %s $\r\nSubject|A\n\r\n\n",
	    hex(&file));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, want.data);
	CHECK_STR(w.notes.data, "");
	buf_free(&want);
	world_close(&w);
}

static void
what_is_not_done_is_noted(void)
{
	static const char attributes[] =
	    ".gitattributes export-ignore\n"
	    "a export-subst\n"
	    "b export-subst\n"
	    "c filter=lfs working-tree-encoding=utf-8\n"
	    "d working-tree-encoding=UTF-16 -filter\n"
	    "e filter=lfs export-ignore\n";
	struct world w;
	struct buf b = {0};
	git_oid file;

	world_open(&w);
	file = blob(&w, "$Format:%d%D$");
	entry(&b, "100644", ".gitattributes", blob(&w, attributes));
	entry(&b, "100644", "a", file);
	entry(&b, "100644", "b", blob(&w, "$Format:%an$"));
	entry(&b, "100644", "c", file);
	entry(&b, "100644", "d", file);
	entry(&b, "100644", "e", file);
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, "a: \nb: A\nc: $Format:%d%D$\nd: $Format:%d%D$\n");
	CHECK_STR(w.notes.data,
	    "'a': some of $Format$ needs more than the commit\n"
	    "'c': not put through the filter lfs\n"
	    "'d': not converted to UTF-16\n");
	world_close(&w);
}

static void
too_many_attributes_are_ignored(void)
{
	struct world w;
	struct buf b = {0}, text = {0};

	world_open(&w);
	buf_puts(&text, "* export-ignore\n");
	while (text.len <= 1 << 20)
		buf_puts(&text, "#2345678901234567890123456789012345678901\n");
	entry(&b, "40000", "a",
	    tree_of(&w, "100644", ".gitattributes", blob(&w, text.data)));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	CHECK(faccessat(w.out, "a/.gitattributes", F_OK, 0) == 0);
	CHECK_STR(w.notes.data, "'a/.gitattributes': too large, ignored\n");
	buf_free(&text);
	world_close(&w);
}

static void
nobody_needs_to_listen(void)
{
	struct world w;
	struct buf b = {0};
	char commit[41];
	struct export x;
	git_oid id;

	world_open(&w);
	entry(&b, "160000", "sub", blob(&w, "x"));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	remove_all(w.out, "sub");
	id = tree_of(&w, "160000", "sub", blob(&w, "x"));
	buf_printf(&b, "tree %s\n", hex(&id));
	id = object(&w, GIT_OBJECT_COMMIT, b.data, b.len);
	(void)snprintf(commit, sizeof(commit), "%s", hex(&id));
	x = (struct export){.odb = w.odb,
	    .commit = commit,
	    .dirfd = w.out,
	    .limits = &w.limits};
	CHECK(export_commit(&x, &w.err) == 0);
	check_written(&w, "sub/\n");
	buf_free(&b);
	world_close(&w);
}

int
main(void)
{
	RUN(a_tree_is_written_with_modes_and_links);
	RUN(only_the_owners_x_counts_in_a_mode);
	RUN(an_empty_tree_is_fine);
	RUN(directories_are_left_out_as_by_git);
	RUN(attributes_of_every_directory_count);
	RUN(attributes_may_be_a_link);
	RUN(a_file_is_converted_then_expanded);
	RUN(what_is_not_done_is_noted);
	RUN(too_many_attributes_are_ignored);
	RUN(nobody_needs_to_listen);
	return check_done();
}
