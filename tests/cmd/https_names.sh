#!/bin/sh
# A certificate for another host is refused.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good elsewhere.example
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
kelpie 1 install -p roles --ca-file good.pem "git+$URL/one.git,v1"
expect err '^one: FAILED: '
[ ! -e roles/one ] || fail 'another host was believed'
