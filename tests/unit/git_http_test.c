#include "fetch/git_http.h"

#include <string.h>

#include "check.h"
#include "fetch_bench.h"
#include "http_client.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/msg.h"
#include "kelpie/worker.h"

#define GET "/info/refs?service=git-upload-pack"
#define POST "/git-upload-pack"
#define STATUS(n) "HTTP/1.1 " #n " X\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"
#define TO(n, url) STATUS(n) "Location: " url "\r\n" NO_BODY
#define OID "0123456789abcdef0123456789abcdef01234567"

/* Whatever is not here is echoed as a git server would. */
static const struct canned git_answers[] = {
    {"/old" GET, TO(301, "/new" GET), KEEP},
    {"/r0" GET, TO(301, "/r1" GET), KEEP},
    {"/r1" GET, TO(301, "/r2" GET), KEEP},
    {"/r2" GET, TO(302, "/r3" GET), KEEP},
    {"/r3" GET, TO(303, "/r4" GET), KEEP},
    {"/r4" GET, TO(307, "/r5" GET), KEEP},
    {"/r5" GET, TO(308, "/new" GET), KEEP},
    {"/short" GET, TO(301, "/new/info/refs"), KEEP},
    {"/away" GET, TO(301, "http://other.invalid:81/x.git" GET), KEEP},
    {"/secret" GET, TO(302, "http://u:s3crt@other.invalid/x" GET), KEEP},
    {"/tls" GET, TO(301, "https://127.0.0.1/tls" GET), KEEP},
    {"/login" GET, TO(302, "/users/sign_in"), KEEP},
    {"/sso" GET, TO(302, "https://sso.invalid/login?a=" GET), KEEP},
    {"/file" GET, TO(302, "file:///etc" GET), KEEP},
    {"/bell" GET, TO(302, "http://other.invalid/%07" GET), KEEP},
    {"/x.git" GET, STATUS(404) NO_BODY, KEEP},
    {"/y" GET, STATUS(404) NO_BODY, KEEP},
    {"/gone" GET, STATUS(404) NO_BODY, KEEP},
    {"/gone.git" GET, STATUS(404) NO_BODY, KEEP},
    {"/html" GET,
	STATUS(200) "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
	KEEP},
    {"/dumb" GET,
	STATUS(200) "Content-Type: text/plain\r\nContent-Length: 48\r\n\r\n" OID
		    "\tHEAD12\n",
	KEEP},
    {"/none" GET,
	STATUS(200) "Content-Type: application/x-git-upload-pack-"
		    "advertisement\r\n" NO_BODY,
	KEEP},
    {"/500" GET, STATUS(500) NO_BODY, KEEP},
    {"/basic" GET, STATUS(401) "WWW-Authenticate: basic realm=x\r\n" NO_BODY,
	KEEP},
    {"/moved" POST, TO(301, "/new" POST), KEEP},
    {"/html" POST,
	STATUS(200) "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
	KEEP},
    {"/none" POST,
	STATUS(
	    200) "Content-Type: application/x-git-upload-pack-result\r\n" NO_BODY,
	KEEP},
    {"/untyped" POST, STATUS(200) "Content-Length: 2\r\n\r\nhi", KEEP},
    {"/204" POST, STATUS(204) "\r\n", KEEP},
    {"/400" POST, STATUS(400) NO_BODY, KEEP},
    {"/404" POST, STATUS(404) NO_BODY, KEEP},
    {"/405" POST, STATUS(405) NO_BODY, KEEP},
    {"/501" POST, STATUS(501) NO_BODY, KEEP},
    {"/500" POST, STATUS(500) NO_BODY, KEEP},
    {"/403" POST, STATUS(403) NO_BODY, KEEP},
    {"/407" POST, STATUS(407) NO_BODY, KEEP},
    {"/408" POST, STATUS(408) NO_BODY, KEEP},
    {"/429" POST, STATUS(429) "Retry-After: 9\r\n" NO_BODY, KEEP},
    {"/503" POST, STATUS(503) NO_BODY, KEEP},
    {"/529" POST, STATUS(529) NO_BODY, KEEP},
    {"/basic" POST, STATUS(401) "WWW-Authenticate: basic realm=x\r\n" NO_BODY,
	KEEP},
    {"/bare" POST, STATUS(401) NO_BODY, KEEP},
    {"/bearer" POST, STATUS(401) "WWW-Authenticate: Bearer\r\n" NO_BODY, KEEP},
};

static int
take(void *ctx, const char *data, size_t len, struct error *err)
{
	struct bench *b = ctx;

	(void)err;
	buf_add(&b->got, data, len);
	return 0;
}

