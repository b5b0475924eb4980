#!/bin/sh
# A server that takes HTTP/2 and then resets every stream: it is spoken to
# in HTTP/1.1.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good
serve --cert "$T/good-host.pem" --key "$T/good-host.key" --h2
kelpie 0 install -p roles --ca-file good.pem "git+$URL/one.git,v1"
version_is roles one v1
