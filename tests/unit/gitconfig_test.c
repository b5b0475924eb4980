#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "gitconfig_priv.h"
#include "kelpie/gitconfig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char dir[] = "/tmp/kelpie-gitconfig.XXXXXX";

/* ---- git's own word ---- */

/* What git says in the directory of the test; -1 if it fails. */
static int
ask_git(struct buf *out, const char *arguments, const char *last)
{
	char *command =
	    xasprintf("cd %s && GIT_CONFIG_NOSYSTEM=1 "
		      "GIT_CONFIG_GLOBAL=%s/config git %s '%s' 2>/dev/null",
		dir, dir, arguments, last);
	FILE *f = popen(command, "re"); /* NOLINT(cert-env33-c) */
	char piece[512];
	size_t n;

	free(command);
	buf_clear(out);
	buf_puts(out, "");
	if (f == NULL)
		return -1;
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	return pclose(f) == 0 ? 0 : -1;
}

static void
write_config(const char *text)
{
	char *path = xasprintf("%s/config", dir);
	FILE *f = fopen(path, "we");

	free(path);
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* The configuration as git itself reads it. */
static struct gitconfig *
listed(const char *text)
{
	struct gitconfig *c;
	struct buf b = {0};

	write_config(text);
	CHECK(ask_git(&b, "config --null --includes --global", "--list") == 0);
	c = gitconfig_new(b.data, b.len);
	buf_free(&b);
	return c;
}

#define LIST(s) gitconfig_new(s, sizeof(s) - 1)

/* ---- the list ---- */

static void
the_last_value_of_a_key_wins(void)
{
	struct gitconfig *c = LIST("core.sshcommand\none\0"
				   "Core.SSHCommand\ntwo words\nand a line\0"
				   "core.other\nx\0");

	CHECK_STR(gitconfig_get(c, "core.sshcommand"), "two words\nand a line");
	CHECK(gitconfig_get(c, "core.nosuch") == NULL);
	CHECK(gitconfig_fault(c) == NULL);
	gitconfig_free(c);
}

static void
what_is_no_list_is_left_out(void)
{
	struct gitconfig *c = LIST("\0nodot\nx\0.x\ny\0x.\nz\0\n\0a.b\nc\0"
				   "a.b\nnever ended");

	CHECK(c->n == 1);
	CHECK_STR(gitconfig_get(c, "a.b"), "c");
	gitconfig_free(c);
	c = gitconfig_new("", 0);
	CHECK(gitconfig_get(c, "a.b") == NULL);
	gitconfig_free(c);
}

static void
a_fault_of_the_files_is_kept(void)
{
	struct gitconfig *c = LIST("error\nbad line 3 in file x\0");

	CHECK(gitconfig_fault(c) != NULL);
	CHECK_STR(gitconfig_fault(c), "bad line 3 in file x");
	gitconfig_free(c);
}

/* ---- URLs ---- */

static void
an_url_has_one_normal_form(void)
{
	static const char *const rows[][2] = {
	    {"HTTPS://Example.ORG", "https||example.org||/"},
	    {"https://u:p@h:443/a", "https|u|h||/a"},
	    {"http://u@h:0080/%7euser/%2f", "http|u|h||/~user/%2F"},
	    {"http://h:8080/a/./b/../c", "http||h|8080|/a/c"},
	    {"http://h/a/..", "http||h||/"},
	    {"http://h/a/.", "http||h||/a/"},
	    {"http://h/%2e%2E/x", NULL},
	    {"http://h/../x", NULL},
	    {"http://h//a", "http||h||//a"},
	    {"http://h?q=/../x", "http||h||/?q=/../x"},
	    {"http://h/a%zz", NULL},
	    {"http://[2001:DB8::1]:8080/", "http||[2001:db8::1]|8080|/"},
	    {"http://h:/x", "http||h||/x"},
	    {"http://h:0/x", NULL},
	    {"http://h:99999/x", NULL},
	    {"http://h:8x/x", NULL},
	    {"http:///x", NULL},
	    {"http://*.h/x", NULL},
	    {"/srv/x", NULL},
	    {"host:x", NULL},
	    {"://h", NULL},
	    {"", NULL},
	};
	struct normal n;
	char *got;

	for (size_t i = 0; i < COUNT(rows); i++) {
		bool ok = normal_parse(&n, rows[i][0], false);

		CHECK(ok == (rows[i][1] != NULL));
		if (ok && rows[i][1] != NULL) {
			got = xasprintf("%s|%s|%s|%s|%s", n.scheme,
			    n.user != NULL ? n.user : "", n.host, n.port,
			    n.path);
			CHECK_STR(got, rows[i][1]);
			free(got);
		}
		normal_free(&n);
	}
}

static const char *const patterns[] = {"https://example.com",
    "https://example.com/", "https://*.example.com", "https://*.*.com",
    "https://a.*.com/", "http://example.com", "https://example.com:443",
    "https://example.com:8443", "http://example.com:080/",
    "https://user@example.com", "https://us%65r@example.com/a",
    "https://user:pw@example.com/a/", "https://example.com/a",
    "https://example.com/a/", "https://example.com/a/b",
    "https://example.com/ab", "https://example.com/a/../a",
    "https://example.com/%61", "https://example.com/~x",
    "https://example.com/%7Ex", "https://example.com/%7ex/",
    "https://example.com/a%2fb", "HTTPS://EXAMPLE.com/A", "https://*",
    "https://*.com", "https://ex*.com", "https://[::1]", "https://[::1]:8443/",
    "https://b.a.example.com", "https://example.com/a?b", "https://",
    "example.com", "https://example.com/a b", "ssh://example.com",
    "https://example.com./", "https://a_b.example.com", "https://@example.com",
    "https://example.com:/", "https://example.com/./a/b"};

static const char *const urls[] = {"https://example.com",
    "https://example.com/", "https://Example.COM/a", "https://example.com/a/",
    "https://example.com/a/b", "https://example.com/a/b.git",
    "https://example.com/ab", "https://example.com/A",
    "https://example.com/abc/d", "https://example.com:443/a",
    "https://example.com:8443/a/b", "http://example.com/a",
    "http://example.com:80/a", "http://example.com:8080/a",
    "https://user@example.com/a/b", "https://other@example.com/a",
    "https://user:secret@example.com/", "https://a.example.com/a",
    "https://b.a.example.com/a", "https://a_b.example.com/",
    "https://a.b.com/x", "https://example.com/~x/y",
    "https://example.com/%7ex/y", "https://example.com/%7Ex",
    "https://example.com/a%2Fb", "https://example.com/a%2fb/c",
    "https://example.com/a?b", "https://example.com/a?b/c",
    "https://example.com/x/../a/b", "https://example.com//a", "https://[::1]/x",
    "https://[::1]:8443/x", "https://localhost/a", "https://com/",
    "https://example.com./a", "ssh://example.com/a", "https://@example.com/a",
    "https://example.com:/a/b/c"};

static bool
has_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	return at != NULL && (at == text || at[-1] == '\n');
}

