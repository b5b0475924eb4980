#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fetch/module.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/proc.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char dir[] = "/tmp/kelpie-fetchconfig.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "we");

	free(path);
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* What our reader says; the child's libraries end with it. */
static void
read_ours(struct buf *out)
{
	struct error err;

	buf_clear(out);
	buf_puts(out, "");
	err.msg[0] = '\0';
	CHECK(proc_call(fetch_config, NULL, out, 1 << 20, 30000, &err) == 0);
	CHECK_STR(err.msg, "");
}

/* What git says, and of that the keys that we want. */
static void
read_gits(struct buf *out)
{
	char *command = xasprintf("cd %s && git config --null --list", dir);
	FILE *f = popen(command, "re"); /* NOLINT(cert-env33-c) */
	char piece[4096];
	struct buf all = {0};
	size_t n;

	free(command);
	while (f != NULL && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&all, piece, n);
	CHECK(f != NULL && pclose(f) == 0);
	buf_clear(out);
	buf_puts(out, "");
	for (const char *s = all.data; s < all.data + all.len;
	     s += strlen(s) + 1)
		if (strncmp(s, "http.", 5) == 0 ||
		    strncmp(s, "credential.", 11) == 0 ||
		    strncmp(s, "core.sshcommand", 15) == 0 ||
		    (strncmp(s, "url.", 4) == 0 &&
			strstr(s, ".insteadof\n") != NULL))
			buf_add(out, s, strlen(s) + 1);
	buf_free(&all);
}

static void
same_as_git(size_t at_least)
{
	struct buf ours = {0}, gits = {0};

	read_ours(&ours);
	read_gits(&gits);
	CHECK(gits.len >= at_least);
	CHECK(ours.len == gits.len);
	for (size_t at = 0; at < ours.len && at < gits.len;
	     at += strlen(gits.data + at) + 1) {
		CHECK_STR(ours.data + at, gits.data + at);
		if (strcmp(ours.data + at, gits.data + at) != 0)
			break;
	}
	buf_free(&ours);
	buf_free(&gits);
}

static void
every_way_to_write_it_is_read_as_git_does(void)
{
	write_file("global",
	    "\xef\xbb\xbf# a comment\n"
	    "[http]\n\tproxy = http://p:3128 ; of the farm\n"
	    "\textraHeader = \"X: a # b; c\"\n"
	    "\textraheader = \"X: \\\"q\\\" \\\\ \\t\" and more   \n"
	    "\tsslVerify\n"
	    "\tsslCAInfo = a\\\n   b\n"
	    "\tproxy =\n"
	    "[Http \"https://H/Path \\\"x\\\" \\\\\"]\n\tSSLVerify = false\r\n"
	    "[http \"https://*.h.example/\"] proxy = inline\n"
	    "[http.old.STYLE]\n\tproxy = dots\n"
	    "[credential]\n\thelper = !f() { echo \"a b\"; }; f\n"
	    "\thelper = store --file ~/x\n\tuseHttpPath = yes\n"
	    "[credential \"https://h\"]\n\tusername = \xc3\xa9\n"
	    "[url \"https://h/\"]\n\tinsteadOf = h:\n\tinsteadOf = \"h :\"\n"
	    "\tpushInsteadOf = p:\n"
	    "[core]\n\tsshCommand = ssh -o \"A=b c\"\n\tbare = false\n"
	    "[other]\n\tkey = value\n");
	same_as_git(400);
}

static void
includes_stand_where_they_are_written(void)
{
	write_file("global",
	    "[http]\n\tproxy = first\n[include]\n\tpath = more\n"
	    "\tpath = nosuch\n[http]\n\tproxy = last\n"
	    "[includeIf \"gitdir:/\"]\n\tpath = no\n"
	    "[include]\n\tpath = ~/home\n");
	write_file("more", "[http]\n\tproxy = more\n");
	write_file("no", "[http]\n\tproxy = no\n");
	write_file("home", "[http]\n\tproxy = home\n");
	same_as_git(60);
}

static void
levels_and_the_environment_come_in_gits_order(void)
{
	write_file("global", "[http]\n\tproxy = global\n");
	write_file("system", "[http]\n\tproxy = system\n");
	(void)setenv("GIT_CONFIG_COUNT", "2", 1);
	(void)setenv("GIT_CONFIG_KEY_0", "http.proxy", 1);
	(void)setenv("GIT_CONFIG_VALUE_0", "counted", 1);
	(void)setenv("GIT_CONFIG_KEY_1", "core.other", 1);
	(void)setenv("GIT_CONFIG_VALUE_1", "x", 1);
	(void)unsetenv("GIT_CONFIG_NOSYSTEM");
	(void)setenv("GIT_CONFIG_PARAMETERS",
	    "'http.proxy'='it'\\''s'  'http.proxy=a=b'\\!'' "
	    "'http.sslverify' 'http.sslcert'=",
	    1);
	same_as_git(100);
	(void)unsetenv("GIT_CONFIG_COUNT");
	(void)unsetenv("GIT_CONFIG_PARAMETERS");
	(void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	same_as_git(10);
}

static void
a_damaged_file_is_named_with_its_line(void)
{
	static const char *const bad[] = {"[http]\nproxy = x\n[half\n",
	    "[http]\nproxy = \\q\n", "\n=x\n"};
	struct buf ours = {0};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct gitconfig *c;

		write_file("global", bad[i]);
		read_ours(&ours);
		c = gitconfig_new(ours.data, ours.len);
		CHECK(gitconfig_fault(c) != NULL);
		if (gitconfig_fault(c) != NULL)
			CHECK(strstr(gitconfig_fault(c), "/global:") != NULL);
		CHECK(gitconfig_get(c, "http.proxy") == NULL);
		gitconfig_free(c);
	}
	buf_free(&ours);
}

static void
without_files_there_is_nothing(void)
{
	struct buf ours = {0};

	(void)setenv("GIT_CONFIG_GLOBAL", "/nosuch/file", 1);
	read_ours(&ours);
	CHECK(ours.len == 0);
	(void)unsetenv("GIT_CONFIG_GLOBAL");
	(void)setenv("XDG_CONFIG_HOME", "/nosuch", 1);
	read_ours(&ours);
	CHECK(ours.len == 0);
	buf_free(&ours);
}

int
main(void)
{
	char *path;

	if (mkdtemp(dir) == NULL)
		return 1;
	path = xasprintf("%s/global", dir);
	(void)setenv("GIT_CONFIG_GLOBAL", path, 1);
	free(path);
	path = xasprintf("%s/system", dir);
	(void)setenv("GIT_CONFIG_SYSTEM", path, 1);
	(void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	(void)setenv("HOME", dir, 1);
	free(path);
	RUN(every_way_to_write_it_is_read_as_git_does);
	RUN(includes_stand_where_they_are_written);
	RUN(levels_and_the_environment_come_in_gits_order);
	RUN(a_damaged_file_is_named_with_its_line);
	RUN(without_files_there_is_nothing);
	path = xasprintf("rm -rf %s", dir);
	(void)!system(path); /* NOLINT(cert-env33-c) */
	free(path);
	return check_done();
}
