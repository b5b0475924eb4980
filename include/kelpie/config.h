/*
 * config.h - settings: where roles go, how many at once, which Galaxy.
 *
 * The order is option, environment, ansible.cfg, default.  Finds ansible.cfg
 * as Ansible does (ANSIBLE_CONFIG, ./ansible.cfg unless everybody may write
 * to the directory, ~/.ansible.cfg, /etc/ansible/ansible.cfg; the first that
 * exists, no merging) and reads it once, as Python's configparser would:
 * roles_path and home of [defaults], [galaxy] and its servers, and all of
 * [kelpie].
 */
#ifndef KELPIE_CONFIG_H
#define KELPIE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct error;

enum config_key {
	CONFIG_JOBS, /* 0: auto */
	CONFIG_PER_HOST, /* 0: auto */
	CONFIG_TIMEOUT, /* seconds */
	CONFIG_RETRIES,
	CONFIG_LOCK_WAIT, /* seconds; -1: for ever */
	CONFIG_NO_CACHE, /* 0 or 1, as all that follow */
	CONFIG_OFFLINE,
	CONFIG_SANDBOX, /* an enum sandbox_mode */
	CONFIG_KEYS
};

/* A Galaxy server, as [galaxy] and [galaxy_server.NAME] have it. */
struct galaxy_server {
	char *name; /* of its section, or its URL */
	char *url;
	char *token; /* or NULL */
	char *user, *password; /* or NULL; they go before a token */
	bool insecure; /* its certificate is not checked */
	char *refused; /* why its token is not sent; to be told if it does not
			  do without, and the next one asked; or NULL */
};

struct config {
	const char *given_path; /* in: -p, a list "a:b", or NULL */
	const char *given_server; /* in: -s, a name or an URL, or NULL */
	const char *given_token; /* in: --token, or NULL */
	const char *given_mirror; /* in: --mirror, an URL or "", or NULL */
	bool ignore_certs; /* in: -c; out: or [galaxy] ignore_certs */
	char *roles_path; /* absolute; need not exist */
	char **paths; /* all of them, roles_path first; NULL ends */
	struct galaxy_server *server; /* in the order to ask them */
	size_t servers;
	char *mirror; /* an URL, or NULL */
	char *warning; /* a line for the user, or NULL */
	int value[CONFIG_KEYS];
	char *given; /* private: what given_path points to */
};

/*
 * Life cycle: config_init(), config_set() for each option that was given,
 * config_load() for all the rest, config_free().
 */
void config_init(struct config *);

/* ERR_USAGE "what 'text' is ..." if it is no value of such a setting. */
int config_set(struct config *, enum config_key, const char *what,
    const char *text, struct error *);

/* One more -p: its paths come before those of the ones that came before it. */
void config_add_path(struct config *, const char *list);

/*
 * The paths are those of given_path, else ANSIBLE_ROLES_PATH, else
 * [defaults] roles_path, else ANSIBLE_HOME/roles (~/.ansible/roles),
 * /usr/share/ansible/roles and /etc/ansible/roles; roles go to the first.
 * "~" and "$VAR" are expanded; a relative path in ansible.cfg is relative to
 * that file, others to the current directory.
 *
 * The servers are the one of given_server; or those of [galaxy] server_list;
 * or the one of [galaxy] server; or https://galaxy.ansible.com.  URLs have
 * passed url_check().  Reads the token file; a bad one is a warning.
 *
 * Numbers come from KELPIE_JOBS and the like, else jobs and the like in
 * section [kelpie]; so does the mirror, of which "" is none.
 *
 * ERR_CONFIG with file and line or the variable's name; ERR_USAGE if both
 * offline and no_cache come out.
 */
int config_load(struct config *, struct error *);

void config_free(struct config *);

#endif
