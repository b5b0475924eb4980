#include "kelpie/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"

#define META_MAX ((size_t)1 << 20) /* bytes of a file */

/* False: there is no such file. */
static bool
read_file(int rolefd, const char *name, struct specs *specs,
    struct faults *faults)
{
	int fd =
	    openat(rolefd, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct buf text = {0};
	struct error err;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd == -1) {
		(void)error_errno(&err, "%s", name);
		faults_add(faults, &err);
		return true;
	}
	if (buf_read(&text, fd, META_MAX, &err) == 0) {
		specs_meta(specs, name, text.data != NULL ? text.data : "",
		    text.len, faults);
	} else {
		(void)error_wrap(&err, "%s", name);
		faults_add(faults, &err);
	}
	(void)close(fd);
	buf_free(&text);
	return true;
}

void
meta_needs(int rolefd, bool pup, struct specs *specs, struct faults *faults)
{
	if (!read_file(rolefd, "meta/main.yml", specs, faults))
		(void)read_file(rolefd, "meta/main.yaml", specs, faults);
	if (!read_file(rolefd, "meta/requirements.yml", specs, faults))
		(void)read_file(rolefd, "meta/requirements.yaml", specs,
		    faults);
	if (pup)
		(void)read_file(rolefd, "requirements.yml", specs, faults);
}
