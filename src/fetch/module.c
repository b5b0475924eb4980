#include "fetch/module.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/archive.h"
#include "fetch/directory.h"
#include "fetch/galaxy.h"
#include "fetch/git.h"
#include "fetch/meta.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/pack.h"
#include "kelpie/http.h"
#include "kelpie/sandbox.h"
#include "kelpie/url.h"

#define PORT_DNS 53

/* What libgit2 maps of packs; the default is a share of the address space
 * that the sandbox does not leave us. */
#define WINDOW ((size_t)32 << 20)
#define WINDOWS ((size_t)256 << 20)

/* A worker is one process that serves one origin for life: this is its. */
static struct fetcher self;
static char files[3][PATH_MAX]; /* of its settings */

/* ---- in the parent ---- */

/*
 * libgit2's own TLS is never used, but its start loads all certificates.
 * Where that is OpenSSL's, an empty file in their place saves the time
 * (X509_get_default_cert_file_env(3)).
 */
static int
start_libgit2(void)
{
	static const char name[] = "SSL_CERT_FILE";
	char *saved = xstrdup_null(getenv(name));
	int rc;

	(void)setenv(name, "/dev/null", 1);
	rc = git_libgit2_init();
	if (saved != NULL)
		(void)setenv(name, saved, 1);
	else
		(void)unsetenv(name);
	free(saved);
	return rc;
}

/* No configuration of the user's, and no more memory than is needed. */
static int
set_options(void)
{
	static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA,
	    GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
	    GIT_CONFIG_LEVEL_GLOBAL};
	int rc = 0;

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		rc |= git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	/* Another owner is no danger to what runs nothing of his. */
	rc |= git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	rc |= git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	rc |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW);
	rc |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, WINDOWS);
	return rc;
}

int
fetch_prepare(struct error *err)
{
	if (start_libgit2() < 0 || set_options() < 0)
		return git_fail(err, ERR_LOCAL, "start libgit2");
	return http_init(err);
}

/* ---- the sandbox ---- */

/* What has to be read to find a host: the resolver's files, and libraries
 * for whatever else nsswitch.conf(5) names. */
static const char *const resolver[] = {"/etc/hosts", "/etc/resolv.conf",
    "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services",
    "/etc/protocols", "/etc/ld.so.cache", "/lib", "/lib64", "/usr/lib",
    "/usr/lib64"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* origin is scheme://host:port. */
static uint16_t
port_of(const char *origin)
{
	const char *colon = strrchr(origin, ':');

	return (uint16_t)strtoul(colon != NULL ? colon + 1 : "0", NULL, 10);
}

static int
enter_network(struct sandbox *box, struct error *err)
{
	const struct settings *s = &self.opts.settings;
	uint16_t ports[] = {port_of(self.worker->origin), PORT_DNS, 0, 0};
	static const char *const nothing[] = {NULL};
	const char *const *trust =
	    strncmp(self.worker->origin, "http", 4) == 0 ?
	    http_trust(s->ca_file) :
	    nothing;
	const char *read[64];
	size_t n;

	for (n = 0; n < COUNT(resolver); n++)
		read[n] = resolver[n];
	if (s->cert != NULL)
		read[n++] = s->cert;
	if (s->key != NULL)
		read[n++] = s->key;
	for (; *trust != NULL && n < COUNT(read) - 1; trust++)
		read[n++] = *trust;
	read[n] = NULL;
	/* Names of origins may still have to be found out here. */
	if (s->proxy != NULL && *s->proxy != '\0' &&
	    http_proxy_port(s->proxy, &ports[2], err) == -1)
		return -1;
	box->network = true;
	box->ports = ports;
	box->read = read;
	return sandbox_enter(box, err);
}

/* A repository on this machine may have its objects anywhere: alternates,
 * worktrees.  Without a network nothing of what is read gets out. */
static int
enter_local(struct sandbox *box, struct error *err)
{
	static const char *const read[] = {"/", NULL};
	static const uint16_t ports[] = {0};

	box->network = false;
	box->ports = ports;
	box->read = read;
	return sandbox_enter(box, err);
}

/* All that is needed comes with the jobs, as open descriptors. */
static int
enter_nothing(struct sandbox *box, struct error *err)
{
	static const char *const read[] = {NULL};
	static const uint16_t ports[] = {0};

	box->network = false;
	box->ports = ports;
	box->read = read;
	return sandbox_enter(box, err);
}

static void
make_absolute(const char **path, char *room)
{
	if (*path != NULL && realpath(*path, room) != NULL)
		*path = room;
}

int
fetch_enter(struct worker *w, int stagefd, const struct fetch_opts *opts,
    struct error *err)
{
	const struct limits *limits = &opts->limits;
	struct sandbox box = {
	    .write_dir = stagefd,
	    .file_max = limits->bytes > limits->file_bytes ? limits->bytes :
							     limits->file_bytes,
	};

	self = (struct fetcher){.opts = *opts,
	    .worker = w,
	    .protocol = 2,
	    .socket = -1};
	/* From here on another directory is the current one. */
	make_absolute(&self.opts.settings.ca_file, files[0]);
	make_absolute(&self.opts.settings.cert, files[1]);
	make_absolute(&self.opts.settings.key, files[2]);
#ifdef KELPIE_PACK_MAX_OBJECT_SIZE
	/* What a delta may blow up to; not every libgit2 has the option. */
	(void)git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE,
	    (size_t)limits->bytes);
#endif
	sandbox_choose(opts->sandbox);
	if (fchdir(stagefd) == -1)
		return error_errno(err, "enter the stage");
	if (strcmp(w->origin, "local") == 0)
		return enter_local(&box, err);
	/*
	 * What came in a pack was hashed when it was indexed, a moment ago
	 * and in this process: once is enough.
	 */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	if (strcmp(w->origin, "cache") == 0 ||
	    strncmp(w->origin, "ssh:", 4) == 0)
		return enter_nothing(&box, err);
	return enter_network(&box, err);
}

