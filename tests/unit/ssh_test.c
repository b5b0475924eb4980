#include "kelpie/ssh.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fetch/git_ssh.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/url.h"

static struct error err;
static char dir[] = "/tmp/ssh_test.XXXXXX";

/* ---- the programs that stand for ssh ---- */

static char *
below(const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static void
put(const char *name, const char *text)
{
	char *path = below(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	CHECK(fd != -1 && write_fully(fd, text, strlen(text)) == 0);
	(void)close(fd);
	free(path);
}

static void
drop(const char *name)
{
	char *path = below(name);

	(void)unlink(path);
	free(path);
}

/* Says what it was given, to the link and beside it. */
#define TELLS                                                             \
	"#!/bin/sh\n"                                                     \
	"case $1 in -G) exit ${PROBE:-1};; esac\n"                        \
	"for a; do case $a in -M) echo \"$@\" >${0%/*}/master; exit 1;; " \
	"esac; done\n"                                                    \
	"printf '%s\\n' \"$@\"; cat; echo \"$GIT_PROTOCOL\" >&2\n"

static void
use(const char *variable, const char *value)
{
	static const char *const all[] = {"GIT_SSH_COMMAND", "GIT_SSH",
	    "GIT_SSH_VARIANT"};

	for (size_t i = 0; i < 3; i++)
		(void)unsetenv(all[i]);
	if (variable != NULL)
		(void)setenv(variable, value, 1);
}

static struct ssh *
open_ssh(const char *command, const char *variant)
{
	return ssh_new(&(struct ssh_opts){.command = command,
	    .variant = variant,
	    .timeout = 20});
}

static void
until_ready(struct ssh *s, const char *url)
{
	for (int i = 0; i < 5000 && !ssh_ready(s, url); i++)
		(void)poll(NULL, 0, 2);
	CHECK(ssh_ready(s, url));
}

/* Send it a line, and read all that it says. */
static void
listen_to(int link, int words, struct buf *said, struct buf *aside)
{
	buf_puts(said, "");
	buf_puts(aside, "");
	CHECK(write_fully(link, "hello\n", 6) == 0);
	CHECK(shutdown(link, SHUT_WR) == 0);
	CHECK(buf_read(said, link, 65536, &err) == 0);
	CHECK(buf_read(aside, words, 65536, &err) == 0);
	(void)close(link);
	(void)close(words);
}

/* The arguments of a session, one in a line. */
static void
session(const char *command, const char *variant, const char *url,
    struct buf *said)
{
	struct ssh *s = open_ssh(command, variant);
	struct buf aside = {0};
	int link = -1, words = -1;

	until_ready(s, url);
	CHECK(ssh_start(s, url, &link, &words, &err) == 0);
	listen_to(link, words, said, &aside);
	CHECK_STR(aside.data, "version=2\n");
	buf_free(&aside);
	ssh_free(s);
}

static void
check_session(const char *command, const char *url, const char *want)
{
	struct buf said = {0};

	session(command, NULL, url, &said);
	CHECK_STR(said.data, want);
	buf_free(&said);
}

/* ---- command lines ---- */

#define OPTIONS                                                \
	"-o\nBatchMode=yes\n-o\nClearAllForwardings=yes\n-o\n" \
	"SendEnv=GIT_PROTOCOL\n-o\nControlPersist=no\n-o\n"    \
	"ConnectTimeout=20\n-oControlMaster=no\n"

static void
openssh_gets_options_of_its_own(void)
{
	char *program = below("ssh");

	use("GIT_SSH", program);
	check_session(NULL, "ssh://git@h.example:2222/r.git",
	    OPTIONS "-p\n2222\n--\ngit@h.example\n"
		    "git-upload-pack '/r.git'\nhello\n");
	use("GIT_SSH_COMMAND", program);
	check_session("ignored", "git@h.example:r.git",
	    OPTIONS "--\ngit@h.example\ngit-upload-pack 'r.git'\nhello\n");
	use(NULL, NULL);
	check_session(program, "ssh://[::1]/~me/r",
	    OPTIONS "--\n::1\ngit-upload-pack '~me/r'\nhello\n");
	free(program);
}

static void
a_command_is_for_the_shell(void)
{
	char *command = xasprintf("x='a  b' && '%s'/ssh -F \"$x\"", dir);
	struct buf said = {0};

	use("GIT_SSH_COMMAND", command);
	session(NULL, "ssh", "h.example:r", &said);
	CHECK(strncmp(said.data, "-F\na  b\n-o\n", 10) == 0);
	buf_free(&said);
	free(command);
}

static void
another_program_gets_host_and_command_alone(void)
{
	char *program = below("other");

	use("GIT_SSH", program);
	check_session(NULL, "ssh://git@h.example/r.git",
	    "git@h.example\ngit-upload-pack '/r.git'\nhello\n");
	free(program);
}

static void
a_program_that_knows_g_is_openssh(void)
{
	char *program = below("other");

	use("GIT_SSH", program);
	(void)setenv("PROBE", "0", 1);
	check_session(NULL, "ssh://h.example/r.git",
	    OPTIONS "--\nh.example\ngit-upload-pack '/r.git'\nhello\n");
	(void)unsetenv("PROBE");
	free(program);
}

static void
the_variant_may_be_told(void)
{
	char *program = below("other"), *ssh = below("ssh");
	struct buf said = {0};

	use("GIT_SSH", program);
	session(NULL, "plink", "ssh://h:99/r", &said);
	CHECK_STR(said.data,
	    "-batch\n-P\n99\nh\ngit-upload-pack '/r'\nhello\n");
	buf_clear(&said);
	session(NULL, "ssh", "ssh://h/r", &said);
	CHECK(strncmp(said.data, "-o\nBatchMode", 12) == 0);
	buf_clear(&said);
	use("GIT_SSH", ssh);
	(void)setenv("GIT_SSH_VARIANT", "simple", 1);
	session(NULL, "ssh", "ssh://h/r", &said);
	CHECK_STR(said.data, "h\ngit-upload-pack '/r'\nhello\n");
	buf_free(&said);
	free(program);
	free(ssh);
}

static void
quotes_in_a_path_stay_in_the_path(void)
{
	char *program = below("other");

	use("GIT_SSH", program);
	check_session(NULL, "ssh://h/a'b!%20c",
	    "h\ngit-upload-pack '/a'\\''b'\\!' c'\nhello\n");
	check_session(NULL, "h:a%20b", "h\ngit-upload-pack 'a%20b'\nhello\n");
	free(program);
}

static void
check_refused(const char *url, const char *want)
{
	struct ssh *s;
	int link = -1, words = -1;
	char *program = below("other");

	use("GIT_SSH", program);
	s = open_ssh(NULL, "simple");
	err.kind = ERR_NONE;
	CHECK(ssh_start(s, url, &link, &words, &err) == -1);
	CHECK(err.kind == ERR_CONFIG);
	CHECK(strstr(err.msg, want) != NULL);
	CHECK(link == -1 && words == -1);
	ssh_free(s);
	free(program);
}

static void
what_could_be_an_option_is_refused(void)
{
	check_refused("ssh://%2doProxyCommand=x@h/r", "begins with '-'");
	check_refused("h:-r", "begins with '-'");
	check_refused("ssh://h", "no path");
	check_refused("ssh://me:secret@h/r", "takes no password");
	check_refused("ssh://h:22/r", "is no OpenSSH");
}

static void
a_program_that_is_not_there_is_an_error_of_the_session(void)
{
	struct ssh *s;
	int link, words;

	use("GIT_SSH", "/nonexistent/ssh");
	s = open_ssh(NULL, NULL);
	until_ready(s, "ssh://h/r");
	CHECK(ssh_start(s, "ssh://h/r", &link, &words, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg,
	    "start '/nonexistent/ssh': No such file or directory");
	ssh_free(s);
}

/* ---- processes and the directory ---- */

static unsigned
entries(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	unsigned n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += strncmp(e->d_name, "kelpie-ssh-", 11) == 0;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static void
a_master_is_asked_for_once_and_its_failure_is_none(void)
{
	char *program = below("ssh");
	struct ssh *s;
	struct buf b = {0};
	char *path = below("master");
	int fd;

	use("GIT_SSH", program);
	drop("master");
	s = open_ssh(NULL, NULL);
	CHECK(!ssh_ready(s, "ssh://git@h/r") || entries() == 1);
	until_ready(s, "ssh://git@h/other");
	CHECK(entries() == 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd != -1 && buf_read(&b, fd, 4096, &err) == 0);
	CHECK(b.len != 0 && strstr(b.data, "/1 -o") != NULL);
	CHECK(b.len != 0 && strstr(b.data, " -M -N -- git@h\n") != NULL);
	(void)close(fd);
	ssh_free(s);
	CHECK(entries() == 0);
	buf_free(&b);
	free(path);
	free(program);
}

static void
sessions_that_run_are_ended(void)
{
	char *program = below("sleeps");
	struct ssh *s;
	char byte;
	int link, words;

	use("GIT_SSH", program);
	s = open_ssh(NULL, "simple");
	until_ready(s, "ssh://h/r");
	CHECK(ssh_start(s, "ssh://h/r", &link, &words, &err) == 0);
	CHECK(read(link, &byte, 1) == 1);
	ssh_tick(s);
	ssh_free(s);
	CHECK(read(link, &byte, 1) == 0);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	(void)close(link);
	(void)close(words);
	free(program);
}

static char *
left(const char *suffix, mode_t mode)
{
	char *path = xasprintf("%s/kelpie-ssh-%lu-1.%s", dir,
	    (unsigned long)geteuid(), suffix);

	CHECK(mkdir(path, mode) == 0 && chmod(path, mode) == 0);
	return path;
}

/* A master that outlived its owner: it gives back what it was told. */
static pid_t
orphan(const char *path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	char got[64];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	pid_t pid;

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/1", path);
	CHECK(bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK(listen(fd, 1) == 0);
	pid = fork();
	if (pid == 0) {
		(void)alarm(20);
		peer = accept(fd, NULL, NULL);
		_exit(read(peer, got, sizeof(got)) == 24 && got[15] == 8 &&
			    got[16] == 0x10 && got[19] == 5 ?
			0 :
			1);
	}
	(void)close(fd);
	return pid;
}

static void
what_the_dead_left_is_swept(void)
{
	char *dead = left("dead", 0700), *live = left("live", 0700);
	char *odd = left("odd", 0755), *program = below("ssh");
	char *link = xasprintf("%s/kelpie-ssh-%lu-1.link", dir,
	    (unsigned long)geteuid());
	int lock = open(live, O_RDONLY | O_DIRECTORY | O_CLOEXEC), status = -1;
	pid_t pid = orphan(dead);
	struct ssh *s;

	CHECK(lock != -1 && flock(lock, LOCK_EX) == 0);
	CHECK(symlink(odd, link) == 0);
	use("GIT_SSH", program);
	s = open_ssh(NULL, NULL);
	until_ready(s, "ssh://h/r");
	ssh_free(s);
	CHECK(access(dead, F_OK) == -1);
	CHECK(access(live, F_OK) == 0 && access(odd, F_OK) == 0);
	CHECK(access(link, F_OK) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	(void)close(lock);
	CHECK(rmdir(live) == 0 && rmdir(odd) == 0 && unlink(link) == 0);
	free(dead);
	free(live);
	free(odd);
	free(link);
	free(program);
}

/* ---- the words ---- */

static void
check_words(const char *said, enum error_kind kind, const char *want)
{
	static struct ssh_words w;

	w.len = 0;
	w.text[0] = '\0';
	ssh_words_add(&w, said, strlen(said));
	CHECK(ssh_words_error(&w, "ssh://git@h.example:2222/r", &err) == -1);
	CHECK(err.kind == kind);
	CHECK_HAS(err.msg, want);
}

static void
the_words_of_ssh_become_advice(void)
{
	check_words("Host key verification failed.\r\n", ERR_AUTH,
	    "connect once with 'ssh -p 2222 git@h.example', compare");
	check_words("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\n"
		    "Host key verification failed.\r\n",
	    ERR_AUTH, "not the one in known_hosts");
	check_words("Warning: Permanently added 'h'\r\n"
		    "git@h: Permission denied (publickey).\r\n",
	    ERR_AUTH, "ssh-add (git@h: Permission denied (publickey).)");
	check_words("ssh: Could not resolve hostname h: Name or service not "
		    "known\r\n",
	    ERR_NETWORK, "ssh: ssh: Could not resolve hostname h");
	check_words("kex_exchange_identification: read: Connection reset by "
		    "peer\r\n",
	    ERR_NETWORK, "reset by peer");
	check_words("kex_exchange_identification: Connection closed by remote "
		    "host\r\n",
	    ERR_NETWORK, "closed by remote");
	check_words("ERROR: Repository not found.\nfatal: Could not read from "
		    "remote repository.\n",
	    ERR_NOTFOUND,
	    "not to be seen with this key (ERROR: Repository "
	    "not found.)");
	check_words("fatal: '/r' does not appear to be a git repository\n",
	    ERR_NOTFOUND, "does not appear to be");
}

static void
words_that_nobody_knows_are_quoted(void)
{
	check_words("one\ntwo  \n\n", ERR_NOTFOUND, "ssh: two");
	CHECK_STR(err.msg, "ssh: two");
	check_words("", ERR_NETWORK, "ssh ended without a word");
	check_words(" \r\n", ERR_NETWORK, "ssh ended without a word");
}

static void
only_the_last_words_are_kept(void)
{
	static struct ssh_words w;
	static char noise[3 * SSH_WORDS_MAX];

	memset(noise, 'x', sizeof(noise));
	ssh_words_add(&w, noise, 100);
	ssh_words_add(&w, noise, sizeof(noise));
	CHECK(w.len == SSH_WORDS_MAX && strlen(w.text) == SSH_WORDS_MAX);
	for (int i = 0; i < 2000; i++)
		ssh_words_add(&w, "Connection refused\n", 19);
	CHECK(w.len == SSH_WORDS_MAX);
	ssh_words_add(&w, "a\0b", 3);
	CHECK(strcmp(w.text + w.len - 3, "a?b") == 0);
	CHECK(ssh_words_known(&w, "h:r", &err) && err.kind == ERR_NETWORK);
}

#define GREETING "000eversion 2\n000cls-refs\n0000"

static size_t
greeting(const char *s)
{
	return ssh_greeting(s, strlen(s));
}

static void
a_greeting_ends_at_its_flush_packet(void)
{
	for (size_t i = 0; i < strlen(GREETING); i++)
		CHECK(ssh_greeting(GREETING, i) == 0);
	CHECK(greeting(GREETING) == strlen(GREETING));
	CHECK(greeting(GREETING "0000") == strlen(GREETING));
	CHECK(greeting("000eversion 1\n") == SIZE_MAX);
	CHECK(greeting("0005x0000") == SIZE_MAX);
	CHECK(greeting("0000") == SIZE_MAX);
	CHECK(greeting("Welcome") == SIZE_MAX);
	CHECK(greeting("000eversion 2\n0003") == SIZE_MAX);
}

/* ---- urls ---- */

static void
check_url(const char *url, const char *want)
{
	struct url_ssh u;
	char *got;

	url_ssh(&u, url);
	got = xasprintf("%s|%s|%s|%s", u.user != NULL ? u.user : "", u.host,
	    u.port != NULL ? u.port : "", u.path);
	CHECK_STR(got, want);
	free(got);
	url_ssh_free(&u);
}

static void
an_ssh_url_is_taken_apart(void)
{
	check_url("ssh://h/p", "|h||/p");
	check_url("ssh://u%40x@h:22/p%20q", "u@x|h|22|/p q");
	check_url("ssh://u@[::1]:22/~v/p", "u|::1|22|~v/p");
	check_url("u@h:p/q", "u|h||p/q");
	check_url("[fe80::1]:/p", "|fe80::1||/p");
	check_url("h:%41", "|h||%41");
	check_url("h:/~v/p", "|h||~v/p");
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)alarm(60); /* what hangs here is a bug */
	(void)setenv("XDG_RUNTIME_DIR", dir, 1);
	put("ssh", TELLS);
	put("other", TELLS);
	put("sleeps", "#!/bin/sh\nsleep 1000 & echo; wait\n");
	RUN(openssh_gets_options_of_its_own);
	RUN(a_command_is_for_the_shell);
	RUN(another_program_gets_host_and_command_alone);
	RUN(a_program_that_knows_g_is_openssh);
	RUN(the_variant_may_be_told);
	RUN(quotes_in_a_path_stay_in_the_path);
	RUN(what_could_be_an_option_is_refused);
	RUN(a_program_that_is_not_there_is_an_error_of_the_session);
	RUN(a_master_is_asked_for_once_and_its_failure_is_none);
	RUN(sessions_that_run_are_ended);
	RUN(what_the_dead_left_is_swept);
	RUN(the_words_of_ssh_become_advice);
	RUN(words_that_nobody_knows_are_quoted);
	RUN(only_the_last_words_are_kept);
	RUN(a_greeting_ends_at_its_flush_packet);
	RUN(an_ssh_url_is_taken_apart);
	drop("ssh");
	drop("other");
	drop("sleeps");
	drop("master");
	CHECK(rmdir(dir) == 0);
	return check_done();
}
