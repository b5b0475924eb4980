#include "cmd/scratch.h"

#include <fcntl.h>
#include <stdlib.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"
#include "kelpie/walk.h"

char *
scratch_make(struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *path, *real = NULL;

	if (tmp == NULL || *tmp == '\0')
		tmp = "/tmp";
	path = xasprintf("%s/kelpie.XXXXXX", tmp);
	if (mkdtemp(path) != NULL)
		real = realpath(path, NULL);
	if (real == NULL)
		(void)error_errno(err, "make a directory in '%s'", tmp);
	free(path);
	return real;
}

void
scratch_remove(char *path)
{
	struct error err;

	if (path != NULL && walk_remove(AT_FDCWD, path, &err) == -1)
		ui_warn("%s", err.msg);
	free(path);
}
