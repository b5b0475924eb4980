/*
 * sandbox.h - a worker gives up what it does not need.
 *
 * Landlock and a seccomp deny list on Linux, pledge and unveil on OpenBSD,
 * rlimits everywhere.  Knows directories, files and ports, not what they are
 * for.  State of the process: the mode, which its children inherit.
 */
#ifndef KELPIE_SANDBOX_H
#define KELPIE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct error;

enum sandbox_mode {
	SANDBOX_AUTO, /* what the system has */
	SANDBOX_REQUIRE, /* all of it, or nothing is done */
	SANDBOX_OFF, /* rlimits alone */
};

struct sandbox {
	int write_dir; /* the one directory that may be written; open; or
			  -1: none may */
	const char *const *read; /* paths that may be read; NULL ends; absent
				    ones are skipped */
	const uint16_t *ports; /* TCP ports to connect to; 0 ends */
	bool network; /* false: no socket at all */
	bool programs; /* it may start those that it may read, each confined as
			  it is, and write to /dev/null */
	uint64_t file_max; /* bytes of the largest file, RLIMIT_FSIZE */
};

/*
 * How sandbox_enter() of this process and its children confines; the parent
 * chooses before it has any.  What is loaded as a module has a mode of its
 * own.  SANDBOX_AUTO until then.
 */
void sandbox_choose(enum sandbox_mode);
enum sandbox_mode sandbox_chosen(void);

/*
 * In the parent: ERR_USAGE if confinement is required and a child of ours
 * could not be confined by all that this system is known for.
 */
int sandbox_check(struct error *);

/*
 * What holds in a child that has called sandbox_enter(): "landlock 7,
 * seccomp", "none", ...  In the parent; a child tries it out.
 */
const char *sandbox_level(void);

/*
 * Confine the calling process for life: it may write below write_dir and
 * nowhere else, read what is listed, start no program, make no process
 * (unless it may), open no unix socket, signal nobody else, and change no mode, owner or
 * time of any file, not even of its own.  Runs in the worker, after its
 * libraries are loaded and before its first byte from outside.  Descriptors
 * are the caller's business (closefrom(3)).  ERR_LOCAL if a limit that
 * the kernel has cannot be set, or what is required is not there.
 */
int sandbox_enter(const struct sandbox *, struct error *);

#endif