/* Each pattern has a key of its own, so that git names all that fit. */
static void
patterns_fit_as_git_says(void)
{
	struct buf text = {0}, said = {0};
	struct gitconfig *c;
	size_t fitting = 0;

	for (size_t i = 0; i < COUNT(patterns); i++)
		buf_printf(&text, "[http \"%s\"]\n\tk%zu = x\n", patterns[i],
		    i);
	c = listed(text.data);
	for (size_t u = 0; u < COUNT(urls); u++) {
		struct normal n;
		bool is_url = normal_parse(&n, urls[u], false);

		(void)ask_git(&said, "config --get-urlmatch http", urls[u]);
		for (size_t i = 0; i < COUNT(patterns); i++) {
			char *name = xasprintf("k%zu", i);
			char *line = xasprintf("http.%s x\n", name);
			struct fit fit;
			bool fits = false;

			for (size_t k = 0; is_url && k < c->n; k++)
				fits = fits ||
				    entry_fits(&c->v[k], "http", name, &n,
					&fit);
			if (fits != has_line(said.data, line)) {
				printf("# '%s' and '%s': we say %d\n", urls[u],
				    patterns[i], fits);
				check_failed = 1;
			}
			fitting += fits;
			free(line);
			free(name);
		}
		normal_free(&n);
	}
	CHECK(fitting > 100);
	gitconfig_free(c);
	buf_free(&text);
	buf_free(&said);
}

