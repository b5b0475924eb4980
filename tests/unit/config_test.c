#include <pwd.h>

#include "check.h"
#include "config_world.h"
#include "ini.h"
#include "kelpie/config.h"
#include "kelpie/error.h"

/* The path, or "!" and the message. */
static void
check_path(const char *given, const char *text)
{
	char *got, *want = with_top(text);
	struct error err = {0};
	struct config c;

	config_init(&c);
	c.given_path = given;
	if (config_load(&c, &err) == -1) {
		CHECK(c.roles_path == NULL && err.kind == ERR_CONFIG);
		got = xasprintf("!%s", err.msg);
	} else {
		got = xstrdup(c.roles_path);
	}
	CHECK(c.warning == NULL);
	CHECK_STR(got, want);
	config_free(&c);
	free(got);
	free(want);
}

/* "jobs per_host timeout retries no_cache offline sandbox", or "!" and the
 * message. */
static void
check_values(struct config *c, const char *text)
{
	char *got, *want = with_top(text);
	struct error err = {0};
	const int *v = c->value;

	if (config_load(c, &err) == -1)
		got = xasprintf("%s%s", err.kind == ERR_CONFIG ? "!" : "?",
		    err.msg);
	else
		got = xasprintf("%d %d %d %d %d %d %d", v[CONFIG_JOBS],
		    v[CONFIG_PER_HOST], v[CONFIG_TIMEOUT], v[CONFIG_RETRIES],
		    v[CONFIG_NO_CACHE], v[CONFIG_OFFLINE], v[CONFIG_SANDBOX]);
	CHECK_STR(got, want);
	config_free(c);
	free(got);
	free(want);
}

static void
check_found(const char *want)
{
	struct config c;

	config_init(&c);
	check_values(&c, want);
}

static void
without_settings_roles_go_below_home(void)
{
	clean();
	check_path(NULL, "TOP/home/.ansible/roles");
	CHECK(setenv("ANSIBLE_HOME", "~/a", 1) == 0);
	check_path(NULL, "TOP/home/a/roles");
	CHECK(setenv("ANSIBLE_HOME", "a", 1) == 0);
	check_path(NULL, "TOP/a/roles");
	CHECK(setenv("ANSIBLE_HOME", "", 1) == 0);
	write_file("ansible.cfg", "[defaults]\nhome = h\n");
	check_path(NULL, "TOP/h/roles");
	CHECK(setenv("ANSIBLE_HOME", "/e", 1) == 0);
	check_path(NULL, "/e/roles");
}

static void
the_option_beats_the_environment_and_that_the_file(void)
{
	clean();
	write_file("ansible.cfg", "[defaults]\nroles_path = /file\n");
	check_path(NULL, "/file");
	CHECK(setenv("ANSIBLE_ROLES_PATH", "/env", 1) == 0);
	check_path(NULL, "/env");
	check_path("/given", "/given");
	CHECK(setenv("ANSIBLE_ROLES_PATH", "", 1) == 0);
	check_path(NULL, "/file");
}

static void
a_file_with_a_fault_is_one_whoever_names_the_path(void)
{
	clean();
	write_file("ansible.cfg", "nonsense\n");
	check_path("/given",
	    "!TOP/ansible.cfg:1: no [section] before this line");
	check_path(NULL, "!TOP/ansible.cfg:1: no [section] before this line");
}

static void
paths_are_expanded(void)
{
	static const char *const row[][2] = {
	    {"roles", "TOP/roles"},
	    {"./a//b/../c/", "TOP/a/c"},
	    {"/../x", "/x"},
	    {"/", "/"},
	    {"~", "TOP/home"},
	    {"~/r", "TOP/home/r"},
	    {"~no-such-user/r", "TOP/~no-such-user/r"},
	    {"a~", "TOP/a~"},
	    {"/$KTEST/x", "/val/x"},
	    {"/${KTEST}x", "/valx"},
	    {"/$KNONE/x", "/$KNONE/x"},
	    {"/${KNONE}", "/${KNONE}"},
	    {"/${KTEST", "/${KTEST"},
	    {"/a$", "/a$"},
	    {"/a:/b", "/a"},
	    {":: /a :/b", "/a"},
	    {"{{CWD}}/r", "TOP/r"},
	};
	size_t i;

	clean();
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		check_path(row[i][0], row[i][1]);
		CHECK(setenv("ANSIBLE_ROLES_PATH", row[i][0], 1) == 0);
		check_path(NULL, row[i][1]);
	}
	check_path("", "!the roles path is empty");
	check_path(" : ", "!the roles path is empty");
	check_path("\r:\f", "!the roles path is empty");
}

