#include "kelpie/http.h"

#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "http_server.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"

/* ---- a request ---- */

struct took {
	struct buf body;
	struct http_answer answer;
	bool refuse;
};

static int
sink(void *ctx, const char *data, size_t len, struct error *err)
{
	struct took *took = ctx;

	CHECK(len != 0);
	CHECK(took->answer.status == 200);
	if (took->refuse)
		return error_set(err, ERR_LOCAL, "no room");
	buf_add(&took->body, data, len);
	return 0;
}

static struct http *
open_http(unsigned timeout)
{
	const struct http_opts opts = {.timeout = timeout};
	struct http *h = http_open(&opts);

	if (h == NULL)
		exit(1);
	return h;
}

/* POST "ping" to scheme and path of our server. */
static int
post(struct http *h, const char *scheme, const char *path, struct took *took,
    struct error *err)
{
	static const char *const headers[] = {"Content-Type: text/ping",
	    "Accept: text/pong", NULL};
	char *url = xasprintf("%s127.0.0.1:%u%s", scheme, port, path);
	const struct http_request q = {.url = url,
	    .headers = headers,
	    .body = "ping",
	    .len = 4,
	    .sink = sink,
	    .ctx = took};
	int rc;

	err->kind = ERR_NONE;
	err->msg[0] = '\0';
	rc = http_post(h, &q, &took->answer, err);
	free(url);
	return rc;
}

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
		if (strstr(took.body.data, there[i]) == NULL)
			CHECK_STR(took.body.data, there[i]);
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
the_environments_proxy_is_not_asked(void)
{
	struct http *h;
	struct took took = {.refuse = false};
	struct error err;

	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("all_proxy", "http://127.0.0.1:1", 1);
	h = open_http(10);
	CHECK(post(h, "http://", "/length", &took, &err) == 0);
	(void)unsetenv("http_proxy");
	(void)unsetenv("all_proxy");
	buf_free(&took.body);
	http_close(h);
}

static bool
trusts(const char *const *paths, const char *path)
{
	for (; *paths != NULL; paths++)
		if (strcmp(*paths, path) == 0)
			return true;
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
	CHECK(trust_holds(NULL, "/etc/ssl"));
	CHECK(!trust_holds(NULL, "/x/file.pem"));
}

int
main(void)
{
	int listener = listen_somewhere();
	struct error err;
	pid_t server;

	(void)signal(SIGPIPE, SIG_IGN);
	if (http_init(&err) == -1)
		return 1;
	server = fork();
	if (server == 0)
		serve(listener);
	(void)close(listener);
	RUN(a_body_arrives_however_it_is_framed);
	RUN(the_request_is_what_was_asked_for);
	RUN(user_and_password_of_the_url_are_sent_and_not_told);
	RUN(a_connection_is_kept);
	RUN(a_new_connection_takes_the_place_of_a_lost_one);
	RUN(other_answers_are_answers_without_a_body);
	RUN(a_redirect_is_told_and_not_followed);
	RUN(the_type_is_bare_and_in_lower_case);
	RUN(what_goes_wrong_has_its_kind);
	RUN(a_port_that_nobody_listens_to_is_the_networks_fault);
	RUN(silence_ends_in_time);
	RUN(the_sinks_error_is_the_one_that_counts);
	RUN(progress_is_told);
	RUN(the_environments_proxy_is_not_asked);
	RUN(trust_is_the_file_or_the_environment_or_the_system);
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	return check_done();
}
