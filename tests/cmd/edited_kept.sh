#!/bin/sh
# A role that somebody changed is kept and named; -f replaces it.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1 v2
for version in v1 v2; do
	requirements $version.yml <<-EOT
		- {src: git+file://@REPOS@/one.git, version: $version}
		- {src: git+file://@REPOS@/two.git, version: $version}
	EOT
done
kelpie 0 install -r v1.yml -p roles
echo '# mine' >>roles/one/tasks/main.yml
# Nothing is to be replaced, so nobody looks.
kelpie 0 install -r v1.yml -p roles
kelpie 1 install -r v2.yml -p roles
expect err '^one: .*(changed|edited)' '(-f|--force)'
tail -n 1 roles/one/tasks/main.yml | grep -qx '# mine' || fail 'it is gone'
version_is roles two v2
kelpie 0 install -r v2.yml -p roles -f
version_is roles one v2
! grep -q mine roles/one/tasks/main.yml || fail 'still there'
