#!/bin/sh
# A server that goes silent costs its roles after --timeout seconds and
# nobody else's.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve
good=$URL
serve --mode stall
start=$(date +%s)
kelpie 1 install -p roles --timeout 2 "git+$URL/one.git,v1" "git+$good/two.git,v1"
took=$(($(date +%s) - start))
expect err '^one: FAILED: '
version_is roles two v1
[ "$took" -lt 20 ] || fail "$took seconds"
no_litter roles
