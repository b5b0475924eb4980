#include "check.h"
#include "config_world.h"
#include "kelpie/config.h"
#include "kelpie/error.h"

#define TOKEN_FILE "home/.ansible/galaxy_token"

static const char *option_c, *server, *token; /* -c, -s and --token */

/* "name url token user:password" and '!' if insecure, for each server; or
 * "!" and the message.  Behind it the warning, if there is one. */
static void
show(struct buf *b, const struct config *c)
{
	size_t i;

	for (i = 0; i < c->servers; i++) {
		const struct galaxy_server *s = &c->server[i];

		buf_printf(b, "%s%s %s", i == 0 ? "" : "; ", s->name, s->url);
		if (s->token != NULL)
			buf_printf(b, " %s", s->token);
		if (s->user != NULL)
			buf_printf(b, " %s:%s", s->user,
			    s->password != NULL ? s->password : "-");
		if (s->refused != NULL)
			buf_printf(b, " (%s)", s->refused);
		buf_puts(b, s->insecure ? " !" : "");
	}
	if (c->warning != NULL)
		buf_printf(b, " # %s", c->warning);
}

static void
check_servers(const char *text)
{
	char *want = with_top(text);
	struct error err = {0};
	struct buf b = {0};
	struct config c;

	config_init(&c);
	c.given_server = server;
	c.given_token = token;
	c.ignore_certs = option_c != NULL;
	if (config_load(&c, &err) == -1) {
		CHECK(err.kind == ERR_CONFIG);
		buf_printf(&b, "!%s", err.msg);
	} else {
		show(&b, &c);
	}
	CHECK_STR(b.data, want);
	config_free(&c);
	buf_free(&b);
	free(want);
}

static void
start(const char *cfg)
{
	clean();
	option_c = server = token = NULL;
	write_file("ansible.cfg", cfg);
}

static void
env(const char *name, const char *value)
{
	CHECK(setenv(name, value, 1) == 0);
}

/* ---- roles paths ---- */

