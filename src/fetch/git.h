/*
 * fetch/git.h - fetching a role from a git repository.
 *
 * Private to fetch/.  One function a way to get at the objects, and one that
 * all of them end in.
 */
#ifndef KELPIE_FETCH_GIT_H
#define KELPIE_FETCH_GIT_H

#include <git2.h>

#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/git/wire.h"
#include "kelpie/rules.h"
#include "kelpie/worker.h"

struct fetcher;
struct http;
struct pack;
struct session;

/* A reader of an answer: pieces go to feed() until *ended, or till the end. */
struct reader {
	int (*feed)(void *ctx, const char *, size_t, struct error *);
	void *ctx;
	const bool *ended;
};

/*
 * What brings git's protocol to a server and back.  Both fail with the
 * kinds of errors of http.h.  In one job greet() is called at most once, and
 * ask() once or twice after it.  Where f->known says that earlier jobs have
 * seen this server speak version 2, ask() comes first even if it is not
 * bold: it then has to read over the greeting itself, and 1 or -1 is what
 * it returns if that is of another version (wire_greeting reads it).
 */
struct carrier {
	/*
	 * What the server says first: its capabilities (version 2), or all
	 * refs.  Over http a GET of info/refs, which follows redirects and
	 * learns where later requests go.
	 */
	int (*greet)(struct fetcher *, const struct reader *, struct error *);
	/*
	 * Send a request of f->protocol, read its answer.  1, where *err is
	 * set as well: the answer is none of version 2, and greet() may know
	 * more.
	 */
	int (*ask)(struct fetcher *, const struct buf *request,
	    const struct reader *, struct error *);
	/* Requests may be sent before any greeting was heard, even in the
	 * first job of a worker. */
	bool bold;
};
extern const struct carrier carrier_http, carrier_ssh, carrier_daemon;

/* Where carrier_http sends the requests of a job, and as whom. */
struct way {
	char *base; /* an URL without user and password */
	char *user, *password; /* or NULL */
};

/* What a worker has for all of its jobs, and the job in its hands. */
struct fetcher {
	struct fetch_opts opts;
	struct http *http; /* made by the first job that needs it */
	struct worker *worker;
	const struct job *job;
	const struct carrier *carrier; /* of the job */
	struct way way; /* of the job, if it is for carrier_http */
	int protocol; /* 2 or 0: what the last server spoke; 2 at first */
	bool known; /* a server was heard to speak it; a worker has but one */
	bool greeted; /* in this job */
	struct galaxy_api *galaxy; /* the one that was asked last, or NULL */
	int socket; /* of carrier_daemon, or -1 */
	struct patience patience; /* with the one at its other end */
	struct session *session; /* of carrier_ssh */
	uint64_t received; /* by it, of the answer at hand */
	int role; /* the empty directory to fill */
	const char *pack; /* the path of an empty one to work in */
	bool kept; /* a pack in it is to stay */
	enum phase phase;
	char commit[OID_HEX + 1]; /* found out on the way */
	char tag[OID_HEX + 1]; /* the tag object that leads to it, or "" */
};

/* A new job for carrier_http: what was learnt for the last one is void. */
void git_http_begin(struct fetcher *);

/* Fill the role with what the job asks for; tell the parent ref and commit.
 * The carrier is not needed if the job is offline. */
int git_fetch(struct fetcher *, struct error *);
int git_fetch_local(struct fetcher *, struct error *);
int git_fetch_daemon(struct fetcher *, struct error *);
int git_fetch_ssh(struct fetcher *, struct error *);
/* The same for the commit job->have, whose pack is what the URL names. */
int git_fetch_mirror(struct fetcher *, struct error *);

/* The same without a role: only tell what there is, with one ls-refs. */
int git_look(struct fetcher *, struct error *);
void git_look_local(struct fetcher *, git_repository *);

/*
 * Where both end: write the tree of f->commit.  absent is the kind of error
 * if the objects do not have it.
 */
int git_finish(struct fetcher *, git_odb *, enum error_kind absent,
    struct error *);

/*
 * Make a pack of f->commit, with all of its tree, and tell the parent that it
 * is there.  The same objects give the same bytes.
 */
int git_make(struct fetcher *, git_odb *, struct error *);
#define GIT_MADE "pack-made.pack" /* its name in f->pack */
/* Tell the parent of the pack that stays. */
void git_kept(struct fetcher *);

/* Does the job name the tag object? */
bool job_tag(const struct fetcher *);

/* If the job wants it: leave f->tag, f->commit and what is between them. */
int git_leave_signed(struct fetcher *, git_odb *, struct error *);

/* Begin a pack in f->pack, of a history or of one commit. */
struct pack *git_pack(struct fetcher *, bool history, struct error *);

/*
 * git_since.c: the role is there; say how many commits lie between it and
 * the one that the job asks about, if that can be known for one small request
 * or two.  What goes wrong is nobody's business.
 */
void git_since(struct fetcher *);
void git_since_local(struct fetcher *, git_repository *);

/* ---- versions ---- */

/* A version taken apart. */
struct revision {
	char base[VERSION_MAX_BYTES + 1]; /* "": HEAD */
	const char *steps; /* to an ancestor, "~2^1" (gitrevisions(7)); "" */
	unsigned depth; /* commits of history that it takes; 0: all of it */
	bool id; /* base is a full commit id */
	bool
	    brief; /* base may be a short one, if it is not the name of a ref */
};

/* What the job asks for.  steps is borrowed from it. */
void revision_parse(struct revision *, const struct job *);

/*
 * Nothing answers to the version: put the tag that may be meant, or the
 * nearest ones, behind the message.  tags has a line each.  Returns -1.
 */
int revision_missing(const struct revision *, const struct buf *tags,
    struct error *);

/* Set commit to the one whose id begins with base.  Walks over all objects. */
int revision_expand(const struct revision *, git_odb *,
    char commit[OID_HEX + 1], struct error *);

/* Go the steps from commit on.  absent as in git_finish(). */
int revision_walk(const struct revision *, git_odb *, char commit[OID_HEX + 1],
    enum error_kind absent, struct error *);

/* ---- talking to a server ---- */

/* What to ask the server for. */
struct target {
	struct revision rev;
	struct wire_ref ref; /* that answers to its base */
	struct buf tips; /* ids of all branches and tags, if they were asked */
	struct buf tags; /* names of the tags that came along, a line each */
	bool look; /* no pack is wanted, but these: */
	struct wire_ref newest; /* the highest release, or one without name */
	struct buf seen; /* tags of the job, as in struct wire_search */
	bool all; /* the commit is to be looked for behind all of these */
	unsigned depth, caps; /* of the request; of a server of old */
};

/* Find out what the version is: f->commit, unless t->rev.brief and t->all. */
int git_resolve(struct fetcher *, struct target *, struct error *);
/* Get the pack. */
int git_receive(struct fetcher *, struct target *, struct pack **,
    struct error *);

#endif
