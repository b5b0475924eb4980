#!/bin/sh
# A name "a/b" of the user's own file becomes a directory in a directory.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
for version in v1 v2; do
	requirements $version.yml <<-EOT
		- {src: git+file://@REPOS@/one.git, version: $version, name: web/one}
		- {src: git+file://@REPOS@/one.git, version: v1, name: web/two}
	EOT
done
kelpie 0 install -r v1.yml -p roles
kelpie 0 install -r v1.yml -p roles
expect_nothing_to_do 2
kelpie 0 install -r v2.yml -p roles
grep -q 'one v2' roles/web/one/tasks/main.yml || fail 'no update'
# But never inside another role.
requirements bad.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1, name: web/one/sub}
EOT
kelpie 1 install -r bad.yml -p roles
[ ! -e roles/web/one/sub ] || fail 'a role inside a role'
requirements both.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1, name: a}
- {src: git+file://@REPOS@/one.git, version: v1, name: a/b}
EOT
kelpie 1 install -r both.yml -p fresh
[ ! -e fresh ] || fail 'something was installed'
