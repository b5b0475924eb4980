#include <sys/stat.h>

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/installinfo.h"
#include "kelpie/rules.h"
#include "kelpie/store.h"
#include "store_priv.h"

#define TARGET_MAX 4096 /* bytes of a link's target */

char *
store_link_target(const struct store *s, const char *name)
{
	char target[TARGET_MAX];
	ssize_t len = readlinkat(s->rolesfd, name, target, sizeof(target));

	return len != -1 ? xstrndup(target, (size_t)len) : NULL;
}

bool
store_made_link(const struct store *s, const char *name)
{
	const struct record *r = state_find(&s->state, name);
	char *target;
	bool made;

	if (r == NULL || !record_is_link(r))
		return false;
	target = store_link_target(s, name);
	made = target != NULL && strcmp(target, r->src) == 0;
	free(target);
	return made;
}

static int
may_go(const struct store *s, const char *name, struct error *err)
{
	struct installed in;
	enum found found;

	if (installinfo_look(&in, s->rolesfd, name, err) == -1)
		return -1;
	found = in.found;
	installed_free(&in);
	switch (found) {
	case FOUND_ROLE:
	case FOUND_INSTALLED:
		return 0;
	case FOUND_NOTHING:
		return error_set(err, ERR_NOTFOUND, "is not installed in '%s'",
		    s->path);
	case FOUND_LINK:
		if (store_made_link(s, name))
			return 0;
		return error_set(err, ERR_REFUSED,
		    "is a symbolic link that kelpie did not make, and stays; "
		    "rm removes it");
	case FOUND_FOREIGN:
		break;
	}
	return error_set(err, ERR_REFUSED,
	    "is no role (there is no meta/main.yml), and stays");
}

int
parent_open(int rolesfd, const char *name, const char **leaf)
{
	const char *slash = strrchr(name, '/');
	char *dir;
	int fd;

	*leaf = slash != NULL ? slash + 1 : name;
	if (slash == NULL)
		return fcntl(rolesfd, F_DUPFD_CLOEXEC, 0);
	dir = xstrndup(name, (size_t)(slash - name));
	fd = below_open(rolesfd, dir);
	free(dir);
	return fd;
}

void
trash_name(char out[TRASH_MAX], const char *prefix)
{
	uint64_t number;

	arc4random_buf(&number, sizeof(number));
	(void)snprintf(out, TRASH_MAX, "%s%016" PRIx64, prefix, number);
}

/* The journal first, so that a run that is ended in it goes on later. */
static int
remove_there(const struct store *s, const struct move *m, const char *name,
    struct error *err)
{
	static char none[] = "";
	struct intent in = {
	    .record = {.src = none, .ref = none, .commit = none}};
	int rc;

	in.record.name = xstrdup(name);
	trash_name(in.trash, GONE);
	rc = state_journal(s->kelpiefd, &in, 1, err);
	if (rc == 0)
		rc = lower_remove(m, in.trash, err);
	free(in.record.name);
	return rc;
}

static int
take_away(const struct store *s, const struct move *m, const char *name,
    struct error *err)
{
	char to[TRASH_MAX];

	trash_name(to, "old-");
	if (renameat(m->to, m->leaf, m->trash, to) == 0)
		return 0;
	if (errno == EXDEV)
		return remove_there(s, m, name, err);
	if (errno == EBUSY)
		return error_set(err, ERR_LOCAL, "is a mount point, and stays");
	if (errno == EPERM)
		return error_set(err, ERR_LOCAL,
		    "stays: Operation not permitted; is it, or the directory "
		    "it is in, immutable or append-only (see lsattr)?");
	return error_errno(err, "move it to .kelpie/trash");
}

/* The directories that a name of several parts lies in, once empty. */
static void
remove_parents(const struct store *s, const char *name)
{
	char *dir = xstrdup(name), *slash;

	while ((slash = strrchr(dir, '/')) != NULL) {
		*slash = '\0';
		if (unlinkat(s->rolesfd, dir, AT_REMOVEDIR) == -1)
			break;
	}
	free(dir);
}

/*
 * The role first and then what we know of it: a record without its role says
 * nothing, while a role without its record would be taken for another
 * tool's.  So no journal is needed for a role that can be moved; what is in
 * trash the next run sweeps.
 */
int
store_remove(struct store *s, const char *name, struct error *err)
{
	struct move m = {.from = -1};
	int rc = -1;

	if (name_check(name, err) == -1 || may_go(s, name, err) == -1)
		return -1;
	/* It could bring back what is removed now. */
	if (has_journal(s->kelpiefd) && settle(s, err) == -1)
		return -1;
	m.trash = below_open(s->kelpiefd, "trash");
	m.to = parent_open(s->rolesfd, name, &m.leaf);
	if (m.trash == -1 || m.to == -1)
		(void)error_errno(err, "open the directory that it is in");
	else
		rc = take_away(s, &m, name, err);
	/* What holds no nested name is synced once for all. */
	if (rc == 0 && m.leaf != name && !s->no_sync)
		(void)below_sync(m.to);
	if (m.trash != -1)
		(void)close(m.trash);
	if (m.to != -1)
		(void)close(m.to);
	if (rc == -1)
		return -1;
	remove_parents(s, name);
	state_drop(&s->state, name);
	s->changed = true;
	return 0;
}
