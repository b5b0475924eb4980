#include "fetch/git.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/export.h"
#include "kelpie/git/pack.h"
#include "kelpie/http.h"
#include "kelpie/rules.h"
#include "kelpie/url.h"

#define SERVICE "/git-upload-pack"
#define TYPE "application/x-git-upload-pack"
#define NOTES_MAX 100 /* words of the server in one job */

/* ---- the tree ---- */

static void
on_unpack(void *ctx, uint64_t done, uint64_t total)
{
	struct fetcher *f = ctx;

	worker_progress(f->worker, PHASE_UNPACK, done, total);
}

static void
on_note(void *ctx, const char *line)
{
	struct fetcher *f = ctx;

	worker_note(f->worker, "%s", line);
}

/* That the objects are there under their ids is what libgit2 has checked;
 * that this one is a commit, nobody has. */
static int
check_commit(const struct fetcher *f, git_odb *odb, enum error_kind absent,
    struct error *err)
{
	git_oid oid;
	git_object_t type;
	size_t len;
	int rc;

	git_error_clear();
	if (oid_parse(&oid, f->commit) < 0)
		return git_fail(err, ERR_INTEGRITY, "commit id");
	rc = git_odb_read_header(&len, &type, odb, &oid);
	if (rc == GIT_ENOTFOUND)
		return error_set(err, absent, "commit '%s' is not in the %s",
		    f->commit, absent == ERR_INTEGRITY ? "pack" : "repository");
	if (rc < 0)
		return git_fail(err, ERR_INTEGRITY, "read the commit");
	if (type == GIT_OBJECT_COMMIT)
		return 0;
	return error_set(err, ERR_NOTFOUND, "'%s' is a %s, not a commit",
	    *f->job->version != '\0' ? f->job->version : f->commit,
	    git_object_type2string(type));
}

int
git_finish(struct fetcher *f, git_odb *odb, enum error_kind absent,
    struct error *err)
{
	const struct export export = {
	    .odb = odb,
	    .commit = f->commit,
	    .dirfd = f->role,
	    .limits = &f->opts.limits,
	    .progress = on_unpack,
	    .note = on_note,
	    .ctx = f,
	};

	if (check_commit(f, odb, absent, err) == -1)
		return -1;
	worker_fact(f->worker, "commit", f->commit);
	worker_progress(f->worker, PHASE_UNPACK, 0, 0);
	return export_commit(&export, err);
}

/* ---- http ---- */

/* One request, and who reads its answer. */
struct exchange {
	struct fetcher *fetcher;
	struct http_answer answer;
	http_sink *feed;
	void *reader;
};

static void
on_progress(void *ctx, uint64_t received)
{
	struct fetcher *f = ctx;

	worker_progress(f->worker, f->phase,
	    f->phase == PHASE_RECEIVE ? received : 0, 0);
}

static bool
has_user(const char *url)
{
	const char *host = strstr(url, "://");

	if (host == NULL)
		return false;
	host += 3;
	return memchr(host, '@', strcspn(host, "/?#")) != NULL;
}

/* An answer with no body at all says something else: see wire.c. */
static int
check_type(const struct http_answer *a, struct error *err)
{
	if (strcmp(a->type, TYPE "-result") == 0)
		return 0;
	if (strcmp(a->type, "text/html") == 0)
		return error_set(err, ERR_NOTFOUND,
		    "the server answers with an HTML page: not a git "
		    "repository");
	return error_set(err, ERR_NOTFOUND,
	    "the server answers with '%s': not a git repository", a->type);
}

static int
moved(const struct http_answer *a, struct error *err)
{
	char *to = url_redact(a->location);
	size_t len = strlen(to), tail = strlen(SERVICE);
	bool same = len > tail && strcmp(to + len - tail, SERVICE) == 0;

	if (same)
		to[len - tail] = '\0';
	(void)error_set(err, ERR_NOTFOUND,
	    same ? "moved to '%s'; put that into the requirements file" :
		   "the server sends elsewhere, to '%s': not a git repository",
	    to);
	free(to);
	return -1;
}

static int
refused(const struct http_answer *a, bool user, struct error *err)
{
	if (a->status == 404)
		return error_set(err, ERR_NOTFOUND,
		    user ? "not found, or not to be seen with this user" :
			   "not found, or private and no credentials were "
			   "given");
	if (a->status == 403)
		return error_set(err, ERR_AUTH, "the server forbids it");
	return error_set(err, ERR_AUTH,
	    user ? "the server refuses the user or the password" :
		   "the server asks for a user and password; some do so for "
		   "what does not exist");
}

static int
check_status(const struct http_answer *a, const char *url, struct error *err)
{
	long status = a->status;

	if (status == 200)
		return a->received != 0 ? check_type(a, err) : 0;
	if (status == 401 || status == 403 || status == 404)
		return refused(a, has_user(url), err);
	if (a->location[0] != '\0')
		return moved(a, err);
	if (status == 408 || status == 429 || status >= 500)
		return error_set(err, ERR_NETWORK,
		    "the server answers with status %ld", status);
	return error_set(err, ERR_NOTFOUND,
	    "the server answers with status %ld: not a git repository", status);
}

