#include "kelpie/kennel.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/install_args.h"
#include "cmd/kennel.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "kelpie/ui.h"

#define KENNEL_FILE "kennel.cfg"

bool
kennel_find(const char *given, const char **file)
{
	*file = given;
	if (given == NULL && access(KENNEL_FILE, F_OK) == 0)
		*file = KENNEL_FILE;
	return *file != NULL ||
	    (install_default_file() == NULL &&
		access("pupfile.yml", F_OK) == 0);
}

int
kennel_gather(struct kennel *k, const char *file, struct specs *specs,
    struct faults *faults, struct error *err)
{
	struct pups pups = {.specs = *specs};

	if (kennel_load(k, file, err) == -1)
		return -1;
	pups_load(&pups, k->pupfile, faults);
	*specs = pups.specs;
	pups.specs = (struct specs){0};
	pups_free(&pups);
	return 0;
}

char *
kennel_program(const char *name, struct error *err)
{
	const char *list = getenv("PATH");
	char *path = proc_find(&list, name);

	if (path == NULL)
		(void)error_set(err, ERR_LOCAL, "there is no '%s' on PATH",
		    name);
	return path;
}
