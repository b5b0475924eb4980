#include "fetch/galaxy.h"

#include <stdlib.h>

#include "check.h"
#include "fetch/galaxy_priv.h"
#include "fetch_bench.h"
#include "http_client.h"
#include "kelpie/json.h"
#include "texts.h"

#define STATUS(n) "HTTP/1.1 " #n " X\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"
#define JSON "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
#define HTML                                                 \
	"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" \
	"<!DOCTYPE html>"
#define API "{\"available_versions\":{\"v3\":\"v3/\",\"v1\":\"/v1/\"}}"
#define TO(url) STATUS(302) "Location: " url "\r\n" NO_BODY

#define ROLE(server, name) server "/v1/roles/?owner__username=me&name=" name
#define IS(id, rest) JSON "{\"results\":[{\"id\":" id rest "}]}", CLOSE
#define ON_GITHUB ",\"github_user\":\"me\",\"github_repo\":\"r-1\""
#define LIST(server, id) server "/v1/roles/" id "/versions/?page_size=50"
#define HAS(list) JSON "{\"results\":[" list "]}", CLOSE
#define V(name) "{\"name\":\"" name "\"}"
#define FOUND(v) "found git\thttps://github.com/me/r-1.git\t" v "\t"
#define OID "0123456789abcdef0123456789abcdef01234567"

/* /g has all roles; the others are servers of some kind. */
static const struct canned galaxy_answers[] = {
    {"/g", JSON API, CLOSE},
    {ROLE("/g", "one"), IS("1", ON_GITHUB)},
    {LIST("/g", "1"),
	HAS(V("1.0.0") "," V("1.2.0") "," V("1.10.0") "," V("1.9.0"))},
    {ROLE("/g", "pages"), IS("2", ON_GITHUB)},
    {LIST("/g", "2"),
	JSON "{\"results\":[" V("1.0") "],\"next_link\":\"/g/p2?x=1\"}", CLOSE},
    {"/g/p2?x=1", JSON "{\"results\":[" V("3.0") "],\"next_link\":\"/g/p3\"}",
	CLOSE},
    {"/g/p3", JSON "{\"results\":[" V("2.0") "],\"next_link\":null}", CLOSE},
    {ROLE("/g", "away"), IS("3", ON_GITHUB)},
    {LIST("/g", "3"),
	JSON "{\"results\":[],\"next_link\":\"http://127.0.0.2/x\"}", CLOSE},
    {ROLE("/g", "round"), IS("4", ON_GITHUB)},
    {LIST("/g", "4"), JSON "{\"results\":[],\"next_link\":\"/g/round\"}",
	CLOSE},
    {"/g/round", JSON "{\"results\":[],\"next_link\":\"/g/round\"}", CLOSE},
    {ROLE("/g", "none"), JSON "{\"results\":[]}", CLOSE},
    {ROLE("/g", "%E2%82%AC%20%26%2F"), IS("1", ON_GITHUB)},
    {"/g/v1/roles/?owner__username=a.b&name=c", IS("1", ON_GITHUB)},
    {ROLE("/g", "r500"), IS("5", ON_GITHUB)},
    {LIST("/g", "5"), STATUS(500) NO_BODY, KEEP},
    {ROLE("/g", "r520"), IS("6", ON_GITHUB)},
    {LIST("/g", "6"), STATUS(520) "Retry-After: 9\r\n" NO_BODY, KEEP},
    {ROLE("/g", "r404"), IS("7", ON_GITHUB)},
    {LIST("/g", "7"), STATUS(404) NO_BODY, KEEP},
    {ROLE("/g", "busy"), STATUS(429) "Retry-After: 3\r\n" NO_BODY, KEEP},
    {ROLE("/g", "cut"), STATUS(200) "Content-Length: 50\r\n\r\n{", CLOSE},
    {ROLE("/g", "html"), HTML, CLOSE},
    {ROLE("/g", "broken"), JSON "{\"results\":[", CLOSE},
    {ROLE("/g", "list"), JSON "[]", CLOSE},
    {ROLE("/g", "odd"), JSON "{\"results\":[7]}", CLOSE},
    {ROLE("/g", "flood"), JSON "        ", FLOOD},
    {ROLE("/g", "noid"), IS("\"../x\"", ON_GITHUB)},
    {ROLE("/g", "uuid"), IS("\"018f-a\"", ON_GITHUB)},
    {LIST("/g", "018f-a"), HAS(V("v1"))},
    {ROLE("/g", "auth"), STATUS(401) NO_BODY, KEEP},
    {ROLE("/g", "forbidden"), STATUS(403) NO_BODY, KEEP},
    {ROLE("/g", "teapot"), STATUS(418) NO_BODY, KEEP},
    {ROLE("/g", "moved"), TO("/g/moved"), KEEP},
    {"/g/moved", IS("1", ON_GITHUB)},
    {ROLE("/g", "gone"), TO("http://127.0.0.2:1/x"), KEEP},
    {ROLE("/g", "loop"), TO("/g/loop"), KEEP},
    {"/g/loop", TO("/g/loop"), KEEP},
    /* The API lies below. */
    {"/below", STATUS(404) NO_BODY, KEEP},
    {"/below/api", JSON API, CLOSE},
    {ROLE("/below/api", "one"), IS("1", ON_GITHUB)},
    {LIST("/below/api", "1"), HAS(V("1.0"))},
    {"/page/", HTML, CLOSE},
    {"/page/api", TO("/page/api/"), KEEP},
    {"/page/api/", JSON API, CLOSE},
    {ROLE("/page/api", "one"), IS("1", ON_GITHUB)},
    {LIST("/page/api", "1"), HAS(V("2.0"))},
    {"/x/api/", JSON API, CLOSE},
    {ROLE("/x/api", "one"), IS("1", ON_GITHUB)},
    {LIST("/x/api", "1"), HAS(V("3.0"))},
    /* No Galaxy. */
    {"/v3", JSON "{\"available_versions\":{\"v3\":\"v3/\"}}", CLOSE},
    {"/nothing", STATUS(404) NO_BODY, KEEP},
    {"/nothing/api", STATUS(404) NO_BODY, KEEP},
    {"/nothing/api/", STATUS(404) NO_BODY, KEEP},
    {"/json", JSON "{}", CLOSE},
    {"/json/api", JSON "[]", CLOSE},
    {"/site", HTML, CLOSE},
    {"/site/api", STATUS(404) NO_BODY, KEEP},
    {"/sites", HTML, CLOSE},
    {"/sites/api", HTML, CLOSE},
    {"/busy", STATUS(404) NO_BODY, KEEP},
    {"/busy/api", STATUS(503) "Retry-After: 2\r\n" NO_BODY, KEEP},
    {"/down", STATUS(503) NO_BODY, KEEP},
    {"/down/api", STATUS(404) NO_BODY, KEEP},
    {"/climbs", JSON "{\"available_versions\":{\"v1\":\"../../x/\"}}", CLOSE},
    {"/noroles", JSON API, CLOSE},
    {ROLE("/noroles", "one"), STATUS(404) NO_BODY, KEEP},
};

