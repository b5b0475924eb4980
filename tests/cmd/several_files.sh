#!/bin/sh
# -r may be given more than once and all files count.
. "$(dirname "$0")/lib.sh"
for role in one two; do
	make_role $role v1 v2
done
requirements a.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
requirements b.yml <<EOT
roles:
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -r a.yml -r b.yml -p roles
expect out '2 installed'
# The same name with another version is a contradiction.
sed 's/v1/v2/' a.yml >c.yml
kelpie 1 install -r b.yml -r c.yml -p more
expect err 'c\.yml:1:[0-9]+: .*one' 'b\.yml:3'
[ ! -e more ] || fail 'something was installed'
