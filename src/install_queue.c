#include <string.h>

#include "install_priv.h"
#include "kelpie/cache.h"
#include "kelpie/clock.h"
#include "kelpie/config.h"
#include "kelpie/credential.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/ssh.h"
#include "secret.h"

/* Tasks of a host to look at, when none of them can begin just now. */
#define LOOK_MAX 256

/*
 * User and password, if any are known.  In a copy: the job may wait for a
 * worker, and what is known may prove wrong meanwhile.
 */
static enum pool_next
identify(struct run *run, struct task *t, struct job *job)
{
	const char *user = "", *password = "";
	size_t user_size;

	task_drop_secret(t);
	t->sent = 0;
	switch (credentials_get(run->credentials, t->url, &user, &password)) {
	case CREDENTIAL_PENDING:
		return POOL_LATER;
	case CREDENTIAL_NONE:
		return POOL_JOB;
	case CREDENTIAL_READY:
		break;
	}
	user_size = strlen(user) + 1;
	t->secret_size = user_size + strlen(password) + 1;
	t->secret = secret_new(t->secret_size);
	memcpy(t->secret, user, user_size);
	memcpy(t->secret + user_size, password, t->secret_size - user_size);
	t->sent = credentials_serial(run->credentials, t->url);
	job->user = t->secret;
	job->password = t->secret + user_size;
	return POOL_JOB;
}

/* May the task begin?  LATER: something that it needs is on its way. */
static enum pool_next
ready(struct run *run, struct task *t, struct pool_job *out)
{
	if (t->same != NULL)
		return POOL_NONE;
	if (clock_ms() < t->not_before)
		return POOL_LATER;
	/* Nobody is asked: equip() says what is not there. */
	if (run->opts->offline)
		return POOL_JOB;
	if (t->host->ssh)
		return ssh_ready(run->ssh, t->url) ? POOL_JOB : POOL_LATER;
	if (t->kind == JOB_LOOKUP) {
		out->job.user = run->opts->server[t->server].user;
		out->job.password = run->opts->server[t->server].password;
		return POOL_JOB;
	}
	return t->host->http ? identify(run, t, &out->job) : POOL_JOB;
}

/* What the job needs besides its words.  -1: it cannot begin at all. */
static int
equip(struct run *run, struct task *t, struct job *job, struct error *err)
{
	job->pack = task_pack(run, t);
	if (job->pack != -1)
		job->have = t->have;
	else if (run->opts->from != NULL && t->kind != JOB_DIRECTORY)
		return mirror_lacks(run, t, err);
	else if (run->opts->offline && (t->host->network || t->host->cache))
		return error_set(err, ERR_REFUSED,
		    "not in the cache, and --offline asks nobody; run once "
		    "without it");
	if (t->host->ssh && !run->opts->offline)
		return ssh_start(run->ssh, t->url, &job->link, &job->words,
		    err);
	return 0;
}

/* What is downloaded for others has the tag that they may look at. */
static bool
wants_signed(const struct run *run, const struct task *t)
{
	const struct locked *l = t->item->locked;

	return t->item->spec->verify != NULL ||
	    (run->into != -1 && l != NULL && l->tag != NULL);
}

/*
 * Hand the task out.  False: not this way.  It has failed, or its pack has
 * gone from the cache meanwhile, and it is put back for a server to be asked.
 */
static bool
begin(struct run *run, struct task *t, struct pool_job *out)
{
	struct error err = t->host->refused;

	t->progress = TAKEN;
	if (err.kind != ERR_NONE || equip(run, t, &out->job, &err) == -1) {
		job_close(&out->job);
		t->progress = FINISHED;
		run->settled = true;
		run_failed(run, t->item, &err);
		return false;
	}
	if (out->job.pack == -1 && t->host->cache) {
		t->damaged = true;
		queue_put_back(run, t);
		return false;
	}
	t->host->running++;
	return true;
}

static enum pool_next
take(struct run *run, struct host *h, struct pool_job *out)
{
	enum pool_next answer = POOL_NONE, one;
	struct task **at = &h->first, *t;
	uint64_t now = clock_ms();
	size_t blocked = 0;

	if (h->first != NULL &&
	    (now == h->looked || (!h->good && now < h->hold)))
		return POOL_LATER;
	while (h->running < h->cap && (t = *at) != NULL && blocked < LOOK_MAX) {
		*out = (struct pool_job){.origin = h->origin,
		    .job = {.id = t->id,
			.kind = t->kind,
			.url = t->url,
			.version = t->version,
			.commit = t->commit,
			.path = t->item->spec->path,
			.checksum = t->item->spec->checksum,
			.role = t->item->spec->src,
			.since = lock_since(run, t),
			.tags = t->tags,
			.have = t->home != NULL ? mirror_id(t) : "",
			.tag = t->tag,
			.verify = wants_signed(run, t),
			.user = "",
			.password = "",
			.offline =
			    h->cache || (h->network && run->opts->offline),
			.keep = run->cache != NULL || run->into != -1,
			.make = run->into != -1,
			.mirror = t->home != NULL,
			.refs = run->opts->refs != NULL,
			.pup = needs_is_pup(run, t->item),
			JOB_NO_FDS}};
		one = ready(run, t, out);
		if (one != POOL_JOB) {
			answer = one == POOL_LATER ? one : answer;
			at = &t->next;
			blocked++;
			continue;
		}
		queue_unlink(h, at);
		if (begin(run, t, out))
			return POOL_JOB;
		/* Another host's now, or its twins' turn; signals first. */
		return POOL_LATER;
	}
	if (blocked > 0 && answer == POOL_LATER)
		h->looked = now;
	return answer;
}

enum pool_next
queue_next(struct run *run, const char *origin, struct pool_job *out)
{
	enum pool_next answer = POOL_NONE, one;
	struct host *h;
	size_t i;

	if (run->settled && run->twins > 0)
		twins_follow(run);
	/* What they find may add to what there is to do. */
	if (run->looks > 0)
		answer = POOL_LATER;
	if (origin != NULL) {
		h = host_find(run, origin);
		return h != NULL ? take(run, h, out) : POOL_NONE;
	}
	for (i = 0; i < run->hosts; i++) {
		one = take(run, run->host[i], out);
		if (one == POOL_JOB)
			return one;
		answer = one == POOL_LATER ? one : answer;
	}
	return answer;
}
