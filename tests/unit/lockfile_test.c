#include "kelpie/lockfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"

#define A40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C64 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define HEAD "version: 1\nroles:\n"
#define ROLE                                                              \
	"- name: one\n  src: https://example.org/one.git\n  commit: " A40 \
	"\n  digest: " B64 "\n"

static const char whole[] =
    "# What each role became.  kelpie install obeys it, kelpie update moves "
    "it.\n"
    "version: 1\n"
    "roles:\n"
    "\n"
    "- name: all\n"
    "  src: geerlingguy.all\n"
    "  path: roles/all\n"
    "  asked: \">=1.2,<2\"\n"
    "  became: \"1.10\"\n"
    "  url: https://example.org/all.git\n"
    "  ref: refs/tags/1.10\n"
    "  tag: " A40 "\n"
    "  commit: " A40 "\n"
    "  digest: " B64 "\n"
    "  needed_by:\n"
    "  - db\n"
    "  - web\n"
    "\n"
    "- name: archive\n"
    "  src: https://example.org/a.tar.gz\n"
    "  sha256: " C64 "\n"
    "  digest: " B64 "\n"
    "\n"
    "- name: here\n"
    "  src: /srv/here\n";

static int
parse(struct lockfile *lock, const char *text, struct error *err)
{
	return lockfile_parse(lock, text, strlen(text), err);
}

static void
what_is_written_is_what_was_read(void)
{
	struct lockfile lock;
	struct error err = {0};
	struct buf b = {0};
	const struct locked *all;

	CHECK(parse(&lock, whole, &err) == 0);
	CHECK_STR(err.msg, "");
	CHECK(lock.n == 3);
	all = lockfile_find(&lock, "all");
	CHECK(all != NULL && all->needed_n == 2);
	if (all != NULL) {
		CHECK_STR(all->asked, ">=1.2,<2");
		CHECK_STR(all->became, "1.10");
		CHECK_STR(all->ref, "refs/tags/1.10");
		CHECK_STR(all->digest, B64);
	}
	CHECK(lockfile_find(&lock, "nobody") == NULL);
	lockfile_format(&b, &lock);
	CHECK_STR(b.data, whole);
	buf_free(&b);
	lockfile_free(&lock);
}

static void
entries_stand_by_name_and_each_once(void)
{
	static const char *const names[] = {"m", "z", "a", "m", "b"};
	struct lockfile lock = {0};

	for (size_t i = 0; i < 5; i++) {
		struct locked e = {.name = xstrdup(names[i]),
		    .src = xstrdup("/x")};

		locked_needed_by(&e, "z");
		locked_needed_by(&e, "a");
		locked_needed_by(&e, "z");
		lockfile_put(&lock, &e);
		CHECK(e.name == NULL);
	}
	CHECK(lock.n == 4);
	CHECK_STR(lock.v[0].name, "a");
	CHECK_STR(lock.v[3].name, "z");
	CHECK(lock.v[1].needed_n == 2);
	CHECK_STR(lock.v[1].needed_by[0], "a");
	CHECK_STR(lock.v[2].name, "m");
	lockfile_free(&lock);
}

