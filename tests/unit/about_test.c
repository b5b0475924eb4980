#include "check.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "about_priv.h"
#include "kelpie/about.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/walk.h"

static char top[] = "/tmp/kelpie-about-XXXXXX";

static void
put(const char *path, const char *text)
{
	char full[256], *slash = full;
	int fd;

	(void)snprintf(full, sizeof(full), "%s/%s", top, path);
	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		(void)mkdir(full, 0755);
		*slash = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	CHECK(fd != -1);
	CHECK(write_fully(fd, text, strlen(text)) == 0);
	(void)close(fd);
}

static void
link_to(const char *target, const char *path)
{
	char full[256];

	(void)snprintf(full, sizeof(full), "%s/%s", top, path);
	CHECK(symlink(target, full) == 0);
}

static struct about
ask(const char *name, bool follow)
{
	struct error err = {.kind = ERR_NONE};
	struct about a;

	CHECK(about_read(&a, top, name, follow, &err) == 0);
	CHECK_STR(err.msg, "");
	return a;
}

static void
expect_fault(const char *name, const char *want)
{
	struct about a = ask(name, false);

	CHECK(a.fault != NULL && a.needs == NULL);
	if (a.fault != NULL)
		CHECK_STR(a.fault, want);
	about_free(&a);
}

static void
the_usual_is_understood(void)
{
	struct about a;

	put("usual/meta/main.yml",
	    "galaxy_info:\n  author: A Person\n  description: >\n    two\n"
	    "    lines\n  license: [MIT, ISC]\n  min_ansible_version: 2.10\n"
	    "  company: ~\n"
	    "  platforms:\n    - name: EL\n      versions: [7, 8]\n"
	    "    - {name: Debian, versions: all}\n    - Solaris\n"
	    "dependencies: []\n");
	a = ask("usual", false);
	CHECK_STR(a.field[ABOUT_AUTHOR], "A Person");
	CHECK_STR(a.field[ABOUT_DESCRIPTION], "two lines\n");
	CHECK_STR(a.field[ABOUT_LICENSE], "MIT, ISC");
	CHECK_STR(a.field[ABOUT_MIN_ANSIBLE_VERSION], "2.10");
	CHECK(a.field[ABOUT_COMPANY] == NULL);
	CHECK(a.platforms == 3 && a.platform[0].n == 2);
	CHECK_STR(a.platform[0].name, "EL");
	CHECK_STR(a.platform[0].version[1], "8");
	CHECK_STR(a.platform[1].version[0], "all");
	CHECK(a.platform[2].n == 0);
	CHECK(a.fault == NULL);
	CHECK_STR(a.needs, "");
	about_free(&a);
}

static void
dependencies_of_both_files_can_be_unpacked(void)
{
	struct error err = {.kind = ERR_NONE};
	struct about a;
	struct spec spec;
	char *second;

	put("deps/meta/main.yaml",
	    "dependencies:\n  - {src: 'git+https://example.org/x.git', "
	    "version: v1}\n");
	put("deps/meta/requirements.yaml", "- me.other,1.0\n");
	a = ask("deps", false);
	second = strchr(a.needs, '\n');
	CHECK(second != NULL);
	*second++ = '\0';
	CHECK(spec_unpack(&spec, a.needs, "deps", &err) == 0);
	CHECK_STR(spec.name, "x");
	CHECK_STR(spec.version, "v1");
	spec_free(&spec);
	second[strlen(second) - 1] = '\0';
	CHECK(spec_unpack(&spec, second, "deps", &err) == 0);
	CHECK_STR(spec.name, "me.other");
	spec_free(&spec);
	about_free(&a);
}