static void
the_home_of_another_user_is_known(void)
{
	const struct passwd *pw = getpwuid(0);
	char *given, *want;

	clean();
	if (pw == NULL)
		return;
	given = xasprintf("~%s/r", pw->pw_name);
	want = xasprintf("%s/r", pw->pw_dir);
	check_path(given, want);
	free(given);
	free(want);
}

static void
a_path_in_a_file_is_relative_to_the_file(void)
{
	clean();
	write_file("etc/ansible.cfg", "[defaults]\nroles_path = ../r:b\n");
	CHECK(setenv("ANSIBLE_CONFIG", "etc/ansible.cfg", 1) == 0);
	check_path(NULL, "TOP/r");
	CHECK(setenv("ANSIBLE_CONFIG", "etc", 1) == 0);
	check_path(NULL, "TOP/r");
	write_file("etc/ansible.cfg", "[defaults]\nroles_path = {{CWD}}/r\n");
	check_path(NULL, "TOP/r");
	write_file("etc/ansible.cfg", "[defaults]\nhome = h\n");
	check_path(NULL, "TOP/etc/h/roles");
}

static void
the_first_file_that_exists_counts(void)
{
	clean();
	write_file("home/.ansible.cfg", "[defaults]\nroles_path = /home\n");
	check_path(NULL, "/home");
	write_file("ansible.cfg", "[defaults]\nroles_path = /here\n");
	check_path(NULL, "/here");
	CHECK(setenv("ANSIBLE_CONFIG", "none/ansible.cfg", 1) == 0);
	check_path(NULL, "/here");
	CHECK(setenv("ANSIBLE_CONFIG", "/dev/null", 1) == 0);
	check_path(NULL, "TOP/home/.ansible/roles");
}

static void
a_file_where_everybody_may_write_is_ignored(void)
{
	struct error err;
	struct config c;
	char *want;

	clean();
	CHECK(chmod(top, 0777) == 0);
	check_path(NULL, "TOP/home/.ansible/roles");
	write_file("ansible.cfg", "[defaults]\nroles_path = /evil\n");
	config_init(&c);
	CHECK(config_load(&c, &err) == 0);
	want = with_top("TOP/home/.ansible/roles");
	CHECK_STR(c.roles_path, want);
	free(want);
	want = with_top(
	    "everybody may write to 'TOP': its ansible.cfg is ignored");
	CHECK_STR(c.warning != NULL ? c.warning : "", want);
	free(want);
	config_free(&c);
	/* Named by hand it counts. */
	CHECK(setenv("ANSIBLE_CONFIG", "ansible.cfg", 1) == 0);
	check_path(NULL, "/evil");
	CHECK(chmod(top, 0755) == 0);
}

static void
files_that_cannot_be_taken_are_errors(void)
{
	char *large = xcalloc((256u << 10) + 2, 1);
	int fd;

	clean();
	memset(large, '#', (256u << 10) + 1);
	write_file("ansible.cfg", large);
	check_path(NULL, "!TOP/ansible.cfg: larger than 262144 bytes");
	large[256u << 10] = '\0';
	write_file("ansible.cfg", large);
	check_path(NULL, "TOP/home/.ansible/roles");
	free(large);
	fd = open("ansible.cfg", O_WRONLY | O_TRUNC | O_CLOEXEC);
	CHECK(write(fd, "[a]\0", 4) == 4);
	(void)close(fd);
	check_path(NULL, "!TOP/ansible.cfg: not a text file");
	write_file("ansible.cfg", "[defaults]\n\nroles_path = a\n b\n");
	check_path(NULL,
	    "!TOP/ansible.cfg:3: 'roles_path' has a line break in it");
	CHECK(unlink("ansible.cfg") == 0);
	CHECK(mkfifo("ansible.cfg", 0600) == 0);
	check_path(NULL, "TOP/home/.ansible/roles");
}

static void
a_home_that_is_unset_or_relative_is_looked_up(void)
{
	const struct passwd *pw = getpwuid(getuid());
	char *want, *home = with_top("TOP/home");

	clean();
	if (pw != NULL && pw->pw_dir[0] == '/') {
		want = xasprintf("%s/.ansible/roles", pw->pw_dir);
		CHECK(setenv("ANSIBLE_CONFIG", "/dev/null", 1) == 0);
		CHECK(setenv("HOME", "here", 1) == 0);
		check_path(NULL, want);
		CHECK(unsetenv("HOME") == 0);
		check_path(NULL, want);
		free(want);
	}
	CHECK(setenv("HOME", home, 1) == 0);
	free(home);
}

