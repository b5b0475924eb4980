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
#include "kelpie/state.h"
#include "state_priv.h"

void
intents_free(struct intents *j)
{
	for (size_t i = 0; i < j->n; i++)
		record_free(&j->v[i].record);
	free(j->v);
	*j = (struct intents){0};
}

/*
 * The journal was synced before anything happened on its word, so a line
 * that cannot be read is one whose role was never touched.
 */
static void
read_lines(struct intents *j, char *line)
{
	size_t cap = 0;
	char *lf;

	for (; (lf = strchr(line, '\n')) != NULL; line = lf + 1) {
		*lf = '\0';
		if (j->n == cap) {
			cap = cap != 0 ? cap * 2 : 16;
			j->v = xreallocarray(j->v, cap, sizeof(*j->v));
		}
		if (intent_read(&j->v[j->n], line) == NULL)
			j->n++;
	}
}

int
intents_load(struct intents *j, int kelpiefd, struct error *err)
{
	struct buf b = {0};
	int rc;

	*j = (struct intents){0};
	rc = state_slurp(&b, kelpiefd, "journal", err);
	if (rc == 0 && b.data != NULL)
		read_lines(j, b.data);
	buf_free(&b);
	return rc;
}

bool
intent_is_true(const struct intent *in, int rolesfd)
{
	struct stat st;

	return fstatat(rolesfd, in->record.name, &st, AT_SYMLINK_NOFOLLOW) ==
	    0 &&
	    (record_is_link(&in->record) ? S_ISLNK(st.st_mode) :
					   S_ISDIR(st.st_mode)) &&
	    (uint64_t)st.st_ino == in->inode;
}

/* Append, or leave the file as it was. */
static int
append(int fd, const struct buf *b)
{
	off_t end = lseek(fd, 0, SEEK_END);
	int saved;

	if (end == -1)
		return -1;
	if (write_synced(fd, b) == 0)
		return 0;
	saved = errno;
	(void)!ftruncate(fd, end);
	errno = saved;
	return -1;
}

int
state_journal(int kelpiefd, const struct intent *v, size_t n, struct error *err)
{
	struct buf b = {0};
	int fd, rc = -1;

	for (size_t i = 0; i < n; i++)
		intent_write(&b, &v[i]);
	fd = openat(kelpiefd, "journal",
	    O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1 && append(fd, &b) == 0)
		rc = below_sync(kelpiefd);
	if (rc == -1)
		(void)error_errno(err, "write .kelpie/journal");
	if (fd != -1)
		(void)close(fd);
	buf_free(&b);
	return rc;
}

/* Returns 1 if the old role was moved back. */
static int
move_back(const struct intent *in, int kelpiefd, int rolesfd)
{
	const char *name = in->record.name;
	char trash[sizeof("trash/") + sizeof(in->trash)];
	struct stat st;

	if (in->trash[0] == '\0')
		return 0;
	if (fstatat(rolesfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	/* ENOTDIR: a file took the place of "a" in "a/b". */
	if (errno != ENOENT)
		return errno == ENOTDIR ? 0 : -1;
	(void)snprintf(trash, sizeof(trash), "trash/%s", in->trash);
	if (renameat(kelpiefd, trash, rolesfd, name) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

int
state_recover(int kelpiefd, int rolesfd, struct error *err)
{
	struct intents j = {0};
	int n, moved = 0, rc = -1;

	if (intents_load(&j, kelpiefd, err) == -1)
		return -1;
	for (size_t i = 0; i < j.n; i++) {
		n = move_back(&j.v[i], kelpiefd, rolesfd);
		if (n == -1) {
			(void)error_errno(err,
			    "move '%s' back from .kelpie/trash/%s",
			    j.v[i].record.name, j.v[i].trash);
			goto out;
		}
		moved += n;
	}
	if (moved > 0 && below_sync(rolesfd) == -1) {
		(void)error_errno(err, "sync the roles directory");
		goto out;
	}
	rc = 0;
out:
	intents_free(&j);
	return rc;
}
