/*
 * cmd/install.h - what the parts of an install share.
 *
 * install.c knows what is done in which order, install_specs.c what is asked
 * for, install_collections.c who takes the collections of a file.
 */
#ifndef KELPIE_CMD_INSTALL_H
#define KELPIE_CMD_INSTALL_H

#include <stdbool.h>

#include "kelpie/kennel.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

struct config;
struct error;
struct from;
struct install_args;
struct install_opts;

/* What the command line and its files ask for. */
struct asked {
	struct specs specs;
	const char *file; /* the only requirements file, or NULL */
	char **others; /* roles of the files that names leave out */
	size_t others_n;
	const char **collections; /* files that have some; borrowed */
	size_t n;
	struct from *from; /* --from: in place of servers, or NULL */
	bool in_kennel; /* the specs are the pups of: */
	struct kennel kennel;
};

/*
 * Install what the command line asks for and return the exit status; *err is
 * set if there is something to say.
 */
int install_all(struct install_args *, struct error *);

/* As a run into an empty directory, of which nothing stays. */
int install_nowhere(const struct install_opts *, const struct specs *,
    enum ui_shape, struct error *);

/* What a loaded configuration says of an install; it has to outlive it. */
void install_take_config(struct install_opts *, const struct config *);

/*
 * -1 with ERR_USAGE if nothing is asked for, or another kind for a kennel.cfg
 * that cannot be read; faults of files go to faults.
 */
int install_asked(struct asked *, struct install_args *, struct faults *,
    struct error *);
void install_asked_free(struct asked *);

/*
 * Have the collections of the files installed, or say that they are not.
 * Returns 0, or an exit status of another program.
 */
int install_collections(const struct asked *, const struct install_args *,
    struct error *);

#endif
