#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
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

/*
 * rename(2), but never onto something.  Without renameat2(2) another process
 * can come between look and rename; rename() then fails all the same unless
 * what it made is an empty directory.
 */
static int
rename_new(const struct move *m)
{
	struct stat st;

#if defined(RENAME_NOREPLACE) && !defined(KELPIE_PORTABLE)
	if (renameat2(m->from, "role", m->to, m->leaf, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
#endif
	if (fstatat(m->to, m->leaf, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(m->from, "role", m->to, m->leaf);
}

/* ENOSYS or EINVAL: not with this kernel or file system. */
static int
exchange(const struct move *m)
{
#if defined(RENAME_EXCHANGE) && !defined(KELPIE_PORTABLE)
	return renameat2(m->from, "role", m->to, m->leaf, RENAME_EXCHANGE);
#else
	(void)m;
	errno = ENOSYS;
	return -1;
#endif
}

static int
not_moved(struct error *err)
{
	if (errno == EEXIST || errno == ENOTEMPTY)
		return error_set(err, ERR_LOCAL,
		    "something appeared in its place meanwhile, and was not "
		    "replaced");
	if (errno == EBUSY)
		return error_set(err, ERR_LOCAL,
		    "the role in place is a mount point, and was not "
		    "replaced");
	if (errno == EXDEV)
		return error_set(err, ERR_LOCAL,
		    "its place is on another file system than .kelpie: "
		    "nothing was replaced");
	if (errno == EPERM)
		return error_set(err, ERR_LOCAL,
		    "move the role into place: Operation not permitted; is "
		    "the old one, or the directory it is in, immutable or "
		    "append-only (see lsattr)? Nothing was replaced");
	return error_errno(err, "move the role into place");
}

static int
put_new(const struct move *m, struct commit *c)
{
	c->trash[0] = '\0';
	return rename_new(m) == 0 ? 0 : not_moved(&c->err);
}

/* After an exchange the old role is where the staged one was. */
static int
clear_stage(const struct move *m, struct commit *c)
{
	if (renameat(m->from, "role", m->trash, c->trash) == 0)
		return 0;
	if (c->keep_old) {
		(void)error_errno(&c->err, "move the old role to trash");
		if (exchange(m) == 0) {
			c->trash[0] = '\0';
			return -1;
		}
	}
	/* It goes with the rest of the stage. */
	c->trash[0] = '\0';
	return 0;
}

/* The old role cannot be moved; only trash that was asked for is kept. */
static int
replace_there(const struct move *m, struct commit *c)
{
	int rc = lower_replace(m, c->trash, &c->err);

	c->gap = rc == 0;
	if (rc == -1 || !c->keep_old)
		c->trash[0] = '\0';
	return rc;
}

/*
 * The way without an exchange: for a moment there is no role.  If we are
 * ended in it, the journal brings the old one back.
 */
static int
rename_twice(const struct move *m, struct commit *c)
{
	if (renameat(m->to, m->leaf, m->trash, c->trash) == -1) {
		if (errno == EXDEV)
			return replace_there(m, c);
		c->trash[0] = '\0';
		return not_moved(&c->err);
	}
	if (renameat(m->from, "role", m->to, m->leaf) == 0)
		return 0;
	(void)not_moved(&c->err);
	if (renameat(m->trash, c->trash, m->to, m->leaf) == -1)
		return error_wrap(&c->err,
		    "the old role is in .kelpie/trash/%s", c->trash);
	c->trash[0] = '\0';
	return -1;
}

static int
replace(const struct move *m, struct commit *c)
{
	struct stat st;

	if (fstatat(m->to, m->leaf, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? put_new(m, c) : not_moved(&c->err);
	if (!S_ISDIR(st.st_mode) && !(c->over_link && S_ISLNK(st.st_mode))) {
		c->trash[0] = '\0';
		return error_set(&c->err, ERR_LOCAL,
		    "there is a %s in its place now, and was not replaced",
		    S_ISLNK(st.st_mode) ? "symbolic link" : "file");
	}
	if (exchange(m) == 0)
		return clear_stage(m, c);
	if (errno == EINVAL || errno == ENOSYS)
		return rename_twice(m, c);
	if (errno == EXDEV)
		return replace_there(m, c);
	c->trash[0] = '\0';
	return not_moved(&c->err);
}

/* Open "a" for the role "a/b", made if it is missing; no role itself. */
static int
open_part(int dirfd, const char *part, struct error *err)
{
	struct installed in;
	int fd = -1;

	if (installinfo_look(&in, dirfd, part, err) == -1)
		return -1;
	if (in.found == FOUND_ROLE || in.found == FOUND_INSTALLED)
		(void)error_set(err, ERR_LOCAL,
		    "'%s' is a role itself, and no place for others", part);
	else if (in.found == FOUND_LINK)
		(void)error_set(err, ERR_LOCAL,
		    "'%s' is a symbolic link, and none is followed", part);
	else if (in.found == FOUND_NOTHING &&
	    (mkdirat(dirfd, part, 0777) == -1 || below_sync(dirfd) == -1))
		(void)error_errno(err, "make the directory '%s'", part);
	else if ((fd = below_open(dirfd, part)) == -1)
		(void)error_errno(err, "open the directory '%s'", part);
	installed_free(&in);
	return fd;
}

/* Open the directory that name goes into; *leaf is its last part. */
static int
open_parent(int rolesfd, const char *name, const char **leaf, struct error *err)
{
	int next, fd = openat(rolesfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char part[NAME_MAX_BYTES + 1];
	size_t len;

	if (fd == -1)
		(void)error_errno(err, "open the roles directory");
	for (; fd != -1 && name[len = strcspn(name, "/")] == '/';
	     name += len + 1) {
		if (len >= sizeof(part)) {
			(void)close(fd);
			return error_set(err, ERR_LOCAL, "name too long");
		}
		memcpy(part, name, len);
		part[len] = '\0';
		next = open_part(fd, part, err);
		(void)close(fd);
		fd = next;
	}
	*leaf = name;
	return fd;
}

/* The staged role is still what was checked. */
static int
check_same(int from, const struct commit *c, struct error *err)
{
	struct stat st;

	if (fstatat(from, "role", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (record_is_link(&c->record) ? S_ISLNK(st.st_mode) :
					  S_ISDIR(st.st_mode)) &&
	    (uint64_t)st.st_ino == c->inode)
		return 0;
	return error_set(err, ERR_CHILD,
	    "the staged role is not the one that was checked");
}

/* Returns 0 if the role is in place, whatever else went wrong. */
static int
place(const struct store *s, struct commit *c)
{
	struct move m = {-1, -1, -1, c->record.name};
	int rc = -1;

	m.from = stage_open(s, c->worker, c->id);
	m.trash = below_open(s->kelpiefd, "trash");
	if (m.from == -1 || m.trash == -1) {
		(void)error_errno(&c->err, "open the stage");
		goto out;
	}
	if (check_same(m.from, c, &c->err) == -1)
		goto out;
	m.to = open_parent(s->rolesfd, c->record.name, &m.leaf, &c->err);
	if (m.to == -1)
		goto out;
	rc = c->replace ? replace(&m, c) : put_new(&m, c);
	/* What holds no nested name is synced once for all. */
	if (rc == 0 && m.leaf != c->record.name && below_sync(m.to) == -1)
		(void)error_errno(&c->err, "in place, but not sure to stay");
out:
	if (m.to == -1)
		c->trash[0] = '\0';
	if (m.from != -1)
		(void)close(m.from);
	if (m.trash != -1)
		(void)close(m.trash);
	if (m.to != -1)
		(void)close(m.to);
	return rc;
}

static int
write_journal(const struct store *s, const struct commit *c, size_t n,
    struct error *err)
{
	struct intent *v = xcalloc(n, sizeof(*v));
	int rc;

	/* The records are borrowed. */
	for (size_t i = 0; i < n; i++) {
		v[i].record = c[i].record;
		v[i].inode = c[i].inode;
		memcpy(v[i].trash, c[i].trash, sizeof(v[i].trash));
	}
	rc = state_journal(s->kelpiefd, v, n, err);
	free(v);
	return rc;
}

/*
 * Without this a power cut some seconds after the rename can leave roles
 * whose files are all empty.
 */
static int
sync_stages(const struct store *s, struct error *err)
{
	if (s->no_sync)
		return 0;
#if defined(__linux__) && !defined(KELPIE_PORTABLE)
	if (syncfs(s->rolesfd) == 0)
		return 0;
	if (errno != ENOSYS)
		return error_errno(err, "write the roles to the disk");
#endif
	(void)s, (void)err;
	sync();
	return 0;
}

void
store_commit(struct store *s, struct commit *c, size_t n)
{
	struct error err;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		c[i].err = (struct error){.kind = ERR_NONE};
		c[i].trash[0] = '\0';
		if (c[i].replace)
			trash_name(c[i].trash, c[i].keep_old ? KEEP : "old-");
	}
	if (write_journal(s, c, n, &err) == -1 || sync_stages(s, &err) == -1) {
		for (size_t i = 0; i < n; i++) {
			c[i].err = err;
			c[i].trash[0] = '\0';
		}
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (place(s, &c[i]) == 0)
			state_put(&s->state, &c[i].record);
	if (s->no_sync || below_sync(s->rolesfd) == 0)
		return;
	(void)error_errno(&err, "in place, but not sure to stay");
	for (size_t i = 0; i < n; i++)
		if (c[i].err.kind == ERR_NONE)
			c[i].err = err;
}
