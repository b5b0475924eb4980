/* A commit whose pack lies at a web server as a file. */
#include <stdio.h>

#include "fetch/git.h"
#include "fetch/web.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"
#include "kelpie/http.h"

static int
take(void *ctx, const char *data, size_t len, struct error *err)
{
	return pack_write(ctx, data, len, err);
}

static int
get(struct fetcher *f, struct pack *pack, struct error *err)
{
	static const char *const headers[] = {WEB_AGENT, NULL};
	struct http_request q = {.headers = headers, .sink = take, .ctx = pack};

	f->phase = PHASE_RECEIVE;
	worker_progress(f->worker, PHASE_CONNECT, 0, 0);
	return web_get(f, &q, err);
}

int
git_fetch_mirror(struct fetcher *f, struct error *err)
{
	struct pack *pack;
	git_odb *odb;
	int rc = -1;

	web_begin(f);
	(void)snprintf(f->commit, sizeof(f->commit), "%s", f->job->have);
	(void)snprintf(f->tag, sizeof(f->tag), "%s",
	    job_tag(f) ? f->job->tag : "");
	pack = git_pack(f, false, err);
	if (pack != NULL && get(f, pack, err) == 0 &&
	    pack_objects(&odb, pack, err) == 0)
		rc = git_finish(f, odb, ERR_INTEGRITY, err);
	if (rc == 0 && f->job->keep) {
		pack_keep(pack, ".pack");
		git_kept(f);
	}
	pack_free(pack);
	return rc;
}
