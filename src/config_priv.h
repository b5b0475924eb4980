/*
 * config_priv.h - what the files of config share: the one ansible.cfg, and
 * paths and truth values as Ansible's settings write them.
 */
#ifndef KELPIE_CONFIG_PRIV_H
#define KELPIE_CONFIG_PRIV_H

#include "ini.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"

/* What we look for: two of [defaults], four of [galaxy], all of [kelpie],
 * whose first is no number. */
enum {
	SET_ROLES_PATH,
	SET_HOME,
	SET_SERVER,
	SET_SERVER_LIST,
	SET_TOKEN_PATH,
	SET_IGNORE_CERTS,
	SET_MIRROR,
	SET_KELPIE,
	SETS = SET_KELPIE + CONFIG_KEYS
};

struct config_file {
	char *path; /* absolute; NULL if there is none */
	struct buf text; /* all of it */
	struct ini_want set[SETS];
};

/*
 * Find and read it.  No file is no error.  *warning is a line for the user
 * if it is set.  config_file_free() in any case.
 */
int config_file_read(struct config_file *, const char *cwd, char **warning,
    struct error *);
void config_file_free(struct config_file *);

/* Look for other settings in it, whose sections it named itself. */
int config_file_more(const struct config_file *, struct ini_want *, size_t n,
    struct error *);

/* As [kelpie] writes it. */
const char *config_key_name(enum config_key);

/* The words that Ansible takes for a truth value, whatever their case; -1 for
 * others. */
int config_bool(const char *text);

/* A variable of the environment; an empty one is as good as none: NULL. */
const char *config_env(const char *name);

/* A line for the user; only the first is kept. */
void config_warn(struct config *, const char *, ...) PRINTF_LIKE(2, 3);

/*
 * The next part of a list that has something in it, or NULL; the list is
 * moved on.  The first byte of between divides the parts, the others may
 * stand before one; blanks behind one do not count.  The caller frees it.
 */
char *config_next(const char **list, const char *between);

/*
 * Expand "{{CWD}}", "$VAR" and "~", and make it absolute, as seen from the
 * directory base.  The caller frees the result.
 */
char *config_resolve(const char *text, const char *base, const char *cwd);

/* The directory of Ansible's own things, ~/.ansible.  NULL with ERR_CONFIG.
 * The caller frees it. */
char *config_home(const struct config_file *, const char *cwd, struct error *);

/* Fill in paths and roles_path. */
int config_roles(struct config *, const struct config_file *, const char *cwd,
    struct error *);

/* A setting and where it stands; value is NULL if nothing is set. */
struct found {
	const char *value;
	const char *env; /* NULL: the file */
	unsigned line;
};

/* Look in the environment, then in the file. */
struct found config_find(const struct ini_want *, const char *env);
/*
 * The path that the variable or set[i] names, absolute: seen from cwd, or
 * from the directory of the file.  NULL: none.  The caller frees it.
 */
char *config_place(const struct config_file *, size_t i, const char *env,
    const char *cwd);
/* Put the place before a message; ERR_CONFIG. */
int config_wrap(const struct config_file *, const struct found *,
    struct error *);

/* What is refused is not shown: it may be a secret. */
int config_check_server(const char *url, struct error *);
int config_check_token(const char *token, struct error *);

/* One more at the end of the servers. */
struct galaxy_server *config_server_new(struct config *);
void config_server_free(struct galaxy_server *);
/* The one of the section [galaxy_server.NAME]. */
int config_server_add(struct config *, const struct config_file *,
    const char *name, struct error *);

/* Fill in servers and ignore_certs. */
int config_galaxy(struct config *, const struct config_file *, const char *cwd,
    struct error *);

/* The token in the token file, or NULL.  The caller frees it.  A file that
 * has none is told as a warning. */
char *config_token(struct config *, const struct config_file *,
    const char *cwd);

#endif
