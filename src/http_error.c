#include <ctype.h>
#include <string.h>

#include "http_priv.h"
#include "kelpie/error.h"

/* A handshake that the network cut short may go better. */
static enum error_kind
kind_of_handshake(const struct http *h)
{
	long os = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_OS_ERRNO, &os);
	if (os != 0 || strstr(h->words, "SSL_ERROR_SYSCALL") != NULL)
		return ERR_NETWORK;
	return ERR_AUTH;
}

/* What a SOCKS proxy refuses once it refuses again. */
static enum error_kind
kind_of_proxy(const struct http *h)
{
	long why = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_PROXY_ERROR, &why);
	switch (why) {
	case CURLPX_NO_AUTH:
	case CURLPX_USER_REJECTED:
	case CURLPX_IDENTD_DIFFER:
	case CURLPX_REPLY_NOT_ALLOWED:
		return ERR_AUTH;
	default:
		return ERR_NETWORK;
	}
}

static enum error_kind
kind_of(const struct http *h, CURLcode code)
{
	switch (code) {
	case CURLE_SSL_CONNECT_ERROR:
		return kind_of_handshake(h);
	case CURLE_PROXY:
		return kind_of_proxy(h);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CLIENTCERT:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return ERR_AUTH;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_OUT_OF_MEMORY: /* for a header line without end */
		return ERR_INTEGRITY;
	case CURLE_FAILED_INIT:
	case CURLE_SSL_ENGINE_INITFAILED:
		return ERR_LOCAL;
	default:
		return ERR_NETWORK;
	}
}

/* Did a proxy answer a CONNECT with something that will not pass? */
static bool
is_forbidden(const struct http *h, struct error *err)
{
	long status = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 407)
		(void)error_set(err, ERR_AUTH,
		    "the proxy asks for a user and password, or refuses them");
	else if (status == 403)
		(void)error_set(err, ERR_AUTH, "the proxy forbids it");
	return status == 407 || status == 403;
}

/* libcurl's words are sentences; ours are not. */
static void
adapt(char *words)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	size_t len = strlen(words);

	while (len != 0 && strchr("\r\n .", words[len - 1]) != NULL)
		words[--len] = '\0';
	/* "Failed to", but not "OpenSSL". */
	if (len != 0 && strspn(words + 1, lower) == strcspn(words + 1, " "))
		words[0] = (char)tolower((unsigned char)words[0]);
}

int
http_fail(const struct http *h, CURLcode code, struct error *err)
{
	const char *words = h->words;

	if (h->silent)
		return patience_fail(&h->patience, h->timeout, err);
	if (is_forbidden(h, err))
		return -1;
	/* What libcurl calls a header line of more than 100 KB. */
	if (code == CURLE_OUT_OF_MEMORY)
		words = "a header line of the answer is too long, or memory "
			"is out";
	if (*words == '\0')
		words = curl_easy_strerror(code);
	(void)error_set(err, kind_of(h, code), "%s", words);
	adapt(err->msg);
	return -1;
}