static int
greet_it(struct bench *b)
{
	bool ended = false;
	const struct reader reader = {take, b, &ended};
	int rc;

	buf_clear(&b->got);
	b->err = (struct error){.kind = ERR_NONE};
	rc = carrier_http.greet(&b->f, &reader, &b->err);
	read_facts(b);
	return rc;
}

static int
ask_it(struct bench *b)
{
	static char ping[] = "ping";
	const struct buf body = {.data = ping, .len = 4};
	bool ended = false;
	const struct reader reader = {take, b, &ended};
	int rc;

	buf_clear(&b->got);
	b->err = (struct error){.kind = ERR_NONE};
	rc = carrier_http.ask(&b->f, &body, &reader, &b->err);
	read_facts(b);
	return rc;
}

static bool
heard(const struct bench *b, const char *words)
{
	return b->got.data != NULL && strstr(b->got.data, words) != NULL;
}

/* ---- tests ---- */

static void
a_request_says_its_version(void)
{
	char *url = at("http://", "/x.git/");
	struct bench b;

	open_bench(&b, url);
	CHECK(ask_it(&b) == 0);
	CHECK(heard(&b, " POST /x.git/git-upload-pack HTTP/1.1\r\n"));
	CHECK(heard(&b, "\r\nGit-Protocol: version=2\r\n"));
	CHECK(heard(&b, "\r\nUser-Agent: git/"));
	CHECK(!heard(&b, "Authorization"));
	b.f.protocol = 0;
	CHECK(ask_it(&b) == 0);
	CHECK(!heard(&b, "Git-Protocol"));
	b.f.protocol = 2;
	CHECK(greet_it(&b) == 0);
	CHECK(heard(&b, "\r\nGit-Protocol: version=2\r\n"));
	close_bench(&b);
	free(url);
}

static void
what_is_no_answer_may_be_known_after_a_greeting(void)
{
	static const struct {
		const char *path;
		int rc;
		enum error_kind kind;
		const char *fact, *words;
	} cases[] = {
	    {"/moved", 1, ERR_NOTFOUND, "", "elsewhere"},
	    {"/html", 1, ERR_NOTFOUND, "", "HTML"},
	    {"/none", 1, ERR_NOTFOUND, "", "nothing"},
	    {"/untyped", 1, ERR_NOTFOUND, "", "without a type"},
	    {"/204", 1, ERR_NOTFOUND, "", "204"},
	    {"/400", 1, ERR_NOTFOUND, "", "400"},
	    {"/404", 1, ERR_NOTFOUND, "", "private and no credentials"},
	    {"/405", 1, ERR_NOTFOUND, "", "405"},
	    {"/501", 1, ERR_NOTFOUND, "", "501"},
	    {"/500", 1, ERR_NETWORK, "", "500"},
	    {"/403", -1, ERR_AUTH, "", "forbids"},
	    {"/407", -1, ERR_AUTH, "", "proxy"},
	    {"/408", -1, ERR_NETWORK, "", "408"},
	    {"/429", -1, ERR_NETWORK, "retry-after 9", "429"},
	    {"/503", -1, ERR_NETWORK, "", "503"},
	    {"/529", -1, ERR_NETWORK, "", "529"},
	    {"/basic", -1, ERR_AUTH, "auth basic", "asks for a user"},
	    {"/bare", -1, ERR_AUTH, "auth Basic", "asks for a user"},
	    {"/bearer", -1, ERR_AUTH, "auth Bearer", "'Bearer'"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *url = at("http://", cases[i].path);
		struct bench b;
		int rc;

		open_bench(&b, url);
		rc = ask_it(&b);
		if (rc != cases[i].rc || b.err.kind != cases[i].kind)
			(void)printf("# %s: %s\n", url, b.err.msg);
		CHECK(rc == cases[i].rc);
		CHECK(b.err.kind == cases[i].kind);
		CHECK(strstr(b.err.msg, cases[i].words) != NULL);
		CHECK_STR(b.fact, cases[i].fact);
		CHECK(b.got.len == 0);
		/* Then nobody knows more. */
		b.f.greeted = true;
		CHECK(ask_it(&b) == -1);
		b.f.greeted = false;
		b.f.protocol = 0;
		CHECK(ask_it(&b) == -1);
		close_bench(&b);
		free(url);
	}
}

static void
a_greeting_follows_redirects_and_learns_the_base(void)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {"/new", "/new"},
	    {"/old", "/new"},
	    {"/r1", "/new"},
	    {"/short", "/new"},
	    {"/x.git", "/x"},
	    {"/y", "/y.git"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *url = at("http://me:s3crt@", cases[i].from);
		char *base = at("http://", cases[i].to);
		char *line = xasprintf(" GET %s" GET " HTTP", cases[i].to);
		struct bench b;

		open_bench(&b, url);
		CHECK(greet_it(&b) == 0);
		CHECK_STR(b.f.way.base, base);
		CHECK(heard(&b, line));
		CHECK(heard(&b, "\r\nAuthorization: Basic bWU6czNjcnQ=\r\n"));
		CHECK_STR(b.fact, "");
		CHECK(ask_it(&b) == 0);
		CHECK(heard(&b, cases[i].to));
		/* What was learnt is not for the next job. */
		git_http_begin(&b.f);
		CHECK(strcmp(b.f.way.base, base) != 0 || i == 0);
		close_bench(&b);
		free(line);
		free(base);
		free(url);
	}
}