/* ---- looking up ---- */

/* The fact, or the message with the server's address as SERVER. */
static char *
outcome(struct bench *b, int rc, const char *server)
{
	size_t len = strlen(server);
	char *shown, *text;

	if (rc == 0)
		return xstrdup(b->fact);
	shown = xstrndup(server, len - (server[len - 1] == '/'));
	text = replaced(b->err.msg, shown, "SERVER");
	free(shown);
	return text;
}

static void
check_with(struct bench *b, const char *server, const char *role,
    const char *version, const char *want)
{
	char *got;
	int rc;

	b->job.role = role;
	b->job.version = version;
	b->err = (struct error){.kind = ERR_NONE};
	b->fact[0] = '\0';
	rc = galaxy_lookup(&b->f, &b->err);
	read_facts(b);
	got = outcome(b, rc, server);
	CHECK_STR(got, want);
	free(got);
}

/* Returns the kind of error. */
static enum error_kind
look_up(const char *path, const char *role, const char *want,
    char fact[MSG_MAX])
{
	char *url = at("http://", path);
	struct bench b;

	open_bench(&b, url);
	check_with(&b, url, role, "", want);
	(void)snprintf(fact, MSG_MAX, "%s", b.fact);
	galaxy_forget(&b.f);
	close_bench(&b);
	free(url);
	return b.err.kind;
}

static void
check_found(const char *path, const char *role, const char *want)
{
	char fact[MSG_MAX];

	CHECK(look_up(path, role, want, fact) == ERR_NONE);
}

static void
check_fails(const char *path, const char *role, enum error_kind kind,
    const char *fact, const char *want)
{
	char got[MSG_MAX];

	CHECK(look_up(path, role, want, got) == kind);
	CHECK_STR(got, fact);
}

