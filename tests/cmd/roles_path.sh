#!/bin/sh
# -p wins over ANSIBLE_ROLES_PATH over ansible.cfg over ~/.ansible/roles.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
lands_in()
{
	[ -d "$1/one" ] || fail "not in $1: $(find . -path ./repos -prune -o -name one -print)"
	rm -rf "$1"
}
kelpie 0 install
lands_in home/.ansible/roles
printf '[defaults]\nroles_path = ~/from-home:other\n' >home/.ansible.cfg
kelpie 0 install
lands_in home/from-home
mkdir -p sub
printf '[defaults]\nroles_path = sub/from-cfg\n' >ansible.cfg
kelpie 0 install
lands_in sub/from-cfg
printf '[defaults]\nroles_path = here\n' >sub/my.cfg
ANSIBLE_CONFIG=sub/my.cfg kelpie 0 install
lands_in sub/here
ANSIBLE_ROLES_PATH='env a:second' ANSIBLE_CONFIG=sub/my.cfg kelpie 0 install
lands_in 'env a'
ANSIBLE_ROLES_PATH=enva ANSIBLE_CONFIG=sub/my.cfg kelpie 0 install -p given/deep
lands_in given/deep
[ ! -e enva ] && [ ! -e second ] || fail 'more than one directory'
# Not from a directory that everybody may write to.
mkdir open
printf '[defaults]\nroles_path = evil\n' >open/ansible.cfg
chmod 777 open
(cd open && "$KELPIE" install -r ../requirements.yml >../out 2>../err) || fail open
[ ! -e open/evil ] || fail 'ansible.cfg of a writable directory was used'
expect err 'ansible\.cfg|writable'
lands_in home/from-home
