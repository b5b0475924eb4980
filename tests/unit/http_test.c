#include "kelpie/http.h"

#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "http_client.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"

/* ---- tests ---- */

static void
a_body_arrives_however_it_is_framed(void)
{
	static const char *const paths[] = {"/length", "/chunks", "/close"};
	struct http *h = open_http(10);
	struct error err;

	for (size_t i = 0; i < 3; i++) {
		struct took took = {.refuse = false};

		CHECK(post(h, "http://", paths[i], &took, &err) == 0);
		CHECK(took.body.data != NULL);
		CHECK_STR(took.body.data, "hello");
		CHECK(took.answer.status == 200 && took.answer.received == 5);
		buf_free(&took.body);
	}
	http_close(h);
}

static void
the_request_is_what_was_asked_for(void)
{
	static const char *const there[] = {" POST /echo?x HTTP/1.1\r\n",
	    "\r\nContent-Type: text/ping\r\n", "\r\nAccept: text/pong\r\n",
	    "\r\nContent-Length: 4\r\n", "\r\n\r\nping"};
	static const char *const absent[] = {"\r\nExpect",
	    "\r\nAccept-Encoding", "\r\nAuthorization"};
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/echo?x", &took, &err) == 0);
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		CHECK_HAS(took.body.data, there[i]);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (strcasestr(took.body.data, absent[i]) != NULL)
			CHECK_STR(took.body.data, absent[i]);
	buf_free(&took.body);
	http_close(h);
}

static void
user_and_password_of_the_url_are_sent_and_not_told(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://me:s%40crt@", "/echo", &took, &err) == 0);
	CHECK(strstr(took.body.data,
		  "\r\nAuthorization: Basic bWU6c0BjcnQ=\r\n") != NULL);
	CHECK(post(h, "http://me:s%40crt@", "/cut", &took, &err) == -1);
	CHECK(strstr(err.msg, "crt") == NULL);
	buf_free(&took.body);
	http_close(h);
}

static void
a_connection_is_kept(void)
{
	static const char *const between[] = {"/length", "/chunks", "/empty",
	    "/404", "/204", "/moved"};
	struct http *h = open_http(10);
	struct error err;
	char first = '?';

	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
		struct took took = {.refuse = false};

		CHECK(post(h, "http://", "/echo", &took, &err) == 0);
		if (i == 0)
			first = took.body.data[0];
		CHECK(took.body.data[0] == first);
		CHECK(post(h, "http://", between[i], &took, &err) == 0);
		buf_free(&took.body);
	}
	http_close(h);
}

static void
a_new_connection_takes_the_place_of_a_lost_one(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/cut", &took, &err) == -1);
	CHECK(post(h, "http://", "/once", &took, &err) == 0);
	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	CHECK_STR(took.body.data, "hellohellohello");
	buf_free(&took.body);
	http_close(h);
}

static void
a_request_that_met_the_end_of_its_connection_is_sent_again(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	buf_clear(&took.body);
	CHECK(post(h, "http://", "/first", &took, &err) == 0);
	CHECK(said(&took, " POST /first "));
	buf_free(&took.body);
	http_close(h);
}

static void
a_get_comes_between_posts(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;
	char *url = at("http://", "/echo?a=b");
	struct http_request q = {.url = url};

	for (int i = 0; i < 2; i++) {
		q.body = NULL;
		CHECK(ask(h, &q, &took, &err) == 0);
		CHECK(said(&took, " GET /echo?a=b HTTP/1.1\r\n"));
		CHECK(!said(&took, "Content-") && !said(&took, "ping"));
		q.body = "ping";
		CHECK(ask(h, &q, &took, &err) == 0);
		CHECK(said(&took, " POST /echo?a=b HTTP/1.1\r\n"));
		CHECK(said(&took, "Content-Length: 4\r\n"));
	}
	buf_free(&took.body);
	free(url);
	http_close(h);
}

static void
credentials_go_with_one_request(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;
	char *url = at("http://", "/echo");
	struct http_request with = {.url = url,
				.user = "me",
				.password = "s@crt"},
			    token = {.url = url, .user = "", .password = "t"},
			    without = {.url = url};

	CHECK(ask(h, &with, &took, &err) == 0);
	CHECK(said(&took, "\r\nAuthorization: Basic bWU6c0BjcnQ=\r\n"));
	CHECK(ask(h, &token, &took, &err) == 0);
	CHECK(said(&took, "\r\nAuthorization: Basic OnQ=\r\n"));
	CHECK(ask(h, &without, &took, &err) == 0);
	CHECK(!said(&took, "Authorization"));
	buf_free(&took.body);
	free(url);
	http_close(h);
}