static void
the_newest_version_is_found(void)
{
	check_found("/g", "me.one", FOUND("1.10.0"));
	check_found("/g", "me.\xe2\x82\xac &/", FOUND("1.10.0"));
	check_found("/g", "a.b.c", FOUND("1.10.0"));
	check_found("/g", "me.uuid", FOUND("v1"));
}

static void
all_pages_of_the_list_are_read(void)
{
	check_found("/g", "me.pages", FOUND("3.0"));
	check_fails("/g", "me.away", ERR_INTEGRITY, "",
	    "SERVER: versions of role 'me.away': the list goes on at a place "
	    "that is not on this server");
	check_fails("/g", "me.round", ERR_INTEGRITY, "",
	    "SERVER: versions of role 'me.round': the list has more than 200 "
	    "pages");
}

static void
the_api_is_found_at_the_address_or_below_it(void)
{
	check_found("/below", "me.one", FOUND("1.0"));
	check_found("/page/", "me.one", FOUND("2.0"));
	check_found("/x/api/", "me.one", FOUND("3.0"));
}

static void
a_worker_asks_for_the_api_once(void)
{
	char *url = at("http://", "/g");
	struct bench b;

	open_bench(&b, url);
	b.f.galaxy = xcalloc(1, sizeof(*b.f.galaxy));
	b.f.galaxy->server = xstrdup(url);
	b.f.galaxy->root = at("http://", "/x/api/v1/");
	check_with(&b, url, "me.one", "", FOUND("3.0"));
	galaxy_forget(&b.f);
	check_with(&b, url, "me.one", "", FOUND("1.10.0"));
	CHECK(b.f.galaxy != NULL);
	/* What is known of one server is not said of another. */
	b.job.url = "http://127.0.0.1:1/g";
	b.err = (struct error){.kind = ERR_NONE};
	CHECK(galaxy_lookup(&b.f, &b.err) == -1);
	CHECK(b.err.kind == ERR_NETWORK && b.f.galaxy == NULL);
	close_bench(&b);
	free(url);
}

static void
what_a_server_does_not_have_another_may(void)
{
	check_fails("/g", "me.none", ERR_NOTFOUND, "unknown me.none",
	    "role 'me.none' is not known to SERVER");
	check_fails("/v3", "me.one", ERR_NOTFOUND, "unknown me.one",
	    "SERVER: the server has no API for roles (v1)");
	check_fails("/noroles", "me.one", ERR_NOTFOUND, "unknown me.one",
	    "SERVER: the server has no API for roles (v1)");
	check_fails("/json", "me.one", ERR_NOTFOUND, "unknown me.one",
	    "SERVER: no Galaxy: the answer names no versions of an API");
	check_fails("/nothing", "me.one", ERR_NOTFOUND, "unknown me.one",
	    "SERVER: the server answers with status 404");
	check_fails("/nothing/api/", "me.one", ERR_NOTFOUND, "unknown me.one",
	    "SERVER: the server answers with status 404");
}

static void
what_may_pass_may_be_tried_again(void)
{
	check_fails("/g", "me.busy", ERR_NETWORK, "retry-after 3",
	    "SERVER: the server answers with status 429");
	check_fails("/g", "me.r500", ERR_NETWORK, "",
	    "SERVER: versions of role 'me.r500': the server answers with "
	    "status 500");
	check_fails("/g", "me.r520", ERR_NETWORK, "retry-after 9",
	    "SERVER: versions of role 'me.r520': the server answers with "
	    "status 520");
	check_fails("/busy", "me.one", ERR_NETWORK, "retry-after 2",
	    "SERVER: the server answers with status 503");
	check_fails("/down", "me.one", ERR_NETWORK, "",
	    "SERVER: the server answers with status 503");
}

static void
an_answer_that_is_cut_may_be_whole_next_time(void)
{
	char *url = at("http://", "/g");
	struct bench b;

	open_bench(&b, url);
	b.job.role = "me.cut";
	CHECK(galaxy_lookup(&b.f, &b.err) == -1);
	CHECK(b.err.kind == ERR_NETWORK);
	galaxy_forget(&b.f);
	close_bench(&b);
	free(url);
}

