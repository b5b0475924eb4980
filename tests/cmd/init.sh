#!/bin/sh
# kelpie init: a skeleton with the names of ansible-galaxy's, that Ansible
# takes; what is there is never overwritten.
. "$(dirname "$0")/lib.sh"
kelpie 0 init foo
expect_out <<-EOT
	foo: created
EOT
find foo | sort >out.tree
expect_out out.tree <<-EOT
	foo
	foo/README.md
	foo/defaults
	foo/defaults/main.yml
	foo/files
	foo/handlers
	foo/handlers/main.yml
	foo/meta
	foo/meta/main.yml
	foo/tasks
	foo/tasks/main.yml
	foo/templates
	foo/tests
	foo/tests/inventory
	foo/tests/test.yml
	foo/vars
	foo/vars/main.yml
EOT
grep -qx '# foo' foo/README.md || fail 'not its name'
[ "$(stat -c %a foo/tasks/main.yml)" = 644 ] || fail 'not the mode of a file'
# Below another directory, which is made; every way to say so.
kelpie 0 init --path new/dir me.role
kelpie 0 init --init-path new -- second
kelpie 0 init -p new third fourth
for role in new/dir/me.role new/second new/third new/fourth; do
	[ -f $role/meta/main.yml ] || fail "no $role"
done
# What is there stays.
echo '# mine' >foo/tasks/main.yml
rm -r foo/vars foo/files
kelpie 1 init foo bar
expect err "^kelpie: 'foo' is there already; -f adds what is missing"
[ -d bar ] || fail 'bar was not made'
[ ! -e foo/vars ] || fail 'foo was changed'
kelpie 0 init -f foo
expect out '^foo: 1 files? added, 7 were there and stay$'
grep -qx '# mine' foo/tasks/main.yml || fail 'overwritten'
[ -d foo/files ] && [ -f foo/vars/main.yml ] || fail 'not added'
# Nothing is written through a link, nor over a file.
mkdir outside
ln -s outside link
mkdir holed
ln -s ../outside holed/tasks
ln -s ../outside/new holed/README.md
touch file
kelpie 1 init -f link file holed
expect err "'link': (Not a directory|Too many levels)" "'file'" "'holed/tasks"
[ -z "$(ls outside)" ] || fail 'written through a link'
for name in ../x /abs a/b .hidden -x '' 'a '; do
	kelpie 1 init -- good "$name"
	expect err "role name"
	[ ! -e good ] || fail 'begun all the same'
done
kelpie 2 init
expect err 'name the role to make'
# Ansible takes it, also with a name that YAML would take for something else.
need ansible-playbook
kelpie 0 init on 'a: b'
for role in foo on 'a: b'; do
	ANSIBLE_ROLES_PATH=$T expect_status 0 ansible-playbook --syntax-check \
	    -i "$role/tests/inventory" "$role/tests/test.yml"
done
# And kelpie takes it for a role.
mkdir roles
mv bar roles/
kelpie 0 list -p roles bar
if command -v ansible-galaxy >/dev/null; then
	expect_status 0 ansible-galaxy role list -p roles bar
	expect out 'bar, '
fi