/* In several orders, for the last of equals wins. */
static void
the_best_pattern_is_gits(void)
{
	static const size_t steps[] = {1, 5, 16, 38};
	struct buf text = {0}, said = {0};

	for (size_t s = 0; s < COUNT(steps); s++) {
		struct gitconfig *c;

		buf_clear(&text);
		buf_puts(&text, "[http]\n\tproxy = http://none\n");
		for (size_t i = 0, at = s; i < COUNT(patterns); i++) {
			buf_printf(&text, "[http \"%s\"]\n\tproxy = p%zu\n",
			    patterns[at], at);
			at = (at + steps[s]) % COUNT(patterns);
		}
		c = listed(text.data);
		for (size_t u = s % 2; u < COUNT(urls); u += 2) {
			struct settings settings;

			if (strncmp(urls[u], "http", 4) != 0)
				continue;
			(void)ask_git(&said, "config --get-urlmatch http.proxy",
			    urls[u]);
			said.data[strcspn(said.data, "\n")] = '\0';
			gitconfig_settings(c, urls[u], NULL, &settings);
			CHECK_STR(settings.proxy, said.data);
		}
		gitconfig_free(c);
	}
	buf_free(&text);
	buf_free(&said);
}

/* ---- insteadOf ---- */

static void
urls_are_rewritten_as_git_does(void)
{
	static const char config[] =
	    "[url \"https://mirror/github/\"]\n"
	    "\tinsteadOf = https://github.com/\n\tinsteadOf = gh:\n"
	    "[url \"https://mirror/special/\"]\n"
	    "\tinsteadOf = https://github.com/special/\n"
	    "[url \"https://two/\"]\n\tinsteadOf = gh:\n"
	    "\tinsteadOf = same:\n"
	    "[url \"https://one/\"]\n\tinsteadOf = same:\n"
	    "[url \"https://mirror/github/\"]\n\tinsteadOf = same:\n"
	    "[url \"https://pushed/\"]\n\tpushInsteadOf = https://push/\n"
	    "[url \"/srv/git/\"]\n\tinsteadOf = https://local/\n"
	    "[url \"https://UPPER/\"]\n\tinsteadOf = Up:\n";
	static const char *const sources[] = {"https://github.com/a/b.git",
	    "https://github.com/special/x", "https://github.com/specia",
	    "https://github.com", "gh:a/b", "gh:", "GH:a", "same:x",
	    "https://push/x", "https://local/r.git", "Up:x", "up:x",
	    "git@github.com:a/b", "/srv/x", "ns.role"};
	struct gitconfig *c = listed(config);
	struct buf said = {0};
	char *got;

	for (size_t i = 0; i < COUNT(sources); i++) {
		CHECK(ask_git(&said, "ls-remote --get-url", sources[i]) == 0);
		said.data[strcspn(said.data, "\n")] = '\0';
		got = gitconfig_rewrite(c, sources[i]);
		CHECK_STR(got, said.data);
		free(got);
	}
	gitconfig_free(c);
	buf_free(&said);
}

/* ---- settings ---- */

static void
forget_environment(void)
{
	static const char *const names[] = {"GIT_SSL_CAINFO",
	    "GIT_SSL_NO_VERIFY", "GIT_SSL_CERT", "GIT_SSL_KEY", "https_proxy",
	    "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY",
	    "no_proxy", "NO_PROXY"};

	for (size_t i = 0; i < COUNT(names); i++)
		(void)unsetenv(names[i]);
}

