/*
 * What lies in a roles directory, and which of it is asked for.
 */
#include "store_util.h"

#include "kelpie/inventory.h"
#include "kelpie/spec.h"
#include "kelpie/state.h"
#include "kelpie/wanted.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
other_tool(const char *name, const char *info)
{
	write_meta(name, ".galaxy_install_info", info);
}

static void
main_yml(const char *name, const char *text)
{
	write_meta(name, "main.yml", text);
}

/* The roles a, b and x/a of ours, one of another tool, one of nobody. */
static void
prepare(void)
{
	fresh_with_three();
	other_tool("theirs",
	    "install_date: Sun Nov 22 12:23:54 2026\nversion: 1.10\n");
	main_yml("plain", "{}\n");
	make_dir("junk");
	make_dir(".hidden");
	write_file("file", "");
	make_link("plain", "dev");
	make_link("nowhere", "dangling");
}

static struct inventory
look(struct store *s, const char *const *more, size_t n)
{
	struct error err = {.kind = ERR_NONE};
	struct inventory inv;

	open_store(s);
	CHECK(inventory_make(&inv, s, more, n, &err) == 0);
	CHECK_STR(err.msg, "");
	return inv;
}

static void
everything_is_found_and_sorted(void)
{
	static const struct {
		const char *name;
		enum found found;
		bool role;
	} want[] = {
	    {"a", FOUND_INSTALLED, true},
	    {"b", FOUND_INSTALLED, true},
	    {"dangling", FOUND_LINK, false},
	    {"dev", FOUND_LINK, true},
	    {"junk", FOUND_FOREIGN, false},
	    {"plain", FOUND_ROLE, true},
	    {"theirs", FOUND_INSTALLED, true},
	    {"x", FOUND_FOREIGN, false},
	    {"x/a", FOUND_INSTALLED, true},
	    {"y/b", FOUND_NOTHING, false},
	};
	static const char *const more[] = {"a", "none", "x/a", "y/b"};
	struct inventory inv;
	struct store s;

	prepare();
	inv = look(&s, more, COUNT(more));
	CHECK(inv.n == COUNT(want));
	for (size_t i = 0; i < COUNT(want) && i < inv.n; i++) {
		CHECK_STR(inv.v[i].name, want[i].name);
		CHECK(inv.v[i].in.found == want[i].found);
		CHECK(present_is_role(&inv.v[i]) == want[i].role);
		CHECK(inventory_find(&inv, want[i].name) == &inv.v[i]);
	}
	CHECK(inventory_find(&inv, "none") == NULL);
	CHECK_STR(inventory_find(&inv, "dev")->target, "plain");
	inventory_free(&inv);
	close_store(&s);
}

static void
what_is_known_is_told(void)
{
	const struct present *p;
	struct inventory inv;
	struct store s;

	prepare();
	inv = look(&s, NULL, 0);
	p = inventory_find(&inv, "a");
	CHECK(p->record != NULL && present_when(p) == 1795350234);
	CHECK_STR(present_version(p), "v1");
	p = inventory_find(&inv, "theirs");
	CHECK(p->record == NULL && present_when(p) == 1795350234);
	CHECK_STR(present_version(p), "1.10");
	p = inventory_find(&inv, "plain");
	CHECK(present_version(p) == NULL && present_when(p) == -1);
	inventory_free(&inv);
	close_store(&s);
}

static void
another_tool_makes_a_record_void(void)
{
	const struct present *p;
	struct inventory inv;
	struct store s;

	prepare();
	other_tool("a", "install_date: yesterday\nversion: v2\n");
	inv = look(&s, NULL, 0);
	p = inventory_find(&inv, "a");
	CHECK(p->record == NULL && present_when(p) == -1);
	CHECK_STR(present_version(p), "v2");
	inventory_free(&inv);
	close_store(&s);
}

static void
a_directory_that_is_not_there_is_empty(void)
{
	struct inventory inv;
	struct store s;

	fresh();
	CHECK(rmdir(roles) == 0);
	inv = look(&s, NULL, 0);
	CHECK(inv.n == 0 && inventory_find(&inv, "a") == NULL);
	inventory_free(&inv);
	close_store(&s);
}

/* ---- what is wanted ---- */