static int
on_answer(void *ctx, const char *data, size_t len, struct error *err)
{
	struct exchange *x = ctx;

	if (check_type(&x->answer, err) == -1)
		return -1;
	/* The parent sees where we are even if the answer comes at once. */
	on_progress(x->fetcher, x->answer.received);
	return x->feed(x->reader, data, len, err);
}

static char *
request_url(const char *url)
{
	size_t len = strlen(url);

	while (len != 0 && url[len - 1] == '/')
		len--;
	return xasprintf("%.*s" SERVICE, (int)len, url);
}

static struct http *
connection(struct fetcher *f, struct error *err)
{
	const struct http_opts opts = {.ca_file = f->opts.ca_file,
	    .timeout = f->opts.timeout,
	    .progress = on_progress,
	    .ctx = f};

	if (f->http == NULL)
		f->http = http_open(&opts);
	if (f->http == NULL)
		(void)error_set(err, ERR_LOCAL, "libcurl does not start");
	return f->http;
}

/* Send a request of protocol version 2 and feed its answer to a reader. */
static int
ask(struct fetcher *f, const struct buf *body, http_sink *feed, void *reader,
    struct error *err)
{
	static const char *const headers[] = {"Content-Type: " TYPE "-request",
	    "Accept: " TYPE "-result", "Git-Protocol: version=2",
	    /* Some hosts look for "git/". */
	    "User-Agent: git/2.0 (kelpie " KELPIE_VERSION ")", NULL};
	struct exchange x = {.fetcher = f, .feed = feed, .reader = reader};
	char *url = request_url(f->job->url);
	const struct http_request q = {.url = url,
	    .headers = headers,
	    .body = body->data,
	    .len = body->len,
	    .sink = on_answer,
	    .ctx = &x};
	struct http *http = connection(f, err);
	int rc = -1;

	if (http != NULL && http_post(http, &q, &x.answer, err) == 0)
		rc = check_status(&x.answer, f->job->url, err);
	free(url);
	return rc;
}

/* What is behind the version: ask, unless that is known beforehand. */
static int
resolve(struct fetcher *f, struct error *err)
{
	const char *version = f->job->version;
	struct wire_refs *refs;
	struct buf body = {0};
	int rc = -1;

	if (*f->job->commit != '\0')
		version = f->job->commit;
	if (is_commit_id(version)) {
		(void)snprintf(f->commit, sizeof(f->commit), "%s", version);
		return 0;
	}
	refs = xmalloc(sizeof(*refs));
	f->phase = PHASE_RESOLVE;
	wire_refs_request(&body, version);
	wire_refs_open(refs, version);
	if (ask(f, &body, wire_refs_feed, refs, err) == 0 &&
	    wire_refs_end(refs, err) == 0) {
		worker_fact(f->worker, "ref", refs->best.name);
		(void)snprintf(f->commit, sizeof(f->commit), "%s",
		    refs->best.commit);
		rc = 0;
	}
	buf_free(&body);
	free(refs);
	return rc;
}

/* The pack's way to the disk, and the server's words beside it. */
struct arrival {
	struct fetcher *fetcher;
	struct pack *pack;
	unsigned notes;
};

static int
on_pack(void *ctx, const char *data, size_t len, struct error *err)
{
	struct arrival *a = ctx;

	return pack_write(a->pack, data, len, err);
}

static void
on_talk(void *ctx, const char *line)
{
	struct arrival *a = ctx;

	if (a->notes++ < NOTES_MAX)
		worker_note(a->fetcher->worker, "the server says: %s", line);
}

static int
receive(struct fetcher *f, struct pack *pack, struct error *err)
{
	struct wire_fetch *fetch = xmalloc(sizeof(*fetch));
	struct arrival arrival = {.fetcher = f, .pack = pack};
	struct buf body = {0};
	int rc = -1;

	f->phase = PHASE_RECEIVE;
	wire_fetch_request(&body, f->commit);
	wire_fetch_open(fetch, on_pack, on_talk, &arrival);
	if (ask(f, &body, wire_fetch_feed, fetch, err) == 0)
		rc = wire_fetch_end(fetch, err);
	buf_free(&body);
	free(fetch);
	return rc;
}

int
git_fetch_http(struct fetcher *f, struct error *err)
{
	struct pack *pack = NULL;
	git_odb *odb;
	int rc = -1;

	worker_progress(f->worker, PHASE_CONNECT, 0, 0);
	if (resolve(f, err) == -1)
		goto out;
	pack = pack_open(f->pack, f->opts.limits.bytes, err);
	if (pack == NULL || receive(f, pack, err) == -1 ||
	    pack_objects(&odb, pack, err) == -1)
		goto out;
	rc = git_finish(f, odb, ERR_INTEGRITY, err);
out:
	pack_free(pack);
	return rc;
}
