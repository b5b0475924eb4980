#include "kelpie/url.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/error.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
each_form_has_its_scheme_and_origin(void)
{
	static const struct {
		const char *url;
		enum scheme scheme;
		const char *origin;
	} rows[] = {
	    {"https://h/x.git", SCHEME_HTTPS, "https://h:443"},
	    {"HTTPS://Example.ORG:8443/X", SCHEME_HTTPS,
		"https://example.org:8443"},
	    {"https://h", SCHEME_HTTPS, "https://h:443"},
	    {"http://u:p@h:080/x", SCHEME_HTTP, "http://h:80"},
	    {"http://h?x=@y:z", SCHEME_HTTP, "http://h:80"},
	    {"http://h/a@b:c", SCHEME_HTTP, "http://h:80"},
	    {"http://[2001:DB8::1]/x", SCHEME_HTTP, "http://[2001:db8::1]:80"},
	    {"http://[::1]:65535/x", SCHEME_HTTP, "http://[::1]:65535"},
	    {"http://b\xc3\xbc"
	     "cher.example/x",
		SCHEME_HTTP,
		"http://b\xc3\xbc"
		"cher.example:80"},
	    {"git://h/x", SCHEME_GIT, "git://h:9418"},
	    {"ssh://git@H/x", SCHEME_SSH, "ssh://h:22"},
	    {"ssh://h:2222/~u/x", SCHEME_SSH, "ssh://h:2222"},
	    {"git@github.com:a/b.git", SCHEME_SSH, "ssh://github.com:22"},
	    {"host:path", SCHEME_SSH, "ssh://host:22"},
	    {"u@[::1]:x", SCHEME_SSH, "ssh://[::1]:22"},
	    {"[::1]:x", SCHEME_SSH, "ssh://[::1]:22"},
	    {"file:///srv/x", SCHEME_FILE, "local"},
	    {"FILE://localhost/srv/x", SCHEME_FILE, "local"},
	    {"/srv/x", SCHEME_NONE, "local"},
	    {"/srv/with space\\x", SCHEME_NONE, "local"},
	    {"./a:b", SCHEME_NONE, "local"},
	    {"geerlingguy.docker", SCHEME_NONE, "local"},
	    {"~/x", SCHEME_NONE, "local"},
	};
	struct error err;
	enum scheme scheme;
	char *origin;

	for (size_t i = 0; i < COUNT(rows); i++) {
		err.msg[0] = '\0';
		CHECK(url_check(rows[i].url, &scheme, &err) == 0);
		CHECK_STR(err.msg, "");
		CHECK(scheme == rows[i].scheme);
		origin = url_origin(rows[i].url);
		CHECK_STR(origin, rows[i].origin);
		free(origin);
	}
}

static void
bad_sources_are_refused(void)
{
	static const char *const bad[] = {"", "-ccore.sshCommand=x",
	    "--upload-pack=x", "ext::sh -c x", "ext::https://h/x", "ftp://h/x",
	    "://h/x", "git+https://h/x", "javascript://x", "https://",
	    "https:///x", "https://:443/x", "https://@h/x", "https://u@/x",
	    "https://-h/x", "https://u@-h/x", "ssh://-oProxyCommand=x/y",
	    "ssh://-o@h/y", "git@-oX:y", "-o@h:y", "@h:y", "git@h:", "git@h:-x",
	    ":x", "u@a@h:x", "https://a@b@h/x", "https://h:0/x",
	    "https://h:65536/x", "https://h:x/x", "https://h:/x",
	    "https://h:-1/x", "https://h:000080/x", "https://a:b:80/x",
	    "https://[::1/x", "https://[]/x", "https://[h]/x",
	    "https://[::1]x/", "https://x[::1]/", "https://h%0a/x",
	    "https://h;x/", "a?b:x", "a#b:x", "https://h$x/", "https://h/%0a",
	    "https://h/%0D", "https://h/%00", "https://h/%7f", "https://h/%1B",
	    "https://h/a b", "https://h/a\\b", "https://h/a\nb",
	    "https://h\t/a", "git@h:a b", "git@h:a\\b", "git@h:a\rb", "/a\nb",
	    "a\x7f", "a\033b", "file://h/x", "file://u@localhost/x",
	    "file://localhost:1/x", "file://", "file:///%00", "u:p@h:x",
	    "[git@h:22]:x.git"};
	struct error err;
	enum scheme scheme;

	for (size_t i = 0; i < COUNT(bad); i++) {
		err.kind = ERR_NONE;
		if (url_check(bad[i], &scheme, &err) == 0)
			printf("# taken: '%s'\n", bad[i]);
		CHECK(err.kind == ERR_CONFIG);
	}
}

