#!/bin/sh
# Pups that are directories: copied, copied again when they have changed, and
# installed without the meta/main.yml that a role of one's own often lacks.
. "$(dirname "$0")/lib.sh"
make_role gitted v1
mkdir -p 'pups/with meta/meta' pups/bare/tasks pups/none/docs
echo '{dependencies: []}' >'pups/with meta/meta/main.yml'
echo '- debug: {msg: first}' >pups/bare/tasks/main.yml
echo nothing >pups/none/docs/README
cat >pupfile.yml <<-END
	- { name: sheep.with, location: "fs+pups/with meta" }
	- { name: bare, location: "fs+$T/pups/bare" }
END
kelpie 0 install
expect "$T/out" '2 installed'
[ -f .kennel_roles/sheep.with/meta/main.yml ] || fail "not copied"
diff -r -x meta pups/bare .kennel_roles/bare || fail "another tree"
kelpie 0 install
expect_nothing_to_do 2
kelpie 0 install --dry-run

# What has changed is copied again; what was edited in place is kept.
echo '- debug: {msg: second}' >pups/bare/tasks/main.yml
kelpie 0 install
expect "$T/out" '^bare: updated' '1 updated, 1 already there'
grep -q second .kennel_roles/bare/tasks/main.yml || fail "not copied again"
echo '- debug: {msg: mine}' >.kennel_roles/bare/tasks/main.yml
kelpie 0 install
expect_nothing_to_do 2
echo '- debug: {msg: third}' >pups/bare/tasks/main.yml
kelpie 1 install
expect "$T/err" 'bare: FAILED: edited by hand'
grep -q mine .kennel_roles/bare/tasks/main.yml || fail "the edit is lost"
kelpie 0 install -f
grep -q third .kennel_roles/bare/tasks/main.yml || fail "not forced"
no_litter .kennel_roles

# Outside of a kennel --refresh says so, and a role has a meta/main.yml.
kelpie 0 convert
expect requirements.yml 'src: "fs\+pups/with meta"' 'src: fs\+/.*pups/bare'
kelpie 1 install -r requirements.yml -p roles
expect "$T/err" 'bare: FAILED: .*no meta/main\.yml'
[ -d roles/sheep.with ] || fail "not copied"
mkdir 'pups/with meta/tasks'
echo '- debug: {msg: new}' >'pups/with meta/tasks/main.yml'
kelpie 0 install -r requirements.yml -p roles sheep.with
expect_nothing_to_do 1
kelpie 0 install -r requirements.yml -p roles --refresh sheep.with
expect "$T/out" '1 updated'
[ -f roles/sheep.with/tasks/main.yml ] || fail "not copied again"
rm requirements.yml

# Nothing is wiped when a directory is gone, or is no role.
echo '- { name: none, location: fs+pups/none }' >>pupfile.yml
kelpie 1 install
expect "$T/err" 'none: FAILED: .*this is no role'
[ ! -e .kennel_roles/none ] || fail "no role, and installed"
mv pups/bare gone
kelpie 1 install
expect "$T/err" "^kelpie: pupfile\.yml:2:3: there is no '$T/pups/bare'"
[ -d .kennel_roles/bare ] || fail "wiped"

# A repository without meta is a pup as well.
git clone -q repos/gitted.git work
git -C work rm -qr meta
git -C work commit -qm bare
git -C work push -q origin HEAD:main
echo "- { name: gitted, location: git+$REPOS/gitted.git }" >pupfile.yml
kelpie 0 install
version_is .kennel_roles gitted main
kelpie 0 install
expect_nothing_to_do 1
