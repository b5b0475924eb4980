#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/http.h"

static bool
is_proxy_scheme(const char *s)
{
	static const char *const known[] = {"http", "https", "socks4",
	    "socks4a", "socks5", "socks5h"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(s, known[i]) == 0)
			return true;
	return false;
}

/* The words name the scheme at most: what else there is may be secret. */
static int
read_proxy(CURLU *u, const char *proxy, uint16_t *port, struct error *err)
{
	char *scheme = NULL, *number = NULL;
	int rc = -1;

	/* The same call as libcurl's own for CURLOPT_PROXY. */
	if (curl_url_set(u, CURLUPART_URL, proxy,
		CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK) {
		(void)error_set(err, ERR_CONFIG, "the proxy is not an url");
		goto out;
	}
	if (!is_proxy_scheme(scheme)) {
		(void)error_set(err, ERR_CONFIG,
		    "a proxy of scheme '%s' is not taken: http, https, "
		    "socks4, socks4a, socks5 and socks5h are",
		    scheme);
		goto out;
	}
	/* What libcurl takes without a port: CURLOPT_PROXY(3). */
	*port = strcmp(scheme, "https") == 0 ? 443 : 1080;
	if (curl_url_get(u, CURLUPART_PORT, &number, 0) == CURLUE_OK)
		*port = (uint16_t)strtoul(number, NULL, 10);
	rc = 0;
out:
	curl_free(scheme);
	curl_free(number);
	return rc;
}

int
http_proxy_port(const char *proxy, uint16_t *port, struct error *err)
{
	CURLU *u = curl_url();
	int rc;

	if (u == NULL)
		return error_set(err, ERR_LOCAL, "out of memory");
	rc = read_proxy(u, proxy, port, err);
	curl_url_cleanup(u);
	return rc;
}

static char *
decode(const char *s, size_t len)
{
	int out_len = 0;
	char *plain = NULL, *copy;

	/* A length of 0 would be that of the whole string. */
	if (len != 0)
		plain = curl_easy_unescape(NULL, s, (int)len, &out_len);
	if (plain == NULL)
		return xstrndup(s, len);
	copy = xstrndup(plain, (size_t)out_len);
	curl_free(plain);
	return copy;
}

/* What is before the '@'. */
static void
split(char **user, char **password, const char *s, const char *at)
{
	const char *colon = memchr(s, ':', (size_t)(at - s));

	if (colon != NULL)
		*password = decode(colon + 1, (size_t)(at - colon - 1));
	else
		colon = at;
	*user = decode(s, (size_t)(colon - s));
}

char *
http_bare(const char *url, char **user, char **password)
{
	const char *from = strstr(url, "://"), *at;

	if (user != NULL)
		*user = *password = NULL;
	if (from == NULL)
		return xstrdup(url);
	from += 3;
	at = memrchr(from, '@', strcspn(from, "/?#"));
	if (at == NULL)
		return xstrdup(url);
	if (user != NULL)
		split(user, password, from, at);
	return xasprintf("%.*s%s", (int)(from - url), url, at + 1);
}
