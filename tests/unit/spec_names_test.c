#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "spec_told.h"

#define NO_NAME "no role name can be made of the source: give it a name"

/* The same source as text and in a map has the same name, or fault. */
static void
check_name(const char *src, const char *name)
{
	char *text = xasprintf("- '%s'\n- src: '%s'\n", src, src);
	struct specs s = {0};
	struct faults f = {0};
	struct buf b = {0};
	char *want;
	size_t i;

	want = name[0] == '!' ?
	    xasprintf("r.yml:1:3: %s\nr.yml:2:8: %s\n", name + 1, name + 1) :
	    xasprintf("%s\n%s\n", name, name);
	buf_puts(&b, "");
	specs_parse(&s, "r.yml", text, strlen(text), &f);
	for (i = 0; i < s.n; i++)
		buf_printf(&b, "%s\n", s.v[i].name);
	for (i = 0; i < f.n; i++)
		buf_printf(&b, "%s\n", f.v[i].msg);
	CHECK_STR(b.data, want);
	free(want);
	free(text);
	buf_free(&b);
	specs_free(&s);
	faults_free(&f);
}

static void
check_names(const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_name(row[i].text, row[i].want);
}

#define NAMES(r) check_names(r, sizeof(r) / sizeof((r)[0]))

/* A text that begins with '!' is the fault. */
static void
names_are_those_of_ansible_galaxy(void)
{
	static const struct row row[] = {
	    {"me.role", "me.role"},
	    {"geerlingguy.git", "geerlingguy.git"},
	    {"geerlingguy.zip", "geerlingguy.zip"},
	    {"https://h/u/r.git", "r"},
	    {"https://github.com/u/r", "r"},
	    {"https://github.com/u/r/archive/v1.tar.gz", "v1"},
	    {"https://h/x/foo-1.0.tar.gz", "foo-1.0"},
	    {"https://h/x/r.tar.gz.git", "r"},
	    {"https://h/x/r.zip.git", "r.zip"},
	    {"https://h/x/r.git.tar.gz", "r.git"},
	    {"git+ssh://git@h:22/u/r.git", "r"},
	    {"git+git@h:u/r.git", "r"},
	    {"git@h:u/r.git", "r"},
	    {"git+https://h/u/r", "r"},
	    {"file:///a/r.tar.gz", "r"},
	    {"file:///a/r", "r"},
	    {"https://h/c++/r.tar.gz", "r"},
	    {"ssh://h/r", "r"},
	};

	NAMES(row);
}

/* ansible-galaxy keeps the ending, the path or the whole source. */
static void
names_have_no_path_no_query_and_no_ending(void)
{
	static const struct row row[] = {
	    {"https://h/x/foo-1.0.tgz", "foo-1.0"},
	    {"https://h/x/r.tar.bz2", "r"},
	    {"https://h/x/r.tar.xz", "r"},
	    {"https://h/x/r.tar.zst", "r"},
	    {"https://h/x/r.tar", "r"},
	    {"https://h/x/r.zip", "r"},
	    {"https://h/x/foo.tar.gz?x=1", "foo"},
	    {"https://h/x/foo.tar.gz?path=a/b#c", "foo"},
	    {"https://h/r.git?ref=1", "r"},
	    {"https://h/r.git#v1", "r"},
	    {"https://h/x/r/", "r"},
	    {"https://h/x/r.git/", "r"},
	    {"https://h/x/r//", "r"},
	    {"git+git@h:r.git", "r"},
	    {"git@h:r.git", "r"},
	    {"git+/a/b/r", "r"},
	    {"git+../r", "r"},
	    {"git+r.git", "r"},
	    {"r.tar.gz", "r"},
	    {"foo-1.0.tgz", "foo-1.0"},
	    {"/a/b/r.tar.gz", "r"},
	    {"/a/b/x.tar", "x"},
	    {"/a/b/r", "r"},
	    {"/a/b/r.git/", "r"},
	    {"./r.tar.gz", "r"},
	    {"../x/r", "r"},
	    {"~/r", "r"},
	    {"~/x/r/", "r"},
	    {"x/r", "r"},
	    {"fs+r", "r"},
	    {"fs+../x/r/", "r"},
	    {"file:///r", "r"},
	    {"~/://", ":"},
	};

	NAMES(row);
}

