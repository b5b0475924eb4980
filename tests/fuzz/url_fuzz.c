/*
 * Any string as a source: what passes has a clean origin, and the password
 * is not in what is shown.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/url.h"

#define SECRET "S3CR3T"

static void
check_taken(const char *s, enum scheme scheme)
{
	char *origin = url_origin(s), *path = url_path(s), *port;

	require(s[0] != '-' && s[0] != '\0');
	require(strpbrk(s, "\n\r\033\177") == NULL);
	require(strlen(path) <= strlen(s));
	if (scheme == SCHEME_NONE || scheme == SCHEME_FILE) {
		require(strcmp(origin, "local") == 0);
		require(scheme == SCHEME_NONE || path[0] == '/');
	} else {
		port = strrchr(origin, ':');
		require(port != NULL && strtol(port + 1, NULL, 10) > 0);
		require(strstr(origin, "://-") == NULL);
		require(strpbrk(origin, "@?#\\ %") == NULL);
		require(strcmp(path, s) == 0);
	}
	free(origin);
	free(path);
}

/* The input as a password: whatever it is, what a taken URL shows of it is
 * nothing. */
static void
check_secret(const char *s)
{
	char *url = xasprintf("https://user:%s" SECRET "@host/x", s), *shown;
	struct error err = {0};
	enum scheme scheme;

	shown = url_redact(url);
	if (url_check(url, &scheme, &err) == 0 &&
	    strcspn(s, "/?#") == strlen(s)) {
		require(strcmp(shown, "https://host/x") == 0);
		require(strstr(shown, SECRET) == NULL);
	}
	require(strstr(err.msg, SECRET) == NULL);
	free(shown);
	free(url);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = xstrndup((const char *)data, size);
	struct error err = {0};
	enum scheme scheme;

	if (url_check(s, &scheme, &err) == 0)
		check_taken(s, scheme);
	else
		require(err.kind == ERR_CONFIG);
	free(url_redact(s));
	check_secret(s);
	free(s);
	return 0;
}
