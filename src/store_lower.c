#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/store.h"
#include "state_priv.h"
#include "store_priv.h"
#include "walk_priv.h"

#define NUMBER 16 /* hex digits */

/*
 * A directory of a lower layer of an overlay, such as of the image that a
 * container runs on, cannot be moved (see "renaming directories" in the
 * kernel's overlayfs.rst).  It is taken apart where it is, and before that
 *
 *	trash/new-N	is the new role, if there is one, and on the disk,
 *	role/.kelpie-N	marks the role as one that is being taken apart.
 *
 * N is the number of the journal's intent.  A run that finds the mark goes
 * on; one that finds none leaves the role alone, for then it is whole.
 */
struct apart {
	int parent, trash;
	const char *leaf;
	const char *keep; /* in trash, for the old role; or NULL */
	char mark[sizeof(".kelpie-") + NUMBER];
	char new[sizeof("new-") + NUMBER];
};

static struct apart
apart(int parent, const char *leaf, int trash, const char *name)
{
	struct apart a = {.parent = parent, .trash = trash, .leaf = leaf};
	const char *number = strchr(name, '-');

	number = number != NULL ? number + 1 : name;
	(void)snprintf(a.mark, sizeof(a.mark), ".kelpie-%.*s", NUMBER, number);
	(void)snprintf(a.new, sizeof(a.new), "new-%.*s", NUMBER, number);
	if (strncmp(name, KEEP, sizeof(KEEP) - 1) == 0)
		a.keep = name;
	return a;
}

static int
make_and_open(int dirfd, const char *name)
{
	if (mkdirat(dirfd, name, 0777) == -1 && errno != EEXIST)
		return -1;
	return below_open(dirfd, name);
}

static int take_each(int fd, int to, const char *const skip[2],
    struct error *err);

/* Files can be moved, and so can a directory be that is not of that layer. */
static int
move_in_parts(int from, const char *name, int to, struct error *err)
{
	static const char *const none[2] = {"", ""};
	int fd, into, rc = -1;

	if (renameat(from, name, to, name) == 0)
		return 0;
	if (errno != EXDEV)
		return error_errno(err, "move '%s'", name);
	fd = below_open(from, name);
	into = make_and_open(to, name);
	if (fd == -1 || into == -1)
		(void)error_errno(err, "move '%s'", name);
	else
		rc = take_each(fd, into, none, err);
	if (fd != -1)
		(void)close(fd);
	if (into != -1)
		(void)close(into);
	if (rc == 0 && unlinkat(from, name, AT_REMOVEDIR) == -1)
		return error_errno(err, "remove '%s'", name);
	return rc;
}

/* Move it into to, or remove it if that is -1. */
static int
take(int fd, const char *name, int to, struct error *err)
{
	struct stat st;

	if (to == -1)
		return walk_remove(fd, name, err);
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1 &&
	    errno == ENOENT)
		return 0;
	return move_in_parts(fd, name, to, err);
}

/* Take what is in fd, but two names. */
static int
take_each(int fd, int to, const char *const skip[2], struct error *err)
{
	int at = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	DIR *dir = at != -1 ? fdopendir(at) : NULL;
	const struct dirent *e;

	if (dir == NULL) {
		if (at != -1)
			(void)close(at);
		return error_errno(err, "open the old role");
	}
	while (rc == 0 && (e = dir_next(dir)) != NULL)
		if (strcmp(e->d_name, skip[0]) != 0 &&
		    strcmp(e->d_name, skip[1]) != 0)
			rc = take(fd, e->d_name, to, err);
	if (rc == 0 && errno != 0)
		rc = error_errno(err, "read the old role");
	(void)closedir(dir);
	return rc;
}

/*
 * Its install info goes first, so that nobody takes the rest for a role that
 * is in place.  Who runs it all the same should fail: a role without its
 * tasks does nothing and says nothing, so they go last.
 */
static int
take_old(const struct apart *a, struct error *err)
{
	const char *const skip[2] = {a->mark, "tasks"};
	int fd = below_open(a->parent, a->leaf), to = -1, rc = -1;

	if (fd == -1)
		return error_errno(err, "open the old role");
	if (a->keep != NULL) {
		to = make_and_open(a->trash, a->keep);
		if (to == -1) {
			(void)error_errno(err, "make a place in trash");
			goto out;
		}
	}
	if (take(fd, "meta", to, err) == -1 ||
	    take_each(fd, to, skip, err) == -1 ||
	    take(fd, "tasks", to, err) == -1)
		goto out;
	if (unlinkat(fd, a->mark, AT_REMOVEDIR) == -1 ||
	    unlinkat(a->parent, a->leaf, AT_REMOVEDIR) == -1)
		(void)error_errno(err, "remove the old role");
	else
		rc = 0;
out:
	if (to != -1)
		(void)close(to);
	(void)close(fd);
	return rc;
}