static void
check_paths(struct config *c, const char *text)
{
	char *want = with_top(text);
	struct error err = {0};
	struct buf b = {0};
	size_t i;

	CHECK(config_load(c, &err) == 0);
	for (i = 0; c->paths != NULL && c->paths[i] != NULL; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", c->paths[i]);
	CHECK_STR(b.data != NULL ? b.data : "", want);
	CHECK(c->paths != NULL && strcmp(c->paths[0], c->roles_path) == 0);
	config_free(c);
	buf_free(&b);
	free(want);
}

static void
check_all_paths(const char *given, const char *want)
{
	struct config c;

	config_init(&c);
	c.given_path = given;
	check_paths(&c, want);
}

static void
all_roles_paths_are_there_in_order(void)
{
	start("");
	check_all_paths(NULL,
	    "TOP/home/.ansible/roles /usr/share/ansible/roles "
	    "/etc/ansible/roles");
	start("[defaults]\nroles_path = a : /b:\n");
	check_all_paths(NULL, "TOP/a /b");
	env("ANSIBLE_ROLES_PATH", "c:~/d");
	check_all_paths(NULL, "TOP/c TOP/home/d");
	check_all_paths("/x:y", "/x TOP/y");
	env("ANSIBLE_ROLES_PATH", ":");
	check_all_paths(NULL, "TOP/a /b");
}

static void
a_later_option_for_paths_comes_first(void)
{
	struct config c;

	start("");
	config_init(&c);
	config_add_path(&c, "x:y");
	config_add_path(&c, "z");
	config_add_path(&c, "w");
	check_paths(&c, "TOP/w TOP/z TOP/x TOP/y");
}

/* ---- servers ---- */

static void
one_server_is_the_default(void)
{
	start("");
	check_servers("https://galaxy.ansible.com https://galaxy.ansible.com");
	start("[galaxy]\nserver = http://a.example/x/\n");
	check_servers("http://a.example/x/ http://a.example/x/");
	env("ANSIBLE_GALAXY_SERVER", "https://b.example");
	check_servers("https://b.example https://b.example");
	server = "https://c.example:8443/api/";
	check_servers(
	    "https://c.example:8443/api/ https://c.example:8443/api/");
}

static void
a_list_of_servers_is_taken_in_its_order(void)
{
	start("[galaxy]\nserver = https://unused.example\n"
	      "server_list = two, one ,,\n"
	      "[galaxy_server.one]\nurl=https://one.example\ntoken=t1\n"
	      "[galaxy_server.two]\nurl=https://two.example\n"
	      "username=u\npassword=p=;x\ntoken=t2\n"
	      "[galaxy_server.three]\nurl=nonsense\n");
	check_servers("two https://two.example u:p=;x; "
		      "one https://one.example t1");
	env("ANSIBLE_GALAXY_SERVER_ONE_URL", "https://env.example");
	env("ANSIBLE_GALAXY_SERVER_ONE_TOKEN", "te");
	env("ANSIBLE_GALAXY_SERVER_TWO_USERNAME", "ue");
	check_servers("two https://two.example ue:p=;x; "
		      "one https://env.example te");
	env("ANSIBLE_GALAXY_SERVER_LIST", "one");
	check_servers("one https://env.example te");
	/* As Ansible has it: no list at all, whatever the file says. */
	env("ANSIBLE_GALAXY_SERVER_LIST", "");
	check_servers("https://unused.example https://unused.example");
}

static void
servers_may_stand_in_the_environment_alone(void)
{
	start("");
	CHECK(unlink("ansible.cfg") == 0);
	env("ANSIBLE_GALAXY_SERVER_LIST", "a-b.c");
	check_servers("!server 'a-b.c' of server_list has no url: set 'url' in "
		      "[galaxy_server.a-b.c] of ansible.cfg, or "
		      "ANSIBLE_GALAXY_SERVER_A-B.C_URL");
	env("ANSIBLE_GALAXY_SERVER_A-B.C_URL", "http://h");
	env("ANSIBLE_GALAXY_SERVER_A-B.C_USERNAME", "u");
	check_servers("a-b.c http://h u:-");
}

static void
the_option_picks_a_server_of_the_list(void)
{
	start("[galaxy]\nserver_list = a, b\n"
	      "[galaxy_server.a]\nurl = https://a.example\ntoken = ta\n"
	      "[galaxy_server.b]\nurl = https://b.example\ntoken = tb\n");
	write_file(TOKEN_FILE, "token: file\n");
	server = "b";
	check_servers("b https://b.example tb");
	token = "given";
	check_servers("b https://b.example given");
	/* An address is not a name: its token is not sent. */
	server = "https://b.example";
	token = NULL;
	check_servers("https://b.example https://b.example file");
	server = "c";
	check_servers("!--server is neither in server_list nor an url to "
		      "take: the server is no http or https url");
	server = NULL;
	token = "given";
	check_servers("a https://a.example ta; b https://b.example tb # "
		      "--token is left out: name the server that it is for "
		      "with --server");
}

static void
the_token_of_the_default_server_lies_in_a_file(void)
{
	start("[galaxy]\nserver = http://h\n");
	check_servers("http://h http://h");
	write_file(TOKEN_FILE, "---\ntoken: 'abc'\n");
	check_servers("http://h http://h abc");
	server = "http://g";
	check_servers("http://g http://g abc");
	token = "given";
	check_servers("http://g http://g given");
	token = NULL;
	write_file("token", "{token: t}");
	env("ANSIBLE_GALAXY_TOKEN_PATH", "token");
	check_servers("http://g http://g t");
	start("[galaxy]\nserver = http://h\ntoken_path = token\n");
	write_file("token", "token: 12\n");
	check_servers("http://h http://h 12");
	start("[galaxy]\nserver_list = a\n[galaxy_server.a]\nurl=http://a\n");
	write_file(TOKEN_FILE, "token: abc\n");
	check_servers("a http://a");
}

static void
a_token_file_without_a_token_is_none(void)
{
	static const char *const row[][2] = {
	    {"", ""},
	    {"# nothing\n", ""},
	    {"token:\n", ""},
	    {"token: null\n", ""},
	    {"token: ''\n", ""},
	    {"{}", ""},
	    {"other: x\n", ""},
	    {"abc\n",
		" # the token file 'TOP/home/.ansible/galaxy_token' is left "
		"out: not 'token: ...'"},
	    {"token: [s3crt]\n",
		" # the token file 'TOP/home/.ansible/galaxy_token' is left "
		"out: the token is not a text"},
	};
	size_t i;
	char *want;

	start("[galaxy]\nserver = http://h\n");
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		write_file(TOKEN_FILE, row[i][0]);
		want = xasprintf("http://h http://h%s", row[i][1]);
		check_servers(want);
		free(want);
	}
	CHECK(unlink(TOKEN_FILE) == 0);
	CHECK(mkdir(TOKEN_FILE, 0700) == 0);
	check_servers("http://h http://h # the token file 'TOP/" TOKEN_FILE
		      "' is left out: read: Is a directory");
	CHECK(rmdir(TOKEN_FILE) == 0);
	check_servers("http://h http://h");
	CHECK(access(TOKEN_FILE, F_OK) == -1);
}