static void
nonsense_is_told_as_such(void)
{
	check_fails("/g", "me.html", ERR_INTEGRITY, "",
	    "SERVER: the server answers with an HTML page, not with JSON");
	check_fails("/site", "me.one", ERR_INTEGRITY, "",
	    "SERVER: the server answers with an HTML page, not with JSON");
	check_fails("/sites", "me.one", ERR_INTEGRITY, "",
	    "SERVER: the server answers with an HTML page, not with JSON");
	check_fails("/g", "me.list", ERR_INTEGRITY, "",
	    "SERVER: the server's answer has no list 'results'");
	check_fails("/g", "me.odd", ERR_INTEGRITY, "",
	    "SERVER: the server's answer has no list 'results'");
	check_fails("/g", "me.noid", ERR_INTEGRITY, "",
	    "SERVER: the server's answer names no id of the role");
	check_fails("/climbs", "me.one", ERR_INTEGRITY, "",
	    "SERVER: the server's answer names no path of its API");
	check_fails("/g", "me.flood", ERR_INTEGRITY, "",
	    "SERVER: the server answers with more than 16 MiB");
	check_fails("/g", "me.r404", ERR_NOTFOUND, "",
	    "SERVER: versions of role 'me.r404': the server answers with "
	    "status 404");
	check_fails("/g", "me.teapot", ERR_NOTFOUND, "",
	    "SERVER: the server answers with status 418");
	check_fails("/g", "common", ERR_CONFIG, "",
	    "SERVER: 'common' is no Galaxy name: they are owner.role");
	check_fails("/g", "me.", ERR_CONFIG, "",
	    "SERVER: 'me.' is no Galaxy name: they are owner.role");
}

static void
redirects_end_at_the_origin(void)
{
	check_found("/g", "me.moved", FOUND("1.10.0"));
	check_fails("/g", "me.gone", ERR_INTEGRITY, "",
	    "SERVER: the server sends to another one, 'http://127.0.0.2:1/x': "
	    "if that is right, name it in the place of this one");
	check_fails("/g", "me.loop", ERR_INTEGRITY, "",
	    "SERVER: the server sends elsewhere more than 5 times");
}

static void
who_is_refused_is_told_where_the_token_stands(void)
{
	static const char *const header[] = {"Authorization: Token s3crt",
	    NULL};
	char *url = at("http://", "/g");
	struct bench b;

	check_fails("/g", "me.auth", ERR_AUTH, "",
	    "SERVER: the server wants a token: --token, 'token' of its "
	    "[galaxy_server.NAME], or the token file");
	open_bench(&b, url);
	b.f.opts.settings.headers = header;
	check_with(&b, url, "me.forbidden", "",
	    "SERVER: the server refuses the token; it is that of --token, "
	    "'token' of its [galaxy_server.NAME], or the token file");
	CHECK(b.err.kind == ERR_AUTH);
	b.job.user = "me";
	b.job.password = "s3crt";
	check_with(&b, url, "me.auth", "",
	    "SERVER: the server refuses the user or the password; they are "
	    "'username' and 'password' of its [galaxy_server.NAME]");
	galaxy_forget(&b.f);
	close_bench(&b);
	free(url);
}

/* ---- what the answers come to ---- */

/* The fact with '|' for TAB, or "!" and the message. */
static void
check_choice(const char *wanted, const char *role, const char *versions,
    const char *want)
{
	const struct lookup l = {.role = "me.one",
	    .wanted = wanted,
	    .secure = true};
	struct galaxy_versions list = {0};
	struct json *r, *page;
	struct error err = {0};
	struct buf fact = {0};
	char *text = xasprintf("{\"results\":[%s]}", versions), *tab;
	int rc;

	page = json_parse(text, strlen(text), &err);
	free(text);
	text = xasprintf("{%s}", role);
	r = json_parse(text, strlen(text), &err);
	CHECK(page != NULL && r != NULL);
	CHECK(galaxy_page(&list, page, &err) == 0);
	rc = galaxy_found(&fact, &l, r, &list, &err);
	if (rc == -1) {
		buf_clear(&fact);
		buf_printf(&fact, "!%s", err.msg);
	}
	while ((tab = strchr(fact.data, '\t')) != NULL)
		*tab = '|';
	CHECK_STR(fact.data, want);
	galaxy_versions_free(&list);
	json_free(page);
	json_free(r);
	buf_free(&fact);
	free(text);
}

#define ROLE_ON_GITHUB "\"github_user\":\"u\",\"github_repo\":\"r\""
#define GIT(v) "git|https://github.com/u/r.git|" v "|"
#define AT(name, key, value) "{\"name\":\"" name "\",\"" key "\":\"" value "\"}"

