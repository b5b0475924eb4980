#include <stdlib.h>
#include <string.h>

#include "fetch/galaxy_priv.h"
#include "fetch/web.h"
#include "kelpie/error.h"
#include "kelpie/http.h"
#include "kelpie/json.h"
#include "kelpie/url.h"

/* One request, and its answer as it comes. */
struct question {
	struct lookup *l;
	struct http_answer answer;
	struct buf text;
};

static int
on_answer(void *ctx, const char *data, size_t len, struct error *err)
{
	struct question *q = ctx;

	q->l->bytes += len;
	if (q->l->bytes > JSON_BYTES_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "the server answers with more than %zu MiB",
		    JSON_BYTES_MAX >> 20);
	buf_add(&q->text, data, len);
	return 0;
}

bool
galaxy_same_origin(const char *a, const char *b)
{
	char *x = url_origin(a), *y = url_origin(b);
	bool same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* The API's own address: it goes where it may have our token. */
static int
follow(char **url, const char *to, struct error *err)
{
	char *shown = url_redact(to);
	enum scheme scheme;
	int rc = 0;

	if (url_check(to, &scheme, err) == -1)
		rc = error_wrap(err, "the server sends elsewhere");
	else if (!galaxy_same_origin(*url, to))
		rc = error_set(err, ERR_INTEGRITY,
		    "the server sends to another one, '%s': if that is right, "
		    "name it in the place of this one",
		    shown);
	if (rc == -1)
		err->kind = ERR_INTEGRITY;
	free(shown);
	free(*url);
	*url = xstrdup(to);
	return rc;
}

static int
refused(const struct fetcher *f, struct error *err)
{
	if (f->way.user != NULL)
		return error_set(err, ERR_AUTH,
		    "the server refuses the user or the password; they are "
		    "'username' and 'password' of its [galaxy_server.NAME]");
	return error_set(err, ERR_AUTH,
	    web_has_credentials(f) ?
		"the server refuses the token; it is that of --token, 'token' "
		"of its [galaxy_server.NAME], or the token file" :
		"the server wants a token: --token, 'token' of its "
		"[galaxy_server.NAME], or the token file");
}

static int
judge(const struct question *q, struct error *err)
{
	long status = q->answer.status;

	if (status == 200 && strcmp(q->answer.type, "text/html") == 0)
		return error_set(err, ERR_INTEGRITY,
		    "the server answers with an HTML page, not with JSON");
	if (status == 200)
		return 0;
	if (status == 401 || status == 403)
		return refused(q->l->f, err);
	/* That a 404 may be a matter of credentials is not said here. */
	if (web_status(q->l->f, &q->answer, err) == -1)
		return -1;
	return error_set(err, ERR_NOTFOUND,
	    "the server answers with status %ld", status);
}

/* 1: *url is another now. */
static int
ask(struct question *q, char **url, struct error *err)
{
	static const char *const headers[] = {"Accept: application/json",
	    WEB_AGENT, NULL};
	const struct fetcher *f = q->l->f;
	const struct http_request request = {.url = *url,
	    .user = f->way.user,
	    .password = f->way.password,
	    .headers = headers,
	    .sink = on_answer,
	    .ctx = q};
	struct http *http = web_connection(q->l->f, err);
	int rc;

	if (http == NULL)
		return -1;
	rc = http_send(http, &request, &q->answer, err);
	q->l->status = q->answer.status;
	if (rc == -1)
		return -1;
	if (q->answer.status / 100 == 3 && q->answer.location[0] != '\0')
		return follow(url, q->answer.location, err) == -1 ? -1 : 1;
	return judge(q, err);
}

struct json *
galaxy_get(struct lookup *l, const char *url, struct error *err)
{
	struct question q = {.l = l};
	struct json *json = NULL;
	char *to = xstrdup(url);
	int rc = 1, n;

	for (n = 0; rc == 1 && n <= WEB_REDIRECTS_MAX; n++)
		rc = ask(&q, &to, err);
	if (rc == 1)
		rc = error_set(err, ERR_INTEGRITY,
		    "the server sends elsewhere more than %d times",
		    WEB_REDIRECTS_MAX);
	if (rc == 0)
		json = json_parse(q.text.data != NULL ? q.text.data : "",
		    q.text.len, err);
	if (rc == 0 && json == NULL)
		(void)error_wrap(err, "the server's answer");
	buf_free(&q.text);
	free(to);
	return json;
}