static void
an_unknown_scheme_is_named(void)
{
	struct error err;
	enum scheme scheme;

	CHECK(url_check("ext::sh -c id", &scheme, &err) == -1);
	CHECK_STR(err.msg,
	    "scheme 'ext' is not taken: https, http, ssh, git and file are");
	CHECK(url_check("svn://u:secret@h/x", &scheme, &err) == -1);
	CHECK_STR(err.msg,
	    "scheme 'svn' is not taken: https, http, ssh, git and file are");
}

static void
no_message_holds_a_password(void)
{
	static const char *const bad[] = {"https://u:secret@h:0/x",
	    "https://u:secret/@h/x", "https://u:secret@@h/x",
	    "https://u:secret\\@h/x", "https://u:secret@/x", "u:secret@h:x",
	    "https://u:%0asecret@h/x"};
	struct error err;
	enum scheme scheme;

	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(url_check(bad[i], &scheme, &err) == -1);
		CHECK(strstr(err.msg, "secret") == NULL);
	}
}

static void
redacting_takes_out_what_is_secret(void)
{
	static const char *const rows[][2] = {
	    {"https://h/x", "https://h/x"},
	    {"https://u:p@h:8/x", "https://h:8/x"},
	    {"https://token@h/x", "https://h/x"},
	    {"https://u:p@h/x?private_token=t#f", "https://h/x"},
	    {"https://h/x#f", "https://h/x"},
	    {"https://h/x@1.0", "https://h/x@1.0"},
	    {"https://h:8/x@1.0", "https://h:8/x@1.0"},
	    {"ssh://git@h/x", "ssh://git@h/x"},
	    {"ssh://u:p@h/x", "ssh://h/x"},
	    {"ssh://u%3Ap@h/x", "ssh://h/x"},
	    {"ssh://u@p@h/x", "ssh://h/x"},
	    {"git@h:a/b?c#d", "git@h:a/b?c#d"},
	    {"/srv/a#b", "/srv/a#b"},
	    {"ns.role", "ns.role"},
	    /* Sources that url_check() would refuse are shown, too. */
	    {"ftp://u:p@h/x", "ftp://h/x"},
	    {"https://u:p@", "https://"},
	    {"https://u:p/q@h/x", "https://h/x"},
	    {"https://u:p?q@h/x", "https://h/x"},
	    {"https://u:p#q@h/x", "https://h/x"},
	    {"https://a@b:p/q@h/x", "https://h/x"},
	    {"https://u:p@q@h/x", "https://h/x"},
	    {"u:p@h:x", "h:x"},
	    {"", ""},
	};
	char *got;

	for (size_t i = 0; i < COUNT(rows); i++) {
		got = url_redact(rows[i][0]);
		CHECK_STR(got, rows[i][1]);
		free(got);
	}
}

static void
a_file_url_gives_its_path(void)
{
	static const char *const rows[][2] = {
	    {"file:///srv/x.git", "/srv/x.git"},
	    {"file://localhost/srv/x", "/srv/x"},
	    {"file:///a%20b%2Fc%41", "/a b/cA"},
	    {"file:///100%", "/100%"},
	    {"file:///%4", "/%4"},
	    {"file:///%zz", "/%zz"},
	    {"file:///a%00b", "/a%00b"},
	    {"/srv/a%20b", "/srv/a%20b"},
	    {"https://h/a%20b", "https://h/a%20b"},
	};
	char *got;

	for (size_t i = 0; i < COUNT(rows); i++) {
		got = url_path(rows[i][0]);
		CHECK_STR(got, rows[i][1]);
		free(got);
	}
}