static void
without_a_word_there_are_no_settings(void)
{
	struct gitconfig *c = gitconfig_new("", 0);
	struct settings s;

	gitconfig_settings(c, "https://h/x", NULL, &s);
	CHECK(s.ca_file == NULL && s.cert == NULL && s.key == NULL);
	CHECK(s.headers == NULL && !s.insecure);
	CHECK_STR(s.proxy, "");
	gitconfig_settings(c, "/srv/x", "given.pem", &s);
	CHECK_STR(s.ca_file, "given.pem");
	CHECK_STR(s.proxy, "");
	gitconfig_free(c);
}

static void
files_are_absolute_and_the_option_wins(void)
{
	struct gitconfig *c = LIST("http.sslcainfo\n~/ca.pem\0"
				   "http.https://h/.sslcert\n/c.pem\0"
				   "http.https://h/.sslkey\nk.pem\0");
	char cwd[4096], *key;
	struct settings s;

	(void)setenv("HOME", "/home/me", 1);
	CHECK(getcwd(cwd, sizeof(cwd)) != NULL);
	key = xasprintf("%s/k.pem", cwd);
	gitconfig_settings(c, "https://h/x", NULL, &s);
	CHECK_STR(s.ca_file, "/home/me/ca.pem");
	CHECK_STR(s.cert, "/c.pem");
	CHECK_STR(s.key, key);
	gitconfig_settings(c, "https://other/x", "opt.pem", &s);
	CHECK_STR(s.ca_file, "opt.pem");
	CHECK(s.cert == NULL && s.key == NULL);
	(void)setenv("GIT_SSL_CAINFO", "/env.pem", 1);
	(void)setenv("GIT_SSL_CERT", "/envc.pem", 1);
	(void)setenv("GIT_SSL_KEY", "", 1);
	gitconfig_settings(c, "https://h/x", NULL, &s);
	CHECK_STR(s.ca_file, "/env.pem");
	CHECK_STR(s.cert, "/envc.pem");
	CHECK(s.key == NULL);
	gitconfig_settings(c, "https://h/x", "opt.pem", &s);
	CHECK_STR(s.ca_file, "opt.pem");
	forget_environment();
	free(key);
	gitconfig_free(c);
}

static void
verifying_can_be_switched_off(void)
{
	struct gitconfig *c = LIST("http.https://off/.sslverify\nfalse\0"
				   "http.https://zero/.sslverify\n0\0"
				   "http.https://empty/.sslverify\n\0"
				   "http.https://on/.sslverify\0"
				   "http.https://odd/.sslverify\nmaybe\0");
	static const struct {
		const char *url;
		bool insecure;
	} rows[] = {{"https://off/x", true}, {"https://zero/x", true},
	    {"https://empty/x", true}, {"https://on/x", false},
	    {"https://odd/x", false}, {"https://other/x", false}};
	struct settings s;

	for (size_t i = 0; i < COUNT(rows); i++) {
		gitconfig_settings(c, rows[i].url, NULL, &s);
		CHECK(s.insecure == rows[i].insecure);
	}
	(void)setenv("GIT_SSL_NO_VERIFY", "", 1);
	gitconfig_settings(c, "https://other/x", NULL, &s);
	CHECK(s.insecure);
	forget_environment();
	gitconfig_free(c);
}

