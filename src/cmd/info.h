/*
 * cmd/info.h - one role as info shows it: info.c finds out, info_out.c
 * writes it, for people and as JSON.
 */
#ifndef KELPIE_INFO_H
#define KELPIE_INFO_H

#include "kelpie/about.h"

struct jsonout;
struct present;

struct facts {
	const char *dir; /* the roles directory */
	const struct present *p;
	int edited; /* as of store_edited() */
	struct about about;
	const char *needs; /* spec_pack() lines, or NULL: nobody knows */
};

void info_lines(const struct facts *);
void info_object(struct jsonout *, const struct facts *);

#endif
