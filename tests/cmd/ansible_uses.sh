#!/bin/sh
# ansible-playbook runs the roles, also while nobody has pyc files in mind.
. "$(dirname "$0")/lib.sh"
need ansible-playbook
make_role nginx v1 v2
make_role users v1
requirements <<EOT
- {src: git+file://@REPOS@/nginx.git, version: v1}
- {src: git+file://@REPOS@/users.git, version: v1}
EOT
cat >site.yml <<EOT
- hosts: localhost
  connection: local
  gather_facts: false
  roles: [nginx, users]
EOT
printf '[defaults]\nroles_path = roles\n' >ansible.cfg
kelpie 0 install
expect_status 0 ansible-playbook site.yml
expect out '"msg": "nginx v1"' '"msg": "users v1"'
sed 's/nginx.git, version: v1/nginx.git, version: v2/' requirements.yml >new.yml
kelpie 0 install -r new.yml
expect_status 0 ansible-playbook site.yml
expect out '"msg": "nginx v2"'
