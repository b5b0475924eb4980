/*
 * Roles and links that are removed, what is refused, and what is left when
 * something ends us in between.
 */
#include "store_util.h"

#include <sys/mount.h>

#include "kelpie/state.h"

static char a[] = "a", ab[] = "x/a", v1[] = "v1", v2[] = "v2";
static char none[] = "";

/* A locked store with the roles a, b and x/a. */
static void
three(struct store *s)
{
	fresh_with_three();
	lock_store(s);
}

static void
remove_role(struct store *s, const char *name)
{
	struct error err = {.kind = ERR_NONE};

	CHECK(store_remove(s, name, &err) == 0);
	CHECK_STR(err.msg, "");
}

static void
expect_refused(struct store *s, const char *name, enum error_kind kind,
    const char *why)
{
	struct error err = {.kind = ERR_NONE};

	CHECK(store_remove(s, name, &err) == -1);
	CHECK(err.kind == kind);
	CHECK_HAS(err.msg, why);
}

/* Link roles/name to target, with a record as kelpie writes for links. */
static void
link_of_ours(struct store *s, char *name, char *target)
{
	static char ref[] = "link";

	make_link(target, name);
	state_put(&s->state,
	    &(struct record){.name = name,
		.src = target,
		.ref = ref,
		.commit = none,
		.when = 1795350234});
}

static void
a_role_goes_with_its_record(void)
{
	struct store s;

	three(&s);
	remove_role(&s, "a");
	CHECK(!is_there("a"));
	CHECK(state_find(&s.state, "a") == NULL);
	expect_refused(&s, "a", ERR_NOTFOUND, "is not installed in '");
	close_store(&s);
	CHECK(!is_there(".kelpie/trash") && !is_there(".kelpie/journal"));
	open_store(&s);
	CHECK(s.state.n == 2 && state_find(&s.state, "a") == NULL);
	CHECK(!store_has_litter(&s));
	close_store(&s);
	expect_file("b/tasks/main.yml", "v1");
	expect_file("x/a/tasks/main.yml", "v1");
}

static void
directories_of_names_go_when_they_are_empty(void)
{
	struct store s;

	three(&s);
	make_dir("x/notes");
	remove_role(&s, "x/a");
	CHECK(is_there("x/notes") && !is_there("x/a"));
	(void)install(&s, ab, v2, false);
	close_store(&s);
	three(&s);
	remove_role(&s, "x/a");
	CHECK(!is_there("x"));
	close_store(&s);
}

static void
a_role_of_another_tool_goes_too(void)
{
	struct store s;

	three(&s);
	write_meta("c", ".galaxy_install_info", "version: v3\n");
	write_meta("d", "main.yaml", "{}\n");
	remove_role(&s, "c");
	remove_role(&s, "d");
	CHECK(!is_there("c") && !is_there("d"));
	close_store(&s);
}

static void
what_is_no_role_stays(void)
{
	struct store s;

	three(&s);
	make_dir("c");
	write_file("c/precious", "mine");
	write_file("d", "mine");
	expect_refused(&s, "c", ERR_REFUSED, "is no role");
	expect_refused(&s, "d", ERR_REFUSED, "is no role");
	expect_refused(&s, "x", ERR_REFUSED, "is no role");
	expect_refused(&s, "e", ERR_NOTFOUND, "is not installed in '");
	expect_refused(&s, "e/f", ERR_NOTFOUND, "is not installed in '");
	close_store(&s);
	expect_file("c/precious", "mine");
	expect_file("d", "mine");
}

static void
no_name_leads_out_of_the_directory(void)
{
	static const char *const names[] = {"..", "../b", "x/../b", "/etc", "",
	    ".", ".kelpie", ".kelpie/trash", "x//a", "a/", "./a", "-a", "a\n"};
	struct store s;

	three(&s);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_refused(&s, names[i], ERR_CONFIG, "");
	CHECK(s.state.n == 3 && !s.changed);
	close_store(&s);
	expect_file("b/tasks/main.yml", "v1");
}

