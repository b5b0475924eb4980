#include "kelpie/http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/settings.h"

#define CONNECT_MAX 30 /* seconds */
#define PIECE_SIZE (128L << 10) /* what libcurl reads at a time */
#define HEADERS_MAX ((size_t)256 << 10)
#define UNWANTED_MAX ((size_t)64 << 10) /* of a body to be thrown away */

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

	(void)total, (void)upload_total;
	if (h->progress != NULL)
		h->progress(h->progress_ctx,
		    (uint64_t)(received != 0 ? received : sent));
	if (sent > h->sent)
		patience_renew(&h->patience, (size_t)(sent - h->sent));
	h->sent = sent;
	h->silent = patience_ends(&h->patience, h->timeout);
	return h->silent;
}

/* Add the scheme of a challenge; RFC 9110, section 11.6.1. */
static void
add_scheme(char *list, size_t size, const char *line, size_t len)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t used = strlen(list), word = 0;

	while (len != 0 && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (word < len && strchr(token, line[word]) != NULL)
		word++;
	if (word == 0 || used + 2 + word >= size)
		return;
	(void)snprintf(list + used, size - used, "%s%.*s",
	    used != 0 ? ", " : "", (int)word, line);
}

static size_t
on_header(char *data, /* NOLINT(readability-non-const-parameter) */
    size_t size, size_t n, void *ctx)
{
	static const char challenge[] = "WWW-Authenticate:";
	struct transfer *t = ctx;
	size_t len = size * n, name = sizeof(challenge) - 1;

	patience_renew(&t->http->patience, len);
	t->header_bytes += len;
	if (len > name && strncasecmp(data, challenge, name) == 0)
		add_scheme(t->answer->auth, sizeof(t->answer->auth),
		    data + name, len - name);
	if (t->header_bytes <= HEADERS_MAX)
		return len;
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
	/* Of a line that is hardly HTTP it can be any number. */
	if (a->status < 100 || a->status > 999)
		a->status = 0;
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
	patience_renew(&t->http->patience, len);
	t->answer->received += len;
	if (t->answer->status != 200) {
		/* The address of a redirect is known at its end. */
		t->enough = t->answer->received >
		    (t->answer->status / 100 == 3 ? UNWANTED_MAX * 16 :
						    UNWANTED_MAX);
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
	h->settings = opts->settings;
	h->timeout = opts->timeout;
	h->progress = opts->progress;
	h->progress_ctx = opts->ctx;
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, h->words);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	/* With one request at a time HTTP/2 brings nothing but its own
	 * frames, and the stream errors of some servers. */
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	(void)curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
	(void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, PIECE_SIZE);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
	    timeout < CONNECT_MAX ? timeout : CONNECT_MAX);
	(void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, h);
	(void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	http_set(easy, opts->settings);
	return h;
}

/* Add headers to a list; NULL when memory is out, and the list is gone. */
static struct curl_slist *
add_headers(struct curl_slist *list, const char *const *headers)
{
	for (; list != NULL && headers != NULL && *headers != NULL; headers++) {
		struct curl_slist *more = curl_slist_append(list, *headers);

		if (more == NULL)
			curl_slist_free_all(list);
		list = more;
	}
	return list;
}

static struct curl_slist *
header_list(const struct http *h, const struct http_request *q)
{
	/* No "Expect: 100-continue", which costs a round trip. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	list = add_headers(list, q->headers);
	if (h->settings != NULL)
		list = add_headers(list, h->settings->headers);
	return list;
}

static void
set_request(CURL *easy, const struct http_request *q)
{
	(void)curl_easy_setopt(easy, CURLOPT_URL, q->url);
	(void)curl_easy_setopt(easy, CURLOPT_USERNAME, q->user);
	(void)curl_easy_setopt(easy, CURLOPT_PASSWORD, q->password);
	if (q->body == NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	(void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q->body);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)q->len);
}

static void
learn_location(struct http *h, struct http_answer *a)
{
	char *location = NULL;

	(void)curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &location);
	if (location != NULL && strlen(location) < sizeof(a->location))
		(void)snprintf(a->location, sizeof(a->location), "%s",
		    location);
}

/* Seconds or a date: libcurl makes seconds of both. */
static void
learn_wait(struct http *h, struct http_answer *a)
{
	curl_off_t wait = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &wait);
	if (wait > 0)
		a->retry_after =
		    wait < UINT32_MAX ? (uint32_t)wait : UINT32_MAX;
}

/* The headers are in; what did the whole come to? */
static int
settle(struct transfer *t, CURLcode code)
{
	if (t->failed)
		return -1;
	if (code != CURLE_OK && !t->enough)
		return http_fail(t->http, code, t->err);
	learn(t);
	learn_location(t->http, t->answer);
	learn_wait(t->http, t->answer);
	return 0;
}

int
http_send(struct http *h, const struct http_request *q,
    struct http_answer *answer, struct error *err)
{
	struct transfer t = {.http = h,
	    .request = q,
	    .answer = answer,
	    .err = err};
	struct curl_slist *list = header_list(h, q);
	CURLcode code;

	*answer = (struct http_answer){0};
	if (list == NULL)
		return error_set(err, ERR_LOCAL, "out of memory");
	h->words[0] = '\0';
	h->silent = false;
	patience_begin(&h->patience);
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
