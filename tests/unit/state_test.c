#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/state.h"
#include "kelpie/walk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HEAD "kelpie state 3\n"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define DIGEST \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define LINE(name)                                             \
	name                                                   \
	    "\tv1.0\tmap\trefs/tags/v1.0\t" COMMIT "\t" DIGEST \
	    "\t-\t-\t-\t-\t-\t-\t-\t1795350234\t812\thttps://example.org/r.git\n"
#define ADVICE \
	"; the file can be removed, then roles are judged by their install info"

static char root[] = "/tmp/kelpie-state-XXXXXX";
static int rolesfd = -1, kelpiefd = -1;

static struct record
record(char *name, char *version)
{
	static char src[] = "https://example.org/r.git";
	static char ref[] = "refs/tags/v1.0", commit[] = COMMIT;

	return (struct record){.name = name,
	    .src = src,
	    .version = version,
	    .map = true,
	    .ref = ref,
	    .commit = commit,
	    .digest = DIGEST,
	    .when = 1795350234,
	    .took_ms = 812};
}

static void
write_file(const char *name, const char *text, size_t len)
{
	int fd = openat(kelpiefd, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd != -1 && write(fd, text, len) == (ssize_t)len);
	(void)close(fd);
}

static char *
read_file(const char *name)
{
	int fd = openat(kelpiefd, name, O_RDONLY | O_CLOEXEC);
	struct buf b = {0};
	struct error err;

	CHECK(fd != -1 && buf_read(&b, fd, 1 << 20, &err) == 0);
	(void)close(fd);
	return b.data;
}