static void
headers_add_up_and_an_empty_one_clears(void)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
	    {"https://a/x", "All: 1,A: 1,A: 2,"},
	    {"https://b/x", "B: 2,"},
	    {"https://c/x", "All: 1,Late: 1,"},
	    {"https://d/x", ""},
	};
	struct gitconfig *c = LIST("http.extraheader\nAll: 1\0"
				   "http.https://a/.extraheader\nA: 1\0"
				   "http.https://a/.extraHeader\nA: 2\0"
				   "http.https://b/.extraheader\nB: 1\0"
				   "http.https://b/.extraheader\n\0"
				   "http.https://b/.extraheader\nB: 2\0"
				   "http.https://d/.extraheader\n\0"
				   "http.extraheader\nLate: 1\0");
	struct buf got = {0};
	struct settings s;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&got);
		buf_puts(&got, "");
		gitconfig_settings(c, rows[i].url, NULL, &s);
		for (size_t k = 0; s.headers && s.headers[k] != NULL; k++)
			buf_printf(&got, "%s,", s.headers[k]);
		CHECK_STR(got.data, rows[i].want);
	}
	buf_free(&got);
	gitconfig_free(c);
}

static void
a_worker_keeps_its_own_settings_alone(void)
{
	struct gitconfig *c = LIST("http.https://a/.extraheader\nA: secret\0"
				   "http.https://b/.extraheader\nB: secret\0");
	struct settings a, b;

	gitconfig_settings(c, "https://a/x", NULL, &a);
	gitconfig_settings(c, "https://b/x", NULL, &b);
	gitconfig_forget(c, &a);
	CHECK_STR(a.headers[0], "A: secret");
	CHECK(memcmp(b.headers[0], "\0\0\0\0\0\0\0\0\0", 9) == 0);
	CHECK(memmem(c->text.data, c->text.len, "secret", 6) == NULL);
	gitconfig_free(c);
}

/* ---- proxies ---- */

static void
the_environment_names_proxies(void)
{
	static const struct {
		const char *set, *url, *proxy;
	} rows[] = {
	    {"https_proxy=p:1", "https://h/", "p:1"},
	    {"HTTPS_PROXY=p:1", "https://h/", "p:1"},
	    {"https_proxy=p:1 HTTPS_PROXY=q:2", "https://h/", "p:1"},
	    {"https_proxy=p:1", "http://h/", ""},
	    {"http_proxy=p:1", "http://h/", "p:1"},
	    {"HTTP_PROXY=p:1", "http://h/", ""},
	    {"http_proxy=p:1", "https://h/", ""},
	    {"all_proxy=socks5h://s:1080", "https://h/", "socks5h://s:1080"},
	    {"ALL_PROXY=s:1", "http://h/", "s:1"},
	    {"https_proxy= all_proxy=s:1", "https://h/", ""},
	    {"https_proxy=p:1 no_proxy=h", "https://h/", ""},
	    {"https_proxy=p:1 NO_PROXY=h", "https://h/", ""},
	    {"https_proxy=p:1 NO_PROXY=h no_proxy=x", "https://h/", "p:1"},
	    {"https_proxy=p:1 no_proxy=h", "https://configured/",
		"http://configured:3"},
	    {"no_proxy=configured", "https://configured/", ""},
	    {"https_proxy=p:1", "https://direct/", ""},
	};
	struct gitconfig *c =
	    LIST("http.https://configured/.proxy\nhttp://configured:3\0"
		 "http.https://direct/.proxy\n\0");
	struct settings s;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *copy = xstrdup(rows[i].set), *rest = copy, *one;

		while ((one = strsep(&rest, " ")) != NULL) {
			char *value = strchr(one, '=');

			*value++ = '\0';
			(void)setenv(one, value, 1);
		}
		gitconfig_settings(c, rows[i].url, NULL, &s);
		CHECK_STR(s.proxy, rows[i].proxy);
		forget_environment();
		free(copy);
	}
	gitconfig_free(c);
}

