#include "cmd/next.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"

#define NAME "ansible-galaxy"

/*
 * "PID:PATH": to whom the process PID has handed on.  Copies of kelpie would
 * else hand on to each other for ever.
 */
#define MARK "KELPIE_HANDED_ON"

/* Whom we were called as, if it was kelpie that called; else NULL. */
static const char *
called_as(void)
{
	const char *mark = getenv(MARK);
	char *end;
	long pid;

	if (mark == NULL)
		return NULL;
	pid = strtol(mark, &end, 10);
	if (*end != ':' || (pid != getpid() && pid != getppid()))
		return NULL;
	return end + 1;
}

/* The programs of that name on PATH, in its order. */
struct found {
	struct {
		char *path;
		bool us;
	} * v;
	size_t n;
};

static void
add(struct found *f, char *path, const struct stat *us)
{
	struct stat st;

	f->v = xreallocarray(f->v, f->n + 1, sizeof(*f->v));
	f->v[f->n].path = path;
	f->v[f->n++].us = stat(path, &st) == 0 && st.st_dev == us->st_dev &&
	    st.st_ino == us->st_ino;
}

/* The first from one on, up to another, that we are not. */
static const char *
first(const struct found *f, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!f->v[from].us)
			return f->v[from].path;
	return NULL;
}

static const char *
choose(const struct found *f)
{
	const char *as = called_as(), *path;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (as != NULL ? strcmp(f->v[i].path, as) == 0 : f->v[i].us)
			break;
	path = i < f->n ? first(f, i + 1, f->n) : NULL;
	/* Those before us have had it already if kelpie called. */
	if (path == NULL && as == NULL)
		path = first(f, 0, f->n);
	return path;
}

char *
next_galaxy(void)
{
	const char *list = getenv("PATH");
	struct found f = {0};
	struct stat us;
	char *path;

	if (stat("/proc/self/exe", &us) == -1)
		return NULL;
	while ((path = proc_find(&list, NAME)) != NULL)
		add(&f, path, &us);
	path = xstrdup_null(choose(&f));
	while (f.n > 0)
		free(f.v[--f.n].path);
	free(f.v);
	return path;
}

static void
mark(const char *path)
{
	char *value = xasprintf("%ld:%s", (long)getpid(), path);

	(void)setenv(MARK, value, 1);
	free(value);
}

int
next_become(const char *const *argv, struct error *err)
{
	char *path = next_galaxy();

	if (path == NULL)
		return error_set(err, ERR_NOTFOUND,
		    "there is no other " NAME " on PATH");
	mark(path);
	(void)proc_become(path, argv, err);
	(void)unsetenv(MARK);
	free(path);
	return -1;
}

int
next_run(const char *path, const char *const *argv, struct error *err)
{
	int status;

	mark(path);
	status = proc_run(path, argv, NULL, err);
	(void)unsetenv(MARK);
	return status;
}
