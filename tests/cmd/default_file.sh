#!/bin/sh
# requirements.yml, then roles/requirements.yml, with .yml before .yaml.
. "$(dirname "$0")/lib.sh"
make_role one a b c d
got=0
"$KELPIE" install -p dest >out 2>err || got=$?
[ "$got" -eq 1 ] || [ "$got" -eq 2 ] || fail "status $got without a file"
expect err 'requirements\.yml'
entry() { echo "- {src: 'git+file://$REPOS/one.git', version: $1}"; }
mkdir roles
entry d >roles/requirements.yaml
kelpie 0 install -p dest && version_is dest one d
entry c >roles/requirements.yml
kelpie 0 install -p dest && version_is dest one c
entry b >requirements.yaml
kelpie 0 install -p dest && version_is dest one b
entry a >requirements.yml
kelpie 0 install -p dest && version_is dest one a