static void
without_settings_the_defaults_count(void)
{
	clean();
	check_found("0 0 60 2 0 0 0");
	write_file("ansible.cfg", "[defaults]\nforks = 7\ntimeout = 5\n");
	check_found("0 0 60 2 0 0 0");
}

static void
an_option_beats_a_variable_and_that_the_file(void)
{
	struct error err;
	struct config c;

	clean();
	write_file("ansible.cfg",
	    "[kelpie]\njobs = 1\nper_host = 2\ntimeout = 3\nretries = 4\n"
	    "no_cache = yes\nsandbox = off\n");
	check_found("1 2 3 4 1 0 2");
	CHECK(setenv("KELPIE_JOBS", "auto", 1) == 0);
	CHECK(setenv("KELPIE_PER_HOST", "22", 1) == 0);
	CHECK(setenv("KELPIE_TIMEOUT", "33", 1) == 0);
	CHECK(setenv("KELPIE_RETRIES", "0", 1) == 0);
	CHECK(setenv("KELPIE_NO_CACHE", "off", 1) == 0);
	CHECK(setenv("KELPIE_OFFLINE", "True", 1) == 0);
	CHECK(setenv("KELPIE_SANDBOX", "require", 1) == 0);
	check_found("0 22 33 0 0 1 1");
	CHECK(setenv("KELPIE_TIMEOUT", "", 1) == 0);
	config_init(&c);
	CHECK(config_set(&c, CONFIG_JOBS, "-j", "auto", &err) == 0);
	CHECK(config_set(&c, CONFIG_RETRIES, "--retries", "20", &err) == 0);
	CHECK(config_set(&c, CONFIG_SANDBOX, "--sandbox", "auto", &err) == 0);
	c.value[CONFIG_OFFLINE] = 0;
	check_values(&c, "0 22 3 20 0 0 0");
	config_init(&c);
	CHECK(config_set(&c, CONFIG_JOBS, "-j", "0", &err) == -1);
	CHECK(err.kind == ERR_USAGE);
	CHECK_STR(err.msg, "-j '0' is too small");
}

static void
values_that_cannot_be_are_named_with_their_place(void)
{
	static const char *const env[][3] = {
	    {"KELPIE_JOBS", "0", "too small"},
	    {"KELPIE_JOBS", "257", "too large"},
	    {"KELPIE_JOBS", "4x", "invalid"},
	    {"KELPIE_PER_HOST", "-1", "too small"},
	    {"KELPIE_TIMEOUT", "auto", "invalid"},
	    {"KELPIE_TIMEOUT", "86401", "too large"},
	    {"KELPIE_RETRIES", "21", "too large"},
	    {"KELPIE_NO_CACHE", "2", "neither yes nor no"},
	    {"KELPIE_OFFLINE", "ja", "neither yes nor no"},
	    {"KELPIE_SANDBOX", "on", "neither auto, require nor off"},
	};
	static const char *const file[][2] = {
	    {"jobs = 0", "2: jobs '0' is too small"},
	    {"\nper_host = ", "3: per_host '' is invalid"},
	    {"timeout = 1 s", "2: timeout '1 s' is invalid"},
	    {"Offline: perhaps", "2: offline 'perhaps' is neither yes nor no"},
	    {"job = 1", "2: [kelpie] has no setting 'job'"},
	    {"roles_path = x", "2: [kelpie] has no setting 'roles_path'"},
	    {"jobs = 1\njobs = 2", "3: 'jobs' is set twice"},
	};
	char *text;
	size_t i;

	for (i = 0; i < sizeof(env) / sizeof(env[0]); i++) {
		clean();
		CHECK(setenv(env[i][0], env[i][1], 1) == 0);
		text = xasprintf("!%s '%s' is %s", env[i][0], env[i][1],
		    env[i][2]);
		check_found(text);
		free(text);
	}
	clean();
	for (i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
		text = xasprintf("[kelpie]\n%s\n", file[i][0]);
		write_file("ansible.cfg", text);
		free(text);
		text = xasprintf("!TOP/ansible.cfg:%s", file[i][1]);
		check_found(text);
		free(text);
	}
	/* What nobody asks need not be right; what it is called must be. */
	write_file("ansible.cfg", "[kelpie]\njobs = x\n[other]\njob = 1\n");
	CHECK(setenv("KELPIE_JOBS", "3", 1) == 0);
	check_found("3 0 60 2 0 0 0");
}