static void
what_is_near_is_known_by_its_address(void)
{
	static const struct {
		const char *url;
		enum reach reach;
	} rows[] = {
	    {"https://example.org/x", REACH_FAR},
	    {"https://8.8.8.8/x", REACH_FAR},
	    {"https://172.32.0.1/x", REACH_FAR},
	    {"https://100.128.0.1/x", REACH_FAR},
	    {"https://[2001:db8::1]/x", REACH_FAR},
	    {"https://localhost.example.org/x", REACH_FAR},
	    {"https://xlocalhost/x", REACH_FAR},
	    {"git@github.com:a/b", REACH_FAR},
	    {"http://localhost:8080/x", REACH_PRIVATE},
	    {"http://LOCALHOST./x", REACH_PRIVATE},
	    {"http://a.localhost/x", REACH_PRIVATE},
	    {"http://u:p@127.0.0.1/x", REACH_PRIVATE},
	    {"http://127.1/x", REACH_PRIVATE},
	    {"http://127.0.0.1./x", REACH_PRIVATE},
	    {"http://0/x", REACH_PRIVATE},
	    {"http://2130706433/x", REACH_PRIVATE},
	    {"http://0x7f000001/x", REACH_PRIVATE},
	    {"http://0177.0.0.1/x", REACH_PRIVATE},
	    {"http://10.1.2.3/x", REACH_PRIVATE},
	    {"http://172.16.0.1/x", REACH_PRIVATE},
	    {"http://172.31.255.255/x", REACH_PRIVATE},
	    {"http://192.168.0.1/x", REACH_PRIVATE},
	    {"http://100.64.0.1/x", REACH_PRIVATE},
	    {"git://[::1]/x", REACH_PRIVATE},
	    {"git://[::]/x", REACH_PRIVATE},
	    {"git://[fd00:ec2::254]:80/x", REACH_PRIVATE},
	    {"git://[fec0::1]/x", REACH_PRIVATE},
	    {"git://[::ffff:127.0.0.1]/x", REACH_PRIVATE},
	    {"git://[64:ff9b::a00:1]/x", REACH_PRIVATE},
	    {"git@[::1]:x", REACH_PRIVATE},
	    {"git@10.0.0.1:x", REACH_PRIVATE},
	    {"http://169.254.169.254/latest", REACH_LINK},
	    {"http://0xa9fea9fe/latest", REACH_LINK},
	    {"http://169.16689662/latest", REACH_LINK},
	    {"http://[fe80::1]/x", REACH_LINK},
	    {"http://[::ffff:169.254.169.254]/x", REACH_LINK},
	    {"http://\xe2\x91\xa0.example/x", REACH_UNCLEAR},
	    {"file:///srv/x", REACH_HERE},
	    {"/srv/x", REACH_HERE},
	};
	struct error err;
	enum scheme scheme;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(url_check(rows[i].url, &scheme, &err) == 0);
		if (url_reach(rows[i].url) != rows[i].reach)
			printf("# wrong: '%s'\n", rows[i].url);
		CHECK(url_reach(rows[i].url) == rows[i].reach);
	}
}

static void
nothing_leads_to_what_is_nearer(void)
{
	static const bool may[5][5] = {
	    [REACH_FAR] = {[REACH_FAR] = true},
	    [REACH_PRIVATE] = {[REACH_FAR] = true, [REACH_PRIVATE] = true},
	    [REACH_HERE] = {[REACH_FAR] = true,
		[REACH_PRIVATE] = true,
		[REACH_HERE] = true},
	    [REACH_LINK] = {[REACH_FAR] = true},
	    [REACH_UNCLEAR] = {[REACH_FAR] = true},
	};

	for (int from = 0; from < 5; from++)
		for (int to = 0; to < 5; to++)
			CHECK(url_may_lead((enum reach)from, (enum reach)to) ==
			    may[from][to]);
}

#define V1 "https://h/x.tgz#e5b1e1be" /* of the SHA-256 of "v=1&" */

static void
what_is_kept_tells_queries_apart_without_their_secrets(void)
{
	static const char *const rows[][2] = {
	    {"https://h/x.tgz", "https://h/x.tgz"},
	    {"https://h/x.tgz?", "https://h/x.tgz"},
	    {"https://me:word@h/x.tgz?v=1", V1},
	    {"https://h/x.tgz?v=1&private_token=a", V1},
	    {"https://h/x.tgz?Access_Token=a;v=1&", V1},
	    {"https://h/x.tgz?v=1#part", V1},
	    {"https://h/x.tgz?v=2", "https://h/x.tgz#e221cfff"},
	    {"https://h/x.tgz?X-Amz-Date=1&Signature=2", "https://h/x.tgz"},
	    {"https://h/x.tgz#part", "https://h/x.tgz"},
	    {"./a?b#c", "./a?b#c"},
	    {"ssh://git@h/x", "ssh://git@h/x"},
	};
	char *once, *twice;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		once = url_kept(rows[i][0]);
		twice = url_kept(once);
		CHECK_STR(once, rows[i][1]);
		CHECK_STR(twice, once);
		free(once);
		free(twice);
	}
}

int
main(void)
{
	RUN(each_form_has_its_scheme_and_origin);
	RUN(bad_sources_are_refused);
	RUN(an_unknown_scheme_is_named);
	RUN(no_message_holds_a_password);
	RUN(redacting_takes_out_what_is_secret);
	RUN(what_is_kept_tells_queries_apart_without_their_secrets);
	RUN(a_file_url_gives_its_path);
	RUN(what_is_near_is_known_by_its_address);
	RUN(nothing_leads_to_what_is_nearer);
	return check_done();
}