/* "name needed_by... | name ..." */
static void
fill(struct lockfile *lock, const char *text, const char *src)
{
	char *copy = xstrdup(text), *save = NULL, *word;
	struct locked e = {0};

	*lock = (struct lockfile){0};
	for (word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		if (strcmp(word, "|") == 0)
			lockfile_put(lock, &e);
		else if (e.name == NULL)
			e = (struct locked){.name = xstrdup(word),
			    .src = xstrdup(src)};
		else
			locked_needed_by(&e, word);
	free(copy);
}

/* Entries of the run stand with "!". */
static void
check_put_back(const char *was, const char *now, const char *want)
{
	char other[] = "other", last[] = "last";
	char *const asked[] = {other, last};
	struct lockfile a, b;
	struct buf got = {0};

	fill(&a, was, "/was");
	fill(&b, now, "/now");
	lockfile_put_back(&b, &a, asked, 2);
	buf_puts(&got, "");
	for (size_t i = 0; i < b.n; i++) {
		buf_printf(&got, "%s%s",
		    strcmp(b.v[i].src, "/now") == 0 ? "!" : "", b.v[i].name);
		for (size_t j = 0; j < b.v[i].needed_n; j++)
			buf_printf(&got, " %s", b.v[i].needed_by[j]);
		buf_puts(&got, " | ");
	}
	CHECK_STR(got.data, want);
	buf_free(&got);
	lockfile_free(&a);
	lockfile_free(&b);
}

static void
what_others_need_stays(void)
{
	/* Another role needs it, too. */
	check_put_back("dep other web | other | web |", "dep web | web |",
	    "!dep other web | other | !web | ");
	/* Nobody of this run needs it any more, nor what it needed. */
	check_put_back("deep dep | dep web | other | web |", "web |",
	    "other | !web | ");
	check_put_back("deep dep | dep other web | other | web |", "web |",
	    "deep dep | dep other | other | !web | ");
	/* The file asks for it: its version counts there. */
	check_put_back("last web | web |", "last web | web |",
	    "last web | !web | ");
	check_put_back("last web | web |", "web |", "last | !web | ");
	/* The two others need each other. */
	check_put_back("last other | other last |", "web |",
	    "last other | other last | !web | ");
}

static void
a_file_without_roles_is_one(void)
{
	struct lockfile lock;
	struct error err = {0};
	struct buf b = {0};

	CHECK(parse(&lock, "version: 1\nroles: []\n", &err) == 0);
	CHECK(lock.n == 0);
	lockfile_format(&b, &lock);
	CHECK_HAS(b.data, "roles: []\n");
	buf_free(&b);
}

static const struct {
	const char *text, *said;
} bad[] = {
    {"", "1:1: the file is empty; without it, kelpie lock makes a new one"},
    {"- a\n", "1:1: a lock file is a map"},
    {"roles: []\n", "1:1: there is no 'version:'"},
    {"version: one\n", "1:10: 'version' must be a number"},
    {"version: 2\nroles: anything\n",
	"1:10: version 2 of the lock file is newer than this kelpie"},
    {"version: 1\nrolls: []\n", "2:1: unknown key 'rolls'"},
    {"version: 1\nroles: x\n", "2:8: 'roles' must be a list"},
    {HEAD "- one\n", "3:3: an entry must be a map"},
    {HEAD "- name: one\n", "3:3: an entry needs 'name' and 'src'"},
    {HEAD "- name: ../one\n  src: /x\n", "3:9: "},
    {HEAD "- name: one\n  src: ext::sh\n", "4:8: "},
    {HEAD "- name: one\n  src: /x\n  version: v1\n",
	"5:3: unknown key 'version'"},
    {HEAD "- name: one\n  src: /x\n  src: /y\n",
	"5:3: this key was given before"},
    {HEAD ROLE "  sha256: " C64 "\n", "3:3: 'commit' and 'sha256'"},
    {HEAD "- name: one\n  src: /x\n  commit: " A40 "\n",
	"3:3: 'commit' or 'sha256', and 'digest', go together"},
    {HEAD "- name: one\n  src: /x\n  digest: " B64 "\n",
	"3:3: 'commit' or 'sha256', and 'digest', go together"},
    {HEAD "- name: one\n  src: /x\n  commit: abc1234\n",
	"5:11: 'abc1234' is not a commit id"},
    {HEAD "- name: one\n  src: /x\n  sha256: abc\n",
	"5:11: 'abc' is not a SHA-256"},
    {HEAD "- name: one\n  src: /x\n  ref: refs/notes/x\n",
	"5:8: 'refs/notes/x' is no ref"},
    {HEAD "- name: one\n  src: /x\n  url: file:///etc/passwd\n",
	"5:8: 'file:///etc/passwd' is no http URL"},
    {HEAD "- name: one\n  src: /x\n  asked:\n", "5:9: a text is needed"},
    {HEAD "- name: one\n  src: /x\n  needed_by: web\n",
	"5:14: a list of names is needed"},
    {HEAD "- name: one\n  src: /x\n  needed_by: [[a]]\n",
	"5:15: a name is needed"},
    {HEAD ROLE ROLE, "7:3: role 'one' is there twice"},
    {HEAD "<<<<<<< HEAD\n" ROLE "=======\n" ROLE ">>>>>>> other\n",
	"3:1: a merge was not finished here"},
};

static void
what_is_damaged_is_told_with_its_place(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lockfile lock;
		struct error err = {0};

		CHECK(parse(&lock, bad[i].text, &err) == -1);
		CHECK(err.kind == ERR_CONFIG && lock.v == NULL);
		if (strncmp(err.msg, bad[i].said, strlen(bad[i].said)) != 0)
			CHECK_STR(err.msg, bad[i].said);
	}
}

static void
an_entry_is_for_what_it_was_made_for(void)
{
	char name[] = "one", src[] = "https://me:word@example.org/one.git",
	     v1[] = "v1", v2[] = "v2", path[] = "p", commit[] = A40;
	char plain[] = "https://example.org/one.git",
	     other[] = "0000000000000000000000000000000000000000";
	struct locked e = {.src = plain, .asked = v1, .commit = other};
	struct spec s = {.name = name, .src = src, .version = v1, .git = true};

	CHECK(locked_is_for(&e, &s));
	s.version = v2;
	CHECK(!locked_is_for(&e, &s));
	s.version = v1;
	s.path = path;
	CHECK(!locked_is_for(&e, &s));
	s.path = NULL;
	s.commit = commit;
	CHECK(!locked_is_for(&e, &s));
	e.commit = commit;
	CHECK(locked_is_for(&e, &s));
	/* An id is what it is. */
	e.asked = s.version = commit;
	CHECK(locked_is_for(&e, &s));
	s.commit = NULL;
	e.commit = other;
	CHECK(!locked_is_for(&e, &s));
	e.commit = commit;
	s.src = name;
	CHECK(!locked_is_for(&e, &s));
}

