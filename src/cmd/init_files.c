#include "cmd/init.h"

#include <stddef.h>

/* The same names that ansible-galaxy gives a new role. */
const struct skeleton skeleton[] = {
    {"README.md",
	"# @\n"
	"\n"
	"What this role does, in a sentence.\n"
	"\n"
	"## Variables\n"
	"\n"
	"What `defaults/main.yml` has, and what each is for.\n"
	"\n"
	"## Example\n"
	"\n"
	"    - hosts: servers\n"
	"      roles:\n"
	"        - @\n"
	"\n"
	"## License\n"
	"\n"
	"As `meta/main.yml` says.\n"},
    {"defaults/main.yml",
	"---\n"
	"# What users of @ may change.\n"},
    {"files/", NULL},
    {"handlers/main.yml",
	"---\n"
	"# What tasks of @ notify.\n"},
    {"meta/main.yml",
	"---\n"
	"galaxy_info:\n"
	"  author: your name\n"
	"  description: what this role does\n"
	"  # An identifier of https://spdx.org/licenses\n"
	"  license: license\n"
	"  min_ansible_version: \"2.14\"\n"
	"  # platforms:\n"
	"  #   - name: Debian\n"
	"  #     versions:\n"
	"  #       - all\n"
	"  galaxy_tags: []\n"
	"\n"
	"# Roles that have to run before this one.\n"
	"dependencies: []\n"},
    {"tasks/main.yml",
	"---\n"
	"# What @ does.\n"},
    {"templates/", NULL},
    {"tests/inventory", "localhost\n"},
    {"tests/test.yml",
	"---\n"
	"- hosts: localhost\n"
	"  roles:\n"
	"    - '@'\n"},
    {"vars/main.yml",
	"---\n"
	"# What @ needs and users do not change.\n"},
    {NULL, NULL},
};
