/*
 * sandbox.h - a worker gives up what it does not need.
 *
 * Landlock and a seccomp deny list where the kernel has them, rlimits
 * everywhere; a kernel without either is no error.  Knows directories,
 * files and ports, not what they are for.
 */
#ifndef KELPIE_SANDBOX_H
#define KELPIE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct error;

struct sandbox {
	int write_dir; /* the one directory that may be written; open; or
			  -1: none may */
	const char *const *read; /* paths that may be read; NULL ends; absent
				    ones are skipped */
	const uint16_t *ports; /* TCP ports to connect to; 0 ends */
	bool network; /* false: no socket at all */
	uint64_t file_max; /* bytes of the largest file, RLIMIT_FSIZE */
};

/*
 * Confine the calling process for life: it may write below write_dir and
 * nowhere else, read what is listed, start no program, make no process,
 * open no unix socket, signal nobody else, and change no mode, owner or
 * time of any file, not even of its own.  Runs in the worker, after its
 * libraries are loaded and before its first byte from outside.  Descriptors
 * are the caller's business (closefrom(3)).  ERR_LOCAL only if a limit that
 * the kernel has cannot be set.
 */
int sandbox_enter(const struct sandbox *, struct error *);

/* What sandbox_enter() can do here: "landlock 7, seccomp", "none", ... */
const char *sandbox_level(void);

#endif
