/*
 * fetch/module.h - the functions of the module (fetch_module.h).
 *
 * Private to fetch/.  export.c shows them to the program.
 */
#ifndef KELPIE_FETCH_MODULE_PRIV_H
#define KELPIE_FETCH_MODULE_PRIV_H

#include "kelpie/fetch_module.h"

int fetch_prepare(struct error *);
int fetch_config(int fd, void *unused);
int fetch_diff(int fd, void *trees);
int fetch_enter(struct worker *, int stagefd, const struct fetch_opts *,
    struct error *);
int fetch_run(struct worker *, const struct job *, struct error *);

#endif