static void
a_link_is_removed_if_it_is_ours_and_never_followed(void)
{
	static char at[] = "/nowhere/dev", other[] = "../elsewhere";
	static char dev[] = "dev", moved[] = "moved", copy[] = "copy";
	struct store s;

	three(&s);
	write_meta("../elsewhere", "main.yml", "{}\n");
	link_of_ours(&s, dev, other);
	link_of_ours(&s, moved, at);
	CHECK(store_made_link(&s, "dev") && !store_made_link(&s, "a"));
	/* Somebody made another one in its place. */
	CHECK(unlinkat(s.rolesfd, "moved", 0) == 0);
	make_link(other, "moved");
	make_link(other, "theirs");
	/* A copy of that directory, which somebody replaced by a link. */
	(void)install(&s, copy, v1, false);
	CHECK(renameat(s.rolesfd, "copy", s.rolesfd, "was") == 0);
	make_link("https://example.org/r.git", "copy");
	remove_role(&s, "dev");
	CHECK(!is_there("dev") && state_find(&s.state, "dev") == NULL);
	expect_refused(&s, "moved", ERR_REFUSED, "is a symbolic link that");
	expect_refused(&s, "theirs", ERR_REFUSED, "is a symbolic link that");
	expect_refused(&s, "copy", ERR_REFUSED, "is a symbolic link that");
	CHECK(is_there("moved") && is_there("theirs") && is_there("copy"));
	close_store(&s);
	expect_file("../elsewhere/meta/main.yml", "{}\n");
}

static void
no_role_behind_a_link_is_removed(void)
{
	struct store s;

	three(&s);
	make_link("x", "y");
	expect_refused(&s, "y/a", ERR_REFUSED, "is a symbolic link that");
	close_store(&s);
	expect_file("x/a/tasks/main.yml", "v1");
}

static void
remove_a(struct store *s)
{
	remove_role(s, "a");
}

static void
remove_a_and_half_a_state(struct store *s)
{
	remove_role(s, "a");
	write_file(".kelpie/state.new", "kelpie st");
}

static void
remove_and_save(struct store *s)
{
	struct error err;

	remove_role(s, "a");
	CHECK(state_save(&s->state, s->kelpiefd, &err) == 0);
}

/* An update whose old tree is in trash when the new role is removed. */
static void
update_and_remove(struct store *s)
{
	(void)install(s, a, v2, true);
	CHECK(is_there(".kelpie/journal"));
	remove_role(s, "a");
}

static void
ended_in_between_it_leaves_no_role_and_nothing_else(void)
{
	static void (*const bodies[])(struct store *) = {remove_a,
	    remove_a_and_half_a_state, remove_and_save, update_and_remove};
	struct installed in;
	struct error err;
	struct store s;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		three(&s);
		close_store(&s);
		crash(bodies[i]);
		open_store(&s);
		CHECK(store_has_litter(&s));
		close_store(&s);
		lock_store(&s);
		CHECK(installinfo_look(&in, s.rolesfd, "a", &err) == 0);
		CHECK(in.found == FOUND_NOTHING);
		/* A record may be left, and is believed by nobody. */
		CHECK(state_find(&s.state, "a") == NULL ||
		    !record_matches(state_find(&s.state, "a"), in.info));
		CHECK(state_find(&s.state, "b") != NULL);
		/* It stands in the way of nothing. */
		(void)install(&s, a, v2, false);
		close_store(&s);
		expect_file("a/tasks/main.yml", "v2");
		expect_file("b/tasks/main.yml", "v1");
		CHECK(!is_there(".kelpie/trash") && !is_there(".kelpie/stage"));
	}
}

static void
a_mount_point_is_not_removed(void)
{
	struct store s;
	char full[128];

	three(&s);
	(void)in_roles("a", full, sizeof(full));
	if (getuid() != 0 || mount("none", full, "tmpfs", 0, "size=64k") != 0) {
		printf("# may not mount: left out\n");
		close_store(&s);
		return;
	}
	write_meta("a", "main.yml", "{}\n");
	expect_refused(&s, "a", ERR_LOCAL, "is a mount point, and stays");
	CHECK(state_find(&s.state, "a") != NULL);
	close_store(&s);
	CHECK(umount(full) == 0);
	expect_file("a/tasks/main.yml", "v1");
}

int
main(void)
{
	if (begin() == -1)
		return 1;
	RUN(a_role_goes_with_its_record);
	RUN(directories_of_names_go_when_they_are_empty);
	RUN(a_role_of_another_tool_goes_too);
	RUN(what_is_no_role_stays);
	RUN(no_name_leads_out_of_the_directory);
	RUN(a_link_is_removed_if_it_is_ours_and_never_followed);
	RUN(no_role_behind_a_link_is_removed);
	RUN(ended_in_between_it_leaves_no_role_and_nothing_else);
	RUN(a_mount_point_is_not_removed);
	return end();
}
