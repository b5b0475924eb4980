#include "cmd/from.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/scratch.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/mirror.h"
#include "kelpie/proc.h"
#include "kelpie/sandbox.h"
#include "kelpie/spec.h"

#define UNTAR_MS (30u * 60 * 1000)

static int
unpack(struct untar *u, struct error *err)
{
	static const struct proc_bounds bounds = {ERROR_MAX, UNTAR_MS,
	    &scratch_signal};
	const struct fetch_module *module = fetch_load(err);
	struct buf said = {0};
	int rc;

	if (module == NULL)
		return -1;
	rc = proc_call_until(module->untar, u, &said, &bounds, err);
	if (rc == 0 && said.len > 0)
		rc = error_set(err, ERR_INTEGRITY, "%s", said.data);
	buf_free(&said);
	return rc;
}

/* Strangers may have made it: what it says is read by another process. */
static int
open_tar(struct from *f, struct error *err)
{
	struct untar u = {.tar = f->given, .sandbox = sandbox_chosen()};

	f->scratch = scratch_make(err);
	if (f->scratch == NULL)
		return -1;
	f->path = xstrdup(f->scratch);
	u.dir = f->path;
	return unpack(&u, err);
}

/* The lock file is written before the index: do they belong together? */
static int
check_lock(int dirfd, const struct buf *index, struct error *err)
{
	struct mirror_index files;
	struct mirror_file is;
	const struct mirror_file *said;
	int rc = 0;

	if (mirror_index_parse(&files, index->len != 0 ? index->data : "",
		index->len, err) == -1)
		return -1;
	said = mirror_index_find(&files, MIRROR_LOCK);
	if (said == NULL || mirror_measure(&is, dirfd, MIRROR_LOCK) == -1 ||
	    is.size != said->size || strcmp(is.sha256, said->sha256) != 0)
		rc = error_set(err, ERR_INTEGRITY,
		    "'%s' is not what its index says: kelpie download was not "
		    "finished there, or somebody changed it; run it again",
		    MIRROR_LOCK);
	mirror_index_free(&files);
	return rc;
}

static int
read_lock(struct from *f, int dirfd, struct error *err)
{
	struct buf index = {0}, lock = {0};
	int rc = -1;

	if (mirror_read(&index, dirfd, MIRROR_INDEX, err) == -1) {
		if (err->kind == ERR_NOTFOUND)
			error_append(err,
			    ": kelpie download did not make this, or was not "
			    "finished; run it again");
	} else if (check_lock(dirfd, &index, err) == 0 &&
	    mirror_read(&lock, dirfd, MIRROR_LOCK, err) == 0) {
		rc = lockfile_parse(&f->lock, lock.len != 0 ? lock.data : "",
		    lock.len, err);
		if (rc == -1)
			(void)error_wrap(err, MIRROR_LOCK);
	}
	buf_free(&index);
	buf_free(&lock);
	return rc;
}

static int
look(struct from *f, int fd, struct error *err)
{
	struct stat st;
	int dirfd, rc;

	if (fstat(fd, &st) == -1)
		return error_errno(err, "look at it");
	if (S_ISREG(st.st_mode)) {
		if (open_tar(f, err) == -1)
			return -1;
	} else if (S_ISDIR(st.st_mode)) {
		f->path = realpath(f->given, NULL);
	} else {
		return error_set(err, ERR_CONFIG,
		    "neither a directory nor a file");
	}
	dirfd = f->path != NULL ?
	    open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
	    -1;
	if (dirfd == -1)
		return error_errno(err, "open it");
	rc = read_lock(f, dirfd, err);
	(void)close(dirfd);
	return rc;
}

int
from_open(struct from *f, const char *given, struct error *err)
{
	int fd = open(given, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), rc;

	*f = (struct from){.given = given,
	    .lock_path = xasprintf("%s/" MIRROR_LOCK, given)};
	if (fd == -1)
		return error_errno(err, "open '%s'", given);
	rc = look(f, fd, err);
	(void)close(fd);
	if (rc == 0)
		return 0;
	if (err->kind == ERR_NOTFOUND)
		err->kind = ERR_CONFIG;
	return error_wrap(err, "%s", given);
}

void
from_close(struct from *f)
{
	scratch_remove(f->scratch);
	free(f->path);
	free(f->lock_path);
	lockfile_free(&f->lock);
}

void
from_add_spec(struct specs *specs, const struct locked *l, const char *where)
{
	struct spec *s;

	specs->v = xreallocarray(specs->v, specs->n + 1, sizeof(*specs->v));
	s = &specs->v[specs->n++];
	*s = (struct spec){.name = xstrdup(l->name),
	    .src = xstrdup(l->src),
	    .version = xstrdup_null(l->asked),
	    .path = xstrdup_null(l->path),
	    .where = xstrdup(where),
	    .map = true};
	s->git = l->commit != NULL && !spec_is_name(s);
}
