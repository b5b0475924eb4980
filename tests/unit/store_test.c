#include "store_util.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define INFO(version) \
	"install_date: Sun Nov 22 12:23:54 2026\nversion: " version "\n"

static char a[] = "a", b[] = "b", v1[] = "v1", v2[] = "v2";

static void
to_open_changes_nothing(void)
{
	struct store s;

	fresh();
	open_store(&s);
	CHECK(s.rolesfd != -1 && s.kelpiefd == -1 && s.lockfd == -1);
	CHECK_STR(s.path, roles);
	CHECK(!store_has_litter(&s));
	close_store(&s);
	CHECK(!is_there(".kelpie"));
	CHECK(rmdir(roles) == 0);
	open_store(&s);
	CHECK(s.rolesfd == -1 && s.state.n == 0);
	close_store(&s);
	CHECK(access(roles, F_OK) == -1);
}

static void
a_file_is_no_roles_directory(void)
{
	struct error err;
	struct store s;
	char want[128];

	fresh();
	CHECK(rmdir(roles) == 0);
	CHECK(close(open(roles, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) == 0);
	CHECK(store_open(&s, roles, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	(void)snprintf(want, sizeof(want),
	    "open the roles directory '%s': Not a directory", roles);
	CHECK_STR(err.msg, want);
	CHECK(store_close(&s, &err) == 0);
	CHECK(unlink(roles) == 0);
}

static void
a_relative_path_is_made_absolute(void)
{
	char *cwd = realpath(".", NULL);
	struct error err;
	struct store s;

	fresh();
	CHECK(chdir(top) == 0);
	CHECK(store_open(&s, "roles", &err) == 0);
	CHECK_STR(s.path, roles);
	CHECK(store_close(&s, &err) == 0);
	CHECK(chdir(cwd) == 0);
	free(cwd);
}

static void
the_lock_makes_the_directories(void)
{
	struct store s;

	fresh();
	CHECK(rmdir(roles) == 0);
	(void)snprintf(roles, sizeof(roles), "%s/roles/x/y/", top);
	lock_store(&s);
	CHECK((mode_of("") & 0777) == 0755);
	CHECK(mode_of(".kelpie") == (S_IFDIR | 0700));
	CHECK(mode_of(".kelpie/lock") == (S_IFREG | 0600));
	CHECK(mode_of(".kelpie/stage") == (S_IFDIR | 0700));
	CHECK(mode_of(".kelpie/trash") == (S_IFDIR | 0700));
	expect_file(".kelpie/.gitignore", "*\n");
	close_store(&s);
	CHECK(is_there(".kelpie/lock"));
	CHECK(!is_there(".kelpie/stage") && !is_there(".kelpie/trash"));
	CHECK(!is_there(".kelpie/state"));
}

static void
every_worker_has_its_stage(void)
{
	struct error err;
	struct store s;
	int fd;

	fresh();
	lock_store(&s);
	fd = store_stage(&s, 7, &err);
	CHECK(fd != -1 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(close(fd) == 0);
	CHECK(mode_of(".kelpie/stage/7") == (S_IFDIR | 0700));
	/* A worker that takes over the number of another. */
	write_file(".kelpie/stage/7/x", "");
	CHECK(close(store_stage(&s, 7, &err)) == 0);
	CHECK(is_there(".kelpie/stage/7/x"));
	CHECK(close(store_stage(&s, 4294967295u, &err)) == 0);
	CHECK(is_there(".kelpie/stage/4294967295"));
	close_store(&s);
	CHECK(!is_there(".kelpie/stage"));
}

static void
a_new_role_is_put_into_place(void)
{
	const struct record *r;
	struct store s;
	struct commit c;

	fresh();
	lock_store(&s);
	c = install(&s, a, v1, false);
	CHECK_STR(c.trash, "");
	expect_file("a/tasks/main.yml", "v1");
	expect_file("a/meta/.galaxy_install_info", INFO("v1"));
	CHECK((mode_of("a/meta/.galaxy_install_info") & 0777) == 0644);
	CHECK((mode_of("a") & 0777) == 0755);
	CHECK(state_find(&s.state, "a") != NULL);
	store_discard(&s, c.worker, c.id);
	close_store(&s);
	CHECK(!is_there(".kelpie/journal") && is_there(".kelpie/state"));
	open_store(&s);
	CHECK(!store_has_litter(&s));
	r = state_find(&s.state, "a");
	CHECK(r != NULL && r->when == 1795350234 && r->took_ms == 12);
	CHECK(r != NULL && strcmp(r->digest, c.record.digest) == 0);
	close_store(&s);
}

static void
an_old_role_is_replaced_and_goes_with_the_trash(void)
{
	struct store s;
	struct commit c;
	char path[64];

	fresh();
	lock_store(&s);
	(void)install(&s, a, v1, false);
	write_file("a/only-in-v1", "");
	c = install(&s, a, v2, true);
	expect_file("a/tasks/main.yml", "v2");
	CHECK(!is_there("a/only-in-v1"));
	CHECK(strncmp(c.trash, "old-", 4) == 0);
	(void)snprintf(path, sizeof(path), ".kelpie/trash/%s/only-in-v1",
	    c.trash);
	CHECK(is_there(path));
	CHECK_STR(state_find(&s.state, "a")->version, "v2");
	CHECK(s.state.n == 1);
	close_store(&s);
	CHECK(!is_there(".kelpie/trash"));
	expect_file("a/tasks/main.yml", "v2");
}

static void
an_old_tree_can_be_kept_until_the_next_run(void)
{
	struct commit c = a_commit(1, a, v2);
	struct store s;
	char path[64];

	fresh();
	lock_store(&s);
	(void)install(&s, a, v1, false);
	write_file("a/mine", "precious");
	(void)install(&s, b, v1, false);
	(void)install(&s, b, v2, true);
	c.replace = c.keep_old = true;
	fill_stage(&s, &c, "v2");
	check_stage(&s, &c);
	store_commit(&s, &c, 1);
	CHECK(c.err.kind == ERR_NONE);
	close_store(&s);
	(void)snprintf(path, sizeof(path), ".kelpie/trash/%s/mine", c.trash);
	expect_file(path, "precious");
	open_store(&s);
	CHECK(!store_has_litter(&s));
	close_store(&s);
	CHECK(is_there(path));
	lock_store(&s);
	CHECK(!is_there(path));
	close_store(&s);
	CHECK(!is_there(".kelpie/trash"));
}

static void
one_failure_in_a_batch_leaves_the_others(void)
{
	char names[][4] = {"new", "old", "lnk", "fil", "app", "gon", "fgn"};
	struct commit c[COUNT(names)];
	struct store s;

	fresh();
	lock_store(&s);
	(void)install(&s, names[1], v1, false);
	for (size_t i = 0; i < COUNT(c); i++) {
		c[i] = a_commit((uint32_t)i, names[i], v2);
		c[i].replace = i != 0 && i != 4;
		fill_stage(&s, &c[i], "v2");
		check_stage(&s, &c[i]);
	}
	make_link("old", "lnk");
	write_file("fil", "mine");
	make_dir("app");
	make_dir("fgn");
	store_commit(&s, c, COUNT(c));
	CHECK(c[0].err.kind == ERR_NONE && c[1].err.kind == ERR_NONE);
	CHECK_STR(c[2].err.msg,
	    "there is a symbolic link in its place now, and was not replaced");
	CHECK_STR(c[3].err.msg,
	    "there is a file in its place now, and was not replaced");
	CHECK_STR(c[4].err.msg,
	    "something appeared in its place meanwhile, and was not replaced");
	/* What was to be replaced and is gone is a new role. */
	CHECK(c[5].err.kind == ERR_NONE && c[6].err.kind == ERR_NONE);
	for (size_t i = 0; i < COUNT(c); i++) {
		CHECK((c[i].trash[0] != '\0') == (i == 1 || i == 6));
		CHECK((c[i].err.kind == ERR_NONE) ==
		    (state_find(&s.state, names[i]) != NULL));
	}
	close_store(&s);
	expect_file("new/tasks/main.yml", "v2");
	expect_file("old/tasks/main.yml", "v2");
	CHECK(S_ISLNK(mode_of("lnk")));
	expect_file("fil", "mine");
	CHECK(!is_there("app/meta"));
	expect_file("gon/tasks/main.yml", "v2");
	open_store(&s);
	CHECK(s.state.n == 4);
	close_store(&s);
}

static void
names_of_more_parts_have_directories_made(void)
{
	char deep[] = "x/y/z", other[] = "x/w";
	struct store s;

	fresh();
	lock_store(&s);
	(void)install(&s, deep, v1, false);
	(void)install(&s, other, v1, false);
	(void)install(&s, deep, v2, true);
	close_store(&s);
	expect_file("x/y/z/tasks/main.yml", "v2");
	expect_file("x/w/tasks/main.yml", "v1");
	CHECK((mode_of("x/y") & 0777) == 0755);
	open_store(&s);
	CHECK(state_find(&s.state, "x/y/z") != NULL);
	CHECK(store_edited(&s, "x/y/z", INFO("v2")) == 0);
	close_store(&s);
}

static void
no_role_goes_into_another_or_through_a_link(void)
{
	char in_role[] = "a/b", in_link[] = "l/b", in_file[] = "f/b";
	struct commit c[3];
	struct store s;

	fresh();
	make_dir("../outside");
	make_link("../outside", "l");
	write_file("f", "");
	lock_store(&s);
	(void)install(&s, a, v1, false);
	c[0] = a_commit(1, in_role, v1);
	c[1] = a_commit(2, in_link, v1);
	c[2] = a_commit(3, in_file, v1);
	for (size_t i = 0; i < 3; i++) {
		fill_stage(&s, &c[i], "x");
		check_stage(&s, &c[i]);
		c[i].replace = i == 1;
	}
	store_commit(&s, c, 3);
	CHECK_STR(c[0].err.msg,
	    "'a' is a role itself, and no place for others");
	CHECK_STR(c[1].err.msg, "'l' is a symbolic link, and none is followed");
	CHECK_STR(c[2].err.msg, "open the directory 'f': Not a directory");
	CHECK(c[1].trash[0] == '\0');
	CHECK(!is_there("a/b") && !is_there("../outside/b"));
	CHECK(s.state.n == 1);
	close_store(&s);
}

/* Store_check() of a stage that was filled and then spoilt by spoil(). */
static enum error_kind
check_spoilt(void (*spoil)(void), char *msg)
{
	struct commit c = a_commit(1, a, v1);
	struct error err = {.kind = ERR_NONE};
	struct walked w;
	struct store s;

	fresh();
	lock_store(&s);
	fill_stage(&s, &c, "x");
	spoil();
	CHECK(store_check(&s, &c, &limits, &w, &err) ==
	    (err.kind == ERR_NONE ? 0 : -1));
	close_store(&s);
	(void)snprintf(msg, ERROR_MAX, "%s", err.msg);
	return err.kind;
}

#define STAGED ".kelpie/stage/1/1/role"

static void
rename_in(const char *from, const char *to)
{
	char x[256], y[256];

	(void)in_roles(from, x, sizeof(x));
	(void)in_roles(to, y, sizeof(y));
	CHECK(rename(x, y) == 0);
}

static void
no_role(void)
{
	rename_in(STAGED, ".kelpie/stage/1/1/rule");
}

static void
role_is_link(void)
{
	no_role();
	make_link("rule", STAGED);
}

static void
id_is_link(void)
{
	rename_in(".kelpie/stage/1/1", ".kelpie/stage/1/2");
	make_link("2", ".kelpie/stage/1/1");
}

static void
no_main(void)
{
	rename_in(STAGED "/meta/main.yml", STAGED "/meta/main.txt");
}

static void
no_meta(void)
{
	rename_in(STAGED "/meta", STAGED "/beta");
}

static void
meta_is_link(void)
{
	no_meta();
	make_link("beta", STAGED "/meta");
}

static void
main_is_dir(void)
{
	no_main();
	make_dir(STAGED "/meta/main.yml");
	write_file(STAGED "/meta/main.yml/x", "");
}

static void
main_dangles(void)
{
	no_main();
	make_link("nowhere", STAGED "/meta/main.yml");
}

static void
info_is_dir(void)
{
	make_dir(STAGED "/meta/.galaxy_install_info");
	write_file(STAGED "/meta/.galaxy_install_info/x", "");
}

static void
fifo_inside(void)
{
	char full[256];

	(void)in_roles(STAGED "/tasks/fifo", full, sizeof(full));
	CHECK(mkfifo(full, 0644) == 0);
}

static void
what_is_no_role_is_refused(void)
{
	static const struct {
		void (*spoil)(void);
		enum error_kind kind;
		const char *msg;
	} cases[] = {
	    {no_role, ERR_CHILD,
		"the worker says it is done, but left no role"},
	    {role_is_link, ERR_CHILD,
		"the worker says it is done, but left no role"},
	    {id_is_link, ERR_CHILD,
		"the worker says it is done, but left no role"},
	    {no_main, ERR_NOTFOUND, "this is no role: it has no meta/main.yml"},
	    {no_meta, ERR_NOTFOUND, "this is no role: it has no meta/main.yml"},
	    {meta_is_link, ERR_NOTFOUND,
		"this is no role: it has no meta/main.yml"},
	    {main_is_dir, ERR_NOTFOUND,
		"this is no role: it has no meta/main.yml"},
	    {main_dangles, ERR_NOTFOUND,
		"this is no role: it has no meta/main.yml"},
	    {info_is_dir, ERR_INTEGRITY,
		"meta/.galaxy_install_info of the role is a directory"},
	    {fifo_inside, ERR_INTEGRITY, NULL},
	};
	char msg[ERROR_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK(check_spoilt(cases[i].spoil, msg) == cases[i].kind);
		if (cases[i].msg != NULL)
			CHECK_STR(msg, cases[i].msg);
		CHECK(!is_there("a"));
	}
}

static void
main_may_be_yaml_or_a_link_inside(void)
{
	struct commit c = a_commit(1, a, v1);
	struct store s;

	fresh();
	lock_store(&s);
	fill_stage(&s, &c, "x");
	rename_in(STAGED "/meta/main.yml", STAGED "/meta/main.yaml");
	check_stage(&s, &c);
	rename_in(STAGED "/meta/main.yaml", STAGED "/meta/other");
	make_link("other", STAGED "/meta/main.yml");
	check_stage(&s, &c);
	close_store(&s);
}

static void
install_info_of_the_role_is_never_written_through(void)
{
	struct commit c = a_commit(1, a, v1);
	struct store s;

	fresh();
	lock_store(&s);
	fill_stage(&s, &c, "mine");
	make_link("../tasks/main.yml", STAGED "/meta/.galaxy_install_info");
	check_stage(&s, &c);
	expect_file(STAGED "/tasks/main.yml", "mine");
	CHECK(S_ISREG(mode_of(STAGED "/meta/.galaxy_install_info")));
	write_file(STAGED "/meta/.galaxy_install_info", "version: fake\n");
	check_stage(&s, &c);
	expect_file(STAGED "/meta/.galaxy_install_info", INFO("v1"));
	close_store(&s);
}

static void
a_stage_changed_after_the_check_is_refused(void)
{
	struct commit c = a_commit(1, a, v1);
	struct store s;

	fresh();
	lock_store(&s);
	fill_stage(&s, &c, "x");
	check_stage(&s, &c);
	no_role();
	fill_stage(&s, &c, "y");
	c.replace = true;
	store_commit(&s, &c, 1);
	CHECK(c.err.kind == ERR_CHILD && c.trash[0] == '\0');
	CHECK_STR(c.err.msg, "the staged role is not the one that was checked");
	CHECK(!is_there("a") && s.state.n == 0);
	store_discard(&s, 1, 1);
	CHECK(!is_there(".kelpie/stage/1/1") && is_there(".kelpie/stage/1"));
	store_discard(&s, 1, 1);
	store_discard(&s, 99, 1);
	close_store(&s);
}

static void
edits_are_seen_where_the_install_info_is_ours(void)
{
	struct store s;

	fresh();
	lock_store(&s);
	(void)install(&s, a, v1, false);
	CHECK(store_edited(&s, "a", INFO("v1")) == 0);
	make_dir("a/tasks/__pycache__");
	write_file("a/tasks/__pycache__/x.pyc", "");
	CHECK(store_edited(&s, "a", INFO("v1")) == 0);
	CHECK(store_edited(&s, "a", INFO("v2")) == -1);
	CHECK(store_edited(&s, "a", NULL) == -1);
	CHECK(store_edited(&s, "b", INFO("v1")) == -1);
	write_file("a/tasks/main.yml", "v1 ");
	CHECK(store_edited(&s, "a", INFO("v1")) == 1);
	s.state.v[0].digest[0] = '\0';
	CHECK(store_edited(&s, "a", INFO("v1")) == -1);
	close_store(&s);
}

static void
a_record_matches_its_own_install_info_only(void)
{
	struct commit c = a_commit(1, a, NULL);

	CHECK(record_matches(&c.record, INFO("''")));
	CHECK(!record_matches(&c.record, INFO("null")));
	c.record.map = false;
	CHECK(record_matches(&c.record, INFO("null")));
	CHECK(!record_matches(&c.record, INFO("v1")));
	CHECK(!record_matches(&c.record, INFO("null") "\n"));
	CHECK(!record_matches(&c.record, ""));
	CHECK(!record_matches(&c.record, NULL));
	c.record.when++;
	CHECK(!record_matches(&c.record, INFO("null")));
}

static void
a_damaged_state_stops_before_anything_is_written(void)
{
	struct error err;
	struct store s;
	char want[256];

	fresh();
	lock_store(&s);
	close_store(&s);
	write_file(".kelpie/state", "kelpie state 3\nx\n");
	CHECK(store_open(&s, roles, &err) == -1);
	CHECK(err.kind == ERR_CONFIG);
	(void)snprintf(want, sizeof(want),
	    "%s: .kelpie/state:2: it has fewer than 16 fields;", roles);
	CHECK(strncmp(err.msg, want, strlen(want)) == 0);
	/* Damaged between the two looks, it is not written over either. */
	write_file(".kelpie/state", "kelpie state 3\n");
	open_store(&s);
	write_file(".kelpie/state", "kelpie state 3\nx\n");
	CHECK(store_lock(&s, NULL, &err) == -1);
	CHECK(err.kind == ERR_CONFIG);
	close_store(&s);
	expect_file(".kelpie/state", "kelpie state 3\nx\n");
}

int
main(void)
{
	if (begin() == -1)
		return 1;
	RUN(to_open_changes_nothing);
	RUN(a_file_is_no_roles_directory);
	RUN(a_relative_path_is_made_absolute);
	RUN(the_lock_makes_the_directories);
	RUN(every_worker_has_its_stage);
	RUN(a_new_role_is_put_into_place);
	RUN(an_old_role_is_replaced_and_goes_with_the_trash);
	RUN(an_old_tree_can_be_kept_until_the_next_run);
	RUN(one_failure_in_a_batch_leaves_the_others);
	RUN(names_of_more_parts_have_directories_made);
	RUN(no_role_goes_into_another_or_through_a_link);
	RUN(what_is_no_role_is_refused);
	RUN(main_may_be_yaml_or_a_link_inside);
	RUN(install_info_of_the_role_is_never_written_through);
	RUN(a_stage_changed_after_the_check_is_refused);
	RUN(edits_are_seen_where_the_install_info_is_ours);
	RUN(a_record_matches_its_own_install_info_only);
	RUN(a_damaged_state_stops_before_anything_is_written);
	return end();
}
