#include "kelpie/settings.h"

#include <stdbool.h>
#include <stdlib.h>

#include "check.h"
#include "http_client.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"

static void
headers_of_the_settings_go_with_every_request(void)
{
	static const char *const extra[] = {"X-One: 1",
	    "authorization: Bearer t", NULL};
	const struct settings settings = {.headers = extra};
	struct http *h = open_with(10, &settings);
	struct took took = {.refuse = false};
	struct error err;
	char *url = at("http://", "/echo");
	struct http_request q = {.url = url, .user = "me", .password = "x"};

	for (int i = 0; i < 2; i++) {
		CHECK(ask(h, &q, &took, &err) == 0);
		CHECK(said(&took, "\r\nX-One: 1\r\n"));
		/* One that is written out wins over ours. */
		CHECK(said(&took, "\r\nauthorization: Bearer t\r\n"));
		CHECK(!said(&took, "Basic"));
		q.body = "ping";
	}
	buf_free(&took.body);
	free(url);
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

/* A proxy that is our server answers whatever it is asked for. */
static void
a_proxy_is_asked_for_hosts_that_only_it_knows(void)
{
	static const char *const schemes[] = {"http://me:s3crt@",
	    "socks5h://me:s3crt@"};
	struct http_request q = {.url = "http://nosuch.invalid:81/echo"};

	for (size_t i = 0; i < 2; i++) {
		char *proxy = at(schemes[i], "");
		const struct settings settings = {.proxy = proxy};
		struct http *h = open_with(10, &settings);
		struct took took = {.refuse = false};
		struct error err;

		CHECK(ask(h, &q, &took, &err) == 0);
		CHECK_STR(err.msg, "");
		CHECK(said(&took, "\r\nHost: nosuch.invalid:81\r\n"));
		CHECK(said(&took,
			  "\r\nProxy-Authorization: Basic "
			  "bWU6czNjcnQ=\r\n") == (i == 0));
		buf_free(&took.body);
		free(proxy);
		http_close(h);
	}
}

static void
a_proxys_refusals_have_their_kinds(void)
{
	static const struct {
		const char *scheme, *url;
		enum error_kind kind;
	} cases[] = {
	    /* It answers 407 to a CONNECT. */
	    {"http://me:s3crt@", "https://nosuch.invalid/", ERR_AUTH},
	    {"socks5h://me:wrongs3crt@", "http://nosuch.invalid/", ERR_AUTH},
	    {"http://me:s3crt@nosuch.invalid:1/", "http://nosuch.invalid/",
		ERR_NETWORK},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *proxy = at(cases[i].scheme, "");
		const struct settings settings = {.proxy = proxy};
		struct http *h = open_with(10, &settings);
		struct http_request q = {.url = cases[i].url};
		struct took took = {.refuse = false};
		struct error err;

		CHECK(ask(h, &q, &took, &err) == -1);
		CHECK(err.kind == cases[i].kind);
		CHECK(strstr(err.msg, "s3crt") == NULL);
		if (err.kind != cases[i].kind)
			(void)printf("# %zu: %s\n", i, err.msg);
		free(proxy);
		http_close(h);
	}
}

static void
the_port_of_a_proxy_is_libcurls(void)
{
	static const struct {
		const char *proxy;
		uint16_t port;
	} cases[] = {
	    {"http://proxy.example:3128", 3128},
	    {"http://me:s3%40crt@proxy.example:3128/", 3128},
	    {"proxy.example:8080", 8080},
	    {"proxy.example", 1080},
	    {"http://proxy.example", 1080},
	    {"https://proxy.example", 443},
	    {"socks5h://[::1]:9050", 9050},
	    {"socks4a://proxy.example", 1080},
	    {"ftp://me:s3crt@proxy.example:21", 0},
	    {"http://", 0},
	    {"http://proxy.example:99999", 0},
	};
	struct error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t n = 0;
		int rc = http_proxy_port(cases[i].proxy, &n, &err);

		CHECK(rc == (cases[i].port == 0 ? -1 : 0));
		CHECK(n == cases[i].port);
		if (rc == -1)
			CHECK(err.kind == ERR_CONFIG &&
			    strstr(err.msg, "s3crt") == NULL);
	}
}

static void
all(void)
{
	RUN(headers_of_the_settings_go_with_every_request);
	RUN(the_environments_proxy_is_not_asked);
	RUN(a_proxy_is_asked_for_hosts_that_only_it_knows);
	RUN(a_proxys_refusals_have_their_kinds);
	RUN(the_port_of_a_proxy_is_libcurls);
}

int
main(void)
{
	return with_server(all);
}