static void
truth_is_spelled_as_for_ansible(void)
{
	static const char *const yes[] = {"yes", "y", "on", "1", "true", "t",
	    "True", "YES"};
	static const char *const no[] = {"no", "n", "off", "0", "false", "f",
	    "False", "No"};
	size_t i;

	clean();
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		CHECK(setenv("KELPIE_OFFLINE", yes[i], 1) == 0);
		check_found("0 0 60 2 0 1 0");
		CHECK(setenv("KELPIE_OFFLINE", no[i], 1) == 0);
		check_found("0 0 60 2 0 0 0");
	}
}

static void
offline_needs_the_cache(void)
{
	clean();
	write_file("ansible.cfg", "[kelpie]\noffline = yes\n");
	CHECK(setenv("KELPIE_NO_CACHE", "yes", 1) == 0);
	check_found("?offline there is only the cache, and --no-cache, "
		    "KELPIE_NO_CACHE or ansible.cfg forbids it");
}

/* What Python's configparser finds, given the options that Ansible gives. */
static void
ini_files_are_read_as_python_reads_them(void)
{
	static const char *const row[][2] = {
	    {"[s]\nkey = a\n", "a"},
	    {"[s]\nkey: a\n", "a"},
	    {"[s]\nkey=a=b:c\n", "a=b:c"},
	    {"[s]\nKEY=a", "a"},
	    {"[s]\r\nkey = a\r\n", "a"},
	    {"  [s]\n  key = a\n", "a"},
	    {"[s] junk\nkey = a\n", "a"},
	    {"# c\n; d\n[s]\n  # e\nkey = a\n", "a"},
	    {"[s]\nkey = a ; b\n", "a"},
	    {"[s]\nkey = a;b\n", "a;b"},
	    {"[s]\nkey = a;b\t;c\n", "a;b"},
	    {"[s]\nkey = a # b\n", "a # b"},
	    {"[s]\nkey = %(x)s %d\n", "%(x)s %d"},
	    {"[s]\nkey = 'a'\n", "'a'"},
	    {"[s]\nkey =\n", ""},
	    {"[s]\nkey = a\n  b\n\tc\n", "a\nb\nc"},
	    {"[s]\nkey =\n  a\n", "a"},
	    {"[s]\nkey = a\n\n  b\n\n", "a\n\nb"},
	    {"[s]\nkey = a\n # c\n  b\n", "a\nb"},
	    {"[s]\nkey = a\n  x = b\n", "a\nx = b"},
	    {"[s]\n  key = a\n  x = b\n", "a"},
	    {"[s]\nx = b\n  key = a\n", "none"},
	    {"[o]\nkey = a\n[s]\n", "none"},
	    {"[S]\nkey = a\n", "none"},
	    {"[DEFAULT]\nkey = d\n[s]\n", "d"},
	    {"[DEFAULT]\nkey = d\n[s]\nkey = a\n", "a"},
	    {"[s]\nkey = a\n[DEFAULT]\nkey = d\n", "a"},
	    {"[DEFAULT]\nkey = d\n", "none"},
	    {"", "none"},
	    {"key = a\n", "!1: no [section] before this line"},
	    {"[s]\nkey\n", "!2: neither a section nor 'key = value'"},
	    {"[s]\n= a\n", "!2: neither a section nor 'key = value'"},
	    {"[]\n", "!1: no [section] before this line"},
	    {"[s]\nkey = a\nkey = b\n", "!3: 'key' is set twice"},
	};
	struct error err;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct ini_want w = {.section = "s", .key = "key"};
		char *got;

		if (ini_read(&w, 1, row[i][0], &err) == -1)
			got = xasprintf("!%s", err.msg);
		else
			got = xstrdup(w.value != NULL ? w.value : "none");
		CHECK_STR(got, row[i][1]);
		free(got);
		free(w.value);
	}
}

int
main(void)
{
	if (open_world() == -1)
		return 1;
	RUN(without_settings_roles_go_below_home);
	RUN(the_option_beats_the_environment_and_that_the_file);
	RUN(a_file_with_a_fault_is_one_whoever_names_the_path);
	RUN(paths_are_expanded);
	RUN(the_home_of_another_user_is_known);
	RUN(a_path_in_a_file_is_relative_to_the_file);
	RUN(the_first_file_that_exists_counts);
	RUN(a_file_where_everybody_may_write_is_ignored);
	RUN(files_that_cannot_be_taken_are_errors);
	RUN(a_home_that_is_unset_or_relative_is_looked_up);
	RUN(without_settings_the_defaults_count);
	RUN(an_option_beats_a_variable_and_that_the_file);
	RUN(values_that_cannot_be_are_named_with_their_place);
	RUN(truth_is_spelled_as_for_ansible);
	RUN(offline_needs_the_cache);
	RUN(ini_files_are_read_as_python_reads_them);
	return close_world() == -1 ? 1 : check_done();
}