static bool
is_there(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static struct state
load(void)
{
	struct error err = {.kind = ERR_NONE};
	struct state st;

	CHECK(state_load(&st, kelpiefd, rolesfd, &err) == 0);
	CHECK_STR(err.msg, "");
	return st;
}

static void
save(const struct state *st)
{
	struct error err = {.kind = ERR_NONE};

	CHECK(state_save(st, kelpiefd, &err) == 0);
	CHECK_STR(err.msg, "");
}

static uint64_t
inode(const char *name)
{
	struct stat st = {0};

	CHECK(fstatat(rolesfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return (uint64_t)st.st_ino;
}

static void
journal(char *name, uint64_t ino, const char *trash)
{
	char version[] = "v2.0";
	struct intent in = {.record = record(name, version), .inode = ino};
	struct error err = {.kind = ERR_NONE};

	memcpy(in.trash, trash, strlen(trash) + 1);
	CHECK(state_journal(kelpiefd, &in, 1, &err) == 0);
	CHECK_STR(err.msg, "");
}

static void
nothing_there_is_an_empty_state(void)
{
	struct error err;
	struct state st = load();

	CHECK(st.n == 0);
	CHECK(state_find(&st, "a") == NULL);
	CHECK(state_load(&st, -1, rolesfd, &err) == 0 && st.n == 0);
	state_free(&st);
}

static void
names_are_kept_in_order_and_once(void)
{
	char names[][4] = {"m", "b", "z", "a/b", "m", "a", "z"};
	char v1[] = "v1", v2[] = "v2";
	struct state st = {0};
	struct record r;

	for (size_t i = 0; i < COUNT(names); i++) {
		r = record(names[i], i < 4 ? v1 : v2);
		state_put(&st, &r);
	}
	CHECK(st.n == 5);
	for (size_t i = 1; i < st.n; i++)
		CHECK(strcmp(st.v[i - 1].name, st.v[i].name) < 0);
	CHECK_STR(state_find(&st, "m")->version, "v2");
	CHECK_STR(state_find(&st, "b")->version, "v1");
	CHECK(state_find(&st, "n") == NULL);
	state_drop(&st, "m");
	state_drop(&st, "m");
	CHECK(st.n == 4 && state_find(&st, "m") == NULL);
	CHECK(state_find(&st, "z") != NULL && state_find(&st, "a") != NULL);
	state_free(&st);
}

static void
what_is_put_in_is_a_copy(void)
{
	char name[] = "a", version[] = "v1";
	struct record r = record(name, version);
	struct state st = {0};

	state_put(&st, &r);
	/* Its own record may be put in again. */
	r = st.v[0];
	state_put(&st, &r);
	name[0] = version[0] = 'x';
	CHECK_STR(st.v[0].name, "a");
	CHECK_STR(st.v[0].version, "v1");
	state_free(&st);
}

static void
a_saved_state_is_this_text(void)
{
	char a[] = "a", b[] = "b", v[] = "v1.0";
	struct record r = record(b, v);
	struct state st = {0};
	struct stat s;
	char *text;

	state_put(&st, &r);
	r = record(a, v);
	state_put(&st, &r);
	write_file("journal", "", 0);
	save(&st);
	text = read_file("state");
	CHECK_STR(text, HEAD LINE("a") LINE("b"));
	CHECK(fstatat(kelpiefd, "state", &s, 0) == 0);
	CHECK((s.st_mode & 0777) == 0600);
	CHECK(!is_there(kelpiefd, "journal"));
	CHECK(!is_there(kelpiefd, "state.new"));
	free(text);
	state_free(&st);
}

static bool
same(const struct record *a, const struct record *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->src, b->src) == 0 &&
	    (a->version == NULL) == (b->version == NULL) &&
	    (a->version == NULL || strcmp(a->version, b->version) == 0) &&
	    a->map == b->map && strcmp(a->ref, b->ref) == 0 &&
	    strcmp(a->commit, b->commit) == 0 && text_same(a->url, b->url) &&
	    text_same(a->tag, b->tag) && strcmp(a->digest, b->digest) == 0 &&
	    a->when == b->when && a->took_ms == b->took_ms;
}

static void
what_was_saved_is_loaded(void)
{
	static const char *const texts[] = {"", "-", "--", "\\", "\\x41",
	    "a\tb", "a\nb\r", "\x01\x1f\x7f", "\303\251", "\xff", " ", "\\x"};
	char name[] = "role-00", version[16], src[16], ref[16];
	char none[] = "", id[] = COMMIT;
	struct state st = {0}, again;
	struct record r;

	for (size_t i = 0; i < COUNT(texts); i++) {
		name[5] = (char)('0' + i / 10);
		name[6] = (char)('0' + i % 10);
		(void)snprintf(version, sizeof(version), "%s", texts[i]);
		(void)snprintf(src, sizeof(src), "%s", texts[i]);
		(void)snprintf(ref, sizeof(ref), "%s", texts[i]);
		r = record(name, i % 5 == 4 ? NULL : version);
		r.src = src;
		r.ref = ref;
		r.commit = i % 2 != 0 ? id : none;
		r.url = i % 3 == 1 ? (char[]){"https://h/r.git"} : NULL;
		r.tag = i % 3 == 2 ? id : NULL;
		r.map = i % 3 == 0;
		r.when = i % 2 != 0 ? 253402300799 : 0;
		r.took_ms = i % 2 != 0 ? UINT32_MAX : 0;
		if (i % 2 != 0)
			r.digest[0] = '\0';
		state_put(&st, &r);
	}
	save(&st);
	again = load();
	CHECK(again.n == st.n);
	for (size_t i = 0; i < st.n && i < again.n; i++)
		CHECK(same(&st.v[i], &again.v[i]));
	state_free(&st);
	state_free(&again);
}

static void
damage_is_told_with_its_line(void)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"", "1: the file is empty"},
	    {"kelpie state 1\n",
		"1: not 'kelpie state 3', the first line of such a file"},
	    {"<<<<<<< HEAD\n" HEAD,
		"1: not 'kelpie state 3', the first line of such a file"},
	    {"kelpie state 3", "1: the line is cut off"},
	    {HEAD LINE("a") "b\tv1", "3: the line is cut off"},
	    {HEAD "\n", "2: it has fewer than 16 fields"},
	    {HEAD LINE("a") "b\tv1\n", "3: it has fewer than 16 fields"},
	    {HEAD LINE("b") LINE("a"),
		"3: the names are not in order, or one is there twice"},
	    {HEAD LINE("a") LINE("a"),
		"3: the names are not in order, or one is there twice"},
	    {HEAD LINE(""), "2: the name is none of a role"},
	    {HEAD LINE("../a"), "2: the name is none of a role"},
	    {HEAD LINE("a\\x2f.."), "2: the name is none of a role"},
	    {HEAD LINE("a\\n"),
		"2: a character that should be written as \\xNN"},
	    {HEAD LINE("a\\x0"),
		"2: a character that should be written as \\xNN"},
	    {HEAD LINE("a\\x00"),
		"2: a character that should be written as \\xNN"},
	    {HEAD LINE("a\\x4A"),
		"2: a character that should be written as \\xNN"},
	    {HEAD LINE("a\001"),
		"2: a character that should be written as \\xNN"},
	    {HEAD "a\tv\tMap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t1\t1\tu\n",
		"2: the third field is neither 'map' nor 'string'"},
	    {HEAD "a\tv\tmap\tr\tabc\t\t-\t-\t-\t-\t-\t-\t-\t1\t1\tu\n",
		"2: the commit is not 40 hex digits"},
	    {HEAD "a\tv\tmap\tr\t\tabc\t-\t-\t-\t-\t-\t-\t-\t1\t1\tu\n",
		"2: a digest is not 64 hex digits"},
	    {HEAD "a\tv\tmap\tr\t\t" DIGEST "0\t-\t-\t-\t-\t-\t-\t-\t1\t1\tu\n",
		"2: a digest is not 64 hex digits"},
	    {HEAD "a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\tabc\t-\t1\t1\tu\n",
		"2: the tag's id is not 40 hex digits"},
	    {HEAD "a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t-1\t1\tu\n",
		"2: a time is not a number"},
	    {HEAD "a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t\t1\tu\n",
		"2: a time is not a number"},
	    {HEAD "a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t253402300800\t1\tu\n",
		"2: a time is not a number"},
	    {HEAD "a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t1\t4294967296\tu\n",
		"2: a time is not a number"},
	    {HEAD
		"a\tv\tmap\tr\t\t\t-\t-\t-\t-\t-\t-\t-\t1\t18446744073709551617\tu\n",
		"2: a time is not a number"},
	};
	struct state st;
	struct error err;
	char want[256];

	for (size_t i = 0; i < COUNT(cases); i++) {
		write_file("state", cases[i].text, strlen(cases[i].text));
		CHECK(state_load(&st, kelpiefd, rolesfd, &err) == -1);
		CHECK(err.kind == ERR_CONFIG);
		(void)snprintf(want, sizeof(want), ".kelpie/state:%s" ADVICE,
		    cases[i].why);
		CHECK_STR(err.msg, want);
		CHECK(st.n == 0 && st.v == NULL);
	}
	write_file("state", HEAD "a\0b\n", sizeof(HEAD) + 4 - 1);
	CHECK(state_load(&st, kelpiefd, rolesfd, &err) == -1);
	CHECK_STR(err.msg, ".kelpie/state:2: a NUL byte" ADVICE);
	CHECK(unlinkat(kelpiefd, "state", 0) == 0);
}

