#include "kelpie/http.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "http_trust.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"

#define CONNECT_MAX 30 /* seconds */
#define PIECE_SIZE (128L << 10) /* what libcurl reads at a time */
#define HEADERS_MAX ((size_t)256 << 10)
#define PAUSE_MS 3000
#define UNWANTED_MAX ((size_t)64 << 10) /* of a body to be thrown away */

struct http {
	CURL *easy;
	void (*progress)(void *ctx, uint64_t received);
	void *progress_ctx;
	unsigned timeout;
	uint64_t heard; /* ms: when the last byte came, or the request began */
	uint64_t looked; /* ms: when on_progress() was last called */
	bool silent; /* and that was too long ago */
	char words[CURL_ERROR_SIZE]; /* libcurl's own, for errors */
};

/* One request on its way. */
struct transfer {
	struct http *http;
	const struct http_request *request;
	struct http_answer *answer;
	struct error *err;
	size_t header_bytes;
	bool known; /* answer has status and type */
	bool failed; /* *err is set by us or by the sink */
	bool enough; /* of a body that nobody wants */
};

int
http_init(struct error *err)
{
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

	if (code == CURLE_OK)
		return 0;
	return error_set(err, ERR_LOCAL, "start libcurl: %s",
	    curl_easy_strerror(code));
}

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
}

/* ---- what libcurl calls ---- */

/*
 * libcurl's own limit looks at averages, so that a burst of a few bytes
 * makes it wait several times as long.  Called every second at least: if
 * more has passed, it was the process that was stopped, not the server.
 */
static int
on_progress(void *ctx, curl_off_t total, curl_off_t received,
    curl_off_t upload_total, curl_off_t sent)
{
	struct http *h = ctx;
	uint64_t now = clock_ms();

	(void)total, (void)upload_total, (void)sent;
	if (h->progress != NULL)
		h->progress(h->progress_ctx, (uint64_t)received);
	if (now - h->looked > PAUSE_MS)
		h->heard = now;
	h->looked = now;
	h->silent = now - h->heard >= (uint64_t)h->timeout * 1000;
	return h->silent;
}

static size_t
on_header(char *data, /* NOLINT(readability-non-const-parameter) */
    size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)data;
	t->http->heard = clock_ms();
	t->header_bytes += size * n;
	if (t->header_bytes <= HEADERS_MAX)
		return size * n;
	t->failed = true;
	(void)error_set(t->err, ERR_INTEGRITY,
	    "the headers of the answer are longer than %zu KiB",
	    HEADERS_MAX >> 10);
	return 0;
}

/* Copy a media type: lower case, without what follows a ';'. */
static void
copy_type(char *out, size_t size, const char *type)
{
	size_t i, len = strcspn(type, "; \t");

	if (len >= size)
		len = size - 1;
	for (i = 0; i < len; i++)
		out[i] = (char)tolower((unsigned char)type[i]);
	out[len] = '\0';
}

static void
learn(struct transfer *t)
{
	struct http_answer *a = t->answer;
	char *text = NULL;

	if (t->known)
		return;
	t->known = true;
	(void)curl_easy_getinfo(t->http->easy, CURLINFO_RESPONSE_CODE,
	    &a->status);
	if (curl_easy_getinfo(t->http->easy, CURLINFO_CONTENT_TYPE, &text) ==
		CURLE_OK &&
	    text != NULL)
		copy_type(a->type, sizeof(a->type), text);
}

/* Whatever is not the length of the piece ends the transfer. */
static size_t
on_body(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t len = size * n;

	learn(t);
	t->http->heard = clock_ms();
	t->answer->received += len;
	if (t->answer->status != 200) {
		t->enough = t->answer->received > UNWANTED_MAX;
		return t->enough ? 0 : len;
	}
	if (len == 0 ||
	    t->request->sink(t->request->ctx, data, len, t->err) == 0)
		return len;
	t->failed = true;
	return 0;
}

/* ---- the handle ---- */