static void
check_path(const char *requirements, const char *want)
{
	char *got = lockfile_path(requirements);

	CHECK_STR(got, want);
	free(got);
}

static void
the_file_stands_beside_the_requirements(void)
{
	check_path("requirements.yml", "requirements.lock");
	check_path("a.b/roles.yaml", "a.b/roles.lock");
	check_path("a.yml/roles", "a.yml/roles.lock");
	check_path("x.txt", "x.txt.lock");
}

/* What the file says of src, for a file in base; and back. */
static void
check_place(const char *base, const char *src, bool relative, const char *want)
{
	char *path = xasprintf("%s/requirements.lock", base);
	struct locked e = {.name = xstrdup("one"),
	    .src = xstrdup(src),
	    .relative = relative};
	struct lockfile lock = {0}, again;
	struct error err = {0};
	struct buf b = {0};
	int fd;

	lockfile_put(&lock, &e);
	CHECK(lockfile_save(&lock, path, &err) == 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd != -1 && buf_read(&b, fd, 1000, &err) == 0);
	CHECK_HAS(b.data, want);
	(void)close(fd);
	CHECK(lockfile_load(&again, path, &err) == 0);
	CHECK_STR(again.v[0].src, src);
	CHECK(again.v[0].relative == (strncmp(want, "  src: .", 8) == 0));
	CHECK(unlink(path) == 0);
	lockfile_free(&lock);
	lockfile_free(&again);
	buf_free(&b);
	free(path);
}

static void
a_path_is_told_as_it_was_asked_for(void)
{
	char made[] = "/tmp/kelpie-lockfile.XXXXXX", *base;
	char *below, *beside;

	CHECK(mkdtemp(made) != NULL);
	base = realpath(made, NULL);
	CHECK(base != NULL);
	below = xasprintf("%s/x/y", base);
	beside = xasprintf("%sz/y", base);
	check_place(base, below, true, "  src: ./x/y\n");
	check_place(base, below, false, below);
	check_place(base, base, true, "  src: ./\n");
	check_place(base, beside, true, "  src: ../kelpie-lockfile.");
	check_place(base, "/etc/x", false, "  src: /etc/x\n");
	check_place(base, "https://h/x", true, "  src: https://h/x\n");
	free(below);
	free(beside);
	/* Nothing of this text would lead back. */
	below = xasprintf("%s/../x", base);
	check_place(base, below, true, below);
	free(below);
	CHECK(rmdir(base) == 0);
	free(base);
}

static void
it_is_written_only_if_it_is_another(void)
{
	char dir[] = "/tmp/kelpie-lockfile.XXXXXX";
	struct lockfile lock, again;
	struct error err = {0};
	char *path;

	CHECK(mkdtemp(dir) != NULL);
	path = xasprintf("%s/requirements.lock", dir);
	CHECK(lockfile_load(&lock, path, &err) == -1);
	CHECK(err.kind == ERR_NOTFOUND);
	CHECK(parse(&lock, whole, &err) == 0);
	CHECK(lockfile_save(&lock, path, &err) == 1);
	CHECK(lockfile_save(&lock, path, &err) == 0);
	CHECK(lockfile_load(&again, path, &err) == 0);
	CHECK(again.n == 3);
	locked_needed_by(&again.v[0], "zz");
	CHECK(lockfile_save(&again, path, &err) == 1);
	lockfile_free(&again);
	lockfile_free(&lock);
	CHECK(unlink(path) == 0);
	/* Nothing else is left. */
	CHECK(rmdir(dir) == 0);
	CHECK(parse(&lock, whole, &err) == 0);
	CHECK(lockfile_save(&lock, path, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	lockfile_free(&lock);
	free(path);
}

int
main(void)
{
	RUN(what_is_written_is_what_was_read);
	RUN(entries_stand_by_name_and_each_once);
	RUN(what_others_need_stays);
	RUN(a_file_without_roles_is_one);
	RUN(what_is_damaged_is_told_with_its_place);
	RUN(an_entry_is_for_what_it_was_made_for);
	RUN(the_file_stands_beside_the_requirements);
	RUN(a_path_is_told_as_it_was_asked_for);
	RUN(it_is_written_only_if_it_is_another);
	return check_done();
}
