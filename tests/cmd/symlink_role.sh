#!/bin/sh
# A symbolic link in place of a role is refused and never followed.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
mkdir -p checkout/meta roles
echo '{}' >checkout/meta/main.yml
ln -s ../checkout roles/one
ln -s nowhere roles/two
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: v1}
EOT
for force in '' -f; do
	# shellcheck disable=SC2086
	kelpie 1 install -p roles $force
	expect err '^one: .*link' '^two: .*link'
	[ "$(readlink roles/one)" = ../checkout ] || fail 'the link is gone'
	[ "$(readlink roles/two)" = nowhere ] || fail 'the link is gone'
	[ "$(find checkout -type f)" = checkout/meta/main.yml ] || fail 'followed'
done
