/*
 * The tables were compared with what PyYAML 6.0 writes through libyaml 0.2.5,
 * as ansible-galaxy calls it.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/installinfo.h"
#include "kelpie/walk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DATE "install_date: Sun Nov 22 12:23:54 2026\n"
#define WHEN 1795350234

static const char *const plain[] = {"v1.0.0", "1.2.3", "v1", "1e3", "1.e3",
    "=1", "==", "main", "HEAD", "feature/x", "release-1", "1_000x", "08", "09",
    "0o7", "0b2", "0xg", "+", "+v", "-v", "?v", ":v", "v:1", "v#1", "a,b",
    "a'b", "a\"b", "yEs", "y", "n", "Y", "N", "nUll", "tRue", "oFF", "<<<",
    "+.nan", "-.nan", "inf", "nan", ".e5", "_1", "1:60", "1:599", "08:30",
    "0:30", "1:30.5e+1", "1-1-1", "2020-1-1", "2020-01-01T1:02",
    "2020-01-01T1:2:3", "2020-01-01T1:02:03-123", "2020-01-0", "12020-01-01",
    "..", "..a", "--a", "-1-", "1.1.1", "1e+3", ".v", "0X1F"};

/* They get a single quote on either side. */
static const char *const quoted[] = {"1.10", "1.", "1.0", "-1.5", "+1.5",
    "1_0.5_", "1.5e+10", "1.5E-10", ".5", ".5_", ".5e+3", "12345678", "-1",
    "+1", "0", "00", "01", "007", "0_7", "0b1", "0b_", "-0b11", "0x1f",
    "0xDEADBEEF", "0x_", "1_000", "1_", "1:30", "1:6", "190:20:30", "1:30.5",
    "0:30.", "190:20:30.15_", "20:30:15", ".inf", "-.inf", "+.Inf", ".INF",
    ".nan", ".NaN", ".NAN", "2020-01-01", "2020-1-1T1:02:03",
    "2020-01-01t10:02:03.5Z", "2020-01-01T10:02:03.", "2020-1-1T1:02:03+1",
    "2020-1-1T1:02:03-01:00", "yes", "Yes", "YES", "no", "No", "NO", "true",
    "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off",
    "OFF", "~", "null", "Null", "NULL", "<<", "=", "-", "?", ":", "v:", "#1",
    ",a", "[a", "]a", "{a", "}a", "&a", "*a", "!", "|a", ">a", "\"a", "%a",
    "@a", "`a", "---", "---a", "...", "...a", "", "a: b", "a #b", " a", "a ",
    "2020-01-01 10:02:03 Z"};

static const struct {
	const char *version, *yaml;
} others[] = {{"'a'b'", "'''a''b'''"}, {"''", "''''''"},
    {"v\303\251", "\"v\\xE9\""}, {"\303\251'", "\"\\xE9'\""},
    {"\303\251\"", "\"\\xE9\\\"\""},
    {"\346\227\245\346\234\254", "\"\\u65E5\\u672C\""},
    {"\360\237\220\225", "\"\\U0001F415\""}, {"\302\205", "\"\\N\""},
    {"\302\240", "\"\\_\""}, {"\342\200\250\342\200\251", "\"\\L\\P\""},
    {"\357\273\277v", "\"\\uFEFFv\""}, {"\177", "\"\\x7F\""},
    {"1.0\303\237", "\"1.0\\xDF\""}, {"a\011b", "\"a\\tb\""},
    {"a\\\007\010\013\014\015\012\033\001",
	"\"a\\\\\\a\\b\\v\\f\\r\\n\\e\\x01\""}};

static char root[] = "/tmp/kelpie-info-XXXXXX";
static int rolesfd = -1;

/* What stands behind "version: ". */
static char *
version_line(const char *version, bool map)
{
	static const char head[] = DATE "version: ";
	struct buf b = {0};
	char *s;

	installinfo_format(&b, WHEN, version, map);
	CHECK(strncmp(b.data, head, sizeof(head) - 1) == 0);
	CHECK(b.data[b.len - 1] == '\n');
	s = xstrndup(b.data + sizeof(head) - 1, b.len - sizeof(head));
	buf_free(&b);
	return s;
}

