/*
 * cmd/kennel.h - what install, run and convert share about kennels.
 *
 * Knows where a kennel is found and what is done in one besides installing
 * roles.
 */
#ifndef KELPIE_CMD_KENNEL_H
#define KELPIE_CMD_KENNEL_H

#include <stdbool.h>

struct error;
struct faults;
struct install_opts;
struct kennel;
struct specs;

/* Of the command line of kelpie install. */
struct kennel_args {
	const char *config_file; /* or NULL */
	bool no_pip;
};

/*
 * Is there a kennel?  Its file is the one given, or kennel.cfg in the
 * current directory; NULL if there is only a pupfile.yml, which counts where
 * no requirements file is.
 */
bool kennel_find(const char *given, const char **file);

/* Read a kennel and add its pups to the specs. */
int kennel_gather(struct kennel *, const char *file, struct specs *,
    struct faults *, struct error *);

/*
 * After the pups are in place: pip for what they want, for one after the
 * other.  Returns the exit status.
 */
int kennel_pip(const struct install_opts *, const struct specs *, int level,
    struct error *);

/* Where on PATH a program is, or NULL with *err. */
char *kennel_program(const char *name, struct error *);

#endif