static void
the_version_that_is_wanted_is_taken(void)
{
	static const char list[] = V("1.0.0") "," V("v1.2.0") "," V(
	    "2.0.0-rc1") "," V("2.0.0") "," V("feature-x");

	check_choice("", ROLE_ON_GITHUB, list, GIT("2.0.0"));
	check_choice("1.0.0", ROLE_ON_GITHUB, list, GIT("1.0.0"));
	check_choice("v1.0.0", ROLE_ON_GITHUB, list, GIT("1.0.0"));
	check_choice("1.2.0", ROLE_ON_GITHUB, list, GIT("v1.2.0"));
	check_choice("2.0.0-rc1", ROLE_ON_GITHUB, list, GIT("2.0.0-rc1"));
	check_choice("feature-x", ROLE_ON_GITHUB, list, GIT("feature-x"));
	/* The very same name comes before one with a v. */
	check_choice("1.0", ROLE_ON_GITHUB, V("v1.0") "," V("1.0"), GIT("1.0"));
	check_choice("v1.0", ROLE_ON_GITHUB, V("v1.0") "," V("1.0"),
	    GIT("v1.0"));
}

static void
what_is_not_in_the_list_is_not_there(void)
{
	static const char list[] = V("1.0.0") "," V("1.2.0") "," V(
	    "1.10.0") "," V("1.9.0") "," V("0.9");

	check_choice("9.9", ROLE_ON_GITHUB, list,
	    "!role 'me.one' has no version '9.9'; the nearest are '1.10.0', "
	    "'1.9.0', '1.2.0', '1.0.0'");
	check_choice("1.1", ROLE_ON_GITHUB, list,
	    "!role 'me.one' has no version '1.1'; the nearest are '1.9.0', "
	    "'1.2.0', '1.0.0', '0.9'");
	check_choice("0.1", ROLE_ON_GITHUB, list,
	    "!role 'me.one' has no version '0.1'; the nearest are '1.9.0', "
	    "'1.2.0', '1.0.0', '0.9'");
	check_choice("2.0", ROLE_ON_GITHUB, V("1.0"),
	    "!role 'me.one' has no version '2.0'; there is '1.0'");
	check_choice("master", "", V("1.0"),
	    "!role 'me.one' has no version 'master'; there is '1.0'");
}

static void
branches_and_commits_need_no_list(void)
{
	static const char *const refs[] = {"master", "feature/x", "stable-2",
	    OID, "1a2b3c4", "refs/tags/1.0", "main~2"};
	char *want;

	for (size_t i = 0; i < sizeof(refs) / sizeof(refs[0]); i++) {
		want = xasprintf(GIT("%s"), refs[i]);
		check_choice(refs[i], ROLE_ON_GITHUB, V("1.0"), want);
		free(want);
	}
	check_choice("a..b", ROLE_ON_GITHUB, V("1.0"),
	    "!bad version 'a..b': not a name that git allows for a tag or "
	    "branch");
}

static void
without_versions_it_is_the_branch(void)
{
	check_choice("", ROLE_ON_GITHUB ",\"github_branch\":\"devel\"", "",
	    GIT("devel"));
	check_choice("", ROLE_ON_GITHUB ",\"github_branch\":null", "", GIT(""));
	check_choice("1.0", ROLE_ON_GITHUB, "", GIT("1.0"));
	check_choice("", ROLE_ON_GITHUB ",\"github_branch\":\"a b\"", "",
	    "!the branch of role 'me.one': bad version 'a b': not a name that "
	    "git allows for a tag or branch");
}

static void
names_that_git_would_not_take_are_left_out(void)
{
	check_choice("", ROLE_ON_GITHUB,
	    V("") ",{},7,null,{\"name\":8}," V("-x") "," V("a b") "," V(
		"9..9") "," V("9~1") "," V("1.0"),
	    GIT("1.0"));
	/* A head that nobody pinned is no way out. */
	check_choice("", ROLE_ON_GITHUB ",\"github_branch\":\"main\"",
	    V("1 0") "," V(""),
	    "!none of the 2 versions of role 'me.one' has a name that git "
	    "would take");
	check_choice("1.0", ROLE_ON_GITHUB, V("1 0"),
	    "!role 'me.one' has no version '1.0'; there is none that can be "
	    "used");
}

static void
the_commit_comes_along_where_it_is_known(void)
{
	check_choice("", ROLE_ON_GITHUB, AT("1.0", "commit_sha", OID),
	    GIT("1.0") OID);
	check_choice("", ROLE_ON_GITHUB, AT("1.0", "commit_sha", "0123"),
	    GIT("1.0"));
	check_choice("main", ROLE_ON_GITHUB, AT("1.0", "commit_sha", OID),
	    GIT("main"));
}

