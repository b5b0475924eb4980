/*
 * fetch.h - which kind of job fetches a spec.
 *
 * Decided in the parent; the fetching itself lies in a module
 * (fetch_module.h) that is loaded at first need.
 */
#ifndef KELPIE_FETCH_H
#define KELPIE_FETCH_H

#include "kelpie/msg.h"

struct error;
struct spec;

/*
 * Looks at the spec, and at what lies at a path of this machine.  ERR_CONFIG
 * if nothing fetches such a source: the message says what it is and what to
 * write instead.
 */
int fetch_kind(const struct spec *, enum job_kind *, struct error *);

#endif