static void
certificates_are_checked_unless_somebody_says_no(void)
{
	start("[galaxy]\nserver_list=a,b,c\nignore_certs = yes\n"
	      "[galaxy_server.a]\nurl=http://a\n"
	      "[galaxy_server.b]\nurl=http://b\nvalidate_certs=true\n"
	      "[galaxy_server.c]\nurl=http://c\nvalidate_certs=no\n");
	check_servers("a http://a !; b http://b; c http://c !");
	env("ANSIBLE_GALAXY_IGNORE", "false");
	check_servers("a http://a; b http://b; c http://c !");
	option_c = "-c";
	check_servers("a http://a !; b http://b; c http://c !");
	env("ANSIBLE_GALAXY_SERVER_LIST", "");
	env("ANSIBLE_GALAXY_SERVER", "http://d");
	check_servers("http://d http://d !");
	env("ANSIBLE_GALAXY_IGNORE", "perhaps");
	check_servers("!ANSIBLE_GALAXY_IGNORE: ignore_certs 'perhaps' is "
		      "neither yes nor no");
}

static void
tokens_that_another_server_makes_are_refused(void)
{
	static const char why[] =
	    "server 'hub' has an auth_url, and kelpie gets no tokens from such";
	char *want;

	start("[galaxy]\nserver_list = hub, g\n"
	      "[galaxy_server.hub]\nurl = https://hub.example\n"
	      "auth_url = https://sso.example/auth\ntoken = s3crt\n"
	      "[galaxy_server.g]\nurl = https://g.example\n");
	want =
	    xasprintf("hub https://hub.example (%s); g https://g.example", why);
	check_servers(want);
	free(want);
	server = "hub";
	want = xasprintf("!%s; name another token with --token", why);
	check_servers(want);
	free(want);
	token = "mine";
	check_servers("hub https://hub.example mine");
	server = token = NULL;
	env("ANSIBLE_GALAXY_SERVER_HUB_USERNAME", "u");
	check_servers("hub https://hub.example u:-; g https://g.example");
}

static void
bad_settings_are_named_with_their_place(void)
{
	static const char *const row[][2] = {
	    {"url = x", "3: the server is no http or https url"},
	    {"url = ssh://h/x", "3: the server is no http or https url"},
	    {"url = ftp://h/x",
		"3: scheme 'ftp' is not taken: https, http, ssh, git and "
		"file are"},
	    {"url = https://u:s3crt@h:x/",
		"3: the port in the url is not a number from 1 to 65535"},
	    {"url = https://h/?x=1",
		"3: the url of a server has no '?' or '#' in it"},
	    {"url = https://h\ntoken = a s3crt",
		"4: the token has a blank, a control byte or one beyond "
		"ASCII in it"},
	    {"url = https://h\ntoken = a\n  s3crt",
		"4: the token has a blank, a control byte or one beyond "
		"ASCII in it"},
	    {"url = https://h\nusername = a\n  b",
		"4: a user or password has a control byte in it"},
	    {"url = https://h\npassword = a\n  b\nusername = u",
		"4: a user or password has a control byte in it"},
	    {"url = https://h\nvalidate_certs = maybe",
		"4: validate_certs 'maybe' is neither yes nor no"},
	    {"url = https://h\nurl = https://h", "4: 'url' is set twice"},
	};
	char *text;
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		start("");
		env("ANSIBLE_GALAXY_SERVER_LIST", "a");
		text = xasprintf("\n[galaxy_server.a]\n%s\n", row[i][0]);
		write_file("ansible.cfg", text);
		free(text);
		text = xasprintf("!TOP/ansible.cfg:%s", row[i][1]);
		check_servers(text);
		free(text);
	}
	start("[galaxy]\nserver = galaxy.example\n");
	check_servers("!TOP/ansible.cfg:2: the server is no http or https url");
	env("ANSIBLE_GALAXY_SERVER", "file:///x");
	check_servers(
	    "!ANSIBLE_GALAXY_SERVER: the server is no http or https url");
	server = "https://h";
	token = "a\r\nX: y";
	check_servers("!--token: the token has a blank, a control byte or one "
		      "beyond ASCII in it");
}

static void
a_name_hides_the_password_of_its_url(void)
{
	start("");
	server = "https://u:s3crt@h.example/api";
	check_servers("https://h.example/api https://u:s3crt@h.example/api");
}

int
main(void)
{
	if (open_world() == -1)
		return 1;
	RUN(all_roles_paths_are_there_in_order);
	RUN(a_later_option_for_paths_comes_first);
	RUN(one_server_is_the_default);
	RUN(a_list_of_servers_is_taken_in_its_order);
	RUN(servers_may_stand_in_the_environment_alone);
	RUN(the_option_picks_a_server_of_the_list);
	RUN(the_token_of_the_default_server_lies_in_a_file);
	RUN(a_token_file_without_a_token_is_none);
	RUN(certificates_are_checked_unless_somebody_says_no);
	RUN(tokens_that_another_server_makes_are_refused);
	RUN(bad_settings_are_named_with_their_place);
	RUN(a_name_hides_the_password_of_its_url);
	return close_world() == -1 ? 1 : check_done();
}
