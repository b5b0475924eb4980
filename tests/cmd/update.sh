#!/bin/sh
# A changed version in the file is applied; the others stay untouched.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
serve
for version in v1 v2; do
	requirements $version.yml <<-EOT
		- {src: git+@URL@/one.git, version: $version}
		- {src: git+@URL@/two.git, version: v1}
	EOT
done
kelpie 0 install -r v1.yml -p roles
inode=$(stat -c %i roles/two)
kelpie 0 install -r v2.yml -p roles
version_is roles one v2
expect out '^one: updated v1 -> v2' '1 updated' '1 already there'
[ "$(stat -c %i roles/two)" = "$inode" ] || fail 'two was replaced'
kelpie 0 install -r v1.yml -p roles
expect out '^one: updated v2 -> v1'
version_is roles one v1
no_litter roles
