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

# The same in the middle of the pack.
serve --mode stop:300
rm -rf roles
kelpie 1 install -p roles --no-cache --timeout 1 "git+$URL/one.git,v1" \
    "git+$good/two.git,v1"
expect err '^one: FAILED: .*not a byte from the server for 1 seconds'
[ ! -e roles/one ] || fail 'half of a pack was taken'
version_is roles two v1
no_litter roles