static void
a_state_that_is_a_link_or_too_large_is_not_read(void)
{
	struct state st;
	struct error err;
	int fd;

	CHECK(symlinkat("/dev/null", kelpiefd, "state") == 0);
	CHECK(state_load(&st, kelpiefd, rolesfd, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK(unlinkat(kelpiefd, "state", 0) == 0);
	fd = openat(kelpiefd, "state", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd != -1 && ftruncate(fd, (64L << 20) + 1) == 0);
	(void)close(fd);
	CHECK(state_load(&st, kelpiefd, rolesfd, &err) == -1);
	CHECK_STR(err.msg, ".kelpie/state: larger than 67108864 bytes");
	CHECK(unlinkat(kelpiefd, "state", 0) == 0);
}

static void
a_journalled_record_counts_if_its_inode_is_in_place(void)
{
	char a[] = "a", b[] = "b", c[] = "c", v1[] = "v1.0";
	struct record r = record(a, v1);
	struct state st = {0};

	CHECK(mkdirat(rolesfd, "a", 0755) == 0);
	CHECK(mkdirat(rolesfd, "b", 0755) == 0);
	CHECK(symlinkat("a", rolesfd, "c") == 0);
	state_put(&st, &r);
	r = record(b, v1);
	state_put(&st, &r);
	save(&st);
	state_free(&st);
	journal(a, inode("a"), "old-1");
	journal(b, inode("b") + 1000000, "old-2");
	journal(c, inode("c"), "");
	st = load();
	CHECK(st.n == 2);
	CHECK_STR(state_find(&st, "a")->version, "v2.0");
	CHECK_STR(state_find(&st, "b")->version, "v1.0");
	save(&st);
	CHECK(!is_there(kelpiefd, "journal"));
	state_free(&st);
	st = load();
	CHECK_STR(state_find(&st, "a")->version, "v2.0");
	state_free(&st);
	CHECK(unlinkat(rolesfd, "c", 0) == 0);
}

static void
a_journal_cut_off_anywhere_is_no_damage(void)
{
	char a[] = "a";
	struct state st;
	char *text;

	CHECK(unlinkat(kelpiefd, "state", 0) == 0);
	journal(a, inode("a"), "");
	text = read_file("journal");
	for (size_t len = 0; len <= strlen(text); len++) {
		write_file("journal", text, len);
		st = load();
		CHECK(st.n == (len == strlen(text) ? 1 : 0));
		state_free(&st);
	}
	/* What is no intent does not hide the one behind it. */
	write_file("journal", "nonsense\n\n1\t../x\ta\n", 19);
	journal(a, inode("a"), "");
	st = load();
	CHECK(st.n == 1);
	state_free(&st);
	CHECK(unlinkat(kelpiefd, "journal", 0) == 0);
	free(text);
}

static void
an_old_role_is_moved_back_only_where_none_is(void)
{
	char a[] = "a", gone[] = "gone", never[] = "never", nested[] = "n/x";
	struct error err = {.kind = ERR_NONE};
	uint64_t old;

	CHECK(mkdirat(kelpiefd, "trash", 0700) == 0);
	CHECK(mkdirat(kelpiefd, "trash/old-1", 0755) == 0);
	CHECK(mkdirat(kelpiefd, "trash/old-2", 0755) == 0);
	CHECK(mkdirat(kelpiefd, "trash/keep-4", 0755) == 0);
	CHECK(mkdirat(rolesfd, "n", 0755) == 0);
	old = inode(".kelpie/trash/old-2");
	journal(a, 1, "old-1");
	journal(gone, 1, "old-2");
	journal(never, 1, "old-3");
	journal(nested, 1, "keep-4");
	CHECK(state_recover(kelpiefd, rolesfd, &err) == 0);
	CHECK(is_there(kelpiefd, "trash/old-1"));
	CHECK(inode("gone") == old);
	CHECK(!is_there(rolesfd, "never"));
	CHECK(is_there(rolesfd, "n/x"));
	CHECK(!is_there(kelpiefd, "trash/old-2"));
	/* Once more changes nothing. */
	CHECK(state_recover(kelpiefd, rolesfd, &err) == 0);
	CHECK(inode("gone") == old);
	CHECK(unlinkat(kelpiefd, "journal", 0) == 0);
}

static void
names_that_leave_the_trash_move_nothing(void)
{
	static const char *const bad[] = {"../state", ".", "..", "a/b", "A",
	    "old-0123456789012345678901234567", "\\x2e\\x2e"};
	char text[512];
	struct error err;
	int len;

	write_file("state", HEAD, sizeof(HEAD) - 1);
	for (size_t i = 0; i < COUNT(bad); i++) {
		len = snprintf(text, sizeof(text), "1\t%s\t" LINE("fresh"),
		    bad[i]);
		write_file("journal", text, (size_t)len);
		CHECK(state_recover(kelpiefd, rolesfd, &err) == 0);
		CHECK(!is_there(rolesfd, "fresh"));
	}
	CHECK(unlinkat(kelpiefd, "journal", 0) == 0);
}

static void
what_cannot_be_written_is_an_error_and_changes_nothing(void)
{
	char a[] = "a", v[] = "v1.0";
	struct record r = record(a, v);
	struct intent in = {.record = r, .inode = 1};
	struct state st = {0};
	struct error err;
	char *text;

	state_put(&st, &r);
	save(&st);
	if (getuid() == 0)
		CHECK(seteuid(65534) == 0);
	CHECK(fchmod(kelpiefd, 0500) == 0 || getuid() == 0);
	CHECK(state_save(&st, kelpiefd, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "write .kelpie/state: Permission denied");
	CHECK(state_journal(kelpiefd, &in, 1, &err) == -1);
	CHECK_STR(err.msg, "write .kelpie/journal: Permission denied");
	if (getuid() == 0)
		CHECK(seteuid(0) == 0);
	CHECK(fchmod(kelpiefd, 0700) == 0);
	text = read_file("state");
	CHECK_STR(text, HEAD LINE("a"));
	free(text);
	state_free(&st);
}

int
main(void)
{
	struct error err;

	if (mkdtemp(root) == NULL || chmod(root, 0755) == -1)
		return 1;
	rolesfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(rolesfd, ".kelpie", 0700) == -1)
		return 1;
	kelpiefd =
	    openat(rolesfd, ".kelpie", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	RUN(nothing_there_is_an_empty_state);
	RUN(names_are_kept_in_order_and_once);
	RUN(what_is_put_in_is_a_copy);
	RUN(a_saved_state_is_this_text);
	RUN(what_was_saved_is_loaded);
	RUN(damage_is_told_with_its_line);
	RUN(a_state_that_is_a_link_or_too_large_is_not_read);
	RUN(a_journalled_record_counts_if_its_inode_is_in_place);
	RUN(a_journal_cut_off_anywhere_is_no_damage);
	RUN(an_old_role_is_moved_back_only_where_none_is);
	RUN(names_that_leave_the_trash_move_nothing);
	RUN(what_cannot_be_written_is_an_error_and_changes_nothing);
	(void)close(kelpiefd);
	(void)close(rolesfd);
	if (walk_remove(AT_FDCWD, root, &err) == -1)
		return 1;
	return check_done();
}