/* Give the record of a role in place its dependencies, or NULL. */
static void
set_needs(const char *name, const char *entries)
{
	struct faults faults = {0};
	struct specs specs = {0};
	struct record r;
	struct buf lines = {0};
	struct store s;

	if (entries != NULL) {
		buf_puts(&lines, "");
		specs_meta(&specs, "meta/requirements.yml", entries,
		    strlen(entries), &faults);
	}
	CHECK(faults.n == 0);
	for (size_t i = 0; i < specs.n; i++) {
		spec_pack(&lines, &specs.v[i]);
		buf_puts(&lines, "\n");
	}
	lock_store(&s);
	r = *state_find(&s.state, name);
	r.name = xstrdup(name);
	r.needs = lines.data;
	r.src = xstrdup(r.src);
	r.ref = xstrdup(r.ref);
	r.commit = xstrdup(r.commit);
	r.version = xstrdup_null(r.version);
	state_put(&s.state, &r);
	s.changed = true;
	close_store(&s);
	record_free(&r);
	specs_free(&specs);
	faults_free(&faults);
}

static struct specs
ask_for(const char *text)
{
	struct faults faults = {0};
	struct specs specs = {0};

	specs_parse(&specs, "requirements.yml", text, strlen(text), &faults);
	CHECK(faults.n == 0);
	faults_free(&faults);
	return specs;
}

/* The names, each with a blank behind it, or what is wrong. */
static void
expect_wanted(const char *asked, bool read, const char *want)
{
	struct specs specs = ask_for(asked);
	struct error err = {.kind = ERR_NONE};
	struct wanted w;
	struct inventory inv;
	struct store s;
	struct buf got = {0};

	inv = look(&s, NULL, 0);
	buf_puts(&got, "");
	if (wanted_make(&w, &specs, &inv, read ? roles : NULL, &err) == -1)
		buf_puts(&got, err.msg);
	for (size_t i = 0; i < w.n; i++) {
		buf_printf(&got, "%s ", w.v[i]);
		CHECK(wanted_has(&w, w.v[i]));
	}
	CHECK(!wanted_has(&w, "nobody") && !wanted_has(&w, ""));
	CHECK_STR(got.data, want);
	buf_free(&got);
	wanted_free(&w);
	inventory_free(&inv);
	close_store(&s);
	specs_free(&specs);
}

#define ENTRY(name) \
	"- {src: 'git+https://example.org/r.git', name: '" name "'}\n"

static void
dependencies_are_followed_and_may_go_round(void)
{
	prepare();
	set_needs("a", ENTRY("b"));
	set_needs("b", ENTRY("plain") ENTRY("gone"));
	set_needs("x/a", ENTRY("a") ENTRY("b"));
	expect_wanted(ENTRY("a"), false, "a b gone plain ");
	expect_wanted(ENTRY("a"), true, "a b gone plain ");
	expect_wanted(ENTRY("x/a") ENTRY("plain"), true, "a b gone plain x/a ");
	expect_wanted("[]", true, "");
}

static void
what_nobody_wrote_down_is_read_or_left(void)
{
	prepare();
	set_needs("b", "");
	main_yml("theirs", "dependencies:\n" ENTRY("b"));
	main_yml("plain", "dependencies:\n" ENTRY("theirs"));
	expect_wanted(ENTRY("theirs"), false, "theirs ");
	expect_wanted(ENTRY("theirs"), true, "b theirs ");
	expect_wanted(ENTRY("plain"), true, "b plain theirs ");
	expect_wanted(ENTRY("dev"), true, "b dev theirs ");
	main_yml("theirs", "dependencies: x\n");
	expect_wanted(ENTRY("plain"), false, "plain ");
	expect_wanted(ENTRY("plain"), true,
	    "what 'theirs' depends on is not known: theirs/meta/main.yml:1:15: "
	    "'dependencies' must be a list, found text");
}

static void
what_is_not_in_place_cannot_be_asked(void)
{
	prepare();
	expect_wanted(ENTRY("gone") ENTRY("a"), false, "a gone ");
	expect_wanted(ENTRY("a") ENTRY("gone"), true,
	    "'gone' is not in place, so what it depends on is not known; run "
	    "kelpie install first");
	expect_wanted(ENTRY("junk"), true,
	    "'junk' is not in place, so what it depends on is not known; run "
	    "kelpie install first");
}

int
main(void)
{
	if (begin() == -1)
		return 1;
	RUN(everything_is_found_and_sorted);
	RUN(what_is_known_is_told);
	RUN(another_tool_makes_a_record_void);
	RUN(a_directory_that_is_not_there_is_empty);
	RUN(dependencies_are_followed_and_may_go_round);
	RUN(what_nobody_wrote_down_is_read_or_left);
	RUN(what_is_not_in_place_cannot_be_asked);
	return end();
}
