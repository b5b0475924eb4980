#include "kelpie/credential.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "credential_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"

static char dir[] = "/tmp/kelpie-credential.XXXXXX";
static char *true_path; /* PATH as it was */

#define LIST(s) gitconfig_new(s, sizeof(s) - 1)
#define HELPER "credential.helper\nstore\0"

/* ---- a directory, and a git that writes down what it is asked ---- */

static char *
in_dir(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void
put_file(const char *name, const char *text, mode_t mode)
{
	char *path = in_dir(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd == -1 || write_fully(fd, text, strlen(text)) == -1)
		abort();
	(void)close(fd);
	free(path);
}

/* What stands in the file, "" if there is none; until the next call. */
static const char *
file_text(const char *name)
{
	static struct buf b;
	struct error err;
	char *path = in_dir(name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	buf_clear(&b);
	buf_puts(&b, "");
	if (fd != -1) {
		(void)buf_read(&b, fd, 1 << 20, &err);
		(void)close(fd);
	}
	free(path);
	return b.data;
}

static size_t
count_in(const char *name, const char *word)
{
	const char *s = file_text(name);
	size_t n = 0;

	while ((s = strstr(s, word)) != NULL) {
		s += strlen(word);
		n++;
	}
	return n;
}

/* "git credential fill" runs the given lines of shell. */
static void
begin(const char *fill)
{
	char *script = xasprintf("#!/bin/sh\ncd %s\n"
				 "{ echo \"[$1 $2]\"; cat; } >>log\n"
				 "case $2 in fill) %s ;; esac\n",
	    dir, fill);
	char *path = xasprintf("%s/bin:%s", dir, true_path);

	put_file("bin/git", script, 0755);
	put_file("log", "", 0644);
	put_file(".netrc", "", 0600);
	(void)setenv("PATH", path, 1);
	free(path);
	free(script);
}

#define ANSWER                                         \
	"echo protocol=http; echo host=h; echo path=x" \
	"; echo username=me; echo password=s3cret; echo other=kept"

static enum credential_state
settled(struct credentials *c, const char *url, const char **user,
    const char **password)
{
	enum credential_state state = CREDENTIAL_PENDING;

	*user = *password = "";
	for (int i = 0; i < 2000 && state == CREDENTIAL_PENDING; i++) {
		credentials_tick(c);
		state = credentials_get(c, url, user, password);
		if (state == CREDENTIAL_PENDING)
			(void)poll(NULL, 0, 5);
	}
	return state;
}

/* ---- who knows ---- */

static void
an_url_with_a_password_needs_nobody(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	put_file(".netrc", "default login n password q", 0600);
	CHECK(credentials_get(c, "http://u:p@h/x", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(!credentials_wanted(c, "http://u:p@h/x", 0));
	CHECK(!credentials_wanted(c, "http://u:@h/x", 0));
	CHECK(
	    credentials_get(c, "/srv/x", &user, &password) == CREDENTIAL_NONE);
	CHECK(!credentials_wanted(c, "ssh://h/x", 0));
	credentials_worked(c, "http://u:p@h/x");
	credentials_free(c);
	gitconfig_free(config);
	CHECK_STR(file_text("log"), "");
}

static void
nobody_is_asked_without_a_helper(void)
{
	struct gitconfig *config = LIST("credential.http://other/.helper\nx\0");
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	CHECK(credentials_get(c, "http://h/x", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(!credentials_wanted(c, "http://h/x", 0));
	CHECK(credentials_why(c, "http://h/x") == NULL);
	credentials_free(c);
	gitconfig_free(config);
	c = credentials_new(NULL);
	CHECK(!credentials_wanted(c, "http://h/x", 0));
	credentials_free(c);
	CHECK_STR(file_text("log"), "");
}

static void
netrc_is_ready_at_once(void)
{
	struct credentials *c = credentials_new(NULL);
	const char *user = "", *password = "";

	begin(ANSWER);
	put_file(".netrc",
	    "machine h login n password q machine ::1 login six password 6",
	    0644);
	CHECK(credentials_get(c, "http://H:8080/x", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(user, "n");
	CHECK_STR(password, "q");
	CHECK(credentials_serial(c, "http://h:8080/y") == 1);
	CHECK(credentials_get(c, "http://n@h/x", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK(credentials_get(c, "http://[::1]:8080/x", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(user, "six");
	CHECK(credentials_get(c, "http://other@h/x", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(credentials_get(c, "http://g/x", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(credentials_serial(c, "http://g/x") == 0);
	/* Refused, and nobody else knows. */
	CHECK(!credentials_wanted(c, "http://h:8080/x", 1));
	CHECK_STR(credentials_why(c, "http://h:8080/x"),
	    "they are from ~/.netrc");
	CHECK(credentials_get(c, "http://h:8080/x", &user, &password) ==
	    CREDENTIAL_NONE);
	credentials_free(c);
}

static void
a_helper_is_asked_once_for_a_host(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	CHECK(credentials_get(c, "http://h:80/a%20b/c.git/", &user,
		  &password) == CREDENTIAL_NONE);
	CHECK_STR(file_text("log"), "");
	CHECK(credentials_wanted(c, "http://h:80/a%20b/c.git/", 0));
	CHECK(credentials_wanted(c, "http://h:80/other", 0));
	CHECK(credentials_get(c, "http://g/", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(settled(c, "http://h:80/other", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(user, "me");
	CHECK_STR(password, "s3cret");
	/* Another job went out without, before there was an answer. */
	CHECK(credentials_wanted(c, "http://h:80/third", 0));
	CHECK_STR(file_text("log"),
	    "[credential fill]\nprotocol=http\nhost=h:80\npath=a b/c.git\n\n");
	credentials_worked(c, "http://h:80/other");
	credentials_worked(c, "http://h:80/third");
	credentials_free(c);
	CHECK(count_in("log", "[credential ") == 2);
	CHECK(count_in("log",
		  "[credential approve]\nprotocol=http\nhost=h\npath=x\n"
		  "username=me\npassword=s3cret\nother=kept\n") == 1);
	gitconfig_free(config);
}

static void
the_user_of_the_url_is_told(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	CHECK(credentials_wanted(c, "https://a%40b@h", 0));
	CHECK(settled(c, "https://a%40b@h", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(file_text("log"),
	    "[credential fill]\nprotocol=https\nhost=h\nusername=a@b\n\n");
	credentials_free(c);
	gitconfig_free(config);
}

static void
paths_have_their_own_where_git_says_so(void)
{
	struct gitconfig *config =
	    LIST(HELPER "credential.http://h/.usehttppath\ntrue\0");
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin("echo username=u; echo password=p");
	CHECK(credentials_wanted(c, "http://h/one", 0));
	CHECK(credentials_wanted(c, "http://h/two", 0));
	CHECK(settled(c, "http://h/one", &user, &password) == CREDENTIAL_READY);
	CHECK(settled(c, "http://h/two", &user, &password) == CREDENTIAL_READY);
	CHECK(count_in("log", "path=one\n") == 1);
	CHECK(count_in("log", "path=two\n") == 1);
	credentials_free(c);
	gitconfig_free(config);
}

/* ---- what is refused ---- */

static void
refused_ones_are_told_and_never_used_again(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	CHECK(credentials_wanted(c, "http://h/x", 0));
	CHECK(settled(c, "http://h/x", &user, &password) == CREDENTIAL_READY);
	CHECK(!credentials_wanted(c, "http://h/x",
	    credentials_serial(c, "http://h/x")));
	CHECK_STR(credentials_why(c, "http://h/x"),
	    "they are from git's credential helper");
	CHECK(credentials_get(c, "http://h/y", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK(!credentials_wanted(c, "http://h/y", 0));
	credentials_worked(c, "http://h/x");
	credentials_free(c);
	CHECK(count_in("log", "[credential ") == 2);
	CHECK(count_in("log", "[credential reject]\nprotocol=http\n") == 1);
	CHECK(count_in("log", "password=s3cret\n") == 1);
	gitconfig_free(config);
}

static void
a_helper_comes_after_netrc_and_late_refusals_do_not_hit_it(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;
	unsigned old;

	begin(ANSWER);
	put_file(".netrc", "machine h login n password q", 0600);
	CHECK(credentials_get(c, "http://h/x", &user, &password) ==
	    CREDENTIAL_READY);
	old = credentials_serial(c, "http://h/x");
	CHECK(credentials_wanted(c, "http://h/x", old));
	CHECK(settled(c, "http://h/x", &user, &password) == CREDENTIAL_READY);
	CHECK_STR(password, "s3cret");
	/* A job that went out with the first password comes back. */
	CHECK(credentials_wanted(c, "http://h/y", old));
	CHECK(credentials_get(c, "http://h/y", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK(credentials_serial(c, "http://h/y") != old);
	credentials_free(c);
	CHECK(count_in("log", "reject") == 0);
	gitconfig_free(config);
}

static void
what_has_worked_is_not_called_bad(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin(ANSWER);
	CHECK(credentials_wanted(c, "http://h/x", 0));
	CHECK(settled(c, "http://h/x", &user, &password) == CREDENTIAL_READY);
	credentials_worked(c, "http://h/x");
	CHECK(!credentials_wanted(c, "http://h/hidden",
	    credentials_serial(c, "http://h/hidden")));
	CHECK(credentials_get(c, "http://h/x", &user, &password) ==
	    CREDENTIAL_READY);
	credentials_free(c);
	CHECK(count_in("log", "reject") == 0);
	gitconfig_free(config);
}

/* ---- helpers that do not do well ---- */

static void
fails_with(const char *fill, unsigned timeout_ms, const char *why)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password, *said;

	begin(fill);
	c->timeout_ms = timeout_ms;
	CHECK(credentials_wanted(c, "http://h/x", 0));
	CHECK(settled(c, "http://h/x", &user, &password) == CREDENTIAL_NONE);
	said = credentials_why(c, "http://h/x");
	CHECK_STR(said != NULL ? said : "nothing", why);
	CHECK(!credentials_wanted(c, "http://h/x", 0));
	credentials_free(c);
	gitconfig_free(config);
}

static void
a_helper_that_fails_is_quoted(void)
{
	fails_with("echo fatal: could not read Username >&2; exit 128", 30000,
	    "git's credential helpers know none");
	fails_with("echo a >&2; echo token expired >&2; echo; "
		   "echo fatal: could not read >&2; exit 128",
	    30000, "git's credential helpers know none: token expired");
	fails_with("exit 0", 30000,
	    "git's credential helper gives no password");
	fails_with("echo username=u", 30000,
	    "git's credential helper gives no password");
	fails_with("kill -9 $$", 30000, "git's credential helpers know none");
}

static void
a_helper_that_hangs_is_ended(void)
{
	pid_t pid;

	fails_with("echo $$ >pid; exec sleep 100", 300,
	    "git's credential helper gives no answer for 0 seconds");
	pid = (pid_t)strtol(file_text("pid"), NULL, 10);
	CHECK(pid > 1 && kill(pid, 0) == -1);
}

static void
a_helper_that_says_too_much_is_ended(void)
{
	fails_with("yes >&2 & yes; wait", 30000,
	    "git's credential helper says more than 16 KiB");
}

static void
running_helpers_end_with_us(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	pid_t pid = 0;

	begin("echo $$ >pid; exec sleep 100");
	put_file("pid", "", 0644);
	CHECK(credentials_wanted(c, "http://h/x", 0));
	for (int i = 0; i < 1000 && pid == 0; i++) {
		(void)poll(NULL, 0, 5);
		pid = (pid_t)strtol(file_text("pid"), NULL, 10);
	}
	credentials_free(c);
	CHECK(pid > 1 && kill(pid, 0) == -1);
	gitconfig_free(config);
}

static void
without_git_there_is_no_helper(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);

	(void)setenv("PATH", dir, 1);
	CHECK(!credentials_wanted(c, "http://h/x", 0));
	CHECK(credentials_why(c, "http://h/x") != NULL &&
	    strstr(credentials_why(c, "http://h/x"), "'git'") != NULL);
	credentials_free(c);
	gitconfig_free(config);
}

static void
nothing_may_ask_on_a_screen(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;

	begin("env >>log; echo username=u; echo password=p");
	(void)setenv("GIT_ASKPASS", "/bin/asks", 1);
	(void)setenv("SSH_ASKPASS", "/bin/asks", 1);
	CHECK(credentials_wanted(c, "http://h/x", 0));
	CHECK(settled(c, "http://h/x", &user, &password) == CREDENTIAL_READY);
	CHECK(count_in("log", "\nGIT_TERMINAL_PROMPT=0\n") == 1);
	CHECK(count_in("log", "\nGIT_ASKPASS=\n") == 1);
	CHECK(count_in("log", "\nSSH_ASKPASS=\n") == 1);
	(void)unsetenv("GIT_ASKPASS");
	(void)unsetenv("SSH_ASKPASS");
	credentials_free(c);
	gitconfig_free(config);
}

/* ---- git itself ---- */

static void
git_s_own_store_is_filled_and_emptied(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;
	char *path = in_dir("config");

	(void)setenv("PATH", true_path, 1);
	(void)setenv("GIT_CONFIG_GLOBAL", path, 1);
	put_file("config",
	    "[credential]\n\thelper = \"!f() { test $1 = get && echo "
	    "username=fun && echo password=ction; }; f\"\n\thelper = store\n",
	    0644);
	CHECK(credentials_wanted(c, "https://h:8443/x", 0));
	CHECK(settled(c, "https://h:8443/x", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(user, "fun");
	CHECK_STR(password, "ction");
	credentials_worked(c, "https://h:8443/x");
	credentials_free(c);
	CHECK(count_in(".git-credentials", "https://fun:ction@h%3a8443") == 1);
	/* Those in the store are bad now. */
	put_file("config", "[credential]\n\thelper = store\n", 0644);
	c = credentials_new(config);
	CHECK(credentials_wanted(c, "https://h:8443/x", 0));
	CHECK(settled(c, "https://h:8443/x", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK(!credentials_wanted(c, "https://h:8443/x", 1));
	credentials_free(c);
	CHECK(count_in(".git-credentials", "h%3a8443") == 0);
	/* And nobody else knows. */
	c = credentials_new(config);
	CHECK(credentials_wanted(c, "https://h:8443/x", 0));
	CHECK(settled(c, "https://h:8443/x", &user, &password) ==
	    CREDENTIAL_NONE);
	CHECK_STR(credentials_why(c, "https://h:8443/x"),
	    "git's credential helpers know none");
	credentials_free(c);
	gitconfig_free(config);
	free(path);
}

/* Those who write into the current directory are not the user. */
static void
no_repositorys_helper_runs(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user, *password;
	char *path = in_dir("config"), *command;

	(void)setenv("PATH", true_path, 1);
	(void)setenv("GIT_CONFIG_GLOBAL", path, 1);
	put_file("config", "", 0644);
	command = xasprintf(
	    "cd %s && git init -q . && git config credential.helper "
	    "'!echo username=evil; echo password=evil; touch %s/pwned; :'",
	    dir, dir);
	CHECK(system(command) == 0); /* NOLINT(cert-env33-c) */
	CHECK(chdir(dir) == 0);
	CHECK(credentials_wanted(c, "https://evil/x", 0));
	CHECK(
	    settled(c, "https://evil/x", &user, &password) == CREDENTIAL_NONE);
	CHECK(chdir("/") == 0);
	free(path);
	path = in_dir("pwned");
	CHECK(access(path, F_OK) == -1);
	credentials_free(c);
	gitconfig_free(config);
	free(command);
	free(path);
}

/* ---- asking ---- */

static void
there_must_be_a_terminal_to_ask_on(void)
{
	struct credentials *c;
	struct error err = {0};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		c = credentials_new(NULL);
		(void)setsid();
		if (credentials_ask(c, "http://h/x", &err) != -1)
			_exit(1);
		/* Those of an URL with a password are not asked for. */
		if (credentials_ask(c, "http://u:p@h/x", &err) != 0)
			_exit(2);
		_exit(err.kind == ERR_USAGE ? 0 : 3);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(status == 0);
}

static void
what_the_user_gave_comes_before_a_helper(void)
{
	struct gitconfig *config = LIST(HELPER);
	struct credentials *c = credentials_new(config);
	const char *user = "", *password = "";

	begin(ANSWER);
	place_set(place_of(c, "http://h/x"), FROM_USER, "typed", "word");
	CHECK(credentials_get(c, "http://h/y", &user, &password) ==
	    CREDENTIAL_READY);
	CHECK_STR(user, "typed");
	credentials_worked(c, "http://h/y");
	CHECK(credentials_get(c, "http://g/y", &user, &password) ==
	    CREDENTIAL_NONE);
	credentials_free(c);
	CHECK_STR(file_text("log"), "");
	gitconfig_free(config);
}

int
main(void)
{
	char *path;

	if (mkdtemp(dir) == NULL)
		return 1;
	path = in_dir("bin");
	(void)mkdir(path, 0755);
	free(path);
	true_path = xstrdup(getenv("PATH"));
	(void)setenv("HOME", dir, 1);
	(void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	(void)setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	RUN(an_url_with_a_password_needs_nobody);
	RUN(nobody_is_asked_without_a_helper);
	RUN(netrc_is_ready_at_once);
	RUN(a_helper_is_asked_once_for_a_host);
	RUN(the_user_of_the_url_is_told);
	RUN(paths_have_their_own_where_git_says_so);
	RUN(refused_ones_are_told_and_never_used_again);
	RUN(a_helper_comes_after_netrc_and_late_refusals_do_not_hit_it);
	RUN(what_has_worked_is_not_called_bad);
	RUN(a_helper_that_fails_is_quoted);
	RUN(a_helper_that_hangs_is_ended);
	RUN(a_helper_that_says_too_much_is_ended);
	RUN(running_helpers_end_with_us);
	RUN(without_git_there_is_no_helper);
	RUN(nothing_may_ask_on_a_screen);
	RUN(git_s_own_store_is_filled_and_emptied);
	RUN(no_repositorys_helper_runs);
	RUN(there_must_be_a_terminal_to_ask_on);
	RUN(what_the_user_gave_comes_before_a_helper);
	(void)file_text("none");
	path = xasprintf("rm -rf %s", dir);
	(void)!system(path); /* NOLINT(cert-env33-c) */
	free(path);
	free(true_path);
	return check_done();
}