static void
a_role_may_say_nothing(void)
{
	struct about a;

	put("empty/meta/main.yml", "");
	put("info/meta/.galaxy_install_info", "version: v1\n");
	put("null/meta/main.yml", "--- ~\n");
	put("list/meta/main.yml", "galaxy_info: [1]\ndependencies: ~\n");
	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = {"empty", "info", "null",
		    "list"};

		a = ask(names[i], false);
		CHECK(a.fault == NULL && a.field[ABOUT_AUTHOR] == NULL);
		CHECK(a.needs != NULL && a.needs[0] == '\0');
		about_free(&a);
	}
}

static void
faults_are_told_and_leave_the_dependencies_unknown(void)
{
	put("bad/meta/main.yml", "galaxy_info: [\n");
	put("deps-bad/meta/main.yml",
	    "galaxy_info: {author: me}\ndependencies: x\n");
	put("plain/README", "");
	expect_fault("plain", "it has no meta directory");
	expect_fault("deps-bad",
	    "deps-bad/meta/main.yml:2:15: 'dependencies' must be a list, "
	    "found text");
	{
		struct about a = ask("bad", false);

		CHECK(a.fault != NULL && a.needs == NULL);
		CHECK(strncmp(a.fault, "bad/meta/main.yml:2:1: ", 23) == 0);
		about_free(&a);
		a = ask("deps-bad", false);
		CHECK_STR(a.field[ABOUT_AUTHOR], "me");
		about_free(&a);
	}
}

static void
no_link_is_followed_but_the_role_itself(void)
{
	struct about a;

	put("secret", "galaxy_info: {author: x}\n");
	put("usual/meta/main.yml", "galaxy_info: {author: me}\n");
	put("hostile/meta/x", "");
	link_to("../../secret", "hostile/meta/main.yml");
	expect_fault("hostile",
	    "meta/main.yml is a symbolic link, and none is followed");
	put("hostile2/x", "");
	link_to("../usual/meta", "hostile2/meta");
	expect_fault("hostile2",
	    "open meta: Too many levels of symbolic links");
	link_to("usual", "dev");
	expect_fault("dev", "open meta: Too many levels of symbolic links");
	a = ask("dev", true);
	CHECK_STR(a.field[ABOUT_AUTHOR], "me");
	about_free(&a);
}

static void
what_is_no_file_or_too_large_is_told(void)
{
	char full[128], *large = xmalloc(ABOUT_FILE_MAX + 2);

	put("fifo/meta/x", "");
	(void)snprintf(full, sizeof(full), "%s/fifo/meta/main.yml", top);
	CHECK(mkfifo(full, 0644) == 0);
	expect_fault("fifo", "meta/main.yml is no file");
	memset(large, '#', ABOUT_FILE_MAX + 1);
	large[ABOUT_FILE_MAX + 1] = '\0';
	put("large/meta/main.yml", large);
	expect_fault("large", "meta/main.yml: larger than 1048576 bytes");
	free(large);
}

static void
only_what_a_child_says_is_understood(void)
{
	static const struct {
		const char *said;
		size_t len;
		int rc;
	} cases[] = {
	    {"", 0, 0},
	    {"author\nx", 9, 0},
	    {"author\nx", 8, -1},
	    {"author", 7, -1},
	    {"what\nx", 7, -1},
	    {"platform-version\nx", 19, -1},
	    {"platform\nx\0platform-version\ny", 30, 0},
	};
	struct about a;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(about_parse(&a, cases[i].said, cases[i].len) ==
		    cases[i].rc);
		about_free(&a);
	}
}

int
main(void)
{
	struct error err;

	if (mkdtemp(top) == NULL)
		return 1;
	RUN(the_usual_is_understood);
	RUN(dependencies_of_both_files_can_be_unpacked);
	RUN(a_role_may_say_nothing);
	RUN(faults_are_told_and_leave_the_dependencies_unknown);
	RUN(no_link_is_followed_but_the_role_itself);
	RUN(what_is_no_file_or_too_large_is_told);
	RUN(only_what_a_child_says_is_understood);
	if (walk_remove(AT_FDCWD, top, &err) == -1)
		return 1;
	return check_done();
}
