/*
 * http_priv.h - what the files of http share.
 */
#ifndef KELPIE_HTTP_PRIV_H
#define KELPIE_HTTP_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "kelpie/clock.h"

struct error;
struct settings;

struct http {
	CURL *easy;
	const struct settings *settings;
	void (*progress)(void *ctx, uint64_t received);
	void *progress_ctx;
	unsigned timeout;
	struct patience patience;
	curl_off_t sent; /* of the request, so far */
	bool silent; /* and that was too long ago */
	char words[CURL_ERROR_SIZE]; /* libcurl's own, for errors */
};

/* Tell a handle the certificates, keys and the proxy. */
void http_set(CURL *, const struct settings *);

/* Why a request came to no answer, in our words.  Returns -1. */
int http_fail(const struct http *, CURLcode, struct error *);

#endif
