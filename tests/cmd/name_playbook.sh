#!/bin/sh
# ansible-playbook runs what was installed under the name ansible-galaxy, from
# where both of them look when nothing is said.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
need ansible-playbook
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
printf -- '- {hosts: localhost, connection: local, gather_facts: false, roles: [one]}\n' >site.yml
expect_status 1 ansible-playbook site.yml
galaxy 0 install -r requirements.yml
expect out "^- extracting one to $HOME/\\.ansible/roles/one\$"
expect_status 0 ansible-playbook site.yml
expect out '"msg": "one v1"'
