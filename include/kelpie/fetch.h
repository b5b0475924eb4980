/*
 * fetch.h - the kinds of sources, and which kind claims a spec.
 *
 * The table of kinds is looked at in the parent and is pure; the fetching
 * itself lies in a module (fetch_module.h) that is loaded at first need.
 */
#ifndef KELPIE_FETCH_H
#define KELPIE_FETCH_H

#include <stdbool.h>

#include "kelpie/msg.h"

struct error;
struct spec;

struct kind {
	const char *name;
	/* Looks at the spec, and whether a path is a directory. */
	bool (*claims)(const struct spec *);
	enum job_kind id;
	bool network; /* waits for a wire, not for a processor */
};

/*
 * The kind that fetches this spec.  NULL with ERR_CONFIG if none does: the
 * message says which kind of source it is and what to write instead.
 */
const struct kind *fetch_kind(const struct spec *, struct error *);

#endif
