#include "fetch/archive.h"

#include <sys/stat.h>

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fetch/archive_unpack.h"
#include "fetch/git.h"
#include "fetch/web.h"
#include "kelpie/http.h"
#include "kelpie/url.h"

#define PIECE ((size_t)128 << 10)
#define HEAD 512 /* bytes that tell a page for people */

/* The archive on its way into a file of our own. */
struct incoming {
	struct fetcher *fetcher;
	int fd;
	uint64_t size;
	SHA2_CTX sha;
	char digest[SHA256_DIGEST_STRING_LENGTH];
	char head[HEAD + 1];
};

/* ---- the file ---- */

/* The name that the cache looks for. */
static const char name[] = "pack-archive.pack";

/*
 * A copy, also of a file of this machine: nobody else can change it between
 * the moment when its checksum is counted and that when it is unpacked.
 */
static int
make_file(struct incoming *in, struct error *err)
{
	int dirfd = open(in->fetcher->pack,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int rc = 0;

	if (dirfd == -1)
		return error_errno(err, "open the stage");
	in->fd = openat(dirfd, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (in->fd == -1)
		rc = error_errno(err, "make a file for the archive");
	(void)close(dirfd);
	SHA256Init(&in->sha);
	return rc;
}

/* Only what came from a server is worth a place in the cache. */
static void
keep_or_remove(const struct incoming *in, bool keep)
{
	struct fetcher *f = in->fetcher;
	char *path;

	if (keep) {
		f->kept = true;
		worker_fact(f->worker, "pack", "kept");
		return;
	}
	path = xasprintf("%s/%s", f->pack, name);
	(void)unlink(path);
	free(path);
}

static int
take(void *ctx, const char *data, size_t len, struct error *err)
{
	struct incoming *in = ctx;
	const uint64_t max = in->fetcher->opts.limits.bytes;
	size_t n;

	if (len > max - in->size)
		return error_set(err, ERR_INTEGRITY,
		    "the archive has more than %" PRIu64
		    " bytes; --max-bytes raises the limit",
		    max);
	if (in->size < HEAD) {
		n = HEAD - (size_t)in->size;
		memcpy(in->head + in->size, data, len < n ? len : n);
	}
	in->size += len;
	SHA256Update(&in->sha, (const uint8_t *)data, len);
	if (write_fully(in->fd, data, len) == -1)
		return error_errno(err, "write the archive");
	worker_progress(in->fetcher->worker, PHASE_RECEIVE, in->size, 0);
	return 0;
}

/* ---- where it comes from ---- */

static int
download(struct incoming *in, struct error *err)
{
	static const char *const headers[] = {WEB_AGENT, NULL};
	struct fetcher *f = in->fetcher;
	struct http_request q = {.headers = headers, .sink = take, .ctx = in};

	if (f->job->offline)
		return error_set(err, ERR_NOTFOUND, "not in the cache");
	web_begin(f);
	f->phase = PHASE_RECEIVE;
	worker_progress(f->worker, PHASE_CONNECT, 0, 0);
	return web_get(f, &q, err);
}

static int
open_local(const char *path, struct error *err)
{
	/* A fifo must not keep us waiting for somebody who writes. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR)) {
		(void)error_set(err, ERR_NOTFOUND, "there is no such file");
		return -1;
	}
	if (fd == -1)
		return error_errno(err, "open the archive");
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	(void)close(fd);
	return error_set(err, ERR_NOTFOUND, "it is no regular file");
}

static int
copy(struct incoming *in, int fd, struct error *err)
{
	char *piece = xmalloc(PIECE);
	ssize_t n = 1;
	off_t at = 0;
	int rc = 0;

	/* The descriptor may share its offset with others. */
	for (; rc == 0 && n > 0; at += n) {
		n = pread(fd, piece, PIECE, at);
		if (n == -1)
			rc = error_errno(err, "read the archive");
		else if (n > 0)
			rc = take(in, piece, (size_t)n, err);
	}
	free(piece);
	return rc;
}

static int
copy_local(struct incoming *in, struct error *err)
{
	char *path = url_path(in->fetcher->job->url);
	int fd = open_local(path, err), rc = -1;

	if (fd != -1) {
		rc = copy(in, fd, err);
		(void)close(fd);
	}
	free(path);
	return rc;
}

static int
obtain(struct incoming *in, struct error *err)
{
	const struct job *job = in->fetcher->job;
	enum scheme scheme;

	if (job->pack != -1)
		return copy(in, job->pack, err);
	if (url_check(job->url, &scheme, err) == -1)
		return -1;
	if (scheme == SCHEME_HTTP || scheme == SCHEME_HTTPS)
		return download(in, err);
	return copy_local(in, err);
}

/* ---- what came ---- */

/* Whoever wants to log in, or did not find the file, sends a page. */
static bool
is_page(const char *head)
{
	static const char *const begins[] = {"<!doctype html", "<html",
	    "<head"};

	if (strncmp(head, "\xef\xbb\xbf", 3) == 0)
		head += 3;
	head += strspn(head, " \t\r\n");
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncasecmp(head, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

static int
check(const struct incoming *in, struct error *err)
{
	const struct job *job = in->fetcher->job;
	const char *wanted = job->checksum;

	if (job->mirror && strcmp(job->have, in->digest) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "got sha256 %s instead of %s", in->digest, job->have);
	if (job->pack != -1 && strcmp(job->have, in->digest) != 0) {
		worker_fact(in->fetcher->worker, "cache", "damaged");
		return error_set(err, ERR_INTEGRITY,
		    "the archive in the cache is damaged");
	}
	if (in->size == 0)
		return error_set(err, ERR_NOTFOUND,
		    "this is no archive: it has 0 bytes");
	if (is_page(in->head))
		return error_set(err, ERR_NOTFOUND,
		    "this is an HTML page, no archive; if the URL is that of a "
		    "git repository, write git+ in front");
	if (wanted != NULL && *wanted != '\0' &&
	    strcmp(wanted, in->digest) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "got sha256 %s instead of %s", in->digest, wanted);
	return 0;
}

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

static int
settle(struct incoming *in, struct error *err)
{
	struct fetcher *f = in->fetcher;
	const struct unpack unpack = {
	    .fd = in->fd,
	    .dirfd = f->role,
	    .path = f->job->path != NULL ? f->job->path : "",
	    .proved = f->job->checksum != NULL && *f->job->checksum != '\0',
	    .limits = &f->opts.limits,
	    .progress = on_unpack,
	    .note = on_note,
	    .ctx = f,
	};

	(void)SHA256End(&in->sha, in->digest);
	worker_fact(f->worker, "sha256", in->digest);
	if (check(in, err) == -1)
		return -1;
	worker_progress(f->worker, PHASE_UNPACK, 0, 0);
	return archive_unpack(&unpack, err);
}

int
archive_fetch(struct fetcher *f, struct error *err)
{
	struct incoming in = {.fetcher = f, .fd = -1};
	int rc = make_file(&in, err);

	if (rc == 0)
		rc = obtain(&in, err);
	if (rc == 0)
		rc = settle(&in, err);
	keep_or_remove(&in, rc == 0 && f->job->keep && f->job->pack == -1);
	if (in.fd != -1)
		(void)close(in.fd);
	return rc;
}
