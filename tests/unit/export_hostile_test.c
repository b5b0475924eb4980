#include <time.h>

#include "kelpie/git/export.h"
#include "kelpie/rules.h"
#include "objects.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ABSENT "0123456789abcdef0123456789abcdef01234567"

/* The export failed as it should, and wrote what it had to before. */
static void
check_refused(struct world *w, int rc, const char *msg, const char *written)
{
	CHECK(rc == -1);
	CHECK(w->err.kind == ERR_INTEGRITY);
	CHECK_STR(w->err.msg, msg);
	check_written(w, written);
}

static void
bad_names_are_refused(void)
{
	static const struct {
		const char *mode, *name, *msg;
	} cases[] = {
	    {"100644", "..", "bad file name in '..'"},
	    {"100644", ".", "bad file name in '.'"},
	    {"100644", "", "bad file name in ''"},
	    {"100644", "a/b", "bad file name in 'a/b'"},
	    {"100644", "/a", "bad file name in '/a'"},
	    {"100644", "../a", "bad file name in '../a'"},
	    {"100644", ".git", "bad file name in '.git'"},
	    {"100644", ".GIT", "bad file name in '.GIT'"},
	    {"100755", "git~1", "bad file name in 'git~1'"},
	    {"120000", ".git", "bad file name in '.git'"},
	    {"160000", "..", "bad file name in '..'"},
	    {"160000", ".git", "bad file name in '.git'"},
	    {"40000", "..", "bad file name in '../x'"},
	    {"40000", ".", "bad file name in './x'"},
	    {"40000", ".git", "bad file name in '.git/x'"},
	    {"40000", ".Git", "bad file name in '.Git/x'"},
	    {"40000", "a/b", "bad file name in 'a/b'"},
	    {"40000", "", "bad file name in ''"},
	};
	struct world w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		git_oid id;

		world_open(&w);
		id = blob(&w, "x");
		if (strcmp(cases[i].mode, "40000") == 0)
			id = tree_of(&w, "100644", "x", id);
		id = tree_of(&w, cases[i].mode, cases[i].name, id);
		check_refused(&w, export_tree(&w, id), cases[i].msg, "");
		world_close(&w);
	}
}

static void
bad_modes_are_refused(void)
{
	static const char *const modes[] = {"104755", "102644", "101644",
	    "140000", "20000", "60000", "10000", "0", "644", "41777", "121000",
	    "164000", "170000", "1006440", "10064x", "", "-100644", "100 644"};
	struct world w;

	for (size_t i = 0; i < COUNT(modes); i++) {
		git_oid id;
		char *msg = strcmp(modes[i], "100 644") == 0 ?
		    xstrdup("'644 x' has mode 100") :
		    xasprintf("'x' has mode %s", modes[i]);

		world_open(&w);
		id = tree_of(&w, modes[i], "x", blob(&w, "x"));
		check_refused(&w, export_tree(&w, id), msg, "");
		free(msg);
		world_close(&w);
	}
}

static void
duplicates_are_refused(void)
{
	static const char *const modes[][2] = {
	    {"100644", "100644"},
	    {"40000", "40000"},
	    {"120000", "40000"},
	    {"40000", "120000"},
	    {"100644", "40000"},
	    {"160000", "40000"},
	};
	struct world w;

	for (size_t i = 0; i < COUNT(modes); i++) {
		struct buf b = {0};
		git_oid file, dir;

		world_open(&w);
		file = blob(&w, "/tmp");
		dir = tree_of(&w, "100644", "x", file);
		entry(&b, modes[i][0], "a", *modes[i][0] == '4' ? dir : file);
		entry(&b, "100644", "a.c", file);
		entry(&b, modes[i][1], "a", *modes[i][1] == '4' ? dir : file);
		check_refused(&w, export_tree(&w, tree(&w, &b)),
		    "duplicate entry 'a'", "");
		world_close(&w);
	}
}

