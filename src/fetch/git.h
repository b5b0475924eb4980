/*
 * fetch/git.h - fetching a role from a git repository.
 *
 * Private to fetch/.  One function a way to get at the objects, and one that
 * all of them end in.
 */
#ifndef KELPIE_FETCH_GIT_H
#define KELPIE_FETCH_GIT_H

#include <git2.h>

#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/git/wire.h"
#include "kelpie/worker.h"

struct http;

/* What a worker has for all of its jobs, and the job in its hands. */
struct fetcher {
	struct fetch_opts opts;
	struct http *http; /* made by the first job that needs it */
	struct worker *worker;
	const struct job *job;
	int role; /* the empty directory to fill */
	const char *pack; /* the path of an empty one to work in */
	enum phase phase;
	char commit[OID_HEX + 1]; /* found out on the way */
};

/* Fill the role with what the job asks for; tell the parent ref and commit. */
int git_fetch_http(struct fetcher *, struct error *);
int git_fetch_local(struct fetcher *, struct error *);

/*
 * Where both end: write the tree of f->commit.  absent is the kind of error
 * if the objects do not have it.
 */
int git_finish(struct fetcher *, git_odb *, enum error_kind absent,
    struct error *);

#endif
