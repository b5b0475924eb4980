#include "http_priv.h"

#include <string.h>

#include "http_trust.h"
#include "kelpie/settings.h"

static bool
is_openssl(void)
{
	const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return tls != NULL && strncmp(tls, "OpenSSL/", 8) == 0;
}

/* Without a word libcurl takes the certificates that it was built for. */
static void
set_trust(CURL *easy, const char *ca_file)
{
	struct trust trust;

	trust_find(&trust, ca_file);
	/* Other TLS libraries read a hashed directory file by file. */
	if (!trust.chosen && (trust.dir == NULL || !is_openssl()))
		return;
	(void)curl_easy_setopt(easy, CURLOPT_CAINFO, trust.file);
	(void)curl_easy_setopt(easy, CURLOPT_CAPATH, trust.dir);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, trust.file);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, trust.dir);
}

/* The certificate that says who we are, and its key. */
static void
set_identity(CURL *easy, const struct settings *s)
{
	(void)curl_easy_setopt(easy, CURLOPT_SSLCERT, s->cert);
	(void)curl_easy_setopt(easy, CURLOPT_SSLKEY, s->key);
	/* Without a word OpenSSL asks for one on the terminal. */
	(void)curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
}

/* Whatever the TLS library would take: RFC 8996. */
static void
set_version(CURL *easy)
{
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
}

/* As far as the origin goes; a proxy is checked all the same. */
static void
set_blind(CURL *easy)
{
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

void
http_set(CURL *easy, const struct settings *s)
{
	static const struct settings none;

	if (s == NULL)
		s = &none;
	set_trust(easy, s->ca_file);
	set_identity(easy, s);
	set_version(easy);
	if (s->insecure)
		set_blind(easy);
	/* "" is none at all; NULL would be the environment's. */
	(void)curl_easy_setopt(easy, CURLOPT_PROXY,
	    s->proxy != NULL ? s->proxy : "");
	/* Hosts that a proxy is not for are the caller's business. */
	(void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}