static void
links_out_are_refused(void)
{
	static const struct {
		const char *target, *shown;
	} cases[] = {
	    {"/etc/passwd", "/etc/passwd"},
	    {"..", ".."},
	    {"../out2", "../out2"},
	    {"a/../../..", "a/../../.."},
	    {"", ""},
	};
	struct world w;
	struct buf b = {0};
	char *msg;

	for (size_t i = 0; i < COUNT(cases); i++) {
		world_open(&w);
		msg = xasprintf("link 'l' may lead out of the role: '%s'",
		    cases[i].shown);
		check_refused(&w,
		    export_tree(&w,
			tree_of(&w, "120000", "l", blob(&w, cases[i].target))),
		    msg, "");
		free(msg);
		world_close(&w);
	}
	world_open(&w);
	check_refused(&w,
	    export_tree(&w,
		tree_of(&w, "120000", "l",
		    object(&w, GIT_OBJECT_BLOB, "a\0b", 3))),
	    "link 'l' may lead out of the role: 'a'", "");
	while (b.len <= LINK_MAX_BYTES)
		buf_puts(&b, "a");
	check_refused(&w,
	    export_tree(&w, tree_of(&w, "120000", "l", blob(&w, b.data))),
	    "link 'l' is longer than 1024 bytes", "");
	buf_free(&b);
	world_close(&w);
}

/* What is below a link is not written through it: it is not there yet. */
static void
nothing_is_written_through_a_link(void)
{
	struct world w;
	struct buf b = {0};
	git_oid file;

	world_open(&w);
	file = blob(&w, "x");
	entry(&b, "120000", "a", blob(&w, "b"));
	entry(&b, "40000", "b", tree_of(&w, "100644", "x", file));
	CHECK(export_tree(&w, tree(&w, &b)) == 0);
	check_written(&w, "a -> b\nb/\nx: x\n");
	world_close(&w);
}

static void
a_deep_tree_is_refused_at_once(void)
{
	struct world w;
	git_oid id;

	world_open(&w);
	id = tree_of(&w, "100644", "x", blob(&w, "x"));
	for (int i = 0; i < 3000; i++)
		id = tree_of(&w, "40000", "d", id);
	w.limits.depth = 3;
	check_refused(&w, export_tree(&w, id),
	    "'d/d/d/d' is more than 3 directories deep; --max-depth raises "
	    "the limit",
	    "");
	world_close(&w);
	world_open(&w);
	id = tree_of(&w, "100644", "x", blob(&w, "x"));
	for (int i = 0; i < 3; i++)
		id = tree_of(&w, "40000", "d", id);
	w.limits.depth = 3;
	CHECK(export_tree(&w, id) == 0);
	check_written(&w, "d/\nd/\nd/\nx: x\n");
	world_close(&w);
}

/* Ten levels of ten directories, each the same as its neighbours. */
static void
a_bomb_is_refused_before_it_bursts(void)
{
	struct world w;
	git_oid id;
	clock_t start;

	world_open(&w);
	id = blob(&w, "x");
	for (int i = 0; i < 10; i++) {
		struct buf b = {0};
		char name[2] = "0";

		for (; *name <= '9'; ++*name)
			entry(&b, i == 0 ? "100644" : "40000", name, id);
		id = tree(&w, &b);
	}
	start = clock();
	check_refused(&w, export_tree(&w, id),
	    "more than 20000 files; --max-files raises the limit", "");
	CHECK((clock() - start) / CLOCKS_PER_SEC < 20);
	world_close(&w);
}

static void
the_number_of_files_is_limited(void)
{
	struct world w;
	struct buf b = {0};
	git_oid id;

	world_open(&w);
	entry(&b, "40000", "a", tree_of(&w, "100644", "b", blob(&w, "1")));
	entry(&b, "100644", "c", blob(&w, "2"));
	id = tree(&w, &b);
	w.limits.files = 2;
	check_refused(&w, export_tree(&w, id),
	    "more than 2 files; --max-files raises the limit", "");
	w.limits.files = 3;
	CHECK(export_tree(&w, id) == 0);
	check_written(&w, "a/\nb: 1\nc: 2\n");
	world_close(&w);
}

static void
the_size_of_files_is_limited(void)
{
	static const char msg[] = "'x' has more than 7 bytes; "
				  "--max-file-bytes raises the limit";
	struct world w;
	struct buf b = {0};
	git_oid id;

	world_open(&w);
	w.limits.file_bytes = 7;
	check_refused(&w,
	    export_tree(&w, tree_of(&w, "100644", "x", blob(&w, "12345678"))),
	    msg, "");
	w.limits.bytes = 10;
	entry(&b, "100644", "a", blob(&w, "1234567"));
	entry(&b, "100644", "b", blob(&w, "1234"));
	check_refused(&w, export_tree(&w, tree(&w, &b)),
	    "more than 10 bytes; --max-bytes raises the limit", "a: 1234567\n");
	world_close(&w);

	/* Also what it grows to. */
	world_open(&w);
	w.limits.file_bytes = 100;
	entry(&b, "100644", ".gitattributes", blob(&w, "x export-subst"));
	entry(&b, "100644", "x", blob(&w, "$Format:%H%H%H$"));
	id = tree(&w, &b);
	check_refused(&w, export_tree(&w, id),
	    "'x' has more than 100 bytes; --max-file-bytes raises the limit",
	    ".gitattributes: x export-subst\n");
	world_close(&w);
}

