#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/ssh.h"
#include "kelpie/url.h"

/* Jobs at the same time: waiting on a wire costs no processor. */
#define PER_HOST 50
#define AT_ALL 64

/*
 * What a job and a worker cost, in ms; measured with tests/bench/cold.  How
 * far a server is nobody knows beforehand: with too many workers for a near
 * one less is lost than with too few for a far one.
 */
#define JOB_MS 3.0
#define START_MS 2.0
#define FAR_MS 100.0

static unsigned
cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned)n : 1;
}

static bool
same_settings(const struct settings *a, const struct settings *b)
{
	const char *const *x = a->headers, *const *y = b->headers;

	if (!text_same(a->ca_file, b->ca_file) ||
	    !text_same(a->cert, b->cert) || !text_same(a->key, b->key) ||
	    !text_same(a->proxy, b->proxy) || a->insecure != b->insecure ||
	    (x == NULL) != (y == NULL))
		return false;
	for (; x != NULL && *x != NULL && *y != NULL; x++, y++)
		if (strcmp(*x, *y) != 0)
			return false;
	return x == NULL || (*x == NULL && *y == NULL);
}

static int
compare(const void *key, const void *element)
{
	const struct host *const *h = element;

	return strcmp(key, (*h)->origin);
}

struct host *
host_find(const struct run *run, const char *origin)
{
	struct host **h = run->hosts == 0 ?
	    NULL :
	    bsearch(origin, run->host, run->hosts, sizeof(struct host *),
		compare);

	return h != NULL ? *h : NULL;
}

static unsigned
cap_of(const struct run *run, const struct host *h)
{
	unsigned cap = run->opts->per_host;

	if (!h->network)
		return cores();
	if (cap == 0)
		cap = PER_HOST;
	return h->ssh && cap > SSH_SESSIONS ? SSH_SESSIONS : cap;
}

/* Keeps the table sorted. */
static struct host *
add(struct run *run, char *origin, const struct settings *settings)
{
	struct host *h = xcalloc(1, sizeof(*h));
	size_t i = run->hosts++;

	h->origin = origin;
	h->network = strchr(origin, ':') != NULL;
	h->ssh = strncmp(origin, "ssh:", 4) == 0;
	h->http = strncmp(origin, "http", 4) == 0;
	h->cache = strcmp(origin, "cache") == 0;
	h->settings = *settings;
	h->cap = cap_of(run, h);
	h->last = &h->first;
	run->host = xreallocarray(run->host, run->hosts, sizeof(struct host *));
	for (; i > 0 && strcmp(run->host[i - 1]->origin, origin) > 0; i--)
		run->host[i] = run->host[i - 1];
	run->host[i] = h;
	return h;
}

/* A worker of its own, also where roles are at home at the same host. */
static char *
for_mirror(char *origin)
{
	char *own = xasprintf("%s#mirror", origin);

	free(origin);
	return own;
}

/*
 * What lies in the cache needs no server, and a worker for it no network.
 * Where the configuration says different things for two URLs of one origin,
 * these are two hosts, each with workers of its own.
 */
struct host *
host_of(struct run *run, const struct task *t)
{
	struct settings settings = {0};
	char *origin, *base;
	struct host *h;
	unsigned k = 1;

	if (t->complete)
		base = xstrdup("cache");
	else
		base = url_origin(t->url);
	if (t->home != NULL)
		base = for_mirror(base);
	if (strncmp(base, "http", 4) == 0)
		gitconfig_settings(run->config, t->url, run->opts->ca_file,
		    &settings);
	/* A Galaxy server has a word of its own. */
	if (t->kind == JOB_LOOKUP)
		lookup_settings(run, t, &settings);
	else if (run->opts->ignore_certs)
		settings.insecure = true;
	origin = xstrdup(base);
	while ((h = host_find(run, origin)) != NULL &&
	    !same_settings(&h->settings, &settings)) {
		free(origin);
		origin = xasprintf("%s#%u", base, ++k);
	}
	free(base);
	if (h != NULL)
		free(origin);
	else
		h = add(run, origin, &settings);
	h->mirror = t->home != NULL;
	return h;
}

/*
 * How many workers for n jobs?  A worker must save more time than its start
 * costs; the model and how well it fits are in tests/bench/pools.
 */
static size_t
worth_it(size_t n, size_t most, double wait_ms)
{
	double best = 0, ms, lined, shared;
	size_t p, turns, width = 1;

	for (p = 1; p <= most && p <= n; p++) {
		turns = (n + p - 1) / p;
		lined = (double)turns * (JOB_MS + wait_ms);
		shared =
		    (double)n * JOB_MS / (double)(p < cores() ? p : cores()) +
		    wait_ms;
		ms = (double)(p - 1) * START_MS +
		    (lined > shared ? lined : shared);
		if (p > 1 && ms >= best)
			continue;
		best = ms;
		width = p;
	}
	return width;
}

unsigned
hosts_width(const struct run *run)
{
	size_t i, n, width = 0, most = run->opts->jobs;

	for (i = 0; i < run->hosts; i++) {
		const struct host *h = run->host[i];

		n = h->waiting < h->cap ? h->waiting : h->cap;
		if (most == 0 && n > 0)
			n = worth_it(h->waiting, h->cap,
			    h->network ? FAR_MS : 0);
		width += n;
	}
	if (most == 0)
		most = AT_ALL;
	/* What they depend on may come from anywhere, and is not known yet. */
	if (width > most || (!run->opts->no_deps && run->opts->refs == NULL))
		width = most;
	return width > 0 ? (unsigned)width : 1;
}

void
hosts_free(struct run *run)
{
	size_t i;

	for (i = 0; i < run->hosts; i++) {
		free(run->host[i]->origin);
		free(run->host[i]);
	}
	free(run->host);
	run->host = NULL;
	run->hosts = 0;
}