/* ---- a job ---- */

static int
fetch(const char *url, struct error *err)
{
	enum scheme scheme;

	if (url_check(url, &scheme, err) == -1)
		return -1;
	/* Of these nobody can say more without fetching them. */
	if (self.job->refs && self.job->kind != JOB_GIT &&
	    self.job->kind != JOB_LOOKUP)
		return 0;
	switch (self.job->kind) {
	case JOB_ARCHIVE:
		return archive_fetch(&self, err);
	case JOB_DIRECTORY:
		return directory_fetch(&self, err);
	case JOB_LOOKUP:
		return galaxy_lookup(&self, err);
	default:
		break;
	}
	if (self.job->mirror)
		return git_fetch_mirror(&self, err);
	if (self.job->offline)
		return git_fetch(&self, err);
	switch (scheme) {
	case SCHEME_HTTP:
	case SCHEME_HTTPS:
		self.carrier = &carrier_http;
		git_http_begin(&self);
		return git_fetch(&self, err);
	case SCHEME_GIT:
		return git_fetch_daemon(&self, err);
	case SCHEME_SSH:
		return git_fetch_ssh(&self, err);
	case SCHEME_NONE:
	case SCHEME_FILE:
		return git_fetch_local(&self, err);
	default:
		return error_set(err, ERR_CONFIG,
		    "a source of a kind that kelpie does not take");
	}
}

static int
make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0755) == -1)
		return error_errno(err, "make directory '%s'", path);
	return 0;
}

int
fetch_run(struct worker *w, const struct job *job, struct error *err)
{
	char dir[16], role[32], pack[32];
	int rc;

	(void)snprintf(dir, sizeof(dir), "%u", (unsigned)job->id);
	(void)snprintf(role, sizeof(role), "%s/role", dir);
	(void)snprintf(pack, sizeof(pack), "%s/pack", dir);
	if (make_directory(dir, err) == -1 || make_directory(role, err) == -1 ||
	    make_directory(pack, err) == -1)
		return -1;
	self.worker = w;
	self.job = job;
	self.pack = pack;
	self.kept = false;
	self.role = open(role, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (self.role == -1)
		return error_errno(err, "open '%s'", role);
	rc = fetch(job->url, err);
	if (rc == 0 && job->kind != JOB_LOOKUP && !job->refs)
		rc = meta_tell(w, self.role, job->pup, err);
	(void)close(self.role);
	if (!self.kept && rmdir(pack) == -1 && rc == 0)
		rc = error_errno(err, "remove '%s'", pack);
	return rc;
}
