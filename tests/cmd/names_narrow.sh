#!/bin/sh
# With -r, names pick roles of the file; one that is not in it is an error.
. "$(dirname "$0")/lib.sh"
for role in one two three; do
	make_role $role v1
done
requirements list.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+file://@REPOS@/three.git, version: v1}
EOT
kelpie 0 install -r list.yml -p roles three one
[ "$(ls roles)" = "one
three" ] || fail "$(ls roles)"
got=0
"$KELPIE" install -r list.yml -p more one nosuch >out 2>err || got=$?
[ "$got" -eq 1 ] || [ "$got" -eq 2 ] || fail "status $got"
expect err "'nosuch'"
[ ! -e more ] || fail 'something was installed'