static void
an_archive_of_its_own_comes_first(void)
{
	check_choice("", ROLE_ON_GITHUB,
	    AT("1.0", "download_url", "https://h/one.tar.gz?a=b"),
	    "archive|https://h/one.tar.gz?a=b|1.0|");
	check_choice("", "", AT("1.0", "download_url", "https://h/x"),
	    "archive|https://h/x|1.0|");
	/* What GitHub packs by itself is its repository. */
	check_choice("", ROLE_ON_GITHUB,
	    AT("1.0", "download_url",
		"https://github.com/u/r/archive/1.0.tar.gz"),
	    GIT("1.0"));
	check_choice("", ROLE_ON_GITHUB,
	    AT("v1", "download_url",
		"https://GitHub.com/U/R/archive/refs/tags/v1.zip"),
	    GIT("v1"));
	check_choice("", ROLE_ON_GITHUB,
	    AT("1.0", "download_url",
		"https://github.com/u/r/archive/1.1.tar.gz"),
	    "archive|https://github.com/u/r/archive/1.1.tar.gz|1.0|");
	check_choice("", ROLE_ON_GITHUB,
	    AT("1.0", "download_url",
		"https://github.com/u/r2/archive/1.0.tar.gz"),
	    "archive|https://github.com/u/r2/archive/1.0.tar.gz|1.0|");
}

static void
a_source_comes_last(void)
{
	check_choice("", ROLE_ON_GITHUB,
	    AT("1.0", "source", "https://h/s.tar.gz"), GIT("1.0"));
	check_choice("", "", AT("1.0", "source", "https://h/s.tar.gz"),
	    "archive|https://h/s.tar.gz|1.0|");
	check_choice("", "\"github_user\":\"u\"",
	    AT("1.0", "source", "git+https://h/s.git"),
	    "git|https://h/s.git|1.0|");
	check_choice("", "", V("1.0"),
	    "!the server does not say where role 'me.one' is to be fetched");
}

static void
places_are_checked(void)
{
	static const struct {
		const char *url, *want;
	} row[] = {
	    {"http://h/x",
		"!the server sends from https to 'http://h/x', where nothing "
		"is protected: that is refused"},
	    {"http://u:s3crt@h/x",
		"!the server sends from https to 'http://h/x', where nothing "
		"is protected: that is refused"},
	    {"file:///etc/passwd",
		"!what the server names to fetch is no http or https url"},
	    {"/x", "!what the server names to fetch is no http or https url"},
	    {"-x",
		"!what the server names to fetch: the source begins with "
		"'-'"},
	    {"https://h/a\\tb",
		"!what the server names to fetch: the source has a control "
		"byte in it"},
	    {"https://h/a b",
		"!what the server names to fetch: the url has a space or a "
		"backslash in it"},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		char *entry =
		    xasprintf(AT("1", "download_url", "%s"), row[i].url);

		check_choice("", "", entry, row[i].want);
		free(entry);
	}
	check_choice("", "\"github_user\":\"u/x\",\"github_repo\":\"r\"",
	    V("1"), "!'u/x/r' cannot be a repository on GitHub");
	check_choice("", "\"github_user\":\"u\",\"github_repo\":\"..\"", V("1"),
	    "!'u/..' cannot be a repository on GitHub");
}

static void
all(void)
{
	RUN(the_newest_version_is_found);
	RUN(all_pages_of_the_list_are_read);
	RUN(the_api_is_found_at_the_address_or_below_it);
	RUN(a_worker_asks_for_the_api_once);
	RUN(what_a_server_does_not_have_another_may);
	RUN(what_may_pass_may_be_tried_again);
	RUN(an_answer_that_is_cut_may_be_whole_next_time);
	RUN(nonsense_is_told_as_such);
	RUN(redirects_end_at_the_origin);
	RUN(who_is_refused_is_told_where_the_token_stands);
	RUN(the_version_that_is_wanted_is_taken);
	RUN(what_is_not_in_the_list_is_not_there);
	RUN(branches_and_commits_need_no_list);
	RUN(without_versions_it_is_the_branch);
	RUN(names_that_git_would_not_take_are_left_out);
	RUN(the_commit_comes_along_where_it_is_known);
	RUN(an_archive_of_its_own_comes_first);
	RUN(a_source_comes_last);
	RUN(places_are_checked);
}

int
main(void)
{
	answers = galaxy_answers;
	answers_len = sizeof(galaxy_answers) / sizeof(galaxy_answers[0]);
	return with_server(all);
}