static void
sources_without_a_name_need_one(void)
{
	static const struct row row[] = {
	    {"https://h/x/.git", "!" NO_NAME},
	    {"https://h/.tar.gz", "!" NO_NAME},
	    {"https://h/?x=r", "!" NO_NAME},
	    {"https://h/", "!" NO_NAME},
	    {"https://h", "!" NO_NAME},
	    {".", "!" NO_NAME},
	    {"..", "!" NO_NAME},
	    {"../..", "!" NO_NAME},
	    {"~", "!" NO_NAME},
	    {"fs+.", "!" NO_NAME},
	    {"file:///", "!" NO_NAME},
	    {"/", "!" NO_NAME},
	    {"/a/-r", "!bad role name '-r': a part begins with '-' or '.'"},
	    {"/a/.r", "!bad role name '.r': a part begins with '-' or '.'"},
	};

	NAMES(row);
}

static void
a_repository_is_known_by_its_looks(void)
{
	static const struct {
		const char *src;
		bool git;
	} row[] = {
	    {"git+https://h/x", true},
	    {"https://h/u/r.git", true},
	    {"https://h/u/r.git/", true},
	    {"http://h/u/r.git", true},
	    {"git://h/u/r.git", true},
	    {"ssh://git@h/u/r.git", true},
	    {"git@h:u/r.git", true},
	    {"file:///a/r.git", true},
	    {"/a/r.git", true},
	    {"./r.git", true},
	    {"https://github.com/u/r", true},
	    {"https://me:pw@GitHub.com/u/r", true},
	    {"http://github.com/u/r", true},
	    {"https://github.com/u/r/archive/v1.zip", false},
	    {"https://github.com/u/r/archive/main", false},
	    {"https://github.com/u/r/x.tar.gz", false},
	    {"https://github.com/u/r/x.tgz", false},
	    {"https://github.com/u/r/x.zip", false},
	    {"https://github.com.example.org/u/r", false},
	    {"https://h/github.com/r", false},
	    {"https://h/u/r", false},
	    {"https://h/r.git?x", false},
	    {"ssh://git@h/u/r", false},
	    {"me.git", false},
	    {"r.git", false},
	    {"/a/r", false},
	};
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		char *text = xasprintf("- %s,,a\n- {src: '%s', name: b}\n",
		    row[i].src, row[i].src);
		struct specs s = {0};
		struct faults f = {0};

		specs_parse(&s, "r.yml", text, strlen(text), &f);
		CHECK(s.n == 2 && f.n == 0);
		if (s.n == 2 &&
		    (s.v[0].git != row[i].git || s.v[1].git != row[i].git))
			CHECK_STR(row[i].src, row[i].git ? "git" : "not git");
		free(text);
		specs_free(&s);
		faults_free(&f);
	}
}

static void
what_came_of_a_source_is_of_its_kind(void)
{
	/* Can it be git, an archive, neither? */
	static const struct {
		const char *src;
		bool git, dir;
		const char *can;
	} row[] = {
	    {"https://h/x", true, false, "g--"},
	    {"https://h/x", false, false, "-a-"},
	    {"http://h/x.git", false, false, "-a-"},
	    {"ssh://git@h/x", false, false, "ga-"},
	    {"gh:x/y", false, false, "ga-"},
	    {"me.role", false, false, "ga-"},
	    {"/srv/x", true, false, "g--"},
	    {"/srv/x", false, false, "-ad"},
	    {"file:///srv/x", false, false, "-ad"},
	    {"/srv/x", false, true, "--d"},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct spec s = {.src = xstrdup(row[i].src),
		    .git = row[i].git,
		    .dir = row[i].dir};
		const char can[] = {spec_can_be(&s, true, false) ? 'g' : '-',
		    spec_can_be(&s, false, true) ? 'a' : '-',
		    spec_can_be(&s, false, false) ? 'd' : '-', '\0'};

		CHECK_STR(can, row[i].can);
		free(s.src);
	}
}

int
main(void)
{
	RUN(names_are_those_of_ansible_galaxy);
	RUN(names_have_no_path_no_query_and_no_ending);
	RUN(sources_without_a_name_need_one);
	RUN(a_repository_is_known_by_its_looks);
	RUN(what_came_of_a_source_is_of_its_kind);
	return check_done();
}
