/*
 * cmd/next.h - the ansible-galaxy that would be called if kelpie had not that
 * name.
 *
 * Knows PATH and who we are; not what is asked of it.
 */
#ifndef KELPIE_NEXT_H
#define KELPIE_NEXT_H

struct error;

/*
 * The next program ansible-galaxy on PATH: behind kelpie if that is on it,
 * and never kelpie's own file, however it is linked to.  NULL if there is
 * none.  The caller frees it.
 */
char *next_galaxy(void);

/* Become it.  Returns -1, ERR_NOTFOUND if there is none. */
int next_become(const char *const *argv, struct error *);

/*
 * Run it and wait for its end.  Returns its exit status, 128 + n for a
 * signal, or -1.
 */
int next_run(const char *path, const char *const *argv, struct error *);

#endif