static void
expect(const char *version, const char *want)
{
	char *got = version_line(version, false);

	CHECK_STR(got, want);
	free(got);
}

static void
versions_that_are_text_stand_plain(void)
{
	for (size_t i = 0; i < COUNT(plain); i++)
		expect(plain[i], plain[i]);
}

static void
versions_that_yaml_would_retype_are_quoted(void)
{
	char want[64];

	for (size_t i = 0; i < COUNT(quoted); i++) {
		(void)snprintf(want, sizeof(want), "'%s'", quoted[i]);
		expect(quoted[i], want);
	}
}

static void
quotes_are_doubled_and_other_characters_escaped(void)
{
	for (size_t i = 0; i < COUNT(others); i++)
		expect(others[i].version, others[i].yaml);
	/* Bytes that are no UTF-8, as Python would take them. */
	expect("v\xff\xc3", "\"v\\uDCFF\\uDCC3\"");
	expect("\xed\xa0\x80", "\"\\uDCED\\uDCA0\\uDC80\"");
	expect("\xc0\xaf", "\"\\uDCC0\\uDCAF\"");
}

static void
a_long_version_is_not_folded(void)
{
	char version[256] = "", want[8 * 256] = "\"";

	for (size_t i = 0; i < 127; i++) {
		memcpy(version + 2 * i, "\xc3\xa9", 3);
		memcpy(want + 1 + 4 * i, "\\xE9", 5);
	}
	memcpy(want + 1 + 4L * 127, "\"", 2);
	expect(version, want);
	memset(version, 'v', 255);
	expect(version, version);
}

static void
no_version_is_null_for_a_string_and_empty_for_a_map(void)
{
	char *got;

	expect(NULL, "null");
	got = version_line(NULL, true);
	CHECK_STR(got, "''");
	free(got);
}

static void
the_date_is_utc_with_a_padded_day(void)
{
	static const struct {
		time_t when;
		const char *date;
	} dates[] = {
	    {0, "Thu Jan  1 00:00:00 1970"},
	    {WHEN, "Sun Nov 22 12:23:54 2026"},
	    {951782400, "Tue Feb 29 00:00:00 2000"},
	    {1583020799, "Sat Feb 29 23:59:59 2020"},
	    {253402300799, "Fri Dec 31 23:59:59 9999"},
	};
	struct buf b = {0};
	char want[80];

	(void)setenv("TZ", "America/New_York", 1);
	(void)setenv("LC_ALL", "de_DE.UTF-8", 1);
	(void)setlocale(LC_ALL, "");
	for (size_t i = 0; i < COUNT(dates); i++) {
		buf_clear(&b);
		installinfo_format(&b, dates[i].when, "v1", false);
		(void)snprintf(want, sizeof(want),
		    "install_date: %s\nversion: v1\n", dates[i].date);
		CHECK_STR(b.data, want);
	}
	(void)setlocale(LC_ALL, "C");
	(void)unsetenv("LC_ALL");
	buf_free(&b);
}

static void
write_file(const char *path, const char *text, size_t len)
{
	int fd = openat(rolesfd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0644);

	CHECK(fd != -1 && write(fd, text, len) == (ssize_t)len);
	(void)close(fd);
}

static void
make_dir(const char *path)
{
	CHECK(mkdirat(rolesfd, path, 0755) == 0 || errno == EEXIST);
}

static struct installed
look(const char *name)
{
	struct error err = {.kind = ERR_NONE};
	struct installed in;

	CHECK(installinfo_look(&in, rolesfd, name, &err) == 0);
	CHECK_STR(err.msg, "");
	return in;
}

static enum found
found(const char *name)
{
	struct installed in = look(name);
	enum found f = in.found;

	CHECK(f == FOUND_INSTALLED || in.info == NULL);
	CHECK(f == FOUND_INSTALLED || !in.has_version);
	installed_free(&in);
	return f;
}

