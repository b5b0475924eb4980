#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "grab.h"
#include "kelpie/ui.h"

#define COMMIT "3f2c1ab8d3f2c1ab8d3f2c1ab8d3f2c1ab8d1234"

/* What was printed while descriptors 1 and 2 were ours. */
static char out[1 << 16], errs[1 << 16];

static void
slurp(FILE *f, char *to, size_t size)
{
	rewind(f);
	to[fread(to, 1, size - 1, f)] = '\0';
	(void)fclose(f);
}

static void
as_galaxy(void (*run)(void))
{
	FILE *o = tmpfile(), *e = tmpfile();
	struct error err = {0};

	if (o == NULL || e == NULL)
		abort();
	replace(1, fileno(o));
	replace(2, fileno(e));
	ui_open(UI_NORMAL);
	ui_set_shape(UI_GALAXY, "/r");
	run();
	CHECK(ui_close(&err) == 0);
	ui_set_shape(UI_OWN, NULL);
	put_back(2);
	put_back(1);
	slurp(o, out, sizeof(out));
	slurp(e, errs, sizeof(errs));
}

static void
role(size_t order, enum outcome outcome, const char *name, const char *version)
{
	const struct error err = {ERR_NOTFOUND, "h: no tag or branch 'v9'"};
	const struct outcome_of o = {outcome, .name = name, .version = version,
	    .before = outcome == OUT_UPDATED ? "v0" : NULL,
	    .commit = outcome == OUT_FAILED ? NULL : COMMIT,
	    .src = "https://h/x.git", .err = &err, .order = order};

	ui_role(&o);
}

static void
one_of_each(void)
{
	ui_begin(3, 1);
	role(0, OUT_KEPT, "k", "v1");
	role(1, OUT_KEPT, "d", NULL);
	role(2, OUT_INSTALLED, "i", "v1");
	role(3, OUT_INSTALLED, "n", "");
	role(4, OUT_UPDATED, "u", "v1");
	role(5, OUT_UPDATED, "w", NULL);
	role(6, OUT_FAILED, "f", "v9");
	role(7, OUT_CANCELLED, "c", "v1");
	ui_summary();
}

static void
the_lines_are_those_that_tools_look_for(void)
{
	as_galaxy(one_of_each);
	CHECK_STR(out,
	    "- k (v1) is already installed, skipping.\n"
	    "- d is already installed, skipping.\n"
	    "- extracting i to /r/i\n"
	    "- i (v1) was installed successfully\n"
	    "- extracting n to /r/n\n"
	    "- n was installed successfully\n"
	    "- changing role u from v0 to v1\n"
	    "- extracting u to /r/u\n"
	    "- u (v1) was installed successfully\n"
	    "- changing role w from v0 to unspecified\n"
	    "- extracting w to /r/w\n"
	    "- w was installed successfully\n");
	CHECK_STR(errs,
	    "[WARNING]: - f was NOT installed successfully: h: no tag or "
	    "branch 'v9'\n");
}

static void
sources(void)
{
	struct outcome_of o = {OUT_INSTALLED, .name = "me.one",
	    .version = "1.2.0", .src = "me.one", .galaxy = true,
	    .url = "https://h/me/one/1.2.0.tar.gz"};

	ui_role(&o);
	o = (struct outcome_of){OUT_INSTALLED, .name = "a",
	    .src = "https://u:secret@h/a.tar.gz", .order = 1};
	ui_role(&o);
	o.src = "/local/a.tar.gz";
	o.order = 2;
	ui_role(&o);
}

static void
what_is_downloaded_is_said_without_its_password(void)
{
	as_galaxy(sources);
	CHECK_STR(out,
	    "- downloading role 'one', owned by me\n"
	    "- downloading role from https://h/me/one/1.2.0.tar.gz\n"
	    "- extracting me.one to /r/me.one\n"
	    "- me.one (1.2.0) was installed successfully\n"
	    "- downloading role from https://h/a.tar.gz\n"
	    "- extracting a to /r/a\n"
	    "- a was installed successfully\n"
	    "- extracting a to /r/a\n"
	    "- a was installed successfully\n");
}

static void
out_of_order(void)
{
	role(2, OUT_KEPT, "c", "v1");
	role(1, OUT_FAILED, "b", "v1");
	CHECK(lseek(1, 0, SEEK_END) == 0 && lseek(2, 0, SEEK_END) == 0);
	role(0, OUT_KEPT, "a", "v1");
	CHECK(lseek(1, 0, SEEK_END) > 0 && lseek(2, 0, SEEK_END) > 0);
	role(4, OUT_KEPT, "e", "v1");
	role(1, OUT_KEPT, "again", "v1");
}

static void
a_line_waits_for_its_turn(void)
{
	as_galaxy(out_of_order);
	CHECK_STR(out,
	    "- a (v1) is already installed, skipping.\n"
	    "- c (v1) is already installed, skipping.\n"
	    "- again (v1) is already installed, skipping.\n"
	    "- e (v1) is already installed, skipping.\n");
}

static void
with_needs(void)
{
	ui_need(1, NEED_ADDED, "late", "v2");
	ui_need(0, NEED_ADDED, "dep", NULL);
	ui_need(0, NEED_PENDING, "b", "v1");
	role(0, OUT_INSTALLED, "a", "v1");
	role(1, OUT_INSTALLED, "b", "v1");
	ui_need(1, NEED_INSTALLED, "old", "v1");
	role(3, OUT_KEPT, "old", "v1");
	role(2, OUT_INSTALLED, "dep", NULL);
}

static void
dependencies_are_named_behind_the_role_that_needs_them(void)
{
	as_galaxy(with_needs);
	CHECK_STR(out,
	    "- extracting a to /r/a\n"
	    "- a (v1) was installed successfully\n"
	    "- adding dependency: dep\n"
	    "- dependency b already pending installation.\n"
	    "- extracting b to /r/b\n"
	    "- b (v1) was installed successfully\n"
	    "- adding dependency: late (v2)\n"
	    "- dependency old is already installed, skipping.\n"
	    "- extracting dep to /r/dep\n"
	    "- dep was installed successfully\n");
}

static void
other_lines(void)
{
	const struct error err = {ERR_LOCAL, "disk full"};

	ui_info("Starting %s", "up");
	ui_warn("beware of %s", "it");
	ui_error(&err);
}

static void
warnings_and_errors_look_alike(void)
{
	as_galaxy(other_lines);
	CHECK_STR(out, "Starting up\n");
	CHECK_STR(errs, "[WARNING]: beware of it\nERROR! disk full\n");
}

static void
hostile(void)
{
	role(0, OUT_INSTALLED, "a\033[2J\n- b (1) was installed", "\r");
}

static void
nothing_from_outside_makes_a_line_of_its_own(void)
{
	as_galaxy(hostile);
	CHECK_STR(out,
	    "- extracting a\\x1b[2J\\x0a- b (1) was installed to "
	    "/r/a\\x1b[2J\\x0a- b (1) was installed\n"
	    "- a\\x1b[2J\\x0a- b (1) was installed (\\x0d) was installed "
	    "successfully\n");
}

int
main(void)
{
	RUN(the_lines_are_those_that_tools_look_for);
	RUN(what_is_downloaded_is_said_without_its_password);
	RUN(a_line_waits_for_its_turn);
	RUN(dependencies_are_named_behind_the_role_that_needs_them);
	RUN(warnings_and_errors_look_alike);
	RUN(nothing_from_outside_makes_a_line_of_its_own);
	return check_done();
}
