/* spec_load.h - requirements files below a directory, and what they come to. */
#ifndef SPEC_LOAD_H
#define SPEC_LOAD_H

#include <stdlib.h>

#include "check.h"
#include "kelpie/spec.h"
#include "spec_told.h"
#include "work_dir.h"

/* Load path and compare; TOP in want stands for the directory. */
static inline void
check_load(const char *path, const char *want)
{
	struct specs s = {0};
	struct faults f = {0};
	char *got, *all = with_top(want);

	specs_load(&s, path, &f);
	got = told(&s, &f);
	CHECK_STR(got, all);
	free(all);
	free(got);
}

#endif
