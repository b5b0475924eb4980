/*
 * config.h - where roles go: the one setting of Ansible's that kelpie reads.
 *
 * Finds ansible.cfg as Ansible does (ANSIBLE_CONFIG, ./ansible.cfg unless
 * everybody may write to the directory, ~/.ansible.cfg,
 * /etc/ansible/ansible.cfg; the first that exists, no merging) and reads
 * it as Python's configparser would.
 */
#ifndef KELPIE_CONFIG_H
#define KELPIE_CONFIG_H

struct error;

/*
 * The directory that roles are installed into: given (the -p option, may be
 * NULL), else ANSIBLE_ROLES_PATH, else [defaults] roles_path, else
 * ANSIBLE_HOME/roles (~/.ansible/roles).  Of a list "a:b" the first.  "~"
 * and "$VAR" are expanded; a relative path in ansible.cfg is relative to
 * that file, others to the current directory.  The result is absolute and
 * need not exist.  *warning is a line for the user or NULL; the caller frees
 * both.  ERR_CONFIG with file and line.
 */
int config_roles_path(char **out, const char *given, char **warning,
    struct error *);

#endif
