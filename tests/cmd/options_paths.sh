#!/bin/sh
# Where roles go: option, environment, ansible.cfg; of several -p the last, of
# a list the first; -r may be standard input.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
mkdir a
printf '[defaults]\nroles_path = cfg\n' >ansible.cfg
kelpie 0 install -p a:b
version_is a one v1
kelpie 0 install -p x -p y
version_is y one v1
kelpie 0 install
version_is cfg one v1
ANSIBLE_ROLES_PATH=env:more kelpie 0 install
version_is env one v1
ANSIBLE_ROLES_PATH=./env kelpie 0 install -p option
version_is option one v1
[ ! -e b ] && [ ! -e x ] && [ ! -e more ] || fail 'more than one'
kelpie 0 install -p in -r - <requirements.yml
version_is in one v1
echo '- {version: v1}' >bad.yml
kelpie 1 install -p in -r - <bad.yml
expect err '^kelpie: standard input:1:'
