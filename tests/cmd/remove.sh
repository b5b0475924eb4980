#!/bin/sh
# kelpie remove: several names, each from the first path that has it; what is
# no role, what was edited and links of others stay.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role three v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+file://@REPOS@/three.git, version: v1}
- {src: git+file://@REPOS@/three.git, version: v1, name: ns/three}
EOT
kelpie 0 install -p roles
kelpie 0 remove -p roles one ns/three
expect_out <<-EOT
	one: removed v1
	ns/three: removed v1
EOT
for name in one ns; do
	[ ! -e "roles/$name" ] || fail "$name is still there"
done
expect_no roles/.kelpie/state '^one' '^ns/three'
expect roles/.kelpie/state '^two' '^three'
no_litter roles
kelpie 1 remove -p roles one two
expect err '^kelpie: one: is not installed'
expect out '^two: removed v1'
# What is no role stays, also with -f.
mkdir -p roles/junk roles/plain/meta roles/theirs/meta outside/meta
echo mine >roles/junk/data
echo mine >roles/file
echo '{}' >roles/plain/meta/main.yml
echo '{}' >outside/meta/main.yml
echo 'version: 1.0' >roles/theirs/meta/.galaxy_install_info
ln -s ../outside roles/link
for force in '' -f; do
	# shellcheck disable=SC2086 # an option or nothing
	kelpie 1 remove -p roles $force junk file link nope
	expect err '^kelpie: junk: is no role' '^kelpie: file: is no role' \
	    '^kelpie: link: is a symbolic link' '^kelpie: nope: is not installed'
	grep -qx mine roles/junk/data || fail 'junk was touched'
	grep -qx mine roles/file || fail 'file was touched'
	[ "$(readlink roles/link)" = ../outside ] || fail 'the link is gone'
	[ -f outside/meta/main.yml ] || fail 'the link was followed'
done
# Bad names: nothing is begun.
for name in ../outside /etc .kelpie '' .; do
	kelpie 1 remove -p roles -f -- three "$name"
	expect err 'role name'
	version_is roles three v1
done
# Edited, or by nobody installed: only with -f.  Another tool's goes.
echo '# mine' >>roles/three/tasks/main.yml
kelpie 1 remove -p roles three plain theirs
expect err '^kelpie: three: edited by hand .*-f' \
    '^kelpie: plain: no tool installed .*-f'
expect_out <<-EOT
	theirs: removed 1.0
EOT
kelpie 0 remove -p roles -f three plain
[ ! -e roles/three ] && [ ! -e roles/plain ] || fail 'still there'
no_litter roles
# The first of several paths that has it.
mkdir -p a/here/meta b/here/meta b/there/meta c
for dir in a/here b/here b/there; do
	echo 'version: 1.0' >$dir/meta/.galaxy_install_info
done
kelpie 0 remove -p a:b:c here there
[ ! -e a/here ] && [ -e b/here ] && [ ! -e b/there ] || fail 'wrong path'
[ ! -e c/.kelpie ] || fail 'a path that has nothing was written to'
ANSIBLE_ROLES_PATH=a:b kelpie 0 remove here
[ ! -e b/here ] || fail 'still there'
kelpie 2 remove
expect err 'name the roles to remove; see kelpie remove --help'
