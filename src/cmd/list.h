/*
 * cmd/list.h - one roles directory as list shows it.
 *
 * list.c finds out what is there and what was asked for; list_out.c writes
 * it, for people and as JSON.
 */
#ifndef KELPIE_LIST_H
#define KELPIE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct jsonout;
struct present;
struct record;
struct spec;
struct store;

struct row {
	const char *name;
	const struct present *p; /* NULL: there is nothing of that name */
	const struct spec *spec; /* that asks for it by name, or NULL */
	const char *match; /* "ok", "other version", ...; NULL: there are no
			      requirements to hold it against */
};

struct rows {
	struct row *v; /* sorted by name */
	size_t n;
};

/* As lines of columns, each as wide as it needs. */
void list_lines(const struct rows *);

/* As an object of the list paths. */
void list_object(struct jsonout *, const struct store *, const struct rows *);

/*
 * The facts of a role that list and info tell alike, into the object that is
 * open; dir is the roles directory.  NULL: there is nothing of that name.
 */
void list_facts(struct jsonout *, const char *dir, const char *name,
    const struct present *);

/* The names of a record's dependencies, or null. */
void list_needs(struct jsonout *, const char *key, const char *needs,
    const char *of);

/* "v1.2.0", "default branch", "no version", "link", "unknown version". */
const char *list_version(const struct present *);

/* A moment as "2026-11-22T12:23:54Z", or NULL if nobody knows it. */
#define MOMENT_MAX 32
const char *list_moment(char out[MOMENT_MAX], long long when);

#endif