static void
a_greeting_may_fail(void)
{
	static const struct {
		const char *path;
		enum error_kind kind;
		const char *fact, *words;
	} cases[] = {
	    {"/r0", ERR_NOTFOUND, "", "more than 5 times"},
	    {"/away", ERR_NOTFOUND, "moved http://other.invalid:81/x.git",
		"moved to 'http://other.invalid:81/x.git'"},
	    {"/secret", ERR_NOTFOUND, "moved http://other.invalid/x",
		"moved to 'http://other.invalid/x'"},
	    {"/tls", ERR_NOTFOUND, "moved https://127.0.0.1/tls", "moved"},
	    {"/login", ERR_NOTFOUND, "", "/users/sign_in'"},
	    {"/sso", ERR_NOTFOUND, "", "'https://sso.invalid/login'"},
	    {"/file", ERR_NOTFOUND, "", "elsewhere"},
	    {"/bell", ERR_NOTFOUND, "", "elsewhere"},
	    {"/gone", ERR_NOTFOUND, "", "private and no credentials"},
	    {"/gone.git", ERR_NOTFOUND, "", "private and no credentials"},
	    {"/html", ERR_NOTFOUND, "", "HTML"},
	    {"/dumb", ERR_NOTFOUND, "", "dumb http"},
	    {"/none", ERR_NOTFOUND, "", "nothing"},
	    {"/500", ERR_NETWORK, "", "500"},
	    {"/basic", ERR_AUTH, "auth basic", "asks for a user"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *url = at("http://", cases[i].path);
		struct bench b;

		open_bench(&b, url);
		CHECK(greet_it(&b) == -1);
		CHECK(b.err.kind == cases[i].kind);
		CHECK_HAS(b.err.msg, cases[i].words);
		CHECK_STR(b.fact, cases[i].fact);
		CHECK(b.got.len == 0);
		close_bench(&b);
		free(url);
	}
}

static void
credentials_of_the_job_are_used_where_the_url_has_none(void)
{
	static const struct {
		const char *in_url, *user, *password, *sent;
	} cases[] = {
	    {"http://", "me", "x", "bWU6eA=="},
	    {"http://", "", "x", "Ong="},
	    {"http://you@", "me", "x", "bWU6eA=="},
	    {"http://you@", "", "x", "eW91Ong="},
	    {"http://you:y%40@", "me", "x", "eW91OnlA"},
	    {"http://you@", "", "", "eW91Og=="},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *url = at(cases[i].in_url, "/x");
		char *line =
		    xasprintf("\r\nAuthorization: Basic %s\r\n", cases[i].sent);
		struct bench b;

		open_bench(&b, url);
		b.job.user = cases[i].user;
		b.job.password = cases[i].password;
		git_http_begin(&b.f);
		CHECK(ask_it(&b) == 0);
		CHECK(heard(&b, line));
		if (!heard(&b, line))
			(void)printf("# %zu: %s\n", i, b.got.data);
		close_bench(&b);
		free(line);
		free(url);
	}
}

static void
refused_credentials_are_told_apart_from_none(void)
{
	char *url = at("http://me:s3crt@", "/basic");
	static const char *const header[] = {"authorization: Basic x", NULL};
	struct bench b;

	open_bench(&b, url);
	CHECK(ask_it(&b) == -1);
	CHECK(strstr(b.err.msg, "refuses the user") != NULL);
	CHECK(strstr(b.err.msg, "s3crt") == NULL);
	close_bench(&b);
	free(url);
	url = at("http://", "/basic");
	open_bench(&b, url);
	b.f.opts.settings.headers = header;
	CHECK(ask_it(&b) == -1);
	CHECK(strstr(b.err.msg, "refuses the user") != NULL);
	close_bench(&b);
	free(url);
}

static void
all(void)
{
	RUN(a_request_says_its_version);
	RUN(what_is_no_answer_may_be_known_after_a_greeting);
	RUN(a_greeting_follows_redirects_and_learns_the_base);
	RUN(a_greeting_may_fail);
	RUN(credentials_of_the_job_are_used_where_the_url_has_none);
	RUN(refused_credentials_are_told_apart_from_none);
}

int
main(void)
{
	answers = git_answers;
	answers_len = sizeof(git_answers) / sizeof(git_answers[0]);
	return with_server(all);
}