static void
a_server_may_say_how_long_to_wait(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;
	const struct http_answer *a = &took.answer;

	CHECK(post(h, "http://", "/busy", &took, &err) == 0);
	CHECK(a->status == 429 && a->retry_after == 7);
	CHECK(post(h, "http://", "/later", &took, &err) == 0);
	/* libcurl may take no more than some hours for sensible. */
	CHECK(a->status == 503 && a->retry_after >= 3600);
	CHECK(post(h, "http://", "/past", &took, &err) == 0);
	CHECK(a->status == 503 && a->retry_after == 0);
	CHECK(post(h, "http://", "/404", &took, &err) == 0);
	CHECK(a->status == 404 && a->retry_after == 0);
	http_close(h);
}

static void
a_401_names_its_schemes(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/auth", &took, &err) == 0);
	CHECK(took.answer.status == 401);
	CHECK_STR(took.answer.auth, "Basic, Negotiate");
	CHECK(post(h, "http://", "/404", &took, &err) == 0);
	CHECK_STR(took.answer.auth, "");
	http_close(h);
}

static void
other_answers_are_answers_without_a_body(void)
{
	static const struct {
		const char *path;
		long status;
	} cases[] = {{"/404", 404}, {"/204", 204}, {"/moved", 301},
	    {"/long404", 404}};
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(post(h, "http://", cases[i].path, &took, &err) == 0);
		CHECK(took.answer.status == cases[i].status);
		CHECK(took.body.len == 0);
		/* The end of one without end is not waited for. */
		CHECK(took.answer.received < 1 << 20);
	}
	http_close(h);
}

static void
a_redirect_is_told_and_not_followed(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;
	char *want = xasprintf("http://127.0.0.1:%u/length?x", port);

	CHECK(post(h, "http://", "/moved", &took, &err) == 0);
	CHECK(took.answer.status == 301 && took.body.len == 0);
	CHECK_STR(took.answer.location, want);
	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	CHECK_STR(took.answer.location, "");
	CHECK(post(h, "http://", "/elsewhere", &took, &err) == 0);
	CHECK_STR(took.answer.location, "file:///etc/passwd");
	buf_free(&took.body);
	free(want);
	http_close(h);
}

static void
the_type_is_bare_and_in_lower_case(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/type", &took, &err) == 0);
	CHECK_STR(took.answer.type, "text/html");
	CHECK(post(h, "http://", "/close", &took, &err) == 0);
	CHECK_STR(took.answer.type, "");
	buf_free(&took.body);
	http_close(h);
}

static void
what_goes_wrong_has_its_kind(void)
{
	static const struct {
		const char *scheme, *path;
		enum error_kind kind;
	} cases[] = {
	    {"http://", "/cut", ERR_NETWORK},
	    {"http://", "/cutchunk", ERR_NETWORK},
	    {"http://", "/nothing", ERR_NETWORK},
	    {"http://", "/nohttp", ERR_INTEGRITY},
	    {"http://", "/headers", ERR_INTEGRITY},
	    {"http://", "/header", ERR_INTEGRITY},
	    {"https://", "/length", ERR_AUTH},
	    {"ftp://", "/length", ERR_INTEGRITY},
	    {"file://", "/etc/passwd", ERR_INTEGRITY},
	};
	struct http *h = open_http(10);
	struct error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct took took = {.refuse = false};

		CHECK(
		    post(h, cases[i].scheme, cases[i].path, &took, &err) == -1);
		CHECK(err.kind == cases[i].kind);
		CHECK(err.msg[0] != '\0' && strchr(err.msg, '\n') == NULL);
		if (err.kind != cases[i].kind)
			(void)printf("# %s: %s\n", cases[i].path, err.msg);
		buf_free(&took.body);
	}
	http_close(h);
}

static void
a_header_line_without_end_is_told(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/header", &took, &err) == -1);
	CHECK_HAS(err.msg, "a header line of the answer is too long");
	buf_free(&took.body);
	http_close(h);
}

static void
a_port_that_nobody_listens_to_is_the_networks_fault(void)
{
	uint16_t saved = port;
	int fd = listen_somewhere();
	struct http *h = open_http(10);
	struct took took = {.refuse = false};
	struct error err;

	(void)close(fd);
	CHECK(post(h, "http://", "/length", &took, &err) == -1);
	CHECK(err.kind == ERR_NETWORK);
	port = saved;
	http_close(h);
}

static void
silence_ends_in_time(void)
{
	static const char *const paths[] = {"/silent", "/stops"};
	struct error err;

	for (size_t i = 0; i < 2; i++) {
		struct http *h = open_http(1);
		struct took took = {.refuse = false};
		uint64_t start = clock_ms();

		CHECK(post(h, "http://", paths[i], &took, &err) == -1);
		CHECK(err.kind == ERR_NETWORK);
		CHECK(strstr(err.msg, "for 1 seconds") != NULL);
		CHECK(clock_ms() - start >= 1000); /* not a moment before */
		CHECK(clock_ms() - start < 30000);
		buf_free(&took.body);
		http_close(h);
	}
}