/* That the mark can be moved there shows that the new role can be. */
static int
set_mark(const struct apart *a)
{
	int fd = below_open(a->parent, a->leaf), rc = -1, saved;

	if (fd == -1)
		return -1;
	if (mkdirat(a->trash, a->mark, 0700) == 0 &&
	    renameat(a->trash, a->mark, fd, a->mark) == 0)
		rc = below_sync(fd);
	saved = errno;
	if (rc == -1)
		(void)unlinkat(fd, a->mark, AT_REMOVEDIR);
	(void)close(fd);
	errno = saved;
	return rc;
}

int
lower_replace(const struct move *m, const char *name, struct error *err)
{
	struct apart a = apart(m->to, m->leaf, m->trash, name);

	if (renameat(m->from, "role", m->trash, a.new) == -1 ||
	    below_sync(m->trash) == -1 || set_mark(&a) == -1) {
		if (errno == EXDEV)
			return error_set(err, ERR_LOCAL,
			    "its place is on another file system than "
			    ".kelpie: nothing was replaced");
		return error_errno(err, "replace the old role where it is");
	}
	if (take_old(&a, err) == -1)
		return error_wrap(err,
		    "the old role is partly removed, the next run goes on");
	if (renameat(a.trash, a.new, a.parent, a.leaf) == -1)
		return error_errno(err, "move the role into place");
	return 0;
}

int
lower_remove(const struct move *m, const char *name, struct error *err)
{
	struct apart a = apart(m->to, m->leaf, m->trash, name);

	if (set_mark(&a) == -1) {
		if (errno == EXDEV)
			return error_set(err, ERR_LOCAL,
			    "is on another file system than .kelpie, and "
			    "stays");
		return error_errno(err, "mark it as one that goes");
	}
	return take_old(&a, err);
}

static bool
is_there(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Is the role marked?  If so, or if nothing is left of it, it goes. */
static int
go_on(const struct apart *a, bool *gone, struct error *err)
{
	int fd;
	bool marked;

	*gone =
	    unlinkat(a->parent, a->leaf, AT_REMOVEDIR) == 0 || errno == ENOENT;
	if (*gone)
		return 0;
	fd = below_open(a->parent, a->leaf);
	if (fd == -1)
		return 0;
	marked = is_there(fd, a->mark);
	(void)close(fd);
	if (!marked)
		return 0;
	*gone = true;
	return take_old(a, err);
}

static int
recover_one(int trash, int rolesfd, const struct intent *in, struct error *err)
{
	bool removed = strncmp(in->trash, GONE, sizeof(GONE) - 1) == 0, gone;
	const char *leaf;
	struct apart a;
	int rc = 0, parent;

	if (in->trash[0] == '\0')
		return 0;
	parent = parent_open(rolesfd, in->record.name, &leaf);
	if (parent == -1)
		return 0;
	a = apart(parent, leaf, trash, in->trash);
	if (removed || is_there(trash, a.new)) {
		rc = go_on(&a, &gone, err);
		if (rc == 0 && gone && !removed &&
		    renameat(trash, a.new, parent, leaf) == -1)
			rc = error_errno(err, "move the role into place");
		if (rc == 0 && below_sync(parent) == -1)
			rc = error_errno(err, "sync its directory");
	}
	(void)close(parent);
	return rc == 0 ? 0 : error_wrap(err, "%s", in->record.name);
}

int
lower_recover(int kelpiefd, int rolesfd, struct error *err)
{
	struct intents j = {0};
	int rc, trash = below_open(kelpiefd, "trash");

	if (trash == -1 && errno == ENOENT)
		return 0;
	if (trash == -1)
		return error_errno(err, "open .kelpie/trash");
	rc = intents_load(&j, kelpiefd, err);
	for (size_t i = 0; rc == 0 && i < j.n; i++)
		rc = recover_one(trash, rolesfd, &j.v[i], err);
	intents_free(&j);
	(void)close(trash);
	return rc;
}
