/*
 * fetch/untar.h - the files of a mirror out of a tar.
 */
#ifndef KELPIE_FETCH_UNTAR_H
#define KELPIE_FETCH_UNTAR_H

/* As fetch_module.h has it. */
int fetch_untar(int fd, void *ctx);

#endif