/* What is read from an install info: "-" for nothing, "null" for NULL. */
static void
reads_as(const char *info, size_t len, const char *want)
{
	struct installed in;

	make_dir("read");
	make_dir("read/meta");
	write_file("read/meta/.galaxy_install_info", info, len);
	in = look("read");
	CHECK(in.found == FOUND_INSTALLED);
	CHECK(in.info != NULL && strcmp(in.info, info) == 0);
	CHECK(in.has_version || in.version == NULL);
	if (in.has_version)
		CHECK_STR(in.version != NULL ? in.version : "null", want);
	else
		CHECK_STR("-", want);
	installed_free(&in);
}

static void
read_again(const char *version)
{
	struct buf b = {0};

	installinfo_format(&b, WHEN, version, false);
	reads_as(b.data, b.len, *version != '\0' ? version : "null");
	buf_free(&b);
}

static void
what_is_written_is_read_again(void)
{
	for (size_t i = 0; i < COUNT(plain); i++)
		read_again(plain[i]);
	for (size_t i = 0; i < COUNT(quoted); i++)
		read_again(quoted[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		read_again(others[i].version);
	read_again("v\xff\xed\xb2\x80");
}

static void
other_hands_are_read_leniently(void)
{
	static const struct {
		const char *info, *version;
	} cases[] = {
	    {"", "-"},
	    {"install_date: today\n", "-"},
	    {"xversion: v1\n", "-"},
	    {" version: v1\n", "-"},
	    {"version: v1", "v1"},
	    {"version:v1\n", "v1"},
	    {"version:   v1  \r\ninstall_date: x\r\n", "v1"},
	    {"version: v1 # the newest\n", "v1"},
	    {"version: v1\ninstall_date: a #b\n", "v1"},
	    {"version: 1.0\n", "1.0"},
	    {"version: \"1.0\"\n", "1.0"},
	    {"version: '1.0'   # why not\n", "1.0"},
	    {"version:\n", "null"},
	    {"version: # none\n", "null"},
	    {"version: ~\n", "null"},
	    {"version: Null\n", "null"},
	    {"version: ''\n", "null"},
	    {"version: \"\"\n", "null"},
	    {"version: 'v1\n", "-"},
	    {"version: \"v1\n", "-"},
	    {"version: \"v1\\", "-"},
	    {"version: \"v1\\q\"\n", "-"},
	    {"version: \"v1\\x0\"\n", "-"},
	    {"version: \"v1\\x00\"\n", "-"},
	    {"version: \"v1\\UFFFFFFFF\"\n", "-"},
	    {"version: 'v1' v2\n", "-"},
	    {"version: |\n  v1\n", "-"},
	    {"version: [v1]\n", "-"},
	    {"version: \"\\xE9\\\n  \\xE9\"\n", "\303\251\303\251"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		reads_as(cases[i].info, strlen(cases[i].info),
		    cases[i].version);
}

static void
directories_are_told_apart(void)
{
	CHECK(found("missing") == FOUND_NOTHING);
	make_dir("dir");
	CHECK(found("dir") == FOUND_FOREIGN);
	make_dir("dir/meta");
	CHECK(found("dir") == FOUND_FOREIGN);
	make_dir("dir/meta/main.yml");
	CHECK(found("dir") == FOUND_FOREIGN);
	write_file("dir/meta/main.yaml", "", 0);
	CHECK(found("dir") == FOUND_ROLE);
	write_file("file", "", 0);
	CHECK(found("file") == FOUND_FOREIGN);
	make_dir("nested");
	make_dir("nested/role");
	make_dir("nested/role/meta");
	write_file("nested/role/meta/main.yml", "", 0);
	CHECK(found("nested/role") == FOUND_ROLE);
	CHECK(found("nested/other") == FOUND_NOTHING);
	CHECK(found("none/role") == FOUND_NOTHING);
	CHECK(found("file/role") == FOUND_FOREIGN);
	CHECK(found("nested") == FOUND_FOREIGN);
}

static void
no_link_is_followed(void)
{
	make_dir("good");
	make_dir("good/meta");
	write_file("good/meta/main.yml", "", 0);
	write_file("good/meta/.galaxy_install_info", "version: v1\n", 12);
	CHECK(found("good") == FOUND_INSTALLED);
	CHECK(symlinkat("good", rolesfd, "link") == 0);
	CHECK(found("link") == FOUND_LINK);
	CHECK(symlinkat("nowhere", rolesfd, "dangling") == 0);
	CHECK(found("dangling") == FOUND_LINK);
	CHECK(symlinkat("nested", rolesfd, "parent") == 0);
	CHECK(found("parent/role") == FOUND_LINK);
	make_dir("meta-link");
	CHECK(symlinkat("../good/meta", rolesfd, "meta-link/meta") == 0);
	CHECK(found("meta-link") == FOUND_FOREIGN);
}

/* It is there, so the role was installed; what it says is not known. */
static void
unreadable(const char *name)
{
	struct installed in = look(name);

	CHECK(in.found == FOUND_INSTALLED);
	CHECK(in.info == NULL && in.version == NULL && !in.has_version);
	installed_free(&in);
}

static void
info_that_is_no_small_file_is_not_read(void)
{
	static const char odd[] = "odd/meta/.galaxy_install_info";
	static const char good[] = "good/meta/.galaxy_install_info";
	char big[4097];
	struct installed in;

	make_dir("odd");
	make_dir("odd/meta");
	CHECK(symlinkat("../../good/meta/.galaxy_install_info", rolesfd, odd) ==
	    0);
	unreadable("odd");
	CHECK(unlinkat(rolesfd, odd, 0) == 0);
	CHECK(mkfifoat(rolesfd, odd, 0644) == 0);
	unreadable("odd");
	CHECK(unlinkat(rolesfd, odd, 0) == 0);
	make_dir(odd);
	unreadable("odd");
	write_file(good, "version: v\0001\n", 13);
	unreadable("good");
	memset(big, '#', sizeof(big));
	memcpy(big, "version: v1\n", 12);
	write_file(good, big, sizeof(big));
	unreadable("good");
	write_file(good, big, sizeof(big) - 1);
	in = look("good");
	CHECK(in.found == FOUND_INSTALLED && in.info != NULL);
	CHECK(in.version != NULL && strcmp(in.version, "v1") == 0);
	installed_free(&in);
}

static void
no_roles_directory_holds_nothing(void)
{
	struct installed in;
	struct error err;

	CHECK(installinfo_look(&in, -1, "good", &err) == 0);
	CHECK(in.found == FOUND_NOTHING);
}

static void
a_directory_that_cannot_be_read_is_an_error(void)
{
	struct installed in;
	struct error err;

	if (getuid() == 0)
		CHECK(seteuid(65534) == 0);
	CHECK(installinfo_look(&in, rolesfd, "locked", &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "look at the role 'locked': Permission denied");
	if (getuid() == 0)
		CHECK(seteuid(0) == 0);
}

int
main(void)
{
	struct error err;

	if (mkdtemp(root) == NULL)
		return 1;
	rolesfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (chmod(root, 0755) == -1 || mkdirat(rolesfd, "locked", 0) == -1)
		return 1;
	RUN(versions_that_are_text_stand_plain);
	RUN(versions_that_yaml_would_retype_are_quoted);
	RUN(quotes_are_doubled_and_other_characters_escaped);
	RUN(a_long_version_is_not_folded);
	RUN(no_version_is_null_for_a_string_and_empty_for_a_map);
	RUN(the_date_is_utc_with_a_padded_day);
	RUN(what_is_written_is_read_again);
	RUN(other_hands_are_read_leniently);
	RUN(directories_are_told_apart);
	RUN(no_link_is_followed);
	RUN(info_that_is_no_small_file_is_not_read);
	RUN(no_roles_directory_holds_nothing);
	RUN(a_directory_that_cannot_be_read_is_an_error);
	(void)close(rolesfd);
	if (walk_remove(AT_FDCWD, root, &err) == -1)
		return 1;
	return check_done();
}