static void
the_sinks_error_is_the_one_that_counts(void)
{
	struct http *h = open_http(10);
	struct took took = {.refuse = true};
	struct error err;

	CHECK(post(h, "http://", "/length", &took, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "no room");
	took.refuse = false;
	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	CHECK_STR(took.body.data, "hello");
	buf_free(&took.body);
	http_close(h);
}

static void
count(void *ctx, uint64_t received)
{
	uint64_t *most = ctx;

	if (received >= *most)
		*most = received + 1;
}

static void
progress_is_told(void)
{
	uint64_t most = 0;
	const struct http_opts opts = {.timeout = 10,
	    .progress = count,
	    .ctx = &most};
	struct http *h = http_open(&opts);
	struct took took = {.refuse = false};
	struct error err;

	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	CHECK(most == 6);
	buf_free(&took.body);
	http_close(h);
}

static void
user_and_password_are_taken_out_of_an_url(void)
{
	static const struct {
		const char *url, *bare, *user, *password;
	} cases[] = {
	    {"https://h/x.git", "https://h/x.git", NULL, NULL},
	    {"https://me@h:1/x", "https://h:1/x", "me", NULL},
	    {"https://me:a%40b%3a@h/x@y", "https://h/x@y", "me", "a@b:"},
	    {"https://:t@h/", "https://h/", "", "t"},
	    {"https://me:@h", "https://h", "me", ""},
	    {"https://h/a:b@c", "https://h/a:b@c", NULL, NULL},
	    {"/a/path@x", "/a/path@x", NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *user, *password;
		char *bare = http_bare(cases[i].url, &user, &password);

		CHECK_STR(bare, cases[i].bare);
		CHECK((user != NULL) == (cases[i].user != NULL));
		CHECK((password != NULL) == (cases[i].password != NULL));
		if (user != NULL && cases[i].user != NULL)
			CHECK_STR(user, cases[i].user);
		if (password != NULL && cases[i].password != NULL)
			CHECK_STR(password, cases[i].password);
		free(bare);
		free(user);
		free(password);
	}
}

/* One of the paths, or below one. */
static bool
trusts(const char *const *paths, const char *path)
{
	size_t len;

	for (; *paths != NULL; paths++) {
		len = strlen(*paths);
		if (strncmp(*paths, path, len) == 0 &&
		    (path[len] == '\0' || path[len] == '/'))
			return true;
	}
	return false;
}

/* In a child, since the list is made but once. */
static bool
trust_holds(const char *ca_file, const char *path)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(trusts(http_trust(ca_file), path) ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0;
}

static void
trust_is_the_file_or_the_environment_or_the_system(void)
{
	(void)setenv("SSL_CERT_FILE", "/x/file.pem", 1);
	(void)setenv("SSL_CERT_DIR", "/x/one:/x/two", 1);
	CHECK(trust_holds(NULL, "/x/file.pem"));
	CHECK(trust_holds(NULL, "/x/one") && trust_holds(NULL, "/x/two"));
	CHECK(trust_holds("/y.pem", "/y.pem"));
	CHECK(!trust_holds("/y.pem", "/x/file.pem"));
	CHECK(!trust_holds("/y.pem", "/x/one"));
	(void)unsetenv("SSL_CERT_FILE");
	(void)unsetenv("SSL_CERT_DIR");
	CHECK(trust_holds(NULL, "/etc/ssl/certs"));
	CHECK(trust_holds(NULL, "/etc/ssl/certs/ca.pem"));
	CHECK(!trust_holds(NULL, "/x/file.pem"));
	/* The keys of this machine are no worker's to read. */
	CHECK(!trust_holds(NULL, "/etc/ssl/private/host.key"));
	CHECK(!trust_holds(NULL, "/etc/pki/tls/private/host.key"));
}

static void
all(void)
{
	RUN(a_body_arrives_however_it_is_framed);
	RUN(the_request_is_what_was_asked_for);
	RUN(user_and_password_of_the_url_are_sent_and_not_told);
	RUN(a_connection_is_kept);
	RUN(a_new_connection_takes_the_place_of_a_lost_one);
	RUN(a_request_that_met_the_end_of_its_connection_is_sent_again);
	RUN(a_get_comes_between_posts);
	RUN(credentials_go_with_one_request);
	RUN(a_server_may_say_how_long_to_wait);
	RUN(a_401_names_its_schemes);
	RUN(other_answers_are_answers_without_a_body);
	RUN(a_redirect_is_told_and_not_followed);
	RUN(the_type_is_bare_and_in_lower_case);
	RUN(what_goes_wrong_has_its_kind);
	RUN(a_header_line_without_end_is_told);
	RUN(a_port_that_nobody_listens_to_is_the_networks_fault);
	RUN(silence_ends_in_time);
	RUN(the_sinks_error_is_the_one_that_counts);
	RUN(progress_is_told);
	RUN(user_and_password_are_taken_out_of_an_url);
	RUN(trust_is_the_file_or_the_environment_or_the_system);
}

int
main(void)
{
	return with_server(all);
}
