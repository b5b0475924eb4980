#!/bin/sh
# Called ansible-galaxy: role list and role remove, as tools read them.
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1
make_role me.two 1.0.0
alone
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/me.two.git, version: 1.0.0}
- {src: git+file://@REPOS@/one.git, name: head}
EOT
galaxy 0 role install -r requirements.yml -p roles
mkdir -p roles/own/meta roles/none
echo 'dependencies: []' >roles/own/meta/main.yml
export ANSIBLE_ROLES_PATH="$T/gone"
galaxy 0 role list -p roles
expect_out <<EOT
# $T/roles
- head, (unknown version)
- me.two, 1.0.0
- one, v1
- own, (unknown version)
EOT
echo "[WARNING]: - the configured path $T/gone does not exist." | expect_out err
# Those that are configured come behind those of -p.
mkdir gone
ANSIBLE_ROLES_PATH=roles galaxy 0 -v list -vp gone
expect_out <<EOT
# $T/gone
# $T/roles
- head, (unknown version)
- me.two, 1.0.0
- one, v1
- own, (unknown version)
EOT
galaxy 0 role list one --roles-path=gone:roles
printf '%s\n' "# $T/roles" '- one, v1' | expect_out
[ ! -s err ] || fail 'a warning although it was found'
galaxy 0 role list none -p roles
echo '[WARNING]: - the role none was not found' >want
sort -u err | expect_out want
rmdir gone
galaxy 5 role list -p nowhere
expect err '^ERROR! - None of the provided paths were usable\. Please specify a valid path with --roles-path$'
galaxy 2 role list one two
galaxy 2 role list --json
galaxy 0 role list --help
expect out '^usage: ansible-galaxy'

galaxy 0 role remove one none nosuch own -p roles
expect_out <<EOT
- successfully removed one
- none is not installed, skipping.
- nosuch is not installed, skipping.
- successfully removed own
EOT
[ ! -e roles/one ] && [ ! -e roles/own ] && [ -d roles/none ] || fail 'not what was said'
no_litter roles
galaxy 2 role remove -p roles

# What kelpie has its own way for, if nobody else is there to do it.
galaxy 0 role init fresh
[ -f fresh/meta/main.yml ] || fail 'no role was made'
galaxy 0 role info -p roles me.two
expect out '1\.0\.0'
next_one
PATH=$T/bin:$T/next:$T/few
galaxy 0 role init --role-skeleton s other
galaxy 0 info me.two
called_with '[role][init][--role-skeleton][s][other]' '[info][me.two]'
