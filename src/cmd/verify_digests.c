/*
 * The digests of the roles that are in place, made on all cores.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "cmd/verify.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/proc.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

/* A child costs as much as this many usual roles. */
#define WORTH_A_CHILD 4

struct hashed {
	struct error err;
	char digest[DIGEST_MAX]; /* "" if it is no directory */
};

/* Also in a child.  A file in the place of a role is no error. */
static int
hash(int rolesfd, const char *name, struct hashed *h)
{
	struct walked walked;
	int fd = below_open(rolesfd, name), rc;

	if (fd == -1 && errno == ENOTDIR)
		return 0;
	if (fd == -1)
		return error_errno(&h->err, "%s: open", name);
	rc = walk_digest(fd, &walked, &h->err);
	(void)close(fd);
	if (rc == -1)
		return error_wrap(&h->err, "%s", name);
	memcpy(h->digest, walked.digest, sizeof(h->digest));
	return 0;
}

static bool
has_digest(const struct checked *c)
{
	return c->p != NULL && c->p->err.kind == ERR_NONE &&
	    c->p->in.found != FOUND_NOTHING && c->p->in.found != FOUND_LINK;
}

static void
hash_one(int rolesfd, size_t i, void *answer, void *ctx)
{
	const struct verify *v = ctx;

	if (has_digest(&v->v[i]))
		(void)hash(rolesfd, v->v[i].name, answer);
}

/* What is wrong with it, whoever found out. */
static const struct error *
fault(const struct checked *c, const struct hashed *h, struct error *unread)
{
	if (c->p != NULL && c->p->err.kind != ERR_NONE)
		return &c->p->err;
	if (h != NULL)
		return h->err.kind != ERR_NONE ? &h->err : NULL;
	(void)error_set(unread, ERR_CHILD,
	    "%s: the process that was to read it has died: run the same "
	    "command again",
	    c->name);
	return unread;
}

static unsigned
processes(const struct verify *v)
{
	size_t most = v->n / WORTH_A_CHILD;
	unsigned cores = proc_cores();

	return most < 1 ? 1 : most < cores ? (unsigned)most : cores;
}

bool
verify_digests(struct verify *v)
{
	struct proc_each each = {.n = v->n,
	    .size = sizeof(struct hashed),
	    .most = processes(v),
	    .fd = v->store->rolesfd,
	    .fn = hash_one,
	    .ctx = v};
	struct error err;
	bool good = proc_each(&each, &err) == 0;

	if (!good)
		ui_error(&err);
	for (size_t i = 0; i < v->n; i++) {
		const struct hashed *h = proc_answer(&each, i);
		const struct error *why = fault(&v->v[i], h, &err);

		if (why == NULL) {
			memcpy(v->v[i].digest, h->digest, sizeof(h->digest));
			continue;
		}
		ui_error(why);
		v->v[i].found = VERIFY_UNREAD;
		good = false;
	}
	proc_each_free(&each);
	return good;
}