struct http *
http_open(const struct http_opts *opts)
{
	struct http *h = xcalloc(1, sizeof(*h));
	long timeout = (long)opts->timeout;
	CURL *easy = curl_easy_init();

	if (easy == NULL) {
		free(h);
		return NULL;
	}
	h->easy = easy;
	h->timeout = opts->timeout;
	h->progress = opts->progress;
	h->progress_ctx = opts->ctx;
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, h->words);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	(void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, PIECE_SIZE);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
	    timeout < CONNECT_MAX ? timeout : CONNECT_MAX);
	/* Not the environment's. */
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, h);
	(void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	set_trust(easy, opts->ca_file);
	return h;
}

static enum error_kind
kind_of(const struct http *h, CURLcode code)
{
	long os = 0;

	switch (code) {
	case CURLE_SSL_CONNECT_ERROR:
		/* A handshake that the network cut short may go better. */
		(void)curl_easy_getinfo(h->easy, CURLINFO_OS_ERRNO, &os);
		if (os != 0 || strstr(h->words, "SSL_ERROR_SYSCALL") != NULL)
			return ERR_NETWORK;
		return ERR_AUTH;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
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

/* libcurl's words are sentences; ours are not. */
static int
fail(const struct http *h, CURLcode code, struct error *err)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	const char *words = h->words;
	size_t len;

	if (h->silent)
		return error_set(err, ERR_NETWORK,
		    "not a byte from the server for %u seconds", h->timeout);
	if (*words == '\0')
		words = curl_easy_strerror(code);
	(void)error_set(err, kind_of(h, code), "%s", words);
	len = strlen(err->msg);
	while (len != 0 && strchr("\r\n .", err->msg[len - 1]) != NULL)
		err->msg[--len] = '\0';
	/* "Failed to", but not "OpenSSL". */
	if (strspn(err->msg + 1, lower) == strcspn(err->msg + 1, " "))
		err->msg[0] = (char)tolower((unsigned char)err->msg[0]);
	return -1;
}

static struct curl_slist *
header_list(const char *const *headers)
{
	/* No "Expect: 100-continue", which costs a round trip. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (; list != NULL && *headers != NULL; headers++) {
		struct curl_slist *more = curl_slist_append(list, *headers);

		if (more == NULL)
			curl_slist_free_all(list);
		list = more;
	}
	return list;
}

static void
set_request(CURL *easy, const struct http_request *q)
{
	(void)curl_easy_setopt(easy, CURLOPT_URL, q->url);
	(void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q->body);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)q->len);
}

/* The headers are in; what did the whole come to? */
static int
settle(struct transfer *t, CURLcode code)
{
	char *location = NULL;

	if (t->failed)
		return -1;
	if (code != CURLE_OK && !t->enough)
		return fail(t->http, code, t->err);
	learn(t);
	if (curl_easy_getinfo(t->http->easy, CURLINFO_REDIRECT_URL,
		&location) == CURLE_OK &&
	    location != NULL)
		(void)snprintf(t->answer->location, sizeof(t->answer->location),
		    "%s", location);
	return 0;
}

int
http_post(struct http *h, const struct http_request *q,
    struct http_answer *answer, struct error *err)
{
	struct transfer t = {.http = h,
	    .request = q,
	    .answer = answer,
	    .err = err};
	struct curl_slist *list = header_list(q->headers);
	CURLcode code;

	*answer = (struct http_answer){0};
	if (list == NULL)
		return error_set(err, ERR_LOCAL, "out of memory");
	h->words[0] = '\0';
	h->silent = false;
	h->heard = h->looked = clock_ms();
	set_request(h->easy, q);
	(void)curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, list);
	(void)curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, &t);
	(void)curl_easy_setopt(h->easy, CURLOPT_HEADERDATA, &t);
	code = curl_easy_perform(h->easy);
	(void)curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(list);
	return settle(&t, code);
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->easy);
	free(h);
}