static void
no_proxy_is_read_as_curl_does(void)
{
	static const struct {
		const char *list, *host;
		bool unwanted;
	} rows[] = {
	    {"*", "h", true},
	    {"a,*", "h", false},
	    {"example.com", "example.com", true},
	    {"example.com", "a.example.com", true},
	    {"example.com", "anexample.com", false},
	    {".example.com", "example.com", true},
	    {".example.com", "a.b.example.com", true},
	    {"a.example.com", "example.com", false},
	    {"EXAMPLE.com.", "example.COM", true},
	    {"example.com", "example.com.", true},
	    {"x, example.com ,y", "example.com", true},
	    {"x example.com", "example.com", true},
	    {"", "h", false},
	    {",,", "h", false},
	    {".", "h", false},
	    {"127.0.0.1", "127.0.0.1", true},
	    {"127.0.0.1", "127.0.0.10", false},
	    {"0.0.1", "127.0.0.1", false},
	    {"10.0.0.0/8", "10.1.2.3", true},
	    {"10.0.0.0/8", "11.1.2.3", false},
	    {"192.168.4.0/22", "192.168.7.255", true},
	    {"192.168.4.0/22", "192.168.8.0", false},
	    {"10.0.0.0/33", "10.0.0.0", false},
	    {"10.0.0.0/", "10.0.0.0", false},
	    {"10.0.0.0/x", "10.0.0.0", false},
	    {"0.0.0.0/0", "1.2.3.4", true},
	    {"::1", "[::1]", true},
	    {"2001:db8::/32", "[2001:db8:1::1]", true},
	    {"2001:db8::/32", "[2001:db9::1]", false},
	    {"::/0", "1.2.3.4", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)setenv("no_proxy", rows[i].list, 1);
		if (proxy_unwanted(rows[i].host) != rows[i].unwanted) {
			printf("# '%s' for '%s'\n", rows[i].list, rows[i].host);
			check_failed = 1;
		}
	}
	forget_environment();
}

/* ---- credential.* ---- */

static void
a_helper_may_be_for_some_urls(void)
{
	struct gitconfig *c = LIST("credential.https://a/.helper\nstore\0"
				   "credential.https://b/x.helper\nstore\0"
				   "credential.part.helper\n!f\0"
				   "credential.https://a/.usehttppath\ntrue\0");
	struct gitconfig *all = LIST("credential.helper\nstore\0"
				     "credential.https://a/.helper\n\0");

	CHECK(gitconfig_has_helper(c, "https://a/x"));
	CHECK(gitconfig_use_path(c, "https://a/x"));
	gitconfig_free(c);
	c = LIST("credential.https://b/x.helper\nstore\0");
	CHECK(gitconfig_has_helper(c, "https://b/x/y"));
	CHECK(!gitconfig_has_helper(c, "https://b/y"));
	CHECK(!gitconfig_has_helper(c, "https://a/x"));
	CHECK(!gitconfig_has_helper(c, "/srv/x"));
	CHECK(!gitconfig_use_path(c, "https://b/x/y"));
	CHECK(gitconfig_has_helper(all, "https://b/"));
	CHECK(!gitconfig_has_helper(all, "https://a/"));
	gitconfig_free(all);
	gitconfig_free(c);
	/* Without a scheme: git knows what that means. */
	c = LIST("credential.part.helper\n!f\0");
	CHECK(gitconfig_has_helper(c, "https://a/"));
	gitconfig_free(c);
}

int
main(void)
{
	char *path;

	if (mkdtemp(dir) == NULL)
		return 1;
	forget_environment();
	RUN(the_last_value_of_a_key_wins);
	RUN(what_is_no_list_is_left_out);
	RUN(a_fault_of_the_files_is_kept);
	RUN(an_url_has_one_normal_form);
	RUN(patterns_fit_as_git_says);
	RUN(the_best_pattern_is_gits);
	RUN(urls_are_rewritten_as_git_does);
	RUN(without_a_word_there_are_no_settings);
	RUN(files_are_absolute_and_the_option_wins);
	RUN(verifying_can_be_switched_off);
	RUN(headers_add_up_and_an_empty_one_clears);
	RUN(a_worker_keeps_its_own_settings_alone);
	RUN(the_environment_names_proxies);
	RUN(no_proxy_is_read_as_curl_does);
	RUN(a_helper_may_be_for_some_urls);
	path = xasprintf("%s/config", dir);
	(void)unlink(path);
	(void)rmdir(dir);
	free(path);
	return check_done();
}
