/*
 * config_priv.h - what the files of config share: the one ansible.cfg, and
 * paths as Ansible's settings write them.
 */
#ifndef KELPIE_CONFIG_PRIV_H
#define KELPIE_CONFIG_PRIV_H

#include "ini.h"
#include "kelpie/config.h"

/* What we look for: two of [defaults], and all of [kelpie]. */
enum { SET_ROLES_PATH, SET_HOME, SET_KELPIE, SETS = SET_KELPIE + CONFIG_KEYS };

struct config_file {
	char *path; /* absolute; NULL if there is none */
	struct ini_want set[SETS];
};

/*
 * Find and read it.  No file is no error.  *warning is a line for the user
 * if it is set.  config_file_free() in any case.
 */
int config_file_read(struct config_file *, const char *cwd, char **warning,
    struct error *);
void config_file_free(struct config_file *);

/* As [kelpie] writes it. */
const char *config_key_name(enum config_key);

/* The first of "a:b" that is not empty, or NULL.  The caller frees it. */
char *config_first(const char *list);

/*
 * Expand "{{CWD}}", "$VAR" and "~", and make it absolute, as seen from the
 * directory base.  The caller frees the result.
 */
char *config_resolve(const char *text, const char *base, const char *cwd);

#endif