static void
missing_and_mistaken_objects_are_refused(void)
{
	struct world w;
	git_oid absent, file, dir;
	char *msg, name[41];

	world_open(&w);
	memset(&absent, 0xab, sizeof(absent));
	file = blob(&w, "x");
	dir = tree_of(&w, "100644", "x", file);
	msg = xasprintf("object %s is missing", hex(&absent));
	check_refused(&w, export_tree(&w, tree_of(&w, "100644", "x", absent)),
	    msg, "");
	check_refused(&w, export_tree(&w, tree_of(&w, "120000", "x", absent)),
	    msg, "");
	check_refused(&w, export_tree(&w, tree_of(&w, "40000", "x", absent)),
	    msg, "");
	check_refused(&w, export_tree(&w, absent), msg, "");
	free(msg);
	check_refused(&w, export_id(&w, ABSENT), "object " ABSENT " is missing",
	    "");

	msg = xasprintf("object %s is a blob, not a tree", hex(&file));
	check_refused(&w, export_tree(&w, tree_of(&w, "40000", "x", file)), msg,
	    "");
	check_refused(&w, export_tree(&w, file), msg, "");
	free(msg);
	msg = xasprintf("object %s is a tree, not a blob", hex(&dir));
	check_refused(&w, export_tree(&w, tree_of(&w, "100644", "x", dir)), msg,
	    "");
	free(msg);
	(void)snprintf(name, sizeof(name), "%s", hex(&file));
	msg = xasprintf("object %s is a blob, not a commit", name);
	check_refused(&w, export_id(&w, name), msg, "");
	free(msg);
	world_close(&w);
}

static void
a_damaged_commit_is_refused(void)
{
	static const char *const raws[] = {"", "tree", "tree \n",
	    "tree " ABSENT, "tree 0123\n\nmessage\n",
	    "tree 0123456789abcdef0123456789abcdef0123456X\n",
	    "author A <a> 1 +0000\ntree " ABSENT "\n"};
	struct world w;

	world_open(&w);
	for (size_t i = 0; i < COUNT(raws); i++) {
		git_oid id =
		    object(&w, GIT_OBJECT_COMMIT, raws[i], strlen(raws[i]));
		char name[41], *msg;

		(void)snprintf(name, sizeof(name), "%s", hex(&id));
		msg = xasprintf("commit %s has no tree", name);
		check_refused(&w, export_id(&w, name), msg, "");
		free(msg);
	}
	world_close(&w);
}

static void
a_tree_that_is_cut_is_refused(void)
{
	struct world w;
	struct buf b = {0};
	size_t len;
	git_oid id;

	world_open(&w);
	entry(&b, "100644", "file", blob(&w, "x"));
	for (len = 1; len < b.len; len++) {
		id = object(&w, GIT_OBJECT_TREE, b.data, len);
		check_refused(&w, export_tree(&w, id), "a tree is cut short",
		    "");
	}
	buf_puts(&b, "no tree at all");
	id = object(&w, GIT_OBJECT_TREE, b.data, b.len);
	check_refused(&w, export_tree(&w, id), "a tree is cut short", "");
	buf_free(&b);
	world_close(&w);
}

int
main(void)
{
	RUN(bad_names_are_refused);
	RUN(bad_modes_are_refused);
	RUN(duplicates_are_refused);
	RUN(links_out_are_refused);
	RUN(nothing_is_written_through_a_link);
	RUN(a_deep_tree_is_refused_at_once);
	RUN(a_bomb_is_refused_before_it_bursts);
	RUN(the_number_of_files_is_limited);
	RUN(the_size_of_files_is_limited);
	RUN(missing_and_mistaken_objects_are_refused);
	RUN(a_damaged_commit_is_refused);
	RUN(a_tree_that_is_cut_is_refused);
	return check_done();
}
